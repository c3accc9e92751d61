"""From facts to slips: what is printed, in the buyer's language. `open_stationery` once, then `render` for every slip."""

from drivers.receipt_printer.document import Document
from kiosk.domain.receipts import SlipData
from kiosk.slips.plain import plain_text
from kiosk.slips.setting import set_slip
from kiosk.slips.stationery import SlipsError, Stationery, open_stationery

__all__ = ["SlipsError", "Stationery", "open_stationery", "plain_text", "render"]


def render(data: SlipData, columns: int, stationery: Stationery) -> Document:
    """The slip for a printer with `columns` characters a line."""
    return set_slip(data, stationery.templates, stationery.masks, stationery.voice(data, columns))
