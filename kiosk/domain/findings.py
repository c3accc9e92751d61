"""What a look at a part of the kiosk can find, as a closed set of causes: the words of doctor, board and service report.

Answers for: which findings there are, how grave each is, and what light a part with some of them has. Does not answer for:
looking (`kiosk.diagnosis`), sentences (`kiosk.findings`).
Values of a finding are text that reads the same in every language: numbers with the unit in the value's name, names, addresses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.receipts import Device, Verdict


class FindingCode(StrEnum):
    """One cause, or one thing that is well."""

    # any part
    CHECK_LATE = "check_late"  #: values: seconds
    VISIT_UNDER_WAY = "visit_under_way"  #: the device was not touched
    TILL_SILENT = "till_silent"  #: values: cause

    # bill acceptor: the line
    ACCEPTOR_ANSWERS = "acceptor_answers"
    ACCEPTOR_PORT_MISSING = "acceptor_port_missing"  #: values: port
    ACCEPTOR_PORT_DENIED = "acceptor_port_denied"  #: values: port
    ACCEPTOR_PORT_BUSY = "acceptor_port_busy"  #: values: port
    ACCEPTOR_PORT_WRONG = "acceptor_port_wrong"  #: values: port, cause
    ACCEPTOR_SILENT = "acceptor_silent"  #: values: port
    ACCEPTOR_ECHO = "acceptor_echo"
    ACCEPTOR_GARBLED = "acceptor_garbled"
    ACCEPTOR_OTHER_PROTOCOL = "acceptor_other_protocol"  #: values: found, configured
    ACCEPTOR_UNPLUGGED = "acceptor_unplugged"  #: values: cause
    # bill acceptor: the unit
    ACCEPTOR_READY = "acceptor_ready"  #: values: state
    ACCEPTOR_STARTING = "acceptor_starting"
    ACCEPTOR_BUSY = "acceptor_busy"  #: values: state
    ACCEPTOR_PAUSED = "acceptor_paused"
    ACCEPTOR_NOTE_INSIDE = "acceptor_note_inside"  #: it lost power with a note inside
    ACCEPTOR_BOX_FULL = "acceptor_box_full"  #: values of these five: code
    ACCEPTOR_BOX_OUT = "acceptor_box_out"
    ACCEPTOR_JAM = "acceptor_jam"
    ACCEPTOR_BOX_JAM = "acceptor_box_jam"
    ACCEPTOR_FAILED = "acceptor_failed"
    ACCEPTOR_CHEATED = "acceptor_cheated"
    BOX_IN_PLACE = "box_in_place"
    BOX_UNKNOWN = "box_unknown"
    NOTES_KNOWN = "notes_known"  #: values: notes, currency
    NOTES_MISSING = "notes_missing"  #: values: notes, currency
    NOTES_NONE = "notes_none"  #: values: currency
    NOTES_UNTOLD = "notes_untold"
    REJECTS_FEW = "rejects_few"  #: values of these three: percent, rejected, taken
    REJECTS_MANY = "rejects_many"
    REJECTS_MOST = "rejects_most"
    REJECTS_UNCOUNTED = "rejects_uncounted"  #: values: notes, least

    # receipt printer
    PRINTER_READY = "printer_ready"
    PRINTER_MISSING = "printer_missing"  #: values: usb
    PRINTER_DENIED = "printer_denied"
    PRINTER_BUSY = "printer_busy"
    PRINTER_NO_USB = "printer_no_usb"
    PRINTER_USB_ERROR = "printer_usb_error"
    PRINTER_SILENT = "printer_silent"
    PRINTER_GARBLED = "printer_garbled"
    PRINTER_STALLED = "printer_stalled"
    PRINTER_STUCK = "printer_stuck"
    PRINTER_OFFLINE = "printer_offline"
    PRINTER_COVER_OPEN = "printer_cover_open"
    PRINTER_PAPER_END = "printer_paper_end"
    PRINTER_CUTTER = "printer_cutter"
    PRINTER_JAM = "printer_jam"
    PRINTER_HEAD_HOT = "printer_head_hot"
    PRINTER_POWER = "printer_power"
    PRINTER_PRESENTER = "printer_presenter"
    PRINTER_RECOVERABLE = "printer_recoverable"
    PRINTER_UNRECOVERABLE = "printer_unrecoverable"
    PAPER_ENOUGH = "paper_enough"
    PAPER_NEAR_END = "paper_near_end"
    PAPER_UNTOLD = "paper_untold"
    SLIP_WAITING = "slip_waiting"
    PROFILE_FITS = "profile_fits"  #: values: profile
    PROFILE_DIFFERS = "profile_differs"  #: values: profile, usb
    PROFILE_UNPROVEN = "profile_unproven"  #: values: profile
    PROFILE_UNUSABLE = "profile_unusable"  #: values: cause

    # network, from the plug upwards
    LINK_UP = "link_up"  #: values: interface
    LINK_DOWN = "link_down"
    ROUTE_THERE = "route_there"  #: values: interface
    ROUTE_MISSING = "route_missing"
    NAME_RESOLVED = "name_resolved"  #: values: host, address
    NAME_UNKNOWN = "name_unknown"  #: values: host, cause
    NAME_LATE = "name_late"  #: values: host
    TCP_CONNECTED = "tcp_connected"  #: values: address, ms
    TCP_REFUSED = "tcp_refused"  #: values: address
    TCP_SILENT = "tcp_silent"  #: values: address
    TCP_UNREACHABLE = "tcp_unreachable"  #: values: address, cause
    TLS_STANDS = "tls_stands"  #: values: version, until
    TLS_FAILED = "tls_failed"  #: values: cause
    SERVER_CERTIFICATE_EXPIRED = "server_certificate_expired"  #: values: until
    SERVER_CERTIFICATE_EARLY = "server_certificate_early"  #: values: since
    SERVER_CERTIFICATE_UNKNOWN = "server_certificate_unknown"  #: values: issuer
    SERVER_CERTIFICATE_NAME = "server_certificate_name"  #: values: host
    SERVER_CERTIFICATE_WRONG = "server_certificate_wrong"  #: values: cause
    SERVER_CERTIFICATE_ENDS = "server_certificate_ends"  #: values: days
    SERVER_KEY_NOT_PINNED = "server_key_not_pinned"  #: values: pin
    OUR_CERTIFICATE_GOOD = "our_certificate_good"  #: values: until
    OUR_CERTIFICATE_ENDS = "our_certificate_ends"  #: values: days
    OUR_CERTIFICATE_EXPIRED = "our_certificate_expired"  #: values: until
    OUR_CERTIFICATE_EARLY = "our_certificate_early"  #: values: since
    OUR_CERTIFICATE_UNUSABLE = "our_certificate_unusable"  #: values: cause
    OUR_CERTIFICATE_OTHERS = "our_certificate_others"  #: values: named, number
    OUR_CERTIFICATE_REFUSED = "our_certificate_refused"  #: values: cause
    CREDENTIALS_REFUSED = "credentials_refused"  #: values: status
    SERVER_ANSWERS = "server_answers"  #: values: ms
    SERVER_SLOW = "server_slow"  #: values: ms
    SERVER_ODD = "server_odd"  #: values: cause

    # journal
    JOURNAL_WHOLE = "journal_whole"  #: values: rows
    JOURNAL_NONE = "journal_none"  #: values: path
    JOURNAL_BUSY = "journal_busy"
    JOURNAL_BROKEN = "journal_broken"  #: values: cause
    BOOKS_BALANCE = "books_balance"
    BOOKS_DIFFER = "books_differ"  #: values: cause
    CHECKPOINT_FRESH = "checkpoint_fresh"  #: values: rows
    CHECKPOINT_OLD = "checkpoint_old"  #: values: rows
    CHECKPOINT_NONE = "checkpoint_none"  #: values: rows
    CHECKPOINT_WRONG = "checkpoint_wrong"  #: values: cause
    OUTBOX_EMPTY = "outbox_empty"
    OUTBOX_WAITS = "outbox_waits"  #: values: count, minutes
    OUTBOX_OLD = "outbox_old"  #: values: count, hours
    ACCEPTANCE_ON = "acceptance_on"
    ACCEPTANCE_LATCHED = "acceptance_latched"  #: values: cause

    # disk
    DISK_ROOMY = "disk_roomy"  #: values: free_mb
    DISK_LOW = "disk_low"  #: values: free_mb
    DISK_FULL = "disk_full"  #: values: free_mb, reserve_mb
    DISK_FOLDER_MISSING = "disk_folder_missing"  #: values: path
    DISK_DENIED = "disk_denied"  #: values: path
    DISK_READ_ONLY = "disk_read_only"  #: values: path
    DISK_WRITES = "disk_writes"  #: values: ms
    DISK_SLOW = "disk_slow"  #: values: ms
    DISK_FAILED = "disk_failed"  #: values: cause
    DISK_WEAR_UNKNOWN = "disk_wear_unknown"

    # clock
    CLOCK_SYNCHRONISED = "clock_synchronised"
    CLOCK_FREE = "clock_free"
    CLOCK_UNTOLD = "clock_untold"  #: values: cause
    CLOCK_PLAUSIBLE = "clock_plausible"  #: values: now
    CLOCK_PAST = "clock_past"  #: values: now, built
    CLOCK_AGREES = "clock_agrees"  #: values: seconds
    CLOCK_DIFFERS = "clock_differs"  #: values: seconds
    CLOCK_UNCOMPARED = "clock_uncompared"

    # screen
    SCREEN_CONNECTED = "screen_connected"
    SCREEN_AWAY = "screen_away"
    SCREEN_UNKNOWN = "screen_unknown"
    TOUCH_GOOD = "touch_good"  #: values: fields
    TOUCH_MISSES = "touch_misses"  #: values: missed, fields
    TOUCH_UNTESTED = "touch_untested"


class FactCode(StrEnum):
    """What is told of a part beside findings."""

    MODEL = "model"
    SERIAL = "serial"
    FIRMWARE = "firmware"
    PROTOCOL = "protocol"
    PORT = "port"
    DENOMINATIONS = "denominations"
    STATE = "state"
    REJECT_REASONS = "reject_reasons"
    PROFILE = "profile"
    PAPER = "paper"
    USB = "usb"
    ADDRESS = "address"
    INTERFACE = "interface"
    ROUND_TRIP_MS = "round_trip_ms"
    SERVER_CERTIFICATE_UNTIL = "server_certificate_until"
    OUR_CERTIFICATE_UNTIL = "our_certificate_until"
    ROWS = "rows"
    JOURNAL_HEAD = "journal_head"
    FREE_MB = "free_mb"
    RESERVE_MB = "reserve_mb"
    WRITE_MS = "write_ms"
    SKEW_S = "skew_s"


Values = tuple[tuple[str, str], ...]  #: (name, value)


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause with what fills its sentence."""

    code: FindingCode
    values: Values = ()

    @property
    def verdict(self) -> Verdict:
        """How grave it is."""
        return verdict_of(self.code)


def finding(code: FindingCode, /, **values: str | int) -> Finding:
    """A finding; numbers become their digits."""
    return Finding(code, tuple((name, str(value)) for name, value in values.items()))


@dataclass(frozen=True, slots=True)
class PartReport:
    """What one look at a part found. `at_us`: when."""

    device: Device
    findings: tuple[Finding, ...]
    facts: tuple[tuple[FactCode, str], ...] = ()
    at_us: int = 0

    @property
    def verdict(self) -> Verdict:
        """The part's light."""
        return worst(found.verdict for found in self.findings)

    @property
    def headlines(self) -> tuple[Finding, ...]:
        """What is told where there is little room: all that is wrong or odd, gravest first; else what says most of the part."""
        grave = [found for found in self.findings if found.verdict in {Verdict.WARNING, Verdict.BAD}]
        if grave:
            return tuple(sorted(grave, key=lambda found: -_GRAVITY[found.verdict]))
        of_light = [found for found in self.findings if found.verdict is self.verdict]
        told = [found for found in of_light if found.code in _SAYS_MOST] or of_light
        return tuple(told[:1])


_C = FindingCode

_GOOD = frozenset(
    {
        _C.ACCEPTOR_ANSWERS,
        _C.ACCEPTOR_READY,
        _C.BOX_IN_PLACE,
        _C.NOTES_KNOWN,
        _C.REJECTS_FEW,
        _C.PRINTER_READY,
        _C.PAPER_ENOUGH,
        _C.PROFILE_FITS,
        _C.LINK_UP,
        _C.ROUTE_THERE,
        _C.NAME_RESOLVED,
        _C.TCP_CONNECTED,
        _C.TLS_STANDS,
        _C.OUR_CERTIFICATE_GOOD,
        _C.SERVER_ANSWERS,
        _C.JOURNAL_WHOLE,
        _C.BOOKS_BALANCE,
        _C.CHECKPOINT_FRESH,
        _C.OUTBOX_EMPTY,
        _C.ACCEPTANCE_ON,
        _C.DISK_ROOMY,
        _C.DISK_WRITES,
        _C.CLOCK_SYNCHRONISED,
        _C.CLOCK_PLAUSIBLE,
        _C.CLOCK_AGREES,
        _C.SCREEN_CONNECTED,
        _C.TOUCH_GOOD,
    }
)
_WARNING = frozenset(
    {
        _C.CHECK_LATE,
        _C.ACCEPTOR_STARTING,
        _C.ACCEPTOR_PAUSED,
        _C.ACCEPTOR_NOTE_INSIDE,
        _C.ACCEPTOR_CHEATED,
        _C.NOTES_MISSING,
        _C.REJECTS_MANY,
        _C.PAPER_NEAR_END,
        _C.SLIP_WAITING,
        _C.PROFILE_DIFFERS,
        _C.SERVER_CERTIFICATE_ENDS,
        _C.OUR_CERTIFICATE_ENDS,
        _C.SERVER_SLOW,
        _C.CHECKPOINT_OLD,
        _C.CHECKPOINT_WRONG,
        _C.OUTBOX_WAITS,
        _C.DISK_LOW,
        _C.DISK_SLOW,
        _C.CLOCK_FREE,
        _C.CLOCK_DIFFERS,
    }
)
_UNKNOWN = frozenset(
    {
        _C.VISIT_UNDER_WAY,
        _C.TILL_SILENT,
        _C.ACCEPTOR_BUSY,
        _C.BOX_UNKNOWN,
        _C.NOTES_UNTOLD,
        _C.REJECTS_UNCOUNTED,
        _C.PAPER_UNTOLD,
        _C.PROFILE_UNPROVEN,
        _C.JOURNAL_NONE,
        _C.JOURNAL_BUSY,
        _C.CHECKPOINT_NONE,
        _C.DISK_WEAR_UNKNOWN,
        _C.CLOCK_UNTOLD,
        _C.CLOCK_UNCOMPARED,
        _C.SCREEN_UNKNOWN,
        _C.TOUCH_UNTESTED,
    }
)
#: The one finding that says most of a part that is well.
_SAYS_MOST = frozenset(
    {
        _C.ACCEPTOR_READY,
        _C.PRINTER_READY,
        _C.SERVER_ANSWERS,
        _C.JOURNAL_WHOLE,
        _C.DISK_ROOMY,
        _C.CLOCK_AGREES,
        _C.SCREEN_CONNECTED,
    }
)
#: The gravest last.
_GRAVITY: Mapping[Verdict, int] = {Verdict.UNKNOWN: 0, Verdict.GOOD: 1, Verdict.WARNING: 2, Verdict.BAD: 3}


def verdict_of(code: FindingCode) -> Verdict:
    """How grave a cause is; what is in no list keeps the part from working."""
    if code in _GOOD:
        return Verdict.GOOD
    if code in _WARNING:
        return Verdict.WARNING
    return Verdict.UNKNOWN if code in _UNKNOWN else Verdict.BAD


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The light of a part: its gravest finding. What could not be known colours a part only where nothing else is known of it."""
    return max(verdicts, key=_GRAVITY.__getitem__, default=Verdict.UNKNOWN)
