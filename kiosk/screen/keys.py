"""What a key on a keyboard means to this screen. Pure: no Kivy, no clock.

Answers for: which keys mean anything, in one table; every other key means nothing and is swallowed. Does not answer for: catching
keys (`window`), telling a scanner from fingers (`scanner_keys`), what is done about a meaning (`keyboard`).
A keyboard here is a scanner that poses as one, or a keypad for fingers that cannot see the glass. Text comes composed by the
system's layout, without a code; all else as one of SDL's key codes, without text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NO_CODE = 0  #: text that was composed, of whatever keys
#: SDL key codes as Kivy 2.3.1 hands them on (kivy/core/window/window_sdl2.py, key_map).
BACKSPACE, TAB, ENTER, ESCAPE, KEYPAD_ENTER = 8, 9, 13, 27, 271
UP, DOWN, RIGHT, LEFT = 273, 274, 275, 276
F1 = 282
FUNCTION_KEYS: Mapping[str, int] = {f"f{number}": F1 + number - 1 for number in range(1, 16)}


class KeyMeaning(StrEnum):
    NOTHING = "nothing"
    CHARACTER = "character"  #: of a scan, or of whatever is being typed
    END = "end"  #: a scan is whole, or what has the focus is meant
    FORWARD = "forward"  #: the focus
    BACKWARD = "backward"
    ABOVE = "above"
    BELOW = "below"
    ERASE = "erase"  #: the last character
    STEP_BACK = "step_back"  #: the way out that the screen itself offers
    MODE = "mode"  #: the accessible mode, spoken
    PLUGGED = "plugged"  #: a headset
    UNPLUGGED = "unplugged"


_MEANINGS: Mapping[int, KeyMeaning] = {
    ENTER: KeyMeaning.END,
    KEYPAD_ENTER: KeyMeaning.END,
    TAB: KeyMeaning.FORWARD,
    RIGHT: KeyMeaning.FORWARD,
    LEFT: KeyMeaning.BACKWARD,
    UP: KeyMeaning.ABOVE,
    DOWN: KeyMeaning.BELOW,
    BACKSPACE: KeyMeaning.ERASE,
    ESCAPE: KeyMeaning.STEP_BACK,
}


@dataclass(frozen=True, slots=True)
class KeyChoices:
    """Codes the operator chose, 0 for none: `mode` for the accessible mode, `plugged` and `unplugged` for what a keypad with a
    headset jack sends.
    """

    mode: int = FUNCTION_KEYS["f8"]
    plugged: int = 0
    unplugged: int = 0


def meaning(keycode: int, text: str, choices: KeyChoices) -> KeyMeaning:
    """What a key means, or a composed text."""
    if keycode == NO_CODE:
        return KeyMeaning.CHARACTER if len(text) == 1 and text.isprintable() else KeyMeaning.NOTHING
    chosen = {
        choices.mode: KeyMeaning.MODE,
        choices.plugged: KeyMeaning.PLUGGED,
        choices.unplugged: KeyMeaning.UNPLUGGED,
    }
    return chosen.get(keycode) or _MEANINGS.get(keycode, KeyMeaning.NOTHING)
