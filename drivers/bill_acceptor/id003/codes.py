"""ID-003's numbers as tables. Source: CashCode FL-BDP manual (2000), an ID-003 clone's, unless a line says otherwise.

Answers for: bytes and what they are called. Does not answer for: framing, order, meaning for money.
"""

from collections.abc import Mapping
from enum import IntEnum

from drivers.bill_acceptor.interface import AcceptorState, FaultReason, PowerUpNote, RejectReason

BAUD = 9600
OTHER_BAUDS = (19200,)  #: by a switch on the unit
PARITY = "E"


class Command(IntEnum):
    """Codes a host sends."""

    STATUS_REQUEST = 0x11
    RESET = 0x40
    STACK_2 = 0x42  #: VEND VALID only when the note is wholly stored; STACK-1 tells earlier
    RETURN = 0x43
    HOLD = 0x44
    ACK = 0x50
    VERSION_REQUEST = 0x88
    CURRENCY_REQUEST = 0x8A  #: observed in field code
    ENABLE_DENOMINATIONS = 0xC0  #: two bytes; a bit that is set disables
    COMMUNICATION_MODE = 0xC2
    INHIBIT = 0xC3
    OPTIONAL_FUNCTION = 0xC5


ACKNOWLEDGED = 0x50  #: as a reply
INVALID_COMMAND = 0x4B

INHIBITED, TAKING = b"\x01", b"\x00"  #: data of INHIBIT
POLLED = b"\x00"  #: data of COMMUNICATION MODE: the unit never speaks first
NONE_DISABLED = b"\x00\x00"
POWER_RECOVERY = b"\x02\x00"  #: bit 1: VEND VALID follows for a note found in the stacker; observed in field code


class Status(IntEnum):
    """Code of a reply to STATUS REQUEST. The same bytes 40 to 44 are commands in the other direction."""

    IDLING = 0x11
    ACCEPTING = 0x12
    ESCROW = 0x13
    STACKING = 0x14
    VEND_VALID = 0x15
    STACKED = 0x16
    REJECTING = 0x17
    RETURNING = 0x18
    HOLDING = 0x19
    INHIBITED = 0x1A
    INITIALIZE = 0x1B
    POWER_UP = 0x40
    POWER_UP_WITH_BILL_IN_ACCEPTOR = 0x41
    POWER_UP_WITH_BILL_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    JAM_IN_ACCEPTOR = 0x45
    JAM_IN_STACKER = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49


STATES: Mapping[Status, AcceptorState] = {
    Status.IDLING: AcceptorState.IDLE,
    Status.ACCEPTING: AcceptorState.ACCEPTING,
    Status.ESCROW: AcceptorState.ESCROW,
    Status.STACKING: AcceptorState.STACKING,
    Status.VEND_VALID: AcceptorState.STACKING,
    Status.STACKED: AcceptorState.STACKING,
    Status.REJECTING: AcceptorState.REJECTING,
    Status.RETURNING: AcceptorState.RETURNING,
    Status.HOLDING: AcceptorState.ESCROW,
    Status.INHIBITED: AcceptorState.DISABLED,
    Status.INITIALIZE: AcceptorState.INITIALIZING,
    Status.POWER_UP: AcceptorState.INITIALIZING,
    Status.POWER_UP_WITH_BILL_IN_ACCEPTOR: AcceptorState.INITIALIZING,
    Status.POWER_UP_WITH_BILL_IN_STACKER: AcceptorState.INITIALIZING,
    Status.STACKER_FULL: AcceptorState.FAULT,
    Status.STACKER_OPEN: AcceptorState.FAULT,
    Status.JAM_IN_ACCEPTOR: AcceptorState.FAULT,
    Status.JAM_IN_STACKER: AcceptorState.FAULT,
    Status.PAUSE: AcceptorState.PAUSED,
    Status.CHEATED: AcceptorState.BUSY,
    Status.FAILURE: AcceptorState.FAULT,
}

WAKES: Mapping[Status, PowerUpNote] = {
    Status.POWER_UP: PowerUpNote.NONE,
    Status.POWER_UP_WITH_BILL_IN_ACCEPTOR: PowerUpNote.HEAD,
    Status.POWER_UP_WITH_BILL_IN_STACKER: PowerUpNote.STACKER,
}

FAULTS: Mapping[Status, FaultReason] = {
    Status.STACKER_FULL: FaultReason.CASSETTE_FULL,
    Status.STACKER_OPEN: FaultReason.CASSETTE_OUT,
    Status.JAM_IN_ACCEPTOR: FaultReason.ACCEPTOR_JAM,
    Status.JAM_IN_STACKER: FaultReason.CASSETTE_JAM,
    Status.FAILURE: FaultReason.FAILURE,
}

#: What a RESET may mend; a stacker is mended by hand. That CHEATED lasts until RESET is unverified.
RESETTABLE = frozenset({Status.JAM_IN_ACCEPTOR, Status.JAM_IN_STACKER, Status.FAILURE, Status.CHEATED})

#: Data of FAILURE. A7, AC, AD: observed in field code.
FAILURES: Mapping[int, str] = {
    0xA2: "stack motor",
    0xA5: "transport motor speed",
    0xA6: "transport motor",
    0xA7: "aligning motor",
    0xAB: "cash box not ready",
    0xAC: "optic sensor",
    0xAD: "magnetic sensor",
    0xAF: "head removed",
    0xB0: "boot ROM",
    0xB1: "external ROM",
    0xB2: "ROM",
    0xB3: "external ROM writing",
}

#: Data of REJECTING.
REJECTS: Mapping[int, RejectReason] = {
    0x71: RejectReason.INSERTION,
    0x72: RejectReason.MAGNETIC,
    0x73: RejectReason.REMAINED_IN_HEAD,
    0x74: RejectReason.COMPENSATION,
    0x75: RejectReason.CONVEYING,
    0x76: RejectReason.IDENTIFICATION,
    0x77: RejectReason.PHOTO,
    0x78: RejectReason.PHOTO,
    0x79: RejectReason.INHIBITED,
    0x7B: RejectReason.OPERATION,
    0x7C: RejectReason.REMAINED_IN_HEAD,
    0x7D: RejectReason.LENGTH,
    0x7E: RejectReason.PHOTO,
    0x7F: RejectReason.VERIFICATION,
}

FIRST_DENOMINATION, LAST_DENOMINATION = 0x61, 0x68
CURRENCY_ROW_BYTES = 4  #: escrow code, country, value, zeros to append

#: Country byte → ISO 4217; observed in field code.
COUNTRIES: Mapping[int, str] = {0x01: "USD", 0x27: "RUB", 0xE0: "EUR"}
MINOR_DIGITS = 2  #: of the currencies above

SILENCE_S = 5.0  #: chosen as for CCNET; the manual's 3 s would call a few seconds of noise the end of a visit
ESCROW_RETURN_S = 10.0  #: a note nobody decides on goes back; HOLD starts it again
FREE_S = 0.02  #: between two exchanges; as in CCNET, of the same maker
