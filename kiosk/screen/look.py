"""The one thing every widget's size hangs on: pixels of a nominal millimetre in the present window."""

from pathlib import Path

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, NumericProperty

from kiosk.screen.theme import TYPE_MM, millimetre_px

FONTS = Path(__file__).parent / "fonts"
FONT = "Inter"

LabelBase.register(name=FONT, fn_regular=str(FONTS / "Inter-Regular.otf"), fn_bold=str(FONTS / "Inter-SemiBold.otf"))


class Look(EventDispatcher):
    """Observed by every widget; `tall` is a portrait window, where columns become rows."""

    mm = NumericProperty(3.4)
    tall = BooleanProperty(False)

    def fit(self, width_px: float, height_px: float) -> None:
        """The window has this size now."""
        self.mm = millimetre_px(width_px, height_px)
        self.tall = height_px > width_px

    def font_px(self, scale: str) -> int:
        """Font size of a step of the type scale."""
        return round(TYPE_MM[scale] * float(self.mm))


look = Look()
