"""The receipt printer on USB: one owner, one thread, one transfer a slip, honest status, a total deadline on everything.

Answers for: whether a slip came out, as far as the printer lets anyone know. Does not answer for: what to do when nobody knows.

A slip is FAILED only when it is certain that it did not come out whole:

    when                                                     outcome
    it could not be made; the printer was not ready          FAILED, nothing was sent
    the printer could not be opened, or is another's         FAILED, nothing was sent
    bytes before the cut were never taken, nor can be        FAILED; what it holds is flushed
    the line broke in a transfer that held the slip's end    UNKNOWN: part or all of it may have been taken
    all of it was taken, then a fault was named              UNKNOWN: the fault may have come after the slip,
                                                             and paper put in lets the printer go on with it
    all of it was taken, then silence or no confirmation     UNKNOWN
    the printer confirmed                                    PRINTED, and with a presenter TAKEN or RETRACTED

Nothing is ever sent twice. Every slip begins with reset and code page, so a power cycle before it changes nothing.
What nothing on the wire tells: a printer that restarts in mid-slip without leaving the bus loses what it held and may still
confirm bytes that come after.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from drivers.receipt_printer import status as words
from drivers.receipt_printer.asking import STATUS_S, Asking, Ear
from drivers.receipt_printer.completion import OWED_S, ending_for
from drivers.receipt_printer.document import Document
from drivers.receipt_printer.escpos import Encoded, encode
from drivers.receipt_printer.interface import (
    Outcome,
    PrinterFault,
    PrinterIdentity,
    PrinterStatus,
    PrintResult,
    SlipFault,
)
from drivers.receipt_printer.pace import Pace, RealPace
from drivers.receipt_printer.presenter import DRAW_BACK_S, Presenter
from drivers.receipt_printer.profile import PrinterProfile
from drivers.receipt_printer.raster import SlipError
from drivers.receipt_printer.usb_line import PrinterGoneError, UsbLine
from drivers.receipt_printer.worker import GivenUpError, OwnerThread

TRANSFER_MS = 1000  #: most that one transfer waits before the deadline is looked at; pyusb's 0 would mean for ever
REOPEN_S = 2.0  #: how long a printer that is just coming back is waited for before a slip
REOPEN_FIRST_S, REOPEN_MOST_S = 0.1, 1.0  #: pauses between tries: doubled each time
PASSING = frozenset({PrinterFault.MISSING, PrinterFault.USB_ERROR, PrinterFault.BUSY})  #: worth another try
GRACE_S = 2.0  #: how much later than its own deadlines the thread is given up on: one transfer and one request

_Answer = TypeVar("_Answer")


class UsbReceiptPrinter:
    """A ReceiptPrinter. `find` looks the device up anew after every trouble, so a re-plug heals by itself."""

    def __init__(
        self,
        find: Callable[[], Any],
        profile: PrinterProfile,
        deadline_s: float,
        *,
        ids: tuple[int, int] = (0, 0),
        font: Path | None = None,
        retract_after_s: int = 0,
        pace: Pace | None = None,
        grace_s: float = GRACE_S,
    ) -> None:
        self._profile, self._font, self._ids = profile, font, ids
        self._deadline_s, self._grace_s, self._retract_after_s = deadline_s, grace_s, retract_after_s
        self._pace = pace or RealPace()
        self._closing = False
        self._line = UsbLine(find)
        ear = Ear(self._line, profile.status, self._pace)
        self._asking = Asking(self._line, ear, profile.status, self._pace)
        self._ending = ending_for(profile.completion, ear, self._asking, self._pace)
        self._presenter = Presenter(self._line, self._asking, self._pace, profile, retract_after_s)
        self._thread = OwnerThread("printer")

    @property
    def longest_s(self) -> float:
        """The longest a slip takes: coming back, status, clearing, the deadline, asking why, the presenter."""
        before_s = REOPEN_S + STATUS_S + DRAW_BACK_S + OWED_S
        return before_s + self._deadline_s + 2 * STATUS_S + self._presenter.patience_s

    async def status(self) -> PrinterStatus:
        """Ask the printer now."""
        try:
            return await self._thread.do(self._status, STATUS_S + self._grace_s)
        except GivenUpError:
            return words.unknown(PrinterFault.MISSING if self._closing else PrinterFault.STUCK)

    async def print(self, document: Document) -> PrintResult:
        """Print once; never repeats by itself."""
        try:
            slip = encode(document, self._profile, self._font, self._retract_after_s)
        except SlipError as error:
            return PrintResult(Outcome.FAILED, error.fault.value)
        try:
            result = await self._thread.do(lambda: self._print(slip), self.longest_s + self._grace_s)
        except GivenUpError as error:
            if error.begun:
                return PrintResult(Outcome.UNKNOWN, PrinterFault.STUCK.value)
            return PrintResult(Outcome.FAILED, (SlipFault.CLOSED if self._closing else SlipFault.NOT_STARTED).value)
        return replace(result, remarks=slip.remarks)

    async def identity(self) -> PrinterIdentity:
        """Who the printer says it is."""
        try:
            return await self._thread.do(self._identity, STATUS_S + self._grace_s)
        except GivenUpError:
            fault = PrinterFault.MISSING if self._closing else PrinterFault.STUCK
            return PrinterIdentity(*self._ids, self._profile.name, fault=fault)

    async def close(self) -> None:
        """Give the USB interface back. What is under way ends within one transfer, its outcome unknown."""
        self._closing = True
        self._pace.end()
        self._thread.close(self._line.close)

    # --- on the printer's thread --------------------------------------------------------------------------------------

    def _identity(self) -> PrinterIdentity:
        try:
            told = self._asked_anew(self._line.names, patience_s=0.0)
        except PrinterGoneError as error:
            return PrinterIdentity(*self._ids, self._profile.name, fault=error.fault)
        return PrinterIdentity(
            *self._ids,
            self._profile.name,
            told["manufacturer"],
            told["product"],
            told["serial_number"],
            told["device_id"],
        )

    def _status(self) -> PrinterStatus:
        try:
            return self._asked_anew(self._look, patience_s=0.0)
        except PrinterGoneError as error:
            return words.unknown(error.fault)

    def _look(self) -> PrinterStatus:
        return self._asking.status(self._pace.now_s() + STATUS_S)

    def _asked_anew(self, ask: Callable[[], _Answer], patience_s: float) -> _Answer:
        """Ask over the line there is; when that is a line of before a re-plug, over a new one. Raises PrinterGoneError."""
        if self._line.is_open:
            try:
                return ask()
            except PrinterGoneError as error:
                self._let_go(error)
        try:
            self._ensure_open(patience_s)
            return ask()
        except PrinterGoneError as error:
            self._let_go(error)
            raise

    def _print(self, slip: Encoded) -> PrintResult:
        try:
            before = self._asked_anew(self._look, REOPEN_S)
            if not before.can_print:
                return PrintResult(Outcome.FAILED, before.cause)
            ticket_waiting = before.ticket_waiting and not self._presenter.clear()
            tail = self._ending.begin(ticket_waiting, slip.length_mm)
        except PrinterGoneError as error:
            self._let_go(error)
            return PrintResult(Outcome.FAILED, error.fault.value)
        return self._send(slip, tail, self._pace.now_s() + self._deadline_s)

    def _send(self, slip: Encoded, tail: bytes, until_s: float) -> PrintResult:
        data, sent = slip.data + tail, 0
        try:
            while sent < len(data) and self._pace.now_s() < until_s:
                left_ms = max(1, min(TRANSFER_MS, round((until_s - self._pace.now_s()) * 1000)))
                sent += self._line.write(data[sent : sent + self._profile.buffer_bytes], left_ms)
            if sent < len(data):
                return self._cut_short(whole=sent >= slip.visible_bytes)
            return self._confirmed(until_s)
        except PrinterGoneError as error:
            reach = sent if error.untouched else min(len(data), sent + self._profile.buffer_bytes)
            self._let_go(error)
            return PrintResult(Outcome.UNKNOWN if reach >= slip.visible_bytes else Outcome.FAILED, error.fault.value)

    def _cut_short(self, whole: bool) -> PrintResult:
        """The printer did not take all of it. Half a slip must not stand before the next one, nor before a question."""
        try:
            self._line.soft_reset()
            self._ending.replugged()
        except PrinterGoneError as error:
            self._let_go(error)
        outcome = Outcome.UNKNOWN if whole else Outcome.FAILED
        return PrintResult(outcome, self._status().cause or SlipFault.CUT_SHORT.value)

    def _confirmed(self, until_s: float) -> PrintResult:
        verdict = self._ending.wait(until_s)
        if verdict.confirmed:
            return self._presenter.see_off() if self._presenter.watches else PrintResult(Outcome.PRINTED)
        cause = verdict.status.cause or self._status().cause
        return PrintResult(Outcome.UNKNOWN, cause or SlipFault.NOT_CONFIRMED.value)

    def _ensure_open(self, patience_s: float) -> None:
        """Open, again after a pause while that may help. Raises PrinterGoneError."""
        until_s, pause_s = self._pace.now_s() + patience_s, REOPEN_FIRST_S
        while not self._line.is_open:
            try:
                self._line.open()
            except PrinterGoneError as error:
                if error.fault not in PASSING or self._pace.now_s() + pause_s > until_s:
                    raise
                self._pace.sleep(pause_s)
                pause_s = min(2 * pause_s, REOPEN_MOST_S)

    def _let_go(self, error: PrinterGoneError) -> None:
        self._line.close()
        if error.fault is PrinterFault.MISSING:
            self._ending.replugged()
