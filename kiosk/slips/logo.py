"""An operator's PNG → one-bit picture. Whatever is darker than half is black; what is transparent is paper."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from drivers.receipt_printer.document import Picture

WIDTH_MAX_DOTS = 384  #: the printed width of 58 mm paper: fits every printer
HEIGHT_MAX_DOTS = 240  #: 30 mm at 8 dots a millimetre; more is paper thrown away on every slip
THRESHOLD = 128


class LogoError(Exception):
    """A file that cannot be a logo; the message says what it has to be."""


def read_logo(file: Path) -> Picture:
    """Raises LogoError."""
    try:
        with Image.open(file) as image:
            image.load()
            coloured = image.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as error:
        raise LogoError(f"{file}: is no picture that can be read: {error}") from error
    if coloured.width > WIDTH_MAX_DOTS or coloured.height > HEIGHT_MAX_DOTS:
        raise LogoError(
            f"{file}: is {coloured.width} x {coloured.height} dots; "
            f"a logo has at most {WIDTH_MAX_DOTS} x {HEIGHT_MAX_DOTS}, 8 dots a millimetre"
        )
    paper = Image.new("RGBA", coloured.size, "white")
    paper.alpha_composite(coloured)
    ink = paper.convert("L").point(lambda light: 0 if light >= THRESHOLD else 255).convert("1")
    return Picture(ink.width, ink.height, ink.tobytes())
