"""What somebody held before a scanner: an order's code, a slip's code, or something that is neither.

Answers for: telling them apart by their text. Does not answer for: scanners (a serial one is a driver's, one that poses as a
keyboard the screen's), what follows from it (`quoting`, `code_lookup`).
"""

from kiosk.domain import code_lookup, codes, events, moves, order_number, quoting
from kiosk.domain.codes import CodeError
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.moves import Notice

TEXT_CHARACTERS_MAX = 400  #: a signed statement has about 130


def asked(c: Context, text: str, *, is_closed: bool) -> Decision:
    """What the text asks for. While the kiosk is closed no order is asked about; where money is may be asked always."""
    number = order_number.read(text) if len(text) <= TEXT_CHARACTERS_MAX else None
    if number is not None:
        return NOTHING if is_closed else quoting.ask_order(events.OrderTyped(number))
    code = code_in(text)
    return code_lookup.asked(c, code) if code else happened(moves.NoticeGiven(Notice.SCAN_UNKNOWN))


def code_in(text: str) -> str:
    """The claim code in what was scanned: alone, or in the signed statement of a slip; empty when there is none.

    The statement's signature is not looked at: it says no more than the code does, and whether that is good is asked for.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        return ""
    for read in (_in_statement, codes.parse):
        try:
            return read(text).text
        except CodeError:
            continue
    return ""


def _in_statement(text: str) -> codes.ClaimCode:
    return codes.read_statement(text).code
