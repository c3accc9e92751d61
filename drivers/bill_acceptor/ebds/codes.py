"""EBDS numbers as tables, with those of Pyramid's RS-232 dialect. Source: MEI's host library for Linux and the Rust crate `ebds`,
Pyramid's host libraries for theirs, unless a line says otherwise.

Answers for: bytes, bits and what they are called. Does not answer for: framing, order, meaning for money.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum

from drivers.bill_acceptor.interface import AcceptorState, FaultReason

BAUD = 9600
PARITY = "E"
DATA_BITS = 7


class Kind(IntEnum):
    """Bits 4 to 6 of the control byte."""

    HOST = 1
    UNIT = 2
    AUXILIARY = 6
    EXTENDED = 7


ACK_BIT = 0x01  #: of the control byte; the unit echoes it
STATUS_BYTES = 6
EXTENDED_NOTE = 0x02  #: first data byte of an extended message about a note
SERIAL_QUESTION = bytes((0, 0, 0x05))  #: data of an auxiliary message
VARIANT_QUESTION = bytes((0, 0, 0x08))
SUPPLIED_TEXT_BYTES = 20  #: serial number, variant name; longer is none

#: Second data byte of a poll.
ANY_ORIENTATION, ESCROW_MODE, STACK, RETURN = 0x0C, 0x10, 0x20, 0x40
#: Third data byte. Policy B: a note found at power-up is stacked with its value told, or kept in escrow.
POWER_UP_POLICY_B, EXTENDED_NOTES = 0x04, 0x10
ALL_NOTES = 0x7F  #: first data byte; in extended mode it only switches the unit on


class Bit(Enum):
    """(data byte, mask) of a status."""

    IDLING = (0, 0x01)
    ACCEPTING = (0, 0x02)
    ESCROWED = (0, 0x04)
    STACKING = (0, 0x08)
    STACKED = (0, 0x10)
    RETURNING = (0, 0x20)
    RETURNED = (0, 0x40)
    CHEATED = (1, 0x01)
    REJECTED = (1, 0x02)
    JAMMED = (1, 0x04)
    STACKER_FULL = (1, 0x08)
    CASSETTE_PRESENT = (1, 0x10)
    PAUSED = (1, 0x20)
    CALIBRATING = (1, 0x40)
    POWER_UP = (2, 0x01)
    INVALID_COMMAND = (2, 0x02)
    FAILURE = (2, 0x04)
    PATH_OPEN = (2, 0x40)
    STALLED = (3, 0x01)


VALUE_BYTE, VALUE_MASK, VALUE_SHIFT = 2, 0x38, 3  #: note value 1 to 7; 0: none, or unknown

#: What the unit is doing; more than one at once is no status at all.
STATES: Mapping[Bit, AcceptorState] = {
    Bit.IDLING: AcceptorState.IDLE,
    Bit.ACCEPTING: AcceptorState.ACCEPTING,
    Bit.ESCROWED: AcceptorState.ESCROW,
    Bit.STACKING: AcceptorState.STACKING,
    Bit.RETURNING: AcceptorState.RETURNING,
}

#: Besides a missing CASSETTE_PRESENT.
FAULTS: Mapping[Bit, FaultReason] = {
    Bit.JAMMED: FaultReason.ACCEPTOR_JAM,
    Bit.STACKER_FULL: FaultReason.CASSETTE_FULL,
    Bit.FAILURE: FaultReason.FAILURE,
    Bit.PATH_OPEN: FaultReason.FAILURE,
    Bit.STALLED: FaultReason.ACCEPTOR_JAM,
}

#: Values 1 to 7 of a unit that tells no more, by the currency its variant names, in major units. USD: Pyramid's and MEI's;
#: EUR, RUB: recalled. The smallest RUB notes of old series are left out.
LADDERS: Mapping[str, tuple[int, ...]] = {
    "USD": (1, 2, 5, 10, 20, 50, 100),
    "EUR": (5, 10, 20, 50, 100, 200, 500),
    "RUB": (10, 50, 100, 500, 1000, 2000, 5000),
}
PLAIN_CURRENCY = "USD"  #: of a unit that names no variant: Pyramid's library counts so; unverified for others

CURRENCIES = frozenset({"EUR", "RUB", "BGN", "KZT", "USD"})  #: ISO 4217, as extended notes name them
MINOR_DIGITS = 2  #: of the currencies above
NOTE_TYPES_MAX = 50  #: rows of an extended table asked for; observed: units know up to 50

SILENCE_S = 5.0  #: chosen as for CCNET; the vendor's library waits 3 s
FREE_S = 0.02  #: between two exchanges; the vendor's library keeps 5 ms
MISMATCHES_MAX = 8  #: then the ack bit is flipped to find a common one again
