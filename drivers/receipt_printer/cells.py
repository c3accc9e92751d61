"""Any font drawn like a printer's own: one character, one cell, so that columns stand under each other.

Answers for: glyphs squeezed into cells. Does not answer for: what is drawn where (`raster`, `paper`).
"""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.receipt_printer.characters import UNPRINTABLE

FINER = 4  #: glyphs are drawn this much larger first, then shrunk: squeezing dots would tear strokes
HEIGHT_OF_EM = 1.22  #: from the top of Й to the foot of Щ in ems, with air
BOLD_OF_EM = 0.03  #: how much wider the strokes of a bold glyph are, each side
NOBODY_HAS = "\U0010ffff"  #: a font draws this as "no such glyph"


@lru_cache(maxsize=8)
def cell_font(file: Path, width: int, height: int) -> "CellFont":
    """The font in cells of this size; kept, because glyphs are costly."""
    return CellFont(file, width, height)


class CellFont:
    """Glyphs as masks (0 nothing, 255 ink) of `width`·wide by `height`·tall dots."""

    def __init__(self, file: Path, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._font = ImageFont.truetype(str(file), round(height * FINER / HEIGHT_OF_EM))
        self._nothing = bytes(self._font.getmask(NOBODY_HAS))
        self._had: dict[str, bool] = {" ": True}
        self._drawn: dict[tuple[str, bool, int, int], Image.Image] = {}

    def has(self, character: str) -> bool:
        """Whether the font knows how this character looks."""
        if character not in self._had:
            self._had[character] = bytes(self._font.getmask(character)) != self._nothing
        return self._had[character]

    def glyph(self, character: str, bold: bool = False, wide: int = 1, tall: int = 1) -> Image.Image:
        """One cell. A character the font lacks is an asterisk."""
        key = (character, bold, wide, tall)
        if key not in self._drawn:
            self._drawn[key] = self._draw(*key)
        return self._drawn[key]

    def _draw(self, character: str, bold: bool, wide: int, tall: int) -> Image.Image:
        shown = character if self.has(character) else UNPRINTABLE
        stroke = round(self._font.size * BOLD_OF_EM) if bold else 0
        room = (self.width * FINER, self.height * FINER)
        length = round(self._font.getlength(shown)) + 2 * stroke
        large = Image.new("L", (max(length, room[0]), room[1]), 0)
        baseline = round(room[1] * 0.78)
        left = max(0, (room[0] - length) // 2) + stroke
        ImageDraw.Draw(large).text((left, baseline), shown, fill=255, font=self._font, anchor="ls", stroke_width=stroke)
        return large.resize((self.width * wide, self.height * tall), Image.Resampling.LANCZOS)

    def line(self, text: str, bold: bool = False, wide: int = 1, tall: int = 1) -> Image.Image:
        """Characters side by side."""
        cell = self.width * wide
        strip = Image.new("L", (max(1, cell * len(text)), self.height * tall), 0)
        for column, character in enumerate(text):
            if character != " ":
                strip.paste(self.glyph(character, bold, wide, tall), (column * cell, 0))
        return strip
