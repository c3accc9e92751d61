"""What staff ask for that is carried out beside the mailbox by the till itself: paper, and the log.

Answers for: which act each is, and what its end is called. Does not answer for: rights and records (`staff_desk`,
`domain.staff`), printing (`printer_desk`).
"""

from collections.abc import Callable, Mapping

from kiosk.domain.facts import SlipOutcome
from kiosk.domain.paper import IN_HAND
from kiosk.domain.people import Act, StaffNotice
from kiosk.domain.staff import REASON_CHARACTERS_MAX
from kiosk.link import service as s
from kiosk.link import staff as m
from kiosk.till.past_visits import NoSuchVisitError
from kiosk.till.printer_desk import PrinterDesk
from kiosk.till.staff_desk import Deed, Outcome


class StaffDeeds:
    """`lines`: the last ones of the log."""

    def __init__(self, desk: PrinterDesk, lines: Callable[[], tuple[str, ...]]) -> None:
        self._desk = desk
        self._lines = lines

    def table(self) -> Mapping[type, Deed]:
        """For StaffDesk."""
        return {
            m.PrintTestSlip: Deed(Act.DIAGNOSE, "a test page", self._test_slip),
            m.CopyReceipt: Deed(Act.COPY_RECEIPT, "a copy of a receipt", self._copy),
            m.AskLog: Deed(Act.DIAGNOSE, "a look at the log", self._log),
        }

    async def _test_slip(self, _command: m.PrintTestSlip, person: str) -> Outcome:
        return _of_page(await self._desk.answer(s.PrintTestPage(person)))

    async def _copy(self, command: m.CopyReceipt, person: str) -> Outcome:
        reason = command.reason.strip()[:REASON_CHARACTERS_MAX]
        if not reason:
            return Outcome(StaffNotice.REASON_WANTED)
        if command.by not in set(s.ReceiptBy):
            return Outcome(StaffNotice.NO_SUCH_RECEIPT)
        ask = s.Reprint(s.ReceiptBy(command.by), command.name, person, reason)
        try:
            return _of_page(await self._desk.copy(ask))
        except NoSuchVisitError:
            return Outcome(StaffNotice.NO_SUCH_RECEIPT)

    async def _log(self, _command: m.AskLog, _person: str) -> Outcome:
        return Outcome(StaffNotice.DONE, log=self._lines())


def _of_page(answer: s.ServiceAnswer) -> Outcome:
    match answer:
        case s.PageTold(outcome=outcome) if SlipOutcome(outcome) in IN_HAND:
            return Outcome(StaffNotice.PRINTED)
        case s.PageTold(outcome=outcome, cause=cause):
            return Outcome(StaffNotice.NOT_PRINTED, (("cause", cause or outcome),))
        case _:
            return Outcome(StaffNotice.NOT_NOW)
