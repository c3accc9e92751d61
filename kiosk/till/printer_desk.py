"""The printer for people with keys, beside the buyers: how it is, a test page, a copy of a receipt.

Answers for: one of these at a time, none while a buyer is served, and that what was asked for is recorded with its person.
Does not answer for: rights (the socket's file mode), which receipt (`past_visits`), what a slip says.
"""

import asyncio
from collections.abc import Awaitable, Callable

from drivers.receipt_printer.document import Document
from drivers.receipt_printer.interface import PrinterIdentity, PrinterStatus, ReceiptPrinter
from kiosk.domain import events
from kiosk.domain.case_events import CorrectionCopyAsked
from kiosk.domain.events import Event
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.paper import why_printer_is_taken
from kiosk.domain.session import Slip
from kiosk.domain.state import State
from kiosk.link import service as s
from kiosk.till.hands import printer_answered
from kiosk.till.past_visits import NoSuchVisitError, PastVisits

PrinterAsk = s.AskPrinter | s.PrintTestPage | s.Reprint


class PrinterDesk:
    """`heard` puts an event into the till's mailbox and returns once it is on disk; `saw` is told of every state."""

    def __init__(
        self,
        printer: ReceiptPrinter,
        visits: PastVisits,
        test_page: Callable[[], Document],
        heard: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._printer = printer
        self._visits = visits
        self._test_page = test_page
        self._heard = heard
        self._state = State()
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state
        self._changed.set()
        self._changed = asyncio.Event()

    async def answer(self, ask: PrinterAsk) -> s.ServiceAnswer:
        """Do what was asked, each in its turn."""
        async with self._turn:
            match ask:
                case s.AskPrinter():
                    return await self._status()
                case s.PrintTestPage(person=person):
                    return await self._test(person.strip())
                case s.Reprint():
                    return await self._reprint_or_decline(ask)

    async def page(self, document: Callable[[], Document]) -> s.PageTold | s.Declined:
        """Print a page that belongs to no visit, in its turn; it is made when it is known that it may be printed."""
        async with self._turn:
            if reason := why_printer_is_taken(self._state):
                return s.Declined(reason)
            result = await self._printer.print(document())
            return s.PageTold(result.outcome.value, result.cause, 0)

    async def copy(self, ask: s.Reprint) -> s.ServiceAnswer:
        """As `answer` for a copy, but raises NoSuchVisitError where there is nothing to copy."""
        async with self._turn:
            return await self._reprint(ask)

    async def _status(self) -> s.ServiceAnswer:
        status = await self._printer.status()
        await self._heard(printer_answered(status))
        return in_service_words(status, await self._printer.identity())

    async def _test(self, person: str) -> s.ServiceAnswer:
        reason = why_printer_is_taken(self._state) or ("" if person else "a test page needs a person's name")
        if reason:
            return s.Declined(reason)
        result = await self._printer.print(self._test_page())
        outcome = SlipOutcome(result.outcome.value)
        await self._heard(events.PrinterTestEnded(person, outcome, result.cause))
        return s.PageTold(outcome.value, result.cause, 0)

    async def _reprint_or_decline(self, ask: s.Reprint) -> s.ServiceAnswer:
        try:
            return await self._reprint(ask)
        except NoSuchVisitError as error:
            return s.Declined(str(error))

    async def _reprint(self, ask: s.Reprint) -> s.ServiceAnswer:
        person, reason = ask.person.strip(), ask.reason.strip()
        if not person or not reason:
            return s.Declined("a copy needs a person's name and a reason; both go into the journal")
        if number := self._correction_of(ask):
            return await self._copy_correction(number, person, reason)
        visit = await self._visits.find(ask.by, ask.name.strip())
        if taken := why_printer_is_taken(self._state):
            return s.Declined(f"{taken}; ask again in a moment")
        await self._heard(events.ReprintAsked(visit, person, reason))
        return await self._fate(lambda slip: slip.session_id == visit.session.session_id)

    def _correction_of(self, ask: s.Reprint) -> int:
        """The number of a correction that was settled lately; 0: of none."""
        named = ask.name.strip() if ask.by is s.ReceiptBy.SLIP else ""
        numbers = (one.slip_number for one in self._state.cases.settled)
        return next((number for number in numbers if str(number) == named), 0)

    async def _copy_correction(self, number: int, person: str, reason: str) -> s.ServiceAnswer:
        if taken := why_printer_is_taken(self._state):
            return s.Declined(f"{taken}; ask again in a moment")
        await self._heard(CorrectionCopyAsked(number, person, reason))
        return await self._fate(lambda slip: slip.number == number)

    async def _fate(self, is_it: Callable[[Slip], bool]) -> s.ServiceAnswer:
        """What became of the copy that is under way."""
        under_way = (slip for slip in self._state.slips.values() if is_it(slip) and not slip.outcome)
        slip = next(under_way, None)
        if slip is None:
            return s.Declined(f"{why_printer_is_taken(self._state) or 'the till had something else to do'}; ask again")
        while slip.outcome is None:
            await self._changed.wait()
            slip = self._state.slips[slip.slip_id]
        return s.PageTold(slip.outcome.value, slip.cause, slip.number)


def in_service_words(status: PrinterStatus, identity: PrinterIdentity) -> s.PrinterTold:
    """What tools are told of a printer, whoever asked it."""
    faults = tuple(sorted(fault.value for fault in status.faults))
    model = identity.model or identity.manufacturer
    return s.PrinterTold(status.can_print, status.paper.value, faults, status.ticket_waiting, model, identity.serial)
