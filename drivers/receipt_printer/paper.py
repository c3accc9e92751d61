"""What came out of a printer twin, as text and as a picture of the paper."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import qrcode
from PIL import Image, ImageDraw, ImageFont

from drivers.receipt_printer.twin import Line, Printed, QrCode

LINE_PX = 30
CHARACTER_PX = 22  #: font size that gives a line its height
MARGIN_PX = 30
QR_MODULE_PX = 6
PAPER = (252, 251, 246)
INK = (30, 30, 34)


def as_text(slips: Iterable[Sequence[Printed]], columns: int) -> str:
    """Every slip as a buyer reads it, a dashed line of scissors between them."""
    parts = ["\n".join(_text_line(item, columns) for item in slip) for slip in slips]
    return f"\n{'8< ' + '- ' * ((columns - 3) // 2)}\n".join(parts) + "\n"


def _text_line(item: Printed, columns: int) -> str:
    if isinstance(item, QrCode):
        return f"[QR: {item.data}]"
    width = columns // 2 if item.double else columns
    text = item.text.center(width) if item.align == "center" else item.text
    return ((" " * (columns // 4) if item.double and item.align == "center" else "") + text).rstrip()


def as_picture(slip: Sequence[Printed], columns: int, font_file: Path) -> Image.Image:
    """The paper of one slip, as a camera above it would see it."""
    font = ImageFont.truetype(str(font_file), CHARACTER_PX)
    large = ImageFont.truetype(str(font_file), CHARACTER_PX * 2)
    cell_px = font.getlength("M")
    width = int(cell_px * columns) + 2 * MARGIN_PX
    height = 2 * MARGIN_PX + sum(_height(item) for item in slip)
    picture = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(picture)
    top = MARGIN_PX
    for item in slip:
        if isinstance(item, QrCode):
            _put_qr(picture, item, top)
        else:
            _put_line(draw, item, top, large if item.double else font, width)
        top += _height(item)
    return picture


def _height(item: Printed) -> int:
    if isinstance(item, QrCode):
        return len(_modules(item)) * QR_MODULE_PX + LINE_PX // 2
    return LINE_PX * 2 if item.double else LINE_PX


def _modules(item: QrCode) -> list[list[bool]]:
    code = qrcode.QRCode(border=4)
    code.add_data(item.data)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def _put_qr(picture: Image.Image, item: QrCode, top: int) -> None:
    draw = ImageDraw.Draw(picture)
    modules = _modules(item)
    left = (picture.width - len(modules) * QR_MODULE_PX) // 2
    for row, cells in enumerate(modules):
        for column, dark in enumerate(cells):
            if dark:
                x, y = left + column * QR_MODULE_PX, top + row * QR_MODULE_PX
                draw.rectangle((x, y, x + QR_MODULE_PX - 1, y + QR_MODULE_PX - 1), fill=INK)


def _put_line(draw: ImageDraw.ImageDraw, item: Line, top: int, font: ImageFont.FreeTypeFont, width: int) -> None:
    length = font.getlength(item.text)
    left = (width - length) / 2 if item.align == "center" else MARGIN_PX
    draw.text((left, top), item.text, fill=INK, font=font, stroke_width=1 if item.bold else 0)
