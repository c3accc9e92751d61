"""The keys of the pages on which staff type: a telephone's, or all letters. Pure."""

from kiosk.screen.chrome import button
from kiosk.screen.staff.typing import DIGITS, LETTERS
from kiosk.screen.views import ButtonView
from kiosk.screen.words import Words

KEYS_IN_A_ROW = 10


def digits(say: Words, text: str, *, enabled: bool = True) -> tuple[ButtonView, ...]:
    """Twelve, as on a telephone. `text`: what is typed already."""
    return (
        *(button(f"staff:key:{digit}", digit, enabled=enabled) for digit in DIGITS[1:]),
        button("staff:erase_all", say("Clear"), enabled=enabled and bool(text)),
        button("staff:key:0", "0", enabled=enabled),
        button("staff:erase", "⌫", enabled=enabled and bool(text)),
    )


def letters(say: Words, text: str) -> tuple[tuple[ButtonView, ...], ...]:
    """Digits and Latin letters in their order, as seals and boxes are numbered; rows of them."""
    order = DIGITS[1:] + "0" + LETTERS + "-"
    keys = [button(f"staff:key:{character}", character) for character in order]
    keys.append(button("staff:erase_all", say("Clear"), enabled=bool(text)))
    keys.append(button("staff:erase", "⌫", enabled=bool(text)))
    return tuple(tuple(keys[start : start + KEYS_IN_A_ROW]) for start in range(0, len(keys), KEYS_IN_A_ROW))
