"""The unit's own list of notes, and the masks that enable some of them.

Answers for: rows ↔ denominations, sets of types ↔ 24-bit masks. Does not answer for: which notes a kiosk wants.
"""

from collections.abc import Iterable

from drivers.bill_acceptor.ccnet.codes import BARCODE_TYPE, BILL_ROW_BYTES, BILL_TYPES, CURRENCIES, MINOR_DIGITS
from drivers.bill_acceptor.interface import Denomination

DECIMALS_BIT = 0x80  #: set: the other bits count decimal places; clear: they count zeros to append


def decode(payload: bytes) -> tuple[Denomination, ...]:
    """Denominations of a GET BILL TABLE reply (at most 24 rows of 5 bytes; missing bytes count as 0).

    A blank row, a row of an unknown currency or one finer than a minor unit is left out: what we cannot value we do not take.
    """
    padded = payload[: BILL_TYPES * BILL_ROW_BYTES].ljust(BILL_TYPES * BILL_ROW_BYTES, b"\0")
    rows = (_row(number, padded[number * BILL_ROW_BYTES :][:BILL_ROW_BYTES]) for number in range(BILL_TYPES))
    return tuple(row for row in rows if row is not None)


def _row(number: int, row: bytes) -> Denomination | None:
    mantissa, letters, scale = row[0], row[1:4].decode("ascii", "replace"), row[4]
    currency = CURRENCIES.get(letters)
    if not mantissa or currency is None or number == BARCODE_TYPE:
        return None
    places = scale & ~DECIMALS_BIT
    exponent = MINOR_DIGITS + (-places if scale & DECIMALS_BIT else places)
    if not 0 <= exponent <= 12:
        return None
    return Denomination(number, mantissa * 10**exponent, currency)


def mask(note_types: Iterable[int]) -> bytes:
    """Three bytes, big-endian: bit 0 of the last byte is type 0."""
    bits = 0
    for note_type in note_types:
        bits |= 1 << note_type
    return bits.to_bytes(BILL_TYPES // 8, "big")
