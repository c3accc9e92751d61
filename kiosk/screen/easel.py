"""A screen without a till, drawn one picture after another. Import `environment` and call it before importing this.

Answers for: a window of any size in memory, and that a picture is taken when everything has come to rest. Does not answer
for: which screens there are (`scenes`), sheets (`contact_sheet`).
"""

from pathlib import Path

from kivy.base import EventLoop
from kivy.clock import Clock

from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.stage import Stage
from kiosk.screen.window import WindowWish, configure

RESTS_AFTER_TURNS = 4  #: a layout that leans on text that leans on a width takes three


def turn() -> None:
    """One turn of Kivy's loop, by hand."""
    EventLoop.idle()
    EventLoop.window.mainloop()


class Easel:
    """`draw` scenes; all of one window size."""

    def __init__(self, width_px: int, height_px: int) -> None:
        if EventLoop.window is None:
            configure(WindowWish(width_px, height_px, fullscreen=False))
            EventLoop.ensure_window()
        EventLoop.window.size = (width_px, height_px)
        self._stage = Stage(size=(width_px, height_px), size_hint=(None, None))
        EventLoop.window.add_widget(self._stage)
        self.size = (width_px, height_px)
        self._drawn = 0

    def draw(self, glass: Glass, file: Path) -> None:
        """Save a picture (PNG) of what `glass` shows."""
        self._drawn += 1
        self._stage.show(present(glass), self._drawn)
        for _ in range(RESTS_AFTER_TURNS):
            Clock._max_fps = 0  # noqa: SLF001 - there is no public way to turn without waiting
            turn()
        self._stage.export_to_png(str(file))

    def close(self) -> None:
        """Take it off the window."""
        EventLoop.window.remove_widget(self._stage)
