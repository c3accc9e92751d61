"""A QR code on the screen: whole pixels for every module and a white rim, so that any phone finds it.

Answers for: the picture. Does not answer for: what it says.
"""

from functools import lru_cache
from pathlib import Path

import qrcode
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

RIM_MODULES = 4  #: ISO/IEC 18004: quiet zone
BLACK, WHITE = b"\x00\x00\x00", b"\xff\xff\xff"


@lru_cache(maxsize=4)
def modules_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, top first, with the rim; True is black. Level L: a display has no dirt, large modules help more."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=RIM_MODULES)
    code.add_data(text.encode(), optimize=0)
    return tuple(tuple(row) for row in code.get_matrix())


class QrCode(Widget):
    """The code of `view`, in the middle, as large as whole pixels allow."""

    view = StringProperty("")
    side_mm = NumericProperty(98)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("view", "pos", "size"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_changed: object) -> None:
        self.canvas.clear()
        if not self.view:
            return
        rows = modules_of(self.view)
        module_px = int(min(self.width, self.height)) // len(rows)
        side_px = module_px * len(rows)
        corner = (round(self.center_x - side_px / 2), round(self.center_y - side_px / 2))
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(texture=_texture(rows), pos=corner, size=(side_px, side_px))


def _texture(rows: tuple[tuple[bool, ...], ...]) -> Texture:
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="rgb")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(b"".join(BLACK if dark else WHITE for row in reversed(rows) for dark in row), colorfmt="rgb")
    return texture
