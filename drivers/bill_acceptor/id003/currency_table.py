"""The unit's own list of notes: the answer to CURRENCY REQUEST.

Answers for: rows → denominations. Does not answer for: which notes a kiosk wants.
"""

from drivers.bill_acceptor.id003 import codes
from drivers.bill_acceptor.interface import Denomination

ZEROS_MAX = 9


def decode(data: bytes) -> tuple[Denomination, ...]:
    """Rows of four bytes: escrow code, country, value, zeros. A blank, cut or unknown row is left out: what we cannot value
    we do not take.
    """
    width = codes.CURRENCY_ROW_BYTES
    rows = (_row(data[at : at + width]) for at in range(0, len(data) - width + 1, width))
    return tuple(row for row in rows if row is not None)


def _row(row: bytes) -> Denomination | None:
    code, country, value, zeros = row
    currency = codes.COUNTRIES.get(country)
    known = codes.FIRST_DENOMINATION <= code <= codes.LAST_DENOMINATION
    if not known or currency is None or not value or zeros > ZEROS_MAX:
        return None
    return Denomination(code, value * 10 ** (zeros + codes.MINOR_DIGITS), currency)
