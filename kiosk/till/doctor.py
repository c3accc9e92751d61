"""The checks of a running till: it owns acceptor, printer and journal, so none of them is opened a second time.

Answers for: which check looks at what, that no check asks the printer while a buyer is served, that what was found reaches the
board. Does not answer for: what a check means (`kiosk.diagnosis`), who asked (`doctor_desk`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime

from drivers.bill_acceptor.interface import AcceptorEvent
from drivers.receipt_printer.interface import ReceiptPrinter
from drivers.receipt_printer.profile import PrinterProfile
from kiosk.diagnosis import acceptor, clock, disk, journal, printer, rejects, screen
from kiosk.diagnosis.acceptor import UnitSeen
from kiosk.diagnosis.network import Ladder
from kiosk.diagnosis.rounds import Check, Looked, examine_all
from kiosk.diagnosis.threads import in_thread
from kiosk.diagnosis.wanted import far_end, printer_ids, skew_of, unit_wanted
from kiosk.domain.diagnosis_events import ChecksBegan, PartChecked
from kiosk.domain.events import Event
from kiosk.domain.findings import FactCode, FindingCode, PartReport, finding
from kiosk.domain.paper import why_printer_is_taken
from kiosk.domain.receipts import Device
from kiosk.domain.rules import MICROSECONDS
from kiosk.domain.state import State
from kiosk.gateways.port import Gateway
from kiosk.settings import Settings
from kiosk.till.journal import Journal, JournalError
from kiosk.till.journal_health import newest_first, of_running

Told = Callable[[PartReport], Awaitable[None]]


class Doctor:
    """`heard` puts an event into the mailbox and returns once it is on the board; `screens` says how many are connected. `saw` is
    told of every state, `heard_unit` of every word of the acceptor's driver.
    """

    def __init__(
        self,
        settings: Settings,
        profile: PrinterProfile,
        devices: tuple[ReceiptPrinter, Gateway, Journal],
        utc_us: Callable[[], int],
        screens: Callable[[], int],
        heard: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._profile = profile
        self._printer, self._gateway, self._journal = devices
        self._utc_us = utc_us
        self._screens = screens
        self._heard = heard
        self._unit = UnitSeen()
        self._state = State()
        self._turn = asyncio.Lock()
        self._checks: Mapping[Device, Check] = {
            Device.ACCEPTOR: self._acceptor,
            Device.PRINTER: self._look_at_printer,
            Device.NETWORK: self._network,
            Device.JOURNAL: self._look_at_journal,
            Device.DISK: self._disk,
            Device.CLOCK: self._clock,
            Device.SCREEN: self._screen,
        }

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state

    def heard_unit(self, event: AcceptorEvent) -> None:
        """The driver told this."""
        self._unit = self._unit.after(event)

    async def examine(self, devices: Collection[Device], told: Told | None = None) -> None:
        """A round through these parts, one round at a time; each on the board, and then `told`, as it is known."""
        async with self._turn:
            await self._heard(ChecksBegan(tuple(devices)))

            async def found(report: PartReport) -> None:
                await self._heard(PartChecked(report))
                if told is not None:
                    await told(report)

            await examine_all(self._checks, devices, self._utc_us, found)

    # --- what each looks at -------------------------------------------------------------------------------------------

    async def _acceptor(self) -> Looked:
        """The driver asks the unit several times a second: its last word is a moment old. Nothing is sent for this."""
        wanted, seen = unit_wanted(self._settings), self._unit
        findings, facts = acceptor.findings_of(seen, wanted), dict(acceptor.facts_of(seen, wanted))
        try:
            share, reasons = rejects.finding_of(newest_first(self._journal, self._state.period))
        except JournalError:
            return findings, tuple(facts.items())  # the journal's own check tells of it
        if reasons:
            facts[FactCode.REJECT_REASONS] = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        return (*findings, share), tuple(facts.items())

    async def _look_at_printer(self) -> Looked:
        if why_printer_is_taken(self._state):
            return (finding(FindingCode.VISIT_UNDER_WAY),), ()
        return await printer.look(self._printer, self._profile, printer_ids(self._settings))

    async def _network(self) -> Looked:
        climbed = await Ladder(far_end(self._settings), self._gateway.health, self._now()).climb()
        return tuple(climbed.findings), tuple(climbed.facts.items())

    async def _look_at_journal(self) -> Looked:
        return journal.look(of_running(self._journal, self._state), self._utc_us())

    async def _disk(self) -> Looked:
        till = self._settings.till
        return await in_thread(lambda: disk.look(till.journal_file.parent, till.disk_reserve_mb))

    async def _clock(self) -> Looked:
        skew_s = await skew_of(self._gateway.health)
        return clock.look(self._now(), skew_s)

    async def _screen(self) -> Looked:
        return screen.look(self._screens(), self._state.board.touch)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._utc_us() / MICROSECONDS, UTC)
