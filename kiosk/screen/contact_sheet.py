"""Pictures side by side with their names below: a whole language, window and mode at a glance.

Answers for: the arithmetic of sheets. Does not answer for: what is on the pictures. No Kivy.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CAPTION_PX = 28
GAP_PX = 16
GROUND = "#8a949c"
INK = "#ffffff"
FONT = Path(__file__).parent / "fonts" / "Inter-Regular.otf"

Named = tuple[str, Path]  #: (what it is, the picture)


def sheets(pictures: Sequence[Named], width_px: int, columns: int, rows: int) -> Iterator[Image.Image]:
    """`pictures` in rows, each `width_px` wide, on as many sheets as it takes. All are of the same shape."""
    for start in range(0, len(pictures), columns * rows):
        yield _sheet(pictures[start : start + columns * rows], width_px, columns)


def _sheet(pictures: Sequence[Named], width_px: int, columns: int) -> Image.Image:
    small = [(name, _scaled(path, width_px)) for name, path in pictures]
    across, down = width_px + GAP_PX, small[0][1].height + CAPTION_PX + GAP_PX
    lines = -(-len(small) // columns)
    sheet = Image.new("RGB", (min(columns, len(small)) * across + GAP_PX, lines * down + GAP_PX), GROUND)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(FONT, CAPTION_PX * 2 // 3)
    for at, (name, picture) in enumerate(small):
        left, top = GAP_PX + at % columns * across, GAP_PX + at // columns * down
        sheet.paste(picture, (left, top))
        pen.text((left, top + picture.height + CAPTION_PX // 8), name, fill=INK, font=font)
    return sheet


def _scaled(path: Path, width_px: int) -> Image.Image:
    with Image.open(path) as picture:
        height_px = width_px * picture.height // picture.width
        return picture.convert("RGB").resize((width_px, height_px), Image.Resampling.LANCZOS)
