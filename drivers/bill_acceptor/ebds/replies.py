"""What EBDS replies carry: status bits, the note's value as a number of seven or as an extended note.

Answers for: taking replies apart. Does not answer for: what a bit means for a note in escrow (`engine`).
"""

from dataclasses import dataclass

from drivers.bill_acceptor.ebds import codes
from drivers.bill_acceptor.ebds.codes import Bit, Kind
from drivers.bill_acceptor.ebds.frames import Frame
from drivers.bill_acceptor.interface import Denomination

NOTE_BYTES_MIN = 10  #: index, ISO letters, base, sign, exponent
EXPONENT_MAX = 9
NAMED_BY_VALUE = 0  #: the note type of extended notes: on the wire they have no number


@dataclass(frozen=True, slots=True)
class Status:
    """`value`: 1 to 7, 0 for none. `note`: of an extended message; None when that is blank or not understood.

    `model`, `firmware`: as numbers; firmware counts tenths.
    """

    bits: frozenset[Bit]
    value: int
    model: int
    firmware: int
    extended: bool
    note: Denomination | None


def status(reply: Frame) -> Status | None:
    """The status in a reply, or None if it carries none that makes sense: cut short, or two states at once."""
    data = reply.data
    extended = reply.kind == Kind.EXTENDED and data[:1] == bytes((codes.EXTENDED_NOTE,))
    if extended:
        data = data[1:]
    elif reply.kind != Kind.UNIT:
        return None
    if len(data) < codes.STATUS_BYTES:
        return None
    bits = frozenset(bit for bit in Bit if data[bit.value[0]] & bit.value[1])
    if len(bits & codes.STATES.keys()) > 1:
        return None
    value = (data[codes.VALUE_BYTE] & codes.VALUE_MASK) >> codes.VALUE_SHIFT
    return Status(bits, value, data[4], data[5], extended, note(data[codes.STATUS_BYTES :]) if extended else None)


def note(data: bytes) -> Denomination | None:
    """An extended note: index, three letters, base of three digits, sign, exponent of two digits; the rest is not money.

    None for a blank one, and for one that we cannot value. The index says which question it answers, not which note it is.
    """
    if len(data) < NOTE_BYTES_MIN:
        return None
    currency = data[1:4].decode("ascii", "replace")
    base, sign, exponent = data[4:7], data[7:8], data[8:10]
    if currency not in codes.CURRENCIES or not base.isdigit() or not exponent.isdigit() or sign not in {b"+", b"-"}:
        return None
    places = codes.MINOR_DIGITS + (int(exponent) if sign == b"+" else -int(exponent))
    if not 0 <= places <= EXPONENT_MAX or not int(base):
        return None
    return Denomination(NAMED_BY_VALUE, int(base) * 10**places, currency)


def ladder(variant: str) -> tuple[Denomination, ...]:
    """Notes 1 to 7 of a unit that tells no more; `variant`: what it calls its note set."""
    named = [currency for currency in codes.LADDERS if currency in variant.upper()]
    if len(named) > 1 or (variant and not named):
        return ()  # several currencies, or one we do not know: what we cannot value we do not take
    currency = named[0] if named else codes.PLAIN_CURRENCY
    scale = 10**codes.MINOR_DIGITS
    return tuple(Denomination(at, value * scale, currency) for at, value in enumerate(codes.LADDERS[currency], 1))


def text(data: bytes) -> str:
    """Printable ASCII of an auxiliary reply."""
    return "".join(chr(byte) for byte in data[: codes.SUPPLIED_TEXT_BYTES] if 32 <= byte < 127).strip()
