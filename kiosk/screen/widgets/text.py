"""Text that wraps, text that shrinks to stay on one line, text that is shortened, and the signs beside it."""

from functools import lru_cache
from math import ceil
from pathlib import Path

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.screen.look import FONT, look
from kiosk.screen.theme import CAPITAL_EM, TYPE_MM
from kiosk.screen.views import Tone

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

BUSY_STEP_S = 0.6  #: stepwise, not gliding: a software renderer must stay cool
BUSY_DOTS = 3
GROUPED_LETTERS_MAX = 18  #: a number with more may be broken between its groups
SHRINK_MIN = 0.7  #: text may shrink to this share of its step of the scale, not further
CAPITAL_MM_MIN, LARGE_CAPITAL_MM_MIN = 4.8, 7.33  #: and never below these: ADA 707.7.2; EN 301 549, 5.1.4


def least_px() -> float:
    """The smallest letters there may be now."""
    return (LARGE_CAPITAL_MM_MIN if look.large else CAPITAL_MM_MIN) / CAPITAL_EM * float(look.mm)


class Text(Label):
    """Letters of a step of the type scale, in our font.

    `ink`: where it is not the usual one. A rule that gave it a default would win over a widget's own colour whenever the palette
    changes.
    """

    scale = OptionProperty("body", options=list(TYPE_MM))
    ink = ColorProperty(None, allownone=True)


class Say(Text):
    """Wraps in its width and is as high as its text."""

    @property
    def widest_word_px(self) -> int:
        """The least width in which no word is broken."""
        return max(text_width_px(word, self.font_size, bold=self.bold) for word in self.text.split(" "))


class Word(Text):
    """One line, as wide as it is."""


class OneLine(Say):
    """One line; what does not fit is shortened. For names that come from elsewhere and may be any length."""


class Short(Say):
    """At most `lines` lines; what does not fit is shortened. `words` is the whole text."""

    words = StringProperty("")
    lines = NumericProperty(2)

    def breakable(self, text: str) -> str:
        """A number in groups too long for any line may be broken between them; an amount never is."""
        return text.replace("\u00a0", " ") if len(text) > GROUPED_LETTERS_MAX else text

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("words", "lines", "width", "font_size", "bold"):
            self.fbind(name, self._cut)
        self._cut()

    def _cut(self, *_changed: object) -> None:
        self.text = shortened(self.words, self.width, self.lines, self.font_size, bold=self.bold)


class Fit(Text):
    """One line, in letters as large as `scale` says or as large as fits, but never too small to read: then it is shortened."""

    nominal_px = NumericProperty(10)
    fitted_px = NumericProperty(10)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("text", "width", "nominal_px", "bold"):
            self.fbind(name, self._fit)
        self._fit()

    @property
    def is_squeezed(self) -> bool:
        """It had to shrink further than is good."""
        return bool(text_width_px(self.text, self.fitted_px, bold=self.bold) > self.width)

    def _fit(self, *_changed: object) -> None:
        nominal_px, wide_px = self.nominal_px, max(1, text_width_px(self.text, self.nominal_px, bold=self.bold))
        fitting_px = int(min(nominal_px, nominal_px * self.width // wide_px))
        while fitting_px > 1 and text_width_px(self.text, fitting_px, bold=self.bold) > self.width:
            fitting_px -= 1
        self.fitted_px = min(nominal_px, max(fitting_px, ceil(SHRINK_MIN * nominal_px), ceil(least_px())))


@lru_cache(maxsize=4096)
def text_width_px(text: str, font_px: int, *, bold: bool) -> int:
    """How wide `text` is on one line."""
    measure = CoreLabel(font_name=FONT, font_size=font_px, bold=bold)
    return int(measure.get_extents(text)[0])


def shortened(text: str, width_px: float, lines_max: int, font_px: int, *, bold: bool) -> str:
    """As many of the words of `text` as stand on so many lines, and an ellipsis for the rest."""
    space_px = text_width_px(" ", font_px, bold=bold)
    kept: list[str] = []
    line, end_px = 1, 0.0
    for word in text.split(" "):
        word_px = text_width_px(word, font_px, bold=bold)
        if kept and end_px + space_px + word_px > width_px:
            line, end_px = line + 1, word_px
        else:
            end_px += word_px + (space_px if kept else 0)
        if line > lines_max:
            return _with_ellipsis(kept)
        kept.append(word)
    return text


def _with_ellipsis(words: list[str]) -> str:
    """The last word makes room for it."""
    words = [*words[:-1], words[-1][:-1].rstrip(",.;:—-")] if len(words[-1]) > 2 else words
    return " ".join(words).rstrip(" ,.;:—-") + "…"


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
        if look.moves:
            self.step = (self.step + 1) % BUSY_DOTS
