"""A page that shows whether the printer prints: letters, widths, a QR code, the cut. No buyer's data."""

from collections.abc import Iterator

from drivers.receipt_printer.document import Align, Cut, Document, Element, Feed, Pair, Qr, Rule, Text
from kiosk.settings import TerminalSettings
from kiosk.slips.words import moment

LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "0123456789",
)


def test_page(terminal: TerminalSettings, columns: int, at_us: int) -> Document:
    """For a printer with `columns` characters a line."""
    return Document("test page", tuple(_elements(terminal, columns, moment(at_us, terminal.time_zone))))


def _elements(terminal: TerminalSettings, columns: int, at: str) -> Iterator[Element]:
    yield Text("TEST", Align.CENTER, bold=True, double=True)
    yield Pair(terminal.name, terminal.number)
    yield Pair("", at)
    yield Rule()
    for letters in LETTERS:
        yield Text(letters)
    yield Text(LETTERS[0], bold=True)
    yield Text(("1234567890" * columns)[:columns])
    yield Qr(f"KIOSK TEST {terminal.number} {at}")
    yield Feed(1)
    yield Cut()
