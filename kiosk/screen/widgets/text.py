"""Text that wraps, text that shrinks to stay on one line, text that is shortened, and the signs beside it."""

from pathlib import Path

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.screen.look import FONT, look
from kiosk.screen.theme import INK, TYPE_MM
from kiosk.screen.views import Tone

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

BUSY_STEP_S = 0.6  #: stepwise, not gliding: a software renderer must stay cool
BUSY_DOTS = 3


class Say(Label):
    """Wraps in its width and is as high as its text."""

    scale = OptionProperty("body", options=list(TYPE_MM))
    ink = ColorProperty(INK)


class OneLine(Say):
    """One line; what does not fit is shortened. For names that come from elsewhere and may be any length."""


class Fit(Say):
    """One line, in letters as large as `scale` says or as large as fits."""

    fitted_px = NumericProperty(10)
    mm = NumericProperty(0)  #: of the look; bound in the kv, which lets go of a widget that is gone

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("text", "width", "scale", "bold", "mm"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_changed: object) -> None:
        nominal_px = look.font_px(self.scale)
        wide_px = max(1, text_width_px(self.text, nominal_px, bold=self.bold))
        self.fitted_px = min(nominal_px, int(nominal_px * self.width / wide_px)) if self.width > 1 else nominal_px


def text_width_px(text: str, font_px: int, *, bold: bool) -> int:
    """How wide `text` is on one line."""
    measure = CoreLabel(font_name=FONT, font_size=font_px, bold=bold)
    return int(measure.get_extents(text)[0])


class Sign(Label):
    """A tone as a sign, so that nothing depends on colour alone."""

    tone = OptionProperty(Tone.PLAIN, options=list(Tone))
    GLYPHS = {Tone.PLAIN: "i", Tone.GOOD: "✓", Tone.WARN: "!", Tone.BAD: "×", Tone.BUSY: "→"}  # noqa: RUF012 - kv reads it
    SIZES = {Tone.BAD: 0.9}  # noqa: RUF012 - kv reads it; a share of the circle, where it is not the usual


class BusyDots(Widget):
    """Three dots, one of them full; it moves on while the widget is on screen."""

    step = NumericProperty(0)
    tone = StringProperty(Tone.BUSY)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._timer = Clock.schedule_interval(self._move_on, BUSY_STEP_S)

    def on_parent(self, _self: Widget, parent: Widget | None) -> None:
        """Off the screen there is nothing to move."""
        self._timer.cancel()
        if parent is not None:
            self._timer()

    def _move_on(self, _elapsed_s: float) -> None:
        self.step = (self.step + 1) % BUSY_DOTS
