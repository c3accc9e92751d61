"""A document as ESC/POS bytes for one printer profile, built in memory; python-escpos makes the codes.

Answers for: reset and code page at the start of every slip, styles, the choice between characters and dots, and that what a slip
had to do without is told. Does not answer for: sending (`driver`), asking for a confirmation (`completion`), what the slip says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from escpos.capabilities import Profile
from escpos.printer import Dummy
from PIL import Image

from drivers.receipt_printer.cells import CellFont, cell_font
from drivers.receipt_printer.characters import fit, page_of, plain, starred
from drivers.receipt_printer.document import Align, Cut, Document, Element, Feed, Pair, Picture, Qr, Rule, Text
from drivers.receipt_printer.interface import SlipFault
from drivers.receipt_printer.layout import laid_out
from drivers.receipt_printer.profile import PrinterProfile, Raster
from drivers.receipt_printer.raster import black_on_white, line_of_text, picture_dots, qr_code, qr_dots

LINE_DOTS = 30  #: from line to line after a reset [Epson: 1/6 inch]
DOTS_A_MM = 8  #: of the usual 203 dpi head
#: A band of dots is at most this part of the printer's buffer: cheap printers overrun on whole pictures.
BAND_OF_BUFFER = 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """A slip ready to send. Of `data`, the first `visible_bytes` are all that stands on it: then come cut and presenting.

    `length_mm`: about how much paper it takes.
    """

    data: bytes
    visible_bytes: int
    length_mm: float
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Style:
    centred: bool = False
    bold: bool = False
    double: bool = False


def to_bytes(document: Document, profile: PrinterProfile, font: Path | None = None) -> bytes:
    """The whole slip. `font`: for what the printer has no characters for. Raises SlipError."""
    return encode(document, profile, font).data


def encode(document: Document, profile: PrinterProfile, font: Path | None = None, retract_after_s: int = 0) -> Encoded:
    """The whole slip and what became of its characters. Raises SlipError."""
    composer = _Composer(profile, font, retract_after_s)
    for element in document.elements:
        composer.put(element)
    return composer.encoded()


def _escpos_profile(profile: PrinterProfile) -> Profile:
    """The profile in python-escpos' own words: just the code pages it names."""
    pages = {
        str(number): codec.upper() for codec, number in ((profile.codec, profile.code_page), *profile.further_pages)
    }
    data = {
        "name": profile.name,
        "features": {"qrCode": True},
        "codePages": pages,
        "fonts": {"0": {"columns": profile.columns, "name": "Font A"}},
        "media": {"width": {"pixels": profile.dots, "mm": "Unknown"}},
    }
    return type("KioskProfile", (Profile,), {"profile_data": data})()


class _Composer:
    """One slip in the making. Commands are sent only where something changes."""

    def __init__(self, profile: PrinterProfile, font: Path | None, retract_after_s: int) -> None:
        self._profile = profile
        self._pages = (profile.codec, *(codec for codec, _ in profile.further_pages))
        self._font = self._cells(font)
        self._retract_after_s = retract_after_s
        self._printer = Dummy(profile=_escpos_profile(profile))
        self._style = _Style()
        self._page = profile.codec
        self._visible_bytes = 0
        self._rows = 0
        self._lost: dict[str, None] = {}
        self._raw(profile.init)
        self._printer.charcode(self._page.upper())

    def _cells(self, font: Path | None) -> CellFont | None:
        if font is None or self._profile.raster is Raster.NEVER:
            return None
        return cell_font(font, self._profile.cell_dots, 2 * self._profile.cell_dots)

    def encoded(self) -> Encoded:
        """What has been put so far."""
        data = self._data()
        remarks = tuple(f"{SlipFault.MISSING_GLYPH.value} U+{ord(one):04X}" for one in self._lost)
        return Encoded(data, self._visible_bytes or len(data), self._rows / DOTS_A_MM, remarks)

    def _data(self) -> bytes:
        return bytes(self._printer.output)

    def _raw(self, data: bytes) -> None:
        self._printer._raw(data)  # noqa: SLF001 - python-escpos has no verb for a model's own bytes

    def put(self, element: Element) -> None:
        match element:
            case Qr(data=data):
                self._put_qr(data)
            case Picture():
                self._put_dots(picture_dots(element, self._profile.dots))
            case Feed(lines=lines):
                self._printer.ln(lines)
                self._rows += lines * LINE_DOTS
            case Cut():
                self._cut()
            case _:
                self._put_words(element)

    def _cut(self) -> None:
        self._visible_bytes = len(self._data())
        self._raw(self._profile.cut)
        if self._profile.presenter is not None:
            self._raw(self._profile.presenter.presenting(self._retract_after_s))

    def _put_qr(self, data: str) -> None:
        profile = self._profile
        if not profile.qr_native:
            self._put_dots(qr_dots(data, profile.qr_size, profile.dots))
            return
        code, module_dots = qr_code(data, profile.qr_size, profile.dots)
        self._rows += (4 * code.version + 17) * module_dots + LINE_DOTS
        self._wear(_Style(centred=True))
        self._printer.qr(data, native=True, size=module_dots, ec=profile.qr_ecc - 0x30)
        self._printer.ln()

    def _put_dots(self, ink: Image.Image) -> None:
        self._wear(_Style())
        self._rows += ink.height
        rows = self._profile.buffer_bytes // BAND_OF_BUFFER // (self._profile.dots // 8)
        self._printer.image(black_on_white(ink), fragment_height=max(1, rows))

    def _put_words(self, element: Text | Pair | Rule) -> None:
        style = _Style(
            centred=isinstance(element, Text) and element.align is Align.CENTER,
            bold=not isinstance(element, Rule) and element.bold,
            double=isinstance(element, Text) and element.double,
        )
        for line in laid_out(element, self._profile.columns, self._fitting):
            if self._font is not None and self._needs_dots(line):
                self._draw(line, style, self._font)
            else:
                self._wear(style)
                self._write(line)
                self._rows += LINE_DOTS * (2 if style.double else 1)

    def _fitting(self, text: str) -> str:
        """The text as far as characters go; what only dots can show stays in it."""
        if self._profile.raster is Raster.ALWAYS and self._font is not None:
            return plain(text)
        fitted = fit(text, self._pages, loose=self._font is None)
        if self._font is not None:
            return fitted.text
        self._lost.update(dict.fromkeys(fitted.lost))
        return starred(fitted)

    def _needs_dots(self, line: str) -> bool:
        return self._profile.raster is Raster.ALWAYS or any(page_of(one, self._pages) is None for one in line)

    def _draw(self, line: str, style: _Style, font: CellFont) -> None:
        self._lost.update(dict.fromkeys(one for one in line if not font.has(one)))
        scale = 2 if style.double else 1
        self._put_dots(line_of_text(line, font, self._profile.dots, style.centred, style.bold, scale))

    def _write(self, line: str) -> None:
        for page, text in _by_page(line, self._pages, self._page):
            self._page = page
            self._printer.charcode(page.upper())
            self._printer.text(text)
        self._printer.ln()

    def _wear(self, style: _Style) -> None:
        """Change to this style. A change of size takes bold with it, so bold is said again."""
        before, self._style = self._style, style
        if style.centred != before.centred:
            self._printer.set(align="center" if style.centred else "left")
        if style.double != before.double:
            self._printer.set(double_height=style.double, double_width=style.double, normal_textsize=not style.double)
            before = replace(before, bold=False)
        if style.bold != before.bold:
            self._printer.set(bold=style.bold)


def _by_page(line: str, pages: tuple[str, ...], page: str) -> Iterator[tuple[str, str]]:
    """The line in runs of one code page each; ASCII is in all of them and goes with the page in use."""
    run = ""
    for character in line:
        wanted = page if character.isascii() else page_of(character, (page, *pages)) or page
        if wanted != page:
            if run:
                yield page, run
            page, run = wanted, ""
        run += character
    if run:
        yield page, run
