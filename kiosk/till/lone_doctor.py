"""The checks of a kiosk whose till is not running: devices are opened for a moment, the journal is read as it lies.

Answers for: opening, and letting go again. Does not answer for: what a check means (`kiosk.diagnosis`).
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from drivers.bill_acceptor.registry import detect_protocol, open_acceptor
from drivers.receipt_printer.profile import ProfileError, load_profile
from kiosk.diagnosis import acceptor, acceptor_look, clock, disk, journal, printer, rejects, screen
from kiosk.diagnosis.network import Ladder
from kiosk.diagnosis.rounds import Check, Looked
from kiosk.diagnosis.threads import in_thread
from kiosk.diagnosis.wanted import far_end, printer_ids, skew_of, unit_wanted
from kiosk.domain.findings import Finding, FindingCode, finding
from kiosk.domain.receipts import Device
from kiosk.gateways.port import HealthAnswer, Unhealthy
from kiosk.gateways.profile import ProfileError as DialectProfileError
from kiosk.gateways.registry import DIALECTS
from kiosk.gateways.tls import CredentialsError
from kiosk.settings import Settings
from kiosk.till.bootstrap import far_end_of, printer_of
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import JournalBusyError
from kiosk.till.journal_health import of_closed

MICROSECOND_NS = 1000


def utc_us() -> int:
    """UTC microseconds since 1970."""
    return time.time_ns() // MICROSECOND_NS


class LoneDoctor:
    """`checks`: of each part, for `diagnosis.rounds`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.checks: Mapping[Device, Check] = {
            Device.ACCEPTOR: self._acceptor,
            Device.PRINTER: self._printer,
            Device.NETWORK: self._network,
            Device.JOURNAL: self._journal,
            Device.DISK: self._disk,
            Device.CLOCK: self._clock,
            Device.SCREEN: self._screen,
        }

    async def _acceptor(self) -> Looked:
        unit, wanted = self._settings.acceptor, unit_wanted(self._settings)
        open_unit = partial(open_acceptor, unit.protocol, unit.port, unit.poll_interval_s)
        seen, findings = await acceptor_look.look(open_unit, partial(detect_protocol, unit.port), wanted)
        return (*findings, *await in_thread(self._refused)), acceptor.facts_of(seen, wanted)

    def _refused(self) -> tuple[Finding, ...]:
        """By the journal, where it can be read."""
        till = self._settings.till
        try:
            _, periods = of_closed(till.journal_file, till.key_file)
        except JournalError:
            return ()
        share, _ = rejects.finding_of(iter([periods[number] for number in sorted(periods, reverse=True)]))
        return (share,)

    async def _printer(self) -> Looked:
        try:
            profile = load_profile(self._settings.printer.profile)
            device = printer_of(self._settings)
        except ProfileError as error:
            return (finding(FindingCode.PROFILE_UNUSABLE, cause=str(error)),), ()
        try:
            return await printer.look(device, profile, printer_ids(self._settings))
        finally:
            await device.close()

    async def _network(self) -> Looked:
        climbed = await Ladder(far_end(self._settings), self._health, datetime.now(UTC)).climb()
        return tuple(climbed.findings), tuple(climbed.facts.items())

    async def _health(self) -> HealthAnswer:
        """By the dialect's own call, over a connection of our own."""
        try:
            gateway = DIALECTS[self._settings.aggregator.dialect].open(far_end_of(self._settings))
        except (CredentialsError, DialectProfileError) as error:
            return Unhealthy(str(error))
        try:
            return await gateway.health()
        finally:
            await gateway.close()

    async def _journal(self) -> Looked:
        till = self._settings.till
        try:
            told, _ = await in_thread(lambda: of_closed(till.journal_file, till.key_file))
        except JournalBusyError:
            return (finding(FindingCode.JOURNAL_BUSY),), ()
        except JournalError as error:
            if not till.journal_file.exists():
                return (finding(FindingCode.JOURNAL_NONE, path=str(till.journal_file)),), ()
            return (finding(FindingCode.JOURNAL_BROKEN, cause=str(error)),), ()
        return journal.look(told, utc_us())

    async def _disk(self) -> Looked:
        till = self._settings.till
        return await in_thread(lambda: disk.look(till.journal_file.parent, till.disk_reserve_mb))

    async def _clock(self) -> Looked:
        return clock.look(datetime.now(UTC), await skew_of(self._health))

    async def _screen(self) -> Looked:
        return screen.look(None, None)
