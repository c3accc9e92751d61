"""Keys a key switch or a door contact may arrive as: those no scanner and no keypad types. No Kivy.

Answers for: their names and codes. Does not answer for: what follows (`app.open_door`).
"""

from collections.abc import Mapping

FIRST_FUNCTION_KEY = 282
FUNCTION_KEYS = 15

#: SDL key codes as Kivy 2.3.1 hands them on (kivy/core/window/__init__.py, Keyboard.keycodes).
KEY_CODES: Mapping[str, int] = {
    **{f"f{number}": FIRST_FUNCTION_KEY + number - 1 for number in range(1, FUNCTION_KEYS + 1)},
    "pause": 19,
    "insert": 277,
    "home": 278,
    "end": 279,
}
