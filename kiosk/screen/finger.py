"""A finger made of software that goes the way a real one goes: through Kivy's input, the window, overlays and all.

Answers for: one touch, down and up, at a place in the window. Used by the demo's scripted buyer and by tests.
"""

import itertools
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent

PRESS_S = 0.05  #: how long the finger stays down: long enough to be seen pressed

_numbers = itertools.count(1)


class Finger(MotionEvent):
    """One touch. `x_px`, `y_px` in window coordinates, from the bottom left."""

    def __init__(self, x_px: float, y_px: float) -> None:
        window = EventLoop.window
        place = {"x": x_px / (window.width - 1.0), "y": y_px / (window.height - 1.0)}
        super().__init__("finger", next(_numbers), place, is_touch=True, type_id="touch")
        self.profile = ["pos"]

    def depack(self, args: Any) -> None:
        """Where it is, as a share of the window."""
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)

    def put_down(self) -> None:
        """Touch the glass."""
        EventLoop.post_dispatch_input("begin", self)

    def lift(self, *_elapsed_s: float) -> None:
        """Leave the glass."""
        self.update_time_end()
        EventLoop.post_dispatch_input("end", self)


def tap(widget: Any) -> None:
    """Put a finger on the middle of `widget` now and lift it a moment later."""
    finger = Finger(*widget.to_window(*widget.center))
    finger.put_down()
    Clock.schedule_once(finger.lift, PRESS_S)
