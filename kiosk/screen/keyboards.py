"""The keys on the glass: which letters stand where, by language and by what is being typed. Pure.

Answers for: rows of keys, which layout comes first, capitals or small letters. Does not answer for: what may be typed
(`domain.fields`), looks (`widgets.keyboard`).

Bulgarian is the phonetic layout, the one that telephones offer first and that people who never learnt to touch-type know; the
typewriter's (БДС 5237) is known to typists alone. Russian is ЙЦУКЕН as on telephones, eleven letters in a row, so that keys are
as wide as those of the others. Letters are capitals, as on forms: what stands on a key is what appears, and no key hides a state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.domain.catalogue import Field, FieldKind
from kiosk.domain.codes import ALPHABET

COLUMNS = 11
DIGITS = "1234567890"

ALPHABETS: Mapping[str, tuple[str, str, str]] = {
    "bg": ("явертъуиопч", "асдфгхйклшщ", "зьцжбнмю"),
    "ru": ("йцукенгшщзх", "фывапролджэ", "ячсмитьбюъё"),
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
}
#: What a key says that leads to another layout: its own first letters, as its readers write them.
SWITCHES: Mapping[str, str] = {"bg": "БГ", "ru": "РУ", "en": "EN"}
LATIN = "en"
#: Claim codes: in the order of the alphabet, because with four letters gone no other order is one that people know.
CODE_ROWS = (ALPHABET[10:21], ALPHABET[21:])


@dataclass(frozen=True, slots=True)
class Key:
    """`role` as of a button. `span`: how many columns it is wide."""

    role: str
    text: str
    span: float = 1.0


Row = tuple[Key, ...]
ERASE = Key("erase", "⌫")


def needs_letters(field: Field) -> bool:
    """Whether a telephone's keys are not enough."""
    if field.kind is FieldKind.CHOICE:
        return False
    if field.mask:
        return "A" in field.mask or ("*" in field.mask and field.kind in {FieldKind.TEXT, FieldKind.EMAIL})
    return field.kind in {FieldKind.TEXT, FieldKind.EMAIL}


def _strokes(characters: str) -> Row:
    return tuple(Key(f"key:{character}", character) for character in characters)


def _rows(layout: str, case: Callable[[str], str]) -> tuple[Row, ...]:
    """Letters under digits, and the key that takes back after these."""
    return ((*_strokes(DIGITS), ERASE), *(_strokes(case(row)) for row in ALPHABETS[layout]))


def text_keyboard(layout: str, languages: tuple[str, ...], space: str, clear: str) -> tuple[Row, ...]:
    """For words and numbers of all kinds. `languages`: those there are layouts to switch to."""
    others = tuple(Key(f"layout:{other}", SWITCHES[other]) for other in languages if other != layout)
    signs = _strokes("-.,/"[: 4 - len(others)])
    bottom = (
        Key("erase_all", clear, 2.0),
        *others,
        Key("key: ", space, COLUMNS - 2.0 - len(others) - len(signs)),
        *signs,
    )
    return (*_rows(layout, str.upper), bottom)


def email_keyboard(clear: str) -> tuple[Row, ...]:
    """For an e-mail address: small Latin letters and the signs it needs."""
    signs = (Key("key:@", "@", 3.0), Key("key:.", ".", 2.0), *_strokes("-_+"))
    return (*_rows(LATIN, str.lower), (Key("erase_all", clear, 2.0), *signs))


def code_keyboard(clear: str) -> tuple[Row, ...]:
    """For a claim code: only what one is made of."""
    return ((*_strokes(DIGITS), ERASE), *(_strokes(row) for row in CODE_ROWS), (Key("erase_all", clear, 3.0),))


def as_typed(field: Field, text: str) -> str:
    """`text` as this keyboard would type it."""
    if not needs_letters(field):
        return text
    return text.lower() if is_address(field) else text.upper()


def is_address(field: Field) -> bool:
    """Whether the keys of e-mail addresses are wanted."""
    return field.kind is FieldKind.EMAIL and not field.mask


def layout_of(chosen: str, languages: tuple[str, ...], language: str) -> str:
    """The layout that is shown: the one that was chosen, else that of the buyer's language."""
    return next((one for one in (chosen, language) if one in languages), LATIN)


def layouts_for(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Those a buyer can switch between: of the kiosk's languages, and Latin letters always."""
    known = tuple(language for language in languages if language in ALPHABETS)
    return known if LATIN in known else (*known, LATIN)
