"""Checks and service reports on demand: for staff at the screen as deeds, for tools on the service socket as a talk.

Answers for: what an ask leads to and how its end is called. Does not answer for: rights and records (`staff_desk`), checks
(`doctor`), what a report says (`domain.diagnosis`).
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from drivers.receipt_printer.document import Document
from kiosk.domain import diagnosis_events as e
from kiosk.domain.diagnosis_facts import ServiceReported
from kiosk.domain.events import Event
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.findings import PartReport
from kiosk.domain.paper import IN_HAND
from kiosk.domain.people import Act, StaffNotice
from kiosk.domain.receipts import Device
from kiosk.domain.state import State
from kiosk.link import service as s
from kiosk.link import staff as m
from kiosk.till.board_view import part_view
from kiosk.till.doctor import Doctor
from kiosk.till.printer_desk import PrinterDesk
from kiosk.till.staff_desk import Deed, Outcome


class DoctorDesk:
    """`render` makes the page of a report in a language, as a copy or not; `heard` puts an event into the till's mailbox and
    returns once it is on disk; `saw` is told of every state.
    """

    def __init__(
        self,
        doctor: Doctor,
        printer: PrinterDesk,
        render: Callable[[ServiceReported, str, bool], Document],
        software: str,
        heard: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._doctor = doctor
        self._printer = printer
        self._render = render
        self._software = software
        self._heard = heard
        self._state = State()

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state
        self._doctor.saw(state)

    def deeds(self) -> Mapping[type, Deed]:
        """For StaffDesk."""
        return {
            m.RunChecks: Deed(Act.DIAGNOSE, "checks", self._check),
            m.PrintServiceReport: Deed(Act.DIAGNOSE, "a service report", self._report),
        }

    async def talk(self, ask: s.Diagnose, tell: Callable[[s.ServiceAnswer], Awaitable[None]]) -> s.ServiceAnswer:
        """For tools: each part as it is known, then the end. A tool that has gone does not stop the round, which is for all."""
        devices = tuple(dict.fromkeys(ask.devices)) or tuple(Device)

        async def told(report: PartReport) -> None:
            with suppress(OSError):
                await tell(s.PartTold(part_view(report)))

        await self._doctor.examine(devices, told)
        return s.Diagnosed(len(devices))

    async def _check(self, command: m.RunChecks, _person: str) -> Outcome:
        await self._doctor.examine((command.device,) if command.device else tuple(Device))
        return Outcome(StaffNotice.DONE)

    async def _report(self, _command: m.PrintServiceReport, _person: str) -> Outcome:
        """Recorded and signed first; paper or no paper, it stands in the journal."""
        await self._heard(e.ServiceReportAsked(self._software))
        board, staff = self._state.board, self._state.staff
        report = board.last_report
        if report is None or staff is None or report.started_us != staff.since_us:
            return Outcome(StaffNotice.NOT_NOW)  # nothing was checked since they signed in
        copy, language = board.original_out, self._state.session.language
        printed = await self._printer.page(lambda: self._render(report, language, copy))
        if not isinstance(printed, s.PageTold):
            return Outcome(StaffNotice.NOT_NOW)
        await self._heard(e.ServiceReportEnded(report.report_id, copy, printed.outcome, printed.cause))
        if SlipOutcome(printed.outcome) in IN_HAND:
            return Outcome(StaffNotice.PRINTED)
        return Outcome(StaffNotice.NOT_PRINTED, (("cause", printed.cause or printed.outcome),))
