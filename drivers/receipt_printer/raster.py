"""What is sent as dots: text a printer has no characters for, QR codes it cannot draw, pictures.

Answers for: one-bit bands as wide as the paper, in which no real-time command hides. Does not answer for: the command around
the dots (python-escpos).
"""

import qrcode
from PIL import Image, ImageOps
from qrcode.exceptions import DataOverflowError

from drivers.receipt_printer.cells import CellFont
from drivers.receipt_printer.document import Picture
from drivers.receipt_printer.interface import SlipFault

INK_FROM = 110  #: of 255: how dark a dot of a shrunk glyph must be to be burnt
LINE_OF_CELL = 1.25  #: from line to line, in heights of a cell: as printers space their own text
MODULE_DOTS_MIN = 2  #: a smaller module no telephone reads
QUIET_MODULES = 4  #: the empty margin a QR code needs on each side [ISO/IEC 18004]
REAL_TIME = (
    b"\x04",
    b"\x05",
    b"\x14",
)  #: after 10h a printer takes these for DLE EOT, DLE ENQ, DLE DC4, even inside dots
DLE, DLE_AND_ONE_DOT = b"\x10", b"\x30"


class SlipError(Exception):
    """A slip that cannot be made whole; nothing of it was sent."""

    def __init__(self, fault: SlipFault, detail: str) -> None:
        super().__init__(f"{fault.value}: {detail}")
        self.fault = fault


def line_height(font: CellFont, tall: int = 1) -> int:
    """Dots a line of text takes, its air included."""
    return round(font.height * LINE_OF_CELL) - font.height + font.height * tall


def line_of_text(text: str, font: CellFont, dots: int, centred: bool, bold: bool, scale: int) -> Image.Image:
    """A line of text; columns stand where the printer's own font would put them."""
    strip = font.line(text, bold, scale, scale).point(lambda ink: 255 if ink >= INK_FROM else 0)
    paper = Image.new("L", (dots, line_height(font, scale)), 0)
    paper.paste(strip, ((dots - strip.width) // 2 if centred else 0, 0))
    return paper


def qr_code(data: str, size: int, dots: int) -> "tuple[qrcode.QRCode[qrcode.image.base.BaseImage], int]":
    """The code and the dots a module may have, at most `size`. Raises SlipError when it fits nowhere."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(data)
    try:
        code.best_fit(start=1)
    except (DataOverflowError, ValueError) as error:
        raise SlipError(SlipFault.QR_TOO_LARGE, f"{len(data)} characters") from error
    module_dots = min(size, dots // (4 * code.version + 17 + 2 * QUIET_MODULES))
    if module_dots < MODULE_DOTS_MIN:
        raise SlipError(SlipFault.QR_TOO_LARGE, f"{4 * code.version + 17} modules on {dots} dots")
    return code, module_dots


def qr_dots(data: str, size: int, dots: int) -> Image.Image:
    """A QR code, centred. Raises SlipError."""
    code, module_dots = qr_code(data, size, dots)
    code.make(fit=False)
    matrix = code.get_matrix()
    small = Image.new("L", (len(matrix), len(matrix)), 0)
    small.putdata([255 if dark else 0 for row in matrix for dark in row])
    return _centred(small.resize((small.width * module_dots,) * 2, Image.Resampling.NEAREST), dots)


def picture_dots(picture: Picture, dots: int) -> Image.Image:
    """A picture, centred. Raises SlipError."""
    size = f"{picture.width} x {picture.height}"
    if picture.width > dots:
        raise SlipError(SlipFault.PICTURE_TOO_WIDE, f"{size} on {dots} dots")
    if min(picture.width, picture.height) < 1 or len(picture.bits) != (picture.width + 7) // 8 * picture.height:
        raise SlipError(SlipFault.PICTURE_BROKEN, f"{len(picture.bits)} bytes for {size}")
    ink = Image.frombytes("1", (picture.width, picture.height), picture.bits).convert("L")
    return _centred(ink, dots)


def _centred(ink: Image.Image, dots: int) -> Image.Image:
    paper = Image.new("L", (dots, ink.height), 0)
    paper.paste(ink, ((dots - ink.width) // 2, 0))
    return paper


def black_on_white(ink: Image.Image) -> Image.Image:
    """As python-escpos wants it, with no byte pair in it that a printer would execute on arrival.

    Where one is, one dot is widened to two: nobody sees it, and no row has to move. A QR code has no single dots.
    """
    bits = ink.convert("1", dither=Image.Dither.NONE).tobytes()
    for second in REAL_TIME:
        bits = bits.replace(DLE + second, DLE_AND_ONE_DOT + second)
    return ImageOps.invert(Image.frombytes("1", ink.size, bits).convert("L"))
