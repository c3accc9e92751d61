"""Kivy's settings for a public screen, and a window nobody can leave by a key.

Answers for: no settings panel, no escape, one way in for fingers and one for keys. Does not answer for: what is drawn, what a key
means (`keys`). Importing this does not open a window; `lock_down` needs it open.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.config import Config

from kiosk.screen.keys import NO_CODE

LEFT_BUTTON = "left"


@dataclass(frozen=True, slots=True)
class WindowWish:
    """`fullscreen`: the kiosk in its cabinet, without border or pointer. Otherwise a window on somebody's desk."""

    width_px: int
    height_px: int
    fullscreen: bool


def configure(wish: WindowWish) -> None:
    """Before the window opens."""
    graphics = {
        "width": wish.width_px,
        "height": wish.height_px,
        "fullscreen": "auto" if wish.fullscreen else "0",
        "borderless": int(wish.fullscreen),
        "resizable": int(not wish.fullscreen),
        "show_cursor": int(not wish.fullscreen),
        "allow_screensaver": 0,
        "multisamples": 0,  # Kivy's default of 2 costs two thirds of the frames without a GPU
        "maxfps": 60,
    }
    for key, value in graphics.items():
        Config.set("graphics", key, str(value))
    for key, value in {"exit_on_escape": "0", "keyboard_mode": "", "log_level": "warning"}.items():
        Config.set("kivy", key, value)
    Config.remove_section("input")  # or every device node would be read beside the mouse, and a tap count twice
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


class StopFlag:
    """Set by SIGTERM or SIGINT, or with `again` by the till; looked at by the app's heartbeat, since a signal may strike inside
    Kivy's own locks.

    Installed before the window opens: SDL would turn SIGTERM into a close request, which a locked window refuses.
    """

    def __init__(self) -> None:
        self.is_set = self.again = False

    def install(self) -> None:
        """Listen from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)

    def start_again(self) -> None:
        """End, to be started anew."""
        self.is_set = self.again = True

    def _heard(self, _number: int, _frame: object) -> None:
        self.is_set = True


def lock_down(window: Any, *, may_close: bool, heard: Callable[[int, str], None]) -> None:
    """Swallow every key, and tell `heard` of it: a key's code with no text, or text with no code. Refuse to be closed unless this
    is a window on somebody's desk.
    """

    def key(_window: object, code: int, *_details: object) -> bool:
        heard(code, "")
        return True

    def text(_window: object, composed: str) -> bool:
        heard(NO_CODE, composed)
        return True

    close = _allow if may_close else _swallow
    window.bind(on_key_down=key, on_textinput=text, on_keyboard=_swallow, on_request_close=close)


def _swallow(*_event: object, **_details: object) -> bool:
    return True


def _allow(*_event: object, **_details: object) -> bool:
    return False


def is_finger(touch: Any) -> bool:
    """A finger, or what stands for one: not the right button, not a wheel."""
    return getattr(touch, "button", None) in {None, LEFT_BUTTON}
