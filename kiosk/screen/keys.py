"""What a key on a keyboard means to this screen. Pure: no Kivy, no clock.

Answers for: which keys mean anything, one table a mode; every other key means nothing and is swallowed. Does not answer for:
catching keys (`window`), telling a scanner from fingers (`scanner_keys`), what is done about a meaning (`app`).
A keyboard here is a scanner that poses as one, or a keypad for fingers that cannot see the glass. Text comes composed by the
system's layout, without a code; all else as one of SDL's key codes, without text.
"""

from collections.abc import Mapping
from enum import StrEnum

from kiosk.screen.mode import Mode

NO_CODE = 0  #: text that was composed, of whatever keys
#: SDL key codes as Kivy 2.3.1 hands them on (kivy/core/window/window_sdl2.py, key_map).
TAB, ENTER, KEYPAD_ENTER = 9, 13, 271
UP, DOWN, RIGHT, LEFT = 273, 274, 275, 276


class KeyMeaning(StrEnum):
    NOTHING = "nothing"
    CHARACTER = "character"  #: of a scan, or of whatever is being typed
    END = "end"  #: a scan is whole, or what has the focus is meant
    FORWARD = "forward"  #: the focus, where keys move one
    BACKWARD = "backward"


_EVERYWHERE: Mapping[int, KeyMeaning] = {ENTER: KeyMeaning.END, KEYPAD_ENTER: KeyMeaning.END}
_SPOKEN: Mapping[int, KeyMeaning] = {
    **_EVERYWHERE,
    TAB: KeyMeaning.FORWARD,
    DOWN: KeyMeaning.FORWARD,
    RIGHT: KeyMeaning.FORWARD,
    UP: KeyMeaning.BACKWARD,
    LEFT: KeyMeaning.BACKWARD,
}


def meaning(keycode: int, text: str, mode: Mode) -> KeyMeaning:
    """What a key means on a screen that is shown in `mode`."""
    if keycode == NO_CODE:
        return KeyMeaning.CHARACTER if len(text) == 1 and text.isprintable() else KeyMeaning.NOTHING
    return (_SPOKEN if mode.spoken else _EVERYWHERE).get(keycode, KeyMeaning.NOTHING)
