"""CCNET's numbers as tables. Source of every line: CashCode NET manual rev 2.3.1, unless it says otherwise.

Answers for: bytes and what they are called. Does not answer for: framing, order, meaning for money.
"""

from collections.abc import Mapping
from enum import IntEnum

from drivers.bill_acceptor.interface import AcceptorState, FaultReason, PowerUpNote, RejectReason

BAUD = 9600
OTHER_BAUDS = (19200,)  #: set by a switch on the unit; there is no negotiation


class Command(IntEnum):
    """Bytes a host sends."""

    RESET = 0x30
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE_BILL_TYPES = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    GET_BILL_TABLE = 0x41
    GET_CRC32 = 0x51


ACK = 0x00
NAK = 0xFF
ILLEGAL_COMMAND = 0x30  #: as a reply; the same byte as RESET, so a reply is only read knowing the request


class Poll(IntEnum):
    """First byte of a reply to POLL."""

    POWER_UP = 0x10
    POWER_UP_WITH_BILL_IN_VALIDATOR = 0x11
    POWER_UP_WITH_BILL_IN_STACKER = 0x12
    INITIALIZE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    UNIT_DISABLED = 0x19
    HOLDING = 0x1A
    DEVICE_BUSY = 0x1B
    REJECTING = 0x1C
    DROP_CASSETTE_FULL = 0x41
    DROP_CASSETTE_OUT_OF_POSITION = 0x42
    VALIDATOR_JAMMED = 0x43
    DROP_CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILURE = 0x47
    ESCROW_POSITION = 0x80
    BILL_STACKED = 0x81
    BILL_RETURNED = 0x82


#: What each poll state is in neutral words. CHEATED is an event, not a state.
STATES: Mapping[Poll, AcceptorState] = {
    Poll.POWER_UP: AcceptorState.INITIALIZING,
    Poll.POWER_UP_WITH_BILL_IN_VALIDATOR: AcceptorState.INITIALIZING,
    Poll.POWER_UP_WITH_BILL_IN_STACKER: AcceptorState.INITIALIZING,
    Poll.INITIALIZE: AcceptorState.INITIALIZING,
    Poll.IDLING: AcceptorState.IDLE,
    Poll.ACCEPTING: AcceptorState.ACCEPTING,
    Poll.STACKING: AcceptorState.STACKING,
    Poll.RETURNING: AcceptorState.RETURNING,
    Poll.UNIT_DISABLED: AcceptorState.DISABLED,
    Poll.HOLDING: AcceptorState.ESCROW,
    Poll.DEVICE_BUSY: AcceptorState.BUSY,
    Poll.REJECTING: AcceptorState.REJECTING,
    Poll.DROP_CASSETTE_FULL: AcceptorState.FAULT,
    Poll.DROP_CASSETTE_OUT_OF_POSITION: AcceptorState.FAULT,
    Poll.VALIDATOR_JAMMED: AcceptorState.FAULT,
    Poll.DROP_CASSETTE_JAMMED: AcceptorState.FAULT,
    Poll.CHEATED: AcceptorState.BUSY,
    Poll.PAUSE: AcceptorState.PAUSED,
    Poll.FAILURE: AcceptorState.FAULT,
    Poll.ESCROW_POSITION: AcceptorState.ESCROW,
    Poll.BILL_STACKED: AcceptorState.STACKING,
    Poll.BILL_RETURNED: AcceptorState.RETURNING,
}

WAKES: Mapping[Poll, PowerUpNote] = {
    Poll.POWER_UP: PowerUpNote.NONE,
    Poll.POWER_UP_WITH_BILL_IN_VALIDATOR: PowerUpNote.HEAD,
    Poll.POWER_UP_WITH_BILL_IN_STACKER: PowerUpNote.STACKER,
}

FAULTS: Mapping[Poll, FaultReason] = {
    Poll.DROP_CASSETTE_FULL: FaultReason.CASSETTE_FULL,
    Poll.DROP_CASSETTE_OUT_OF_POSITION: FaultReason.CASSETTE_OUT,
    Poll.VALIDATOR_JAMMED: FaultReason.ACCEPTOR_JAM,
    Poll.DROP_CASSETTE_JAMMED: FaultReason.CASSETTE_JAM,
    Poll.FAILURE: FaultReason.FAILURE,
}

#: Faults that a RESET may mend; the cassette is mended by hand and the unit then re-initialises by itself.
RESETTABLE = frozenset({Poll.VALIDATOR_JAMMED, Poll.DROP_CASSETTE_JAMMED, Poll.FAILURE})

#: Second byte of FAILURE. 15, 22, 23, 30, 57 to 59, 60, F4, FE: observed in field code, not in the manual.
FAILURES: Mapping[int, str] = {
    0x50: "stack motor",
    0x51: "transport motor speed",
    0x52: "transport motor",
    0x53: "aligning motor",
    0x54: "initial cassette status",
    0x55: "optic canal",
    0x56: "magnetic canal",
    0x5F: "capacitance canal",
    0x15: "memory",
    0x22: "recovery mode",
    0x23: "calibration",
    0x30: "boot",
    0x57: "sensor board",
    0x58: "sensor board",
    0x59: "sensor board",
    0x60: "sensor board",
    0xF4: "stacker",
    0xFE: "cover open",
}

#: Second byte of REJECTING. 6D, 92 to 95: later documents.
REJECTS: Mapping[int, RejectReason] = {
    0x60: RejectReason.INSERTION,
    0x61: RejectReason.MAGNETIC,
    0x62: RejectReason.REMAINED_IN_HEAD,
    0x63: RejectReason.COMPENSATION,
    0x64: RejectReason.CONVEYING,
    0x65: RejectReason.IDENTIFICATION,
    0x66: RejectReason.VERIFICATION,
    0x67: RejectReason.OPTIC,
    0x68: RejectReason.INHIBITED,
    0x69: RejectReason.CAPACITANCE,
    0x6A: RejectReason.OPERATION,
    0x6C: RejectReason.LENGTH,
    0x6D: RejectReason.UV,
    0x92: RejectReason.BARCODE,  # unrecognised
    0x93: RejectReason.BARCODE,  # its length
    0x94: RejectReason.BARCODE,  # its start sequence
    0x95: RejectReason.BARCODE,  # its stop sequence
}

BILL_TYPES = 24  #: rows of the bill table, bits of a mask
BILL_ROW_BYTES = 5  #: mantissa, three letters, exponent
BARCODE_TYPE = 23  #: reserved for coupons; never money

#: Vendor country letters → ISO 4217. USA: manual's example; RUS, EUR, EUU, BUL, KAZ: observed in field tables; the other
#: country letters and the ISO codes themselves: unverified, they can mean nothing else. ITL and NLC, the manual's
#: other examples, are left out: lire and guilders are no money any more.
CURRENCIES: Mapping[str, str] = {
    "EUR": "EUR",
    "EUU": "EUR",
    "RUS": "RUB",
    "RUB": "RUB",
    "BUL": "BGN",
    "BGN": "BGN",
    "BGR": "BGN",
    "KAZ": "KZT",
    "KZT": "KZT",
    "UKR": "UAH",
    "UAH": "UAH",
    "BLR": "BYN",
    "BYN": "BYN",
    "MDA": "MDL",
    "MDL": "MDL",
    "GEO": "GEL",
    "GEL": "GEL",
    "ARM": "AMD",
    "AMD": "AMD",
    "AZE": "AZN",
    "AZN": "AZN",
    "KGZ": "KGS",
    "KGS": "KGS",
    "TJK": "TJS",
    "TJS": "TJS",
    "UZB": "UZS",
    "UZS": "UZS",
    "ROU": "RON",
    "RON": "RON",
    "POL": "PLN",
    "PLN": "PLN",
    "CZE": "CZK",
    "CZK": "CZK",
    "HUN": "HUF",
    "HUF": "HUF",
    "GBR": "GBP",
    "GBP": "GBP",
    "CHE": "CHF",
    "CHF": "CHF",
    "USA": "USD",
    "USD": "USD",
}

#: ISO 4217 digits after the point of the currencies above.
MINOR_DIGITS = 2

#: States that should pass: after how many seconds (observed in field code) they are a fault, and which.
TOO_LONG: Mapping[Poll, tuple[float, FaultReason, str]] = {
    Poll.INITIALIZE: (40.0, FaultReason.FAILURE, "initialises without end"),
    Poll.RETURNING: (180.0, FaultReason.ACCEPTOR_JAM, "nobody takes the note"),
    Poll.REJECTING: (180.0, FaultReason.ACCEPTOR_JAM, "nobody takes the note"),
    Poll.PAUSE: (180.0, FaultReason.ACCEPTOR_JAM, "nobody takes the second note"),
}

CRC32_BYTES = 4  #: GET CRC32 OF THE CODE: which firmware runs

STACK_OUTCOME_S = 30.0  #: 81H must follow STACK within this
ESCROW_RETURN_S = 10.0  #: a note nobody decides on goes back after this; HOLD starts it again
SILENCE_S = 5.0  #: t_non-response
BUSY_UNIT_S = 0.1  #: DEVICE BUSY's second byte counts these
FREE_S = 0.02  #: after an ACK, before the next command
