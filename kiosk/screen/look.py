"""What every widget's look hangs on: pixels of a millimetre, sizes of letters, colours; and how this buyer wants it.

Answers for: that one change of window, mode, theme or room reaches every widget. Does not answer for: the numbers (`theme`), when
a screen needs another level (`widgets.room`).
"""

from pathlib import Path

from kivy.core.text import LabelBase
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.screen.mode import NORMAL, Mode
from kiosk.screen.theme import (
    BOLD_BORDER_MM,
    BORDER_MM,
    DAY,
    GROWING,
    LARGE_LEVELS,
    LARGE_TYPE_MM,
    LEVELS,
    NIGHT,
    OURS,
    TYPE_MM,
    Level,
    Theme,
    millimetre_px,
)

FONTS = Path(__file__).parent / "fonts"
FONT = "Inter"

LabelBase.register(name=FONT, fn_regular=str(FONTS / "Inter-Regular.otf"), fn_bold=str(FONTS / "Inter-SemiBold.otf"))


class Look(EventDispatcher):
    """Observed by every widget. `tall`: a portrait window, where columns become rows. `sizes`: font sizes in pixels by step of
    the type scale. `dense`: how much the screen leaves out for want of room. `moves`: whether anything may glide (pictures hold
    still).
    """

    mm = NumericProperty(3.4)
    tall = BooleanProperty(False)
    large = BooleanProperty(False)
    contrast = BooleanProperty(False)
    low_reach = BooleanProperty(False)
    dense = NumericProperty(0)
    paint = ObjectProperty(DAY, rebind=True)
    sizes = ObjectProperty(dict.fromkeys(TYPE_MM, 20))
    gap = NumericProperty(10)
    margin = NumericProperty(30)
    radius = NumericProperty(10)
    border = NumericProperty(1)
    logo = StringProperty("")
    moves = BooleanProperty(True)

    def __init__(self) -> None:
        super().__init__()
        self._theme = OURS
        self._zoom = 1.0
        self._refresh()

    @property
    def levels(self) -> tuple[Level, ...]:
        """What may be tried until a screen fits, the roomiest first."""
        return LARGE_LEVELS if self.large else LEVELS

    def fit(self, width_px: float, height_px: float) -> None:
        """The window has this size now."""
        self.tall = height_px > width_px
        self.mm = millimetre_px(width_px, height_px)
        self._refresh()

    def use(self, theme: Theme) -> None:
        """The operator's colours, spacing, corners and logo."""
        self._theme = theme
        self.logo = theme.logo
        self._refresh()

    def wear(self, mode: Mode = NORMAL) -> None:
        """As this buyer wants it."""
        self.large, self.contrast, self.low_reach = mode.large, mode.contrast, mode.low_reach
        self._refresh()

    def stand(self, level: Level) -> None:
        """As much room as this."""
        self._zoom, self.dense = level.zoom, level.dense
        self._refresh()

    def size_px(self, scale: str) -> int:
        """Font size of a step of the type scale, as it is now."""
        steps = LARGE_TYPE_MM if self.large else self._theme.type_mm
        zoom = self._zoom if scale in GROWING else 1.0
        return round(steps[scale] * zoom * float(self.mm))

    def _refresh(self) -> None:
        theme, mm = self._theme, float(self.mm)
        self.paint = NIGHT if self.contrast else theme.colours
        self.gap, self.margin, self.radius = theme.gap_mm * mm, theme.margin_mm * mm, theme.radius_mm * mm
        self.border = max(1, round((BOLD_BORDER_MM if self.contrast else BORDER_MM) * mm))
        self.sizes = {scale: self.size_px(scale) for scale in TYPE_MM}


look = Look()
