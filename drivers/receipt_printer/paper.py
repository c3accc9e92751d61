"""What came out of a printer twin, as text and as a picture of the paper.

Answers for: that the picture shows what the bytes said, dot by dot, each character in its cell. Does not answer for: the bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFilter

from drivers.receipt_printer.cells import CellFont, cell_font
from drivers.receipt_printer.twin import PrinterTwin
from drivers.receipt_printer.twin_models import ANY, TwinModel
from drivers.receipt_printer.twin_state import Dots, Line, Printed, QrCode

SCALE = 2  #: pixels a dot: letters are then as smooth as ink on paper is
CELL_DOTS = 12
LINE_AIR = 0.25  #: of a cell's height, below it
MARGIN_DOTS = 44
ENDS_DOTS = 40
DESK_PX = 28
PAPER, INK, DESK, SHADOW = (252, 251, 246), (34, 34, 40), (214, 219, 224), (150, 158, 168)
CURL = 14  #: how much darker paper is at its edges than in the middle
ECC = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}


def printed_slips(data: bytes, model: TwinModel = ANY) -> list[tuple[Printed, ...]]:
    """What a printer makes of these bytes: every slip that was cut off. `model`: one of MODELS for a profile's own numbers."""
    twin = PrinterTwin(model)
    twin.receive_all(data)
    return twin.slips


# --- text -------------------------------------------------------------------------------------------------------------


def as_text(slips: Iterable[Sequence[Printed]], columns: int) -> str:
    """Every slip as a buyer reads it, a dashed line of scissors between them."""
    parts = ["\n".join(_text_lines(slip, columns)) for slip in slips]
    return f"\n{'8< ' + '- ' * ((columns - 3) // 2)}\n".join(parts) + "\n"


def _text_lines(slip: Sequence[Printed], columns: int) -> Iterator[str]:
    rows = 0
    for item in slip:
        if isinstance(item, Dots):
            rows += item.height
            continue
        if rows:
            yield f"[dots: {rows} rows]"
        rows = 0
        yield f"[QR: {item.data}]" if isinstance(item, QrCode) else _text_line(item, columns)
    if rows:
        yield f"[dots: {rows} rows]"


def _text_line(item: Line, columns: int) -> str:
    """A wide letter is one letter here, so a wide line is shorter than its paper; centred, it still stands in the middle."""
    room = columns // item.wide
    placed = {"left": item.text, "center": item.text.center(room), "right": item.text.rjust(room)}[item.align]
    return (" " * ((columns - room) // 2 if item.align == "center" else 0) + placed).rstrip()


# --- picture ----------------------------------------------------------------------------------------------------------


def as_picture(slip: Sequence[Printed], columns: int, font_file: Path, dots: int = 0) -> Image.Image:
    """The paper of one slip, as a camera above it would see it. `dots`: printable width, else 12 a column."""
    widest = max((8 * item.width_bytes for item in slip if isinstance(item, Dots)), default=0)
    width = max(dots or columns * CELL_DOTS, widest)
    cell = width // columns * SCALE
    font = cell_font(font_file, cell, 2 * cell)
    strips = [_strip(item, font, width * SCALE) for item in slip]
    ink = Image.new("L", (width * SCALE, max(1, sum(strip.height for strip in strips))), 0)
    top = 0
    for strip in strips:
        ink.paste(strip, (0, top))
        top += strip.height
    return _on_paper(ink)


def _strip(item: Printed, font: CellFont, width: int) -> Image.Image:
    match item:
        case Line():
            drawn = font.line(item.text, item.bold, item.wide, item.tall)
            height = drawn.height + round(font.height * LINE_AIR)
        case QrCode():
            drawn = _native_qr(item)
            height = drawn.height
        case Dots():
            size = (8 * item.width_bytes, item.height)
            drawn = _enlarged(Image.frombytes("1", size, item.bits).convert("L"), SCALE)
            height = drawn.height
    strip = Image.new("L", (width, height), 0)
    indent = {"left": 0, "center": (width - drawn.width) // 2, "right": width - drawn.width}[item.align]
    strip.paste(drawn, (indent, 0))
    return strip


def _enlarged(image: Image.Image, factor: int) -> Image.Image:
    return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)


def _native_qr(item: QrCode) -> Image.Image:
    code = qrcode.QRCode(error_correction=ECC[item.ecc], border=0)
    code.add_data(item.data)
    code.make(fit=True)
    cells = [255 if dark else 0 for row in code.get_matrix() for dark in row]
    small = Image.new("L", (code.modules_count, code.modules_count), 0)
    small.putdata(cells)
    return _enlarged(small, item.module_dots * SCALE)


def _on_paper(ink: Image.Image) -> Image.Image:
    """Burn the ink into paper that curls a little, and lay it on a desk."""
    margin, ends = MARGIN_DOTS * SCALE, ENDS_DOTS * SCALE
    width, height = ink.width + 2 * margin, ink.height + 2 * ends
    paper = Image.new("RGB", (width, 1))
    paper.putdata([_shade(2 * x / width - 1) for x in range(width)])
    paper = paper.resize((width, height))
    paper.paste(Image.new("RGB", ink.size, INK), (margin, ends), ink)
    desk = Image.new("RGB", (width + 2 * DESK_PX, height + 2 * DESK_PX), DESK)
    ImageDraw.Draw(desk).rectangle((DESK_PX, DESK_PX + 6, DESK_PX + width, DESK_PX + height + 6), fill=SHADOW)
    desk = desk.filter(ImageFilter.GaussianBlur(DESK_PX / 4))
    desk.paste(paper, (DESK_PX, DESK_PX))
    return desk


def _shade(from_middle: float) -> tuple[int, int, int]:
    darker = round(CURL * from_middle**4)
    return (PAPER[0] - darker, PAPER[1] - darker, PAPER[2] - darker)
