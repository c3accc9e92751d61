"""A screen whose loop is turned by hand, and a look at whether its words fit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import kivy.base
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config
from kivy.uix.boxlayout import BoxLayout

from kiosk.link.messages import Command
from kiosk.screen.app import KioskApp
from kiosk.screen.glass import Glass
from kiosk.screen.look import look
from kiosk.screen.stage import SETTLE_S
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.text import OneLine, Say, text_width_px
from kiosk.screen.window import WindowWish, configure

PATIENCE_S = 10.0
LAYOUT_TURNS = 3
FITTED_SHRINK_MIN = 0.6  #: text may shrink to this share of its step of the scale, not further


class RecordingLink:
    """A till that hears everything and says nothing."""

    def __init__(self) -> None:
        self.heard: list[tuple[Command, int]] = []

    def send(self, command: Command, revision: int) -> bool:
        self.heard.append((command, revision))
        return True


def turn() -> None:
    """One turn of Kivy's loop."""
    EventLoop.idle()
    EventLoop.window.mainloop()


def turn_until(holds: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        turn()


def settle() -> None:
    """Until a new screen takes touches."""
    turn()
    until_s = Clock.get_time() + SETTLE_S
    turn_until(lambda: Clock.get_time() > until_s)


@contextmanager
def running(link: Any, size: tuple[int, int] = (1024, 768), **options: Any) -> Iterator[KioskApp]:
    """A KioskApp with its window open, ended with all it scheduled."""
    if EventLoop.window is None:
        configure(WindowWish(*size, fullscreen=False))
        Config.remove_option("input", "mouse")
    app = KioskApp(link, **options)
    EventLoop.ensure_window()
    EventLoop.window.size = size
    app._run_prepare()
    kivy.base._runTouchApp_prepare(None)
    app.root.size = size
    try:
        turn()
        yield app
    finally:
        app.stop()
        EventLoop.window.remove_widget(app.root)


def show(app: KioskApp, glass: Glass, *, turns: int = LAYOUT_TURNS) -> None:
    """Put `glass` on the screen and let the layout come to rest."""
    app._glass = glass
    app._show()
    for _ in range(turns):
        Clock._max_fps = 0
        turn()


def _texts(app: KioskApp) -> Iterator[Any]:
    for layer in app.root.children:
        yield from (widget for widget in layer.walk() if isinstance(widget, Say) and widget.text)


def _misfit(say: Any, window_width_px: float) -> Iterator[str]:
    if say.texture_size[0] > say.width + 1 or say.texture_size[1] > say.height + 1:
        yield f"cut off, {say.texture_size} in {say.size}"
    if say.font_size < FITTED_SHRINK_MIN * look.font_px(say.scale):
        yield f"too small, {say.font_size} of {look.font_px(say.scale)}"
    widest_px = max(text_width_px(word, say.font_size, bold=say.bold) for word in say.text.split(" "))
    if widest_px > say.width + 1 and not isinstance(say, OneLine):
        yield f"broken inside a word, {widest_px} in {say.width}"
    x, y = say.to_window(*say.pos)
    if x < -1 or x + say.width > window_width_px + 1:
        yield "outside the window"
    _, parent_y = say.parent.to_window(*say.parent.pos)
    if y < parent_y - 1 or y + say.height > parent_y + say.parent.height + 1:
        yield f"over the edge, {y}+{say.height} in {parent_y}+{say.parent.height}"


def misfits(app: KioskApp) -> list[str]:
    """Every text that is cut off, broken inside a word, shrunk past reading, or over an edge."""
    return [f"{say.text!r}: {how}" for say in _texts(app) for how in _misfit(say, app.root.width)]


def crowded(app: KioskApp) -> list[str]:
    """Boxes whose children need more height than there is, and children that reach out of the screen's own area."""
    holder = app.root.frame.ids.holder
    found = []
    for widget in holder.walk(restrict=True):
        if widget is holder or not widget.width or not widget.height:
            continue
        if widget.y < holder.y - 1 or widget.top > holder.top + 1 or widget.right > holder.right + 1:
            found.append(f"{type(widget).__name__} {widget.pos} {widget.size} outside {holder.pos} {holder.size}")
        if isinstance(widget, BoxLayout) and widget.minimum_height > widget.height + 1:
            found.append(f"{type(widget).__name__} needs {widget.minimum_height}, has {widget.height}")
    return found


def small_targets(app: KioskApp) -> list[str]:
    return [
        f"{widget.role}: {widget.size}"
        for layer in app.root.children
        for widget in layer.walk()
        if isinstance(widget, KioskButton) and min(widget.size) < widget.least_mm * look.mm - 1
    ]
