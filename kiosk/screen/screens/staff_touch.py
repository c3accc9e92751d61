"""The touch picture: the whole window in fields, each of which has to be touched.

Answers for: which field a finger is on, and the way out for whoever cannot reach one. Does not answer for: what was reached
(`staff.desk`), what it means (the till).
"""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.screen.look import look
from kiosk.screen.views import Tone

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

LONG_SIDE = 10  #: fields along the longer side of the window
HOLD_S = 2.0
SEAM_PX = 2


class TouchPicture(FloatLayout):
    """Shows a TouchView over the whole window. A finger may be drawn over the fields."""

    view = ObjectProperty(rebind=True)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._hold = Clock.create_trigger(self._held, HOLD_S)
        self._down = -1
        for name in ("view", "pos", "size"):
            self.fbind(name, self._draw)
        self._draw()

    @property
    def columns(self) -> int:
        """How many fields lie side by side."""
        other_side = int(self.view.fields // LONG_SIDE)
        return LONG_SIDE if self.width >= self.height else other_side

    def field_at(self, x_px: float, y_px: float) -> int:
        """The field there: counted by rows from the bottom left."""
        rows = self.view.fields // self.columns
        column = min(self.columns - 1, max(0, int(x_px * self.columns / self.width)))
        row = min(rows - 1, max(0, int(y_px * rows / self.height)))
        return int(row * self.columns + column)

    def middle_of(self, field: int) -> tuple[float, float]:
        """Where a finger would touch it."""
        row, column = divmod(field, self.columns)
        rows = self.view.fields // self.columns
        return (column + 0.5) * self.width / self.columns, (row + 0.5) * self.height / rows

    def on_touch_down(self, touch: Any) -> bool:
        """A field is touched; whoever holds it wants to finish."""
        self._down = self.field_at(*touch.pos)
        self._hold()
        self._reach(touch)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Another field is reached, and the first one is not held any more."""
        if self.field_at(*touch.pos) != self._down:
            self._hold.cancel()
            self._reach(touch)
        return True

    def on_touch_up(self, _touch: Any) -> bool:
        """Nothing is held any more."""
        self._hold.cancel()
        return True

    def on_parent(self, _self: object, parent: object) -> None:
        """Off the screen nothing is held."""
        if parent is None:
            self._hold.cancel()

    def _reach(self, touch: Any) -> None:
        field = self.field_at(*touch.pos)
        if field not in self.view.reached:
            App.get_running_app().pressed(f"staff:reach:{field}")

    def _held(self, _elapsed_s: float) -> None:
        App.get_running_app().pressed("staff:reached")

    def _draw(self, *_changed: object) -> None:
        self.canvas.before.clear()
        columns, rows = self.columns, self.view.fields // self.columns
        wide, high = self.width / columns, self.height / rows
        with self.canvas.before:
            Color(*look.paint.tone_ink(Tone.PLAIN))
            Rectangle(pos=self.pos, size=self.size)
            for field in range(self.view.fields):
                row, column = divmod(field, columns)
                Color(*(look.paint.tone_ink(Tone.GOOD) if field in self.view.reached else look.paint.card))
                Rectangle(
                    pos=(column * wide + SEAM_PX, row * high + SEAM_PX), size=(wide - 2 * SEAM_PX, high - 2 * SEAM_PX)
                )
