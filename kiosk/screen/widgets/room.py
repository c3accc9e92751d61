"""A screen in the room there is: as large as it can be, and less of it before any of it is cut off.

Answers for: which of the look's levels a screen stands at. Does not answer for: what is left out there (the kv of each screen).
Kivy lays out in rounds before a frame is drawn; a level is judged when the layout has come to rest, so nothing of this is seen.
"""

from collections.abc import Iterator
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.look import look
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.text import Fit, OneLine, Say, Text

ROUNDS_TO_REST = 12  #: a text's height, its row's, its column's, the other column's width, and once more
ROUNDS_MAX = 100  #: before one frame; Kivy would stop after ten
SLACK_PX = 1


class Room(BoxLayout):
    """Holds the screen. `fit` starts anew with the roomiest level; `is_settled`: no level is being tried any more."""

    is_settled = BooleanProperty(True)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._level = 0
        self._rounds = 0
        Clock.max_iteration = ROUNDS_MAX
        self._judge_soon = Clock.create_trigger(self._judge, -1)

    def fit(self) -> None:
        """What is shown, or the room for it, has changed."""
        self._try(0)

    def check(self) -> None:
        """A word has changed: it may need a further level, but what stands here does not jump back."""
        self._try(self._level)

    def _try(self, level: int) -> None:
        self._level = min(level, len(look.levels) - 1)
        look.stand(look.levels[self._level])
        self._rounds, self.is_settled = ROUNDS_TO_REST, False
        self._judge_soon()

    def _judge(self, _elapsed_s: float) -> None:
        self._rounds -= 1
        if self._rounds > 0:
            self._judge_soon()
        elif self._level + 1 < len(look.levels) and next(overfull(self), None):
            self._try(self._level + 1)
        else:
            self.is_settled = True


def overfull(room: Any) -> Iterator[str]:
    """What does not fit: rows that need more height, words that are cut, letters that had to shrink, keys too small to hit."""
    for widget in room.walk(restrict=True):
        if widget is room or not (widget.width and widget.height):
            continue
        if isinstance(widget, BoxLayout) and widget.minimum_height > widget.height + SLACK_PX:
            yield f"{type(widget).__name__} needs {widget.minimum_height}, has {widget.height}"
        if isinstance(widget, KioskButton) and min(widget.size) < widget.least_mm * look.mm - SLACK_PX:
            yield f"{widget.role} is {widget.size}"
        if isinstance(widget, Text) and widget.text:
            yield from _cut(widget)


def _cut(say: Any) -> Iterator[str]:
    if isinstance(say, Fit):
        if say.is_squeezed:
            yield f"{say.text!r} shrank to {say.font_size}"
    elif isinstance(say, Say) and not isinstance(say, OneLine) and say.widest_word_px > say.width + SLACK_PX:
        yield f"{say.text!r} is broken inside a word"
