"""The keys of the pages on which staff type: a telephone's, those of a seal, those of words. Pure."""

from collections.abc import Callable

from kiosk.screen import keyboards
from kiosk.screen.chrome import button
from kiosk.screen.keyboards import ALPHABETS, ERASE, LATIN, Key, Row
from kiosk.screen.staff.typing import DIGITS
from kiosk.screen.views import ButtonView, KeyView
from kiosk.screen.words import Words

TAKES_BACK = frozenset({"erase", "erase_all"})

Rows = tuple[tuple[KeyView, ...], ...]


def digits(say: Words, text: str, *, enabled: bool = True) -> tuple[ButtonView, ...]:
    """Twelve, as on a telephone. `text`: what is typed already."""
    return (
        *(button(f"staff:key:{digit}", digit, enabled=enabled) for digit in DIGITS[1:]),
        button("staff:erase_all", say("Clear"), enabled=enabled and bool(text)),
        button("staff:key:0", "0", enabled=enabled),
        button("staff:erase", "⌫", enabled=enabled and bool(text)),
    )


def seal_keys(say: Words, text: str, fits: Callable[[str], bool]) -> Rows:
    """Digits, Latin letters and a dash, as seals, bags and boxes are numbered."""
    letters = (_strokes(row.upper()) for row in ALPHABETS[LATIN])
    bottom = (Key("erase_all", say("Clear"), 3.0), Key("key:-", "-", 2.0))
    return _shown(((*_strokes(keyboards.DIGITS), ERASE), *letters, bottom), text, fits)


def code_keys(say: Words, text: str, fits: Callable[[str], bool]) -> Rows:
    """What a claim code is made of."""
    return _shown(keyboards.code_keyboard(say("Clear")), text, fits)


def word_keys(say: Words, text: str, layout: str, languages: tuple[str, ...], fits: Callable[[str], bool]) -> Rows:
    """Letters of the staff's language, and the ways to the other ones'."""
    layouts = keyboards.layouts_for(languages)
    shown = keyboards.layout_of(layout, layouts, say.language)
    return _shown(keyboards.text_keyboard(shown, layouts, say("Space"), say("Clear")), text, fits)


def _strokes(characters: str) -> Row:
    return tuple(Key(f"key:{character}", character) for character in characters)


def _shown(rows: tuple[Row, ...], text: str, fits: Callable[[str], bool]) -> Rows:
    return tuple(tuple(_key(key, text, fits) for key in row) for row in rows)


def _key(key: Key, text: str, fits: Callable[[str], bool]) -> KeyView:
    name, _, character = key.role.partition(":")
    enabled = fits(character) if name == "key" else bool(text) if name in TAKES_BACK else True
    return KeyView(f"staff:{key.role}", key.text, enabled, key.span)
