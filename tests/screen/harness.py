"""A screen whose loop is turned by hand, and a look at whether its words fit."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import kivy.base
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config

from kiosk.link.messages import Command
from kiosk.screen.app import KioskApp
from kiosk.screen.glass import Glass
from kiosk.screen.look import look
from kiosk.screen.stage import SETTLE_S
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.room import overfull
from kiosk.screen.widgets.text import Fit, OneLine, Say, Text, least_px
from kiosk.screen.window import WindowWish, configure

PATIENCE_S = 10.0
LAYOUT_TURNS = 3
TURNS_MAX = 5  #: until a layout is at rest
LOW_REACH_SHARE = 0.55  #: of a tall window's height: what is touched stands below


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


def lay_out(app: KioskApp, glass: Glass) -> None:
    """As `show`, without drawing: some turns until the room is settled."""
    app._glass = glass
    app._show()
    room = app.root.frame.ids.holder
    for _ in range(TURNS_MAX):
        Clock._max_fps = 0
        Clock.tick()
        Clock.tick_draw()
        if room.is_settled:
            return
    raise AssertionError("the layout does not come to rest")


def _texts(app: KioskApp) -> Iterator[Any]:
    for layer in app.root.children:
        yield from (
            widget for widget in layer.walk(restrict=True) if isinstance(widget, Text) and widget.text and widget.width
        )


def _misfit(text: Any, window_width_px: float) -> Iterator[str]:
    if text.texture_size[0] > text.width + 1 or text.texture_size[1] > text.height + 1:
        yield f"cut off, {text.texture_size} in {text.size}"
    if text.font_size < least_px() - 1:
        yield f"too small, {text.font_size} and not {least_px()}"
    if isinstance(text, Fit) and text.is_squeezed:
        yield f"shortened, {text.width} is too little"
    if isinstance(text, Say) and not isinstance(text, OneLine) and text.widest_word_px > text.width + 1:
        yield f"broken inside a word, {text.widest_word_px} in {text.width}"
    x, y = text.to_window(*text.pos)
    if x < -1 or x + text.width > window_width_px + 1:
        yield "outside the window"
    _, parent_y = text.parent.to_window(*text.parent.pos)
    if y < parent_y - 1 or y + text.height > parent_y + text.parent.height + 1:
        yield f"over the edge, {y}+{text.height} in {parent_y}+{text.parent.height}"


def misfits(app: KioskApp) -> list[str]:
    """Every text that is cut off, broken inside a word, shrunk past reading, or over an edge."""
    return [f"{text.text!r}: {how}" for text in _texts(app) for how in _misfit(text, app.root.width)]


def crowded(app: KioskApp) -> list[str]:
    """What does not fit into its box, and what reaches out of the screen's own area."""
    holder = app.root.frame.ids.holder
    found = list(overfull(holder))
    for widget in holder.walk(restrict=True):
        if widget is holder or not widget.width or not widget.height:
            continue
        if widget.y < holder.y - 1 or widget.top > holder.top + 1 or widget.right > holder.right + 1:
            found.append(f"{type(widget).__name__} {widget.pos} {widget.size} outside {holder.pos} {holder.size}")
    return found


def _buttons(app: KioskApp) -> Iterator[Any]:
    for layer in app.root.children:
        yield from (widget for widget in layer.walk(restrict=True) if isinstance(widget, KioskButton))


def small_targets(app: KioskApp) -> list[str]:
    """What is too small for a finger."""
    return [f"{each.role}: {each.size}" for each in _buttons(app) if min(each.size) < each.least_mm * look.mm - 1]


def out_of_reach(app: KioskApp) -> list[str]:
    """What is to be touched and stands too high for somebody who sits, in a mode that promises otherwise."""
    if not (look.low_reach and look.tall):
        return []
    highest_px = LOW_REACH_SHARE * app.root.height
    return [
        f"{each.role}: {each.to_window(0, each.top)[1]}"
        for each in _buttons(app)
        if each.to_window(0, each.top)[1] > highest_px
    ]


def _box(widget: Any) -> tuple[float, float, float, float]:
    x, y = widget.to_window(*widget.pos)
    return x, y, x + widget.width, y + widget.height


def overlapping(app: KioskApp) -> list[str]:
    """Texts and buttons of one layer that lie on each other, but for a text on its own button."""
    found = []
    for layer in app.root.children:
        parts = [
            each
            for each in layer.walk(restrict=True)
            if isinstance(each, Text | KioskButton) and each.width > 1 and each.height > 1
        ]
        parts = [each for each in parts if not isinstance(each, Text) or each.text]
        boxes = [(each, _box(each), set(_above(each))) for each in parts]
        for (one, a, above_one), (other, b, above_other) in itertools.combinations(boxes, 2):
            inside = one in above_other or other in above_one
            if not inside and min(a[2], b[2]) - max(a[0], b[0]) > 1.5 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5:
                found.append(f"{_name(one)} over {_name(other)}")
    return found


def _above(widget: Any) -> Iterator[Any]:
    while widget.parent is not None and widget.parent is not widget:
        widget = widget.parent
        yield widget


def _name(widget: Any) -> str:
    return repr(widget.text) if isinstance(widget, Text) else f"button {widget.role}"
