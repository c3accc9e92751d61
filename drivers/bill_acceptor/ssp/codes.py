"""SSP's numbers as tables. Source: ITL's SDK sources and the documentation and tests of kybarg/ssp, unless a line says otherwise.

Answers for: bytes and what they are called. Does not answer for: framing, order, meaning for money.
"""

from collections.abc import Mapping
from enum import IntEnum

from drivers.bill_acceptor.interface import AcceptorState, FaultReason, RejectReason

BAUD = 9600
STOP_BITS = 2


class Command(IntEnum):
    """First byte a host sends."""

    RESET = 0x01
    SET_INHIBITS = 0x02  #: two bytes; bit 0 of the first is channel 1; a bit that is set enables
    SETUP_REQUEST = 0x05
    HOST_PROTOCOL_VERSION = 0x06
    POLL = 0x07  #: the one after EF nn takes the note
    REJECT = 0x08
    DISABLE = 0x09
    ENABLE = 0x0A
    SERIAL_NUMBER = 0x0C
    SYNC = 0x11
    LAST_REJECT = 0x17
    HOLD = 0x18


OK = 0xF0

#: What else a reply may begin with.
REFUSALS: Mapping[int, str] = {
    0xF2: "unknown command",
    0xF3: "wrong parameter count",
    0xF4: "parameter out of range",
    0xF5: "cannot be processed",
    0xF6: "software error",
    0xF8: "failed",
    0xFA: "encryption is wanted",
}


class Event(IntEnum):
    """What a POLL reply lists."""

    SLAVE_RESET = 0xF1
    READ = 0xEF  #: channel; 0: still reading, more: in escrow
    CREDIT = 0xEE  #: channel; the only event that is money
    REJECTING = 0xED
    REJECTED = 0xEC
    STACKING = 0xCC
    STACKED = 0xEB
    SAFE_JAM = 0xEA
    UNSAFE_JAM = 0xE9
    DISABLED = 0xE8
    STACKER_FULL = 0xE7
    FRAUD_ATTEMPT = 0xE6
    CASHBOX_REMOVED = 0xE3
    CASHBOX_REPLACED = 0xE4
    CLEARED_FROM_FRONT = 0xE1  #: channel; at power-up, back to the buyer
    CLEARED_INTO_CASHBOX = 0xE2  #: channel; at power-up
    PATH_OPEN = 0xE0
    ALL_INHIBITED = 0xB5
    INITIALISING = 0xB6
    STACKED_AT_POWER_UP = 0xCA  #: channel; payout units
    STORED_AT_POWER_UP = 0xCB  #: channel; payout units


#: Events followed by a channel number, in protocol versions 4 to 6. From 7 on some carry lists; 7 is never asked for.
WITH_CHANNEL = frozenset(
    {
        Event.READ,
        Event.CREDIT,
        Event.FRAUD_ATTEMPT,
        Event.CLEARED_FROM_FRONT,
        Event.CLEARED_INTO_CASHBOX,
        Event.STACKED_AT_POWER_UP,
        Event.STORED_AT_POWER_UP,
    }
)
VERSIONS = (6, 5, 4)  #: asked for in this order until one is taken

#: What the unit is doing while it lists this.
STATES: Mapping[Event, AcceptorState] = {
    Event.READ: AcceptorState.ACCEPTING,
    Event.REJECTING: AcceptorState.REJECTING,
    Event.STACKING: AcceptorState.STACKING,
    Event.DISABLED: AcceptorState.DISABLED,
    Event.INITIALISING: AcceptorState.INITIALIZING,
    Event.SLAVE_RESET: AcceptorState.INITIALIZING,
}

FAULTS: Mapping[Event, FaultReason] = {
    Event.UNSAFE_JAM: FaultReason.ACCEPTOR_JAM,
    Event.SAFE_JAM: FaultReason.CASSETTE_JAM,
    Event.STACKER_FULL: FaultReason.CASSETTE_FULL,
    Event.CASHBOX_REMOVED: FaultReason.CASSETTE_OUT,
    Event.PATH_OPEN: FaultReason.FAILURE,
}
RESETTABLE = frozenset({Event.UNSAFE_JAM, Event.SAFE_JAM})

#: Answer to LAST REJECT. 2 to 5 and 9: recalled, validation of one kind or another.
REJECTS: Mapping[int, RejectReason] = {
    0x01: RejectReason.LENGTH,
    0x02: RejectReason.VERIFICATION,
    0x03: RejectReason.VERIFICATION,
    0x04: RejectReason.VERIFICATION,
    0x05: RejectReason.VERIFICATION,
    0x06: RejectReason.INHIBITED,
    0x07: RejectReason.SECOND_NOTE,
    0x08: RejectReason.HOST,
    0x09: RejectReason.IDENTIFICATION,
    0x0B: RejectReason.LENGTH,
    0x0C: RejectReason.INHIBITED,
    0x0D: RejectReason.SLOW,
    0x0E: RejectReason.FRAUD,
    0x0F: RejectReason.FRAUD,
    0x13: RejectReason.HOST,
    0x14: RejectReason.BARCODE,
}

CHANNELS_MAX = 16  #: bits of SET INHIBITS
SILENCE_S = 5.0  #: chosen as for CCNET
ESCROW_RETURN_S = 10.0  #: a note nobody decides on goes back; HOLD starts it again
FREE_S = 0.02  #: between two exchanges
