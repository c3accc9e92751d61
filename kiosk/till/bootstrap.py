"""The till's composition root: settings in, a running till out. The only place that chooses twins.

Answers for: what is built from what, in which order it starts and ends. Does not answer for: any of the parts.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from drivers.bill_acceptor.registry import open_acceptor
from drivers.receipt_printer.document import Document
from drivers.receipt_printer.interface import ReceiptPrinter
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.registry import open_printer
from drivers.scanner.driver import open_scanner
from kiosk.domain import events
from kiosk.domain.decide import why_closed
from kiosk.domain.diagnosis_facts import ServiceReported
from kiosk.domain.rules import CollectionRules, Place, Rules
from kiosk.domain.state import State
from kiosk.gateways.registry import DIALECTS, FarEnd
from kiosk.gateways.terminal_api import freeze_claim, freeze_collection, freeze_redemption
from kiosk.link import service as s
from kiosk.link.messages import TerminalView
from kiosk.service_manager import ServiceManager
from kiosk.settings import Settings, TerminalSettings
from kiosk.slips import Stationery, open_stationery, render
from kiosk.till import service_report
from kiosk.till.acceptor_seam import AcceptorSeam
from kiosk.till.access import Access
from kiosk.till.catalogue_file import load_key
from kiosk.till.catalogue_keeper import CatalogueKeeper, file_beside
from kiosk.till.clock import SystemClock
from kiosk.till.code_desk import CodeDesk
from kiosk.till.count_desk import CountDesk
from kiosk.till.doctor import Doctor
from kiosk.till.doctor_desk import DoctorDesk
from kiosk.till.hands import DeviceHands
from kiosk.till.heartbeat import Pulse
from kiosk.till.journal import Journal
from kiosk.till.link_server import LinkServer
from kiosk.till.log_ring import LogRing
from kiosk.till.loop import Mailbox, Till
from kiosk.till.past_visits import PastVisits
from kiosk.till.printer_desk import PrinterDesk
from kiosk.till.reserve import Reserve
from kiosk.till.resume_desk import ResumeDesk
from kiosk.till.sample_page import sample_page
from kiosk.till.scanner_seam import ScannerSeam
from kiosk.till.service_server import Desk, ServiceServer, Talk
from kiosk.till.signing import ensure_key
from kiosk.till.slip_body import read_body, receipt_reader, slip_freezer, write_slip
from kiosk.till.staff_deeds import StaffDeeds
from kiosk.till.staff_desk import StaffDesk
from kiosk.till.view import Face
from kiosk.till.vouching import Vouching

log = logging.getLogger(__name__)

EXIT_JOURNAL = 4  #: the journal could not be trusted: restart and read it again
DAY_S = 86_400
SLIP_FONT = Path(__file__).parents[1] / "screen" / "fonts" / "Inter-SemiBold.otf"  #: for what a printer cannot write
GOOD_BYE_S = 1.0  #: how long a stopping till waits for the acceptor to hear "disable"


def rules_of(settings: Settings, sign: Callable[[bytes], bytes]) -> Rules:
    """The operator's decisions as the domain wants them."""
    cash, dialect = settings.cash[settings.terminal.currency], DIALECTS[settings.aggregator.dialect]
    return Rules(
        terminal_number=settings.terminal.number,
        languages=settings.terminal.languages,
        currency=settings.terminal.currency,
        denominations_minor=frozenset(cash.denominations_minor),
        leftover_limit_minor=cash.leftover_limit_minor,
        session_limit_minor=cash.session_limit_minor,
        idle_s=settings.times.idle_s,
        cash_idle_s=settings.times.cash_idle_s,
        pay_wait_s=settings.times.pay_wait_s,
        result_s=settings.times.result_s,
        photo_s=settings.times.photo_s,
        warn_s=settings.times.warn_s,
        message_min_s=settings.times.message_min_s,
        unhurried_factor=settings.times.unhurried_factor,
        outbox_base_s=settings.outbox.base_s,
        outbox_cap_s=settings.outbox.cap_s,
        gateway=settings.aggregator.dialect,
        twin=settings.acceptor.twin,
        freeze=dialect.freezer(far_end_of(settings)),
        freeze_claim=freeze_claim,
        freeze_collection=freeze_collection,
        freeze_redemption=freeze_redemption,
        freeze_slip=slip_freezer(settings.terminal),
        write_slip=write_slip,
        sign=sign,
        keep_personal_s=settings.till.personal_keep_days * DAY_S,
        place=place_of(settings.terminal),
        staff_idle_s=settings.access.sign_out_idle_s,
        note_test_idle_s=settings.access.note_test_idle_s,
        reports=dialect.capabilities.reports,
        registers=dialect.capabilities.register,
        catalogue=bool(dialect.capabilities.catalogue and settings.aggregator.catalogue_key_file),
        collection=CollectionRules(**asdict(settings.collection)),
        codes=dialect.capabilities.codes,
        scanner=bool(settings.scanner.port or settings.scanner.keyboard),
    )


def place_of(terminal: TerminalSettings) -> Place:
    """Where slips say the kiosk stands."""
    return Place(terminal.name, terminal.address, terminal.support_phone, terminal.time_zone)


def far_end_of(settings: Settings) -> FarEnd:
    """The aggregator as its gateway wants it."""
    aggregator = settings.aggregator
    return FarEnd(
        aggregator.url,
        aggregator.ca_file,
        _path(aggregator.certificate_file),
        _path(aggregator.key_file),
        aggregator.pins,
        aggregator.deadline_s,
        settings.terminal.number,
        settings.terminal.currency,
        aggregator.live,
        _path(aggregator.profile),
        aggregator.user,
        _path(aggregator.secret_file),
    )


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def printer_of(settings: Settings) -> ReceiptPrinter:
    """The printer these settings name; it is looked for when it is first asked. Raises ProfileError."""
    printer = settings.printer
    return open_printer(
        printer.vendor_id,
        printer.product_id,
        printer.profile,
        printer.deadline_s,
        printer.twin_socket,
        SLIP_FONT,
        printer.retract_after_s,
    )


def stationery_of(settings: Settings) -> Stationery:
    """What slips are made with at this terminal. Raises SlipsError."""
    return open_stationery(settings.slips, settings.terminal.languages, settings.terminal.currency)


def _face(settings: Settings, stationery: Stationery) -> Face:
    terminal = settings.terminal
    view = TerminalView(terminal.number, terminal.name, terminal.address, terminal.support_phone)
    return Face(view, terminal.languages, receipt_reader(stationery))


class RunningTill:
    """Everything a till process consists of, wired."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stationery = stationery_of(settings)
        self._clock = SystemClock()
        self._mailbox = Mailbox()
        self.log = LogRing()
        self._key = ensure_key(settings.till.key_file)
        self._rules = rules_of(settings, self._key.sign)
        self._reserve = Reserve(settings.till.journal_file, settings.till.disk_reserve_mb)
        self._journal = Journal(settings.till.journal_file)
        self._profile = load_profile(settings.printer.profile)
        self._gateway = DIALECTS[settings.aggregator.dialect].open(far_end_of(settings))
        self._catalogue = self._make_catalogue_keeper()
        printer = printer_of(settings)
        doctor = self._make_doctor(printer)
        acceptor = settings.acceptor
        self._seam = AcceptorSeam(
            open_acceptor(acceptor.protocol, acceptor.port, acceptor.poll_interval_s),
            settings.terminal.currency,
            self._mailbox.heard,
            doctor.heard_unit,
        )
        visits = PastVisits(self._journal, partial(asyncio.sleep, 0))
        self._hands = self._make_hands(printer, CodeDesk(visits, self._gateway, self._mailbox.post))
        self._pulse = self._make_pulse()
        self._desk = PrinterDesk(printer, visits, self._test_page, self._mailbox.heard)
        self._resume_desk = ResumeDesk(self._mailbox.heard)
        self._count_desk = CountDesk(self._mailbox.heard)
        software = f"kiosk {version('kiosk')}"
        self._doctor = DoctorDesk(doctor, self._desk, self._report_page, software, self._mailbox.heard)
        self._staff = StaffDesk(
            {**StaffDeeds(self._desk, self.log.lines).table(), **self._doctor.deeds()},
            Access(settings.access),
            self._clock.utc_us,
            self._mailbox.post,
            self._mailbox.heard,
        )
        self._link = LinkServer(
            settings.till.link_socket,
            self._rules,
            _face(settings, self._stationery),
            self._mailbox.post,
            self._staff.take,
        )
        talks: Mapping[type, Talk] = {s.Diagnose: self._doctor.talk}
        self._service = ServiceServer(settings.till.service_socket, self._journal, self._desks(), talks)
        self._manager = ServiceManager(os.environ)
        self._till = Till(self._mailbox, self._journal, self._rules, self._clock, self._hands, self._publish, self._key)

    def _desks(self) -> Mapping[type, Desk]:
        return {
            s.AskPrinter: self._desk.answer,
            s.PrintTestPage: self._desk.answer,
            s.Reprint: self._desk.answer,
            s.Resume: self._resume_desk.answer,
            s.EnterCount: self._count_desk.answer,
        }

    def _publish(self, state: State, mono_s: float) -> None:
        self._staff.saw(state)
        self._doctor.saw(state)
        self._link.publish(state, mono_s)
        self._desk.saw(state)
        self._resume_desk.saw(state)
        self._count_desk.saw(state)
        self._pulse.saw(state)

    def _make_catalogue_keeper(self) -> CatalogueKeeper | None:
        if not self._rules.catalogue:
            return None
        key = load_key(Path(self._settings.aggregator.catalogue_key_file))
        path = file_beside(self._settings.till.journal_file)
        return CatalogueKeeper(path, key, self._gateway, self._mailbox.post)

    def _make_hands(self, printer: ReceiptPrinter, codes: CodeDesk) -> DeviceHands:
        settings = self._settings
        return DeviceHands(
            self._seam,
            printer,
            self._gateway,
            settings.terminal.currency,
            self._render,
            self._catalogue.fetch_soon if self._catalogue is not None else lambda: None,
            self._restart_screens,
            codes,
            self._mailbox.post,
        )

    def _restart_screens(self) -> None:
        """The link is made after the hands."""
        self._link.restart_screens()

    def _make_doctor(self, printer: ReceiptPrinter) -> Doctor:
        """The link is made after it."""
        parts = (printer, self._gateway, self._journal)
        return Doctor(
            self._settings,
            self._profile,
            parts,
            self._clock.utc_us,
            lambda: self._link.screens,
            self._mailbox.heard,
        )

    def _make_pulse(self) -> Pulse:
        return Pulse(
            self._gateway,
            self._journal,
            self._clock,
            version("kiosk"),
            self._settings.terminal.currency,
            self._reserve.has_room,
            self._mailbox.post,
        )

    def _render(self, body: bytes) -> Document:
        data = read_body(body)
        assert data is not None, "a slip is printed by the life that wrote its body"
        return render(data, self._profile.columns, self._stationery)

    def _report_page(self, report: ServiceReported, language: str, copy: bool) -> Document:
        journal, terminal = self._journal, self._settings.terminal
        data = service_report.slip_of(
            report,
            terminal,
            language or terminal.languages[0],
            copy=copy,
            at_us=self._clock.utc_us(),
            journal_seq=journal.seq,
            journal_head=journal.head.hex(),
        )
        return render(data, self._profile.columns, self._stationery)

    def _test_page(self) -> Document:
        journal = self._journal
        return sample_page(
            self._settings, self._profile, self._stationery, self._clock.utc_us(), journal.seq, journal.head.hex()
        )

    async def run(self, stop: asyncio.Event, ready_file: Path | None) -> None:
        """Live until `stop`. Raises what any part raised; the caller ends the process on it."""
        self._till.recover()
        log.info("recovered: %r", self._till)
        await self._link.start()
        await self._service.start()
        boot_id = secrets.token_hex(8)
        acceptor = asyncio.create_task(self._seam.run(), name="acceptor")
        parts: list[Coroutine[Any, Any, Any]] = [
            self._till.run(boot_id, version("kiosk")),
            self._hands.watch(),
            self._pulse.watch(),
            self._staff.watch(),
            self._vouching().run(),
            stop.wait(),
        ]
        if self._catalogue is not None:
            self._catalogue.start()
            parts.append(self._catalogue.watch())
        scanner = self._settings.scanner
        if scanner.port:
            parts.append(ScannerSeam(open_scanner(scanner.port, scanner.baud), self._mailbox.heard).run())
        tasks = [asyncio.create_task(part) for part in parts]
        _announce(ready_file)
        try:
            done, _ = await asyncio.wait([*tasks, acceptor], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self._end(tasks, acceptor)

    async def _end(self, tasks: list["asyncio.Task[Any]"], acceptor: "asyncio.Task[None]") -> None:
        """Take no more notes, then let go of everything. A note in escrow goes back by itself."""
        self._seam.accept(frozenset())
        await asyncio.wait([acceptor], timeout=GOOD_BYE_S)
        everything = [*tasks, acceptor]
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)
        await self._staff.close()
        await self._hands.close()
        await self._link.close()
        await self._service.close()
        self._journal.close()
        self._manager.close()

    def _vouching(self) -> Vouching:
        loop = asyncio.get_running_loop()
        return Vouching(
            self._manager,
            lambda: self._mailbox.heard(events.Tick()),
            lambda: loop.time() - self._seam.worked_s,
            self._settings.till.link_socket,
            lambda: why_closed(self._till.state) or f"open; {len(self._till.state.outbox)} waiting",
        )


def _announce(ready_file: Path | None) -> None:
    if ready_file is not None:
        ready_file.write_text(str(os.getpid()))


async def run_till(settings: Settings, stop: asyncio.Event, ready_file: Path | None = None) -> None:
    """Build a till and live until `stop`.

    Raises SlipsError, JournalError, KeyFileError, ProgrammingFaultError, RefusedToRunError, RestartAskedError.
    """
    running = RunningTill(settings)
    with running.log.listening():
        await running.run(stop, ready_file)
