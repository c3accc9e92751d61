"""The presenter: waiting until a slip is taken, drawing back one that was forgotten, clearing what an earlier buyer left.

Answers for: telling taken from drawn back. Does not answer for: how long a slip may wait (the settings say).
"""

from drivers.receipt_printer.asking import Asking
from drivers.receipt_printer.interface import Outcome, PrinterFault, PrinterStatus, PrintResult, SlipFault, joined
from drivers.receipt_printer.pace import Pace
from drivers.receipt_printer.profile import Dialect, PresenterCodes, PrinterProfile
from drivers.receipt_printer.usb_line import PrinterGoneError, UsbLine

LOOK_S = 0.25
APPEAR_S = 3.0  #: from the printer's "printed" to the slip in its mouth
DRAW_BACK_S = 5.0
ORDER_MS = 500
SEES_TICKETS = frozenset({Dialect.CUSTOM, Dialect.CITIZEN})
#: What keeps a slip from being followed; an empty roll does not.
BLIND = frozenset(
    {PrinterFault.SILENT, PrinterFault.GARBLED, PrinterFault.STALLED, PrinterFault.OFFLINE, PrinterFault.PRESENTER}
)
#: A printer that draws back by itself began to count before we saw the slip: one that goes this near the end was drawn back.
BY_ITSELF_S = 2.0


class Presenter:
    """`retract_after_s` 0: slips are left where they are and nobody watches them."""

    def __init__(
        self, line: UsbLine, asking: Asking, pace: Pace, profile: PrinterProfile, retract_after_s: int
    ) -> None:
        self._line, self._asking, self._pace = line, asking, pace
        self._codes: PresenterCodes | None = profile.presenter if profile.status in SEES_TICKETS else None
        self._after_s = retract_after_s

    @property
    def watches(self) -> bool:
        """Whether slips are followed until somebody has them."""
        codes = self._codes
        return codes is not None and self._after_s > 0 and bool(codes.retract or codes.retracts_itself)

    @property
    def patience_s(self) -> float:
        """The longest `see_off` takes."""
        return APPEAR_S + self._after_s + DRAW_BACK_S if self.watches else 0.0

    def clear(self) -> bool:
        """A slip of before stands there: draw it back or throw it out. Whether it is gone. Raises PrinterGoneError."""
        codes = self._codes
        order = (codes.retract if self._after_s else b"") or codes.eject or codes.retract if codes else b""
        if not order:
            return False
        self._line.write(order, ORDER_MS)
        return self._gone(self._pace.now_s() + DRAW_BACK_S)

    def see_off(self) -> PrintResult:
        """A printed slip's way out. Trouble here does not unprint it."""
        try:
            return self._see_off()
        except PrinterGoneError as error:
            return PrintResult(Outcome.PRINTED, error.fault.value)

    def _see_off(self) -> PrintResult:
        began_s = self._pace.now_s()
        status = self._until(began_s + APPEAR_S, ticket_waiting=True)
        if not status.ticket_waiting:
            return PrintResult(Outcome.PRINTED, joined(status.faults & BLIND))
        shown_s = self._pace.now_s()
        status = self._until(shown_s + self._after_s, ticket_waiting=False)
        if status.faults & BLIND:
            return PrintResult(Outcome.PRINTED, joined(status.faults & BLIND))
        if status.ticket_waiting:
            return self._draw_back()
        itself = self._codes is not None and self._codes.retracts_itself
        late = self._pace.now_s() - shown_s >= self._after_s - BY_ITSELF_S
        return PrintResult(Outcome.RETRACTED if itself and late else Outcome.TAKEN)

    def _draw_back(self) -> PrintResult:
        if self._codes is not None and self._codes.retract:
            self._line.write(self._codes.retract, ORDER_MS)
        if self._gone(self._pace.now_s() + DRAW_BACK_S):
            return PrintResult(Outcome.RETRACTED)
        return PrintResult(Outcome.PRINTED, SlipFault.LEFT_WAITING.value)

    def _gone(self, until_s: float) -> bool:
        status = self._until(until_s, ticket_waiting=False)
        return not status.ticket_waiting and not status.faults & BLIND

    def _until(self, until_s: float, ticket_waiting: bool) -> PrinterStatus:
        """The first status that has it so, or can no longer tell; else the last one in time."""
        while True:
            status = self._asking.status(self._pace.now_s() + 1.0)
            if status.faults & BLIND or status.ticket_waiting is ticket_waiting or self._pace.now_s() >= until_s:
                return status
            self._pace.sleep(LOOK_S)
