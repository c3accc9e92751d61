"""Which characters a printer's pages have, and what stands for those they lack.

Answers for: that no character becomes a question mark, another letter without notice, or a command. Does not answer for: bytes
(python-escpos encodes), fonts (`cells`).
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from escpos.magicencode import Encoder

#: Means the same to a reader, so it may stand for the character on any slip.
SUBSTITUTES: Mapping[str, str] = {
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "″": '"',
    "‹": "'",
    "›": "'",
    "’": "'",
    "‘": "'",
    "‚": "'",
    "‛": "'",
    "′": "'",
    "´": "'",
    "ʼ": "'",
    "—": "-",
    "–": "-",
    "‒": "-",
    "―": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "¯": "-",
    "…": "...",
    "•": "*",
    "·": ".",
    "¸": ",",
    "¨": '"',
    "№": "No",
    "×": "x",
    "÷": "/",
    "¦": "|",
    "¬": "-",
    "°": "deg",
    "±": "+/-",
    "µ": "u",
    "¡": "!",
    "©": "(c)",
    "®": "(R)",
    "™": "(TM)",
    "½": " 1/2",
    "¼": " 1/4",
    "¾": " 3/4",
    "§": "par.",
    "¶": "par.",
    "€": "EUR",
    "₽": "RUB",
    "₴": "UAH",
    "₸": "KZT",
    "₺": "TRY",
    "₾": "GEL",
    "₼": "AZN",
    "₿": "BTC",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₪": "ILS",
    "₩": "KRW",
    "₫": "VND",
    "¢": "ct",
    "¤": "(currency)",
    "ƒ": "f",
    "ѝ": "и",
    "Ѝ": "И",
    "і": "i",
    "І": "I",
    "ј": "j",
    "Ј": "J",
    "ѕ": "s",
    "Ѕ": "S",
    "ӏ": "I",
    "Ӏ": "I",
}
#: Readable, but another letter: only where the line cannot be drawn as dots instead.
LOOSE: Mapping[str, str] = {
    "ґ": "г",
    "Ґ": "Г",
    "ђ": "дь",
    "Ђ": "ДЬ",
    "ћ": "ч",
    "Ћ": "Ч",
    "љ": "ль",
    "Љ": "ЛЬ",
    "њ": "нь",
    "Њ": "НЬ",
    "џ": "дж",
    "Џ": "ДЖ",
    "є": "е",
    "Є": "Е",
    "ў": "у",
    "Ў": "У",
    "ә": "э",
    "Ә": "Э",
    "ғ": "г",
    "Ғ": "Г",
    "қ": "к",
    "Қ": "К",
    "ң": "н",
    "Ң": "Н",
    "ө": "о",
    "Ө": "О",
    "ү": "у",
    "Ү": "У",
    "ұ": "у",
    "Ұ": "У",
    "һ": "х",
    "Һ": "Х",
    "æ": "ae",
    "Æ": "AE",
    "ø": "o",
    "Ø": "O",
    "ß": "ss",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "œ": "oe",
    "Œ": "OE",
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}
UNPRINTABLE = "*"  #: stands for a character that has no counterpart at all


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text in characters the pages have, but for `lost`: those that have no counterpart, in the order met."""

    text: str
    lost: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Composed, with every kind of blank a blank and nothing in it that is a command to a printer or has no width."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_visible(character) for character in composed)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs", "Co"} else character


def fit(text: str, pages: Sequence[str], loose: bool) -> Fitted:
    """`text` in characters of `pages`: kept, substituted or, if `loose`, approximated; else left as it is and named in `lost`."""
    parts: list[str] = []
    lost: list[str] = []
    for character in plain(text):
        found = _stand_in(character, tuple(pages), loose)
        parts.append(character if found is None else found)
        if found is None:
            lost.append(character)
    return Fitted("".join(parts), tuple(dict.fromkeys(lost)))


def starred(fitted: Fitted) -> str:
    """The text with `*` for everything lost."""
    return fitted.text.translate(dict.fromkeys(map(ord, fitted.lost), UNPRINTABLE))


def printable(text: str, codec: str) -> str:
    """`text` in characters that the one page `codec` has."""
    return starred(fit(text, (codec,), loose=True))


@lru_cache(maxsize=4096)
def _stand_in(character: str, pages: tuple[str, ...], loose: bool) -> str | None:
    for candidate in _candidates(character, loose):
        if all(page_of(one, pages) is not None for one in candidate):
            return candidate
    return None


def _candidates(character: str, loose: bool) -> Iterable[str]:
    yield character
    if character in SUBSTITUTES:
        yield SUBSTITUTES[character]
    if unicodedata.combining(character):
        yield ""  # a mark that composes with nothing: the letter before it stays
    if loose and character in LOOSE:
        yield LOOSE[character]
    decomposed = unicodedata.normalize("NFKD", character)
    letters = "".join(one for one in decomposed if not unicodedata.combining(one))
    if letters and letters != character and (loose or _same_to_a_reader(decomposed)):
        yield "".join(SUBSTITUTES.get(one, one) for one in letters)


def _same_to_a_reader(decomposed: str) -> bool:
    """Superscripts, ligatures, full-width letters: the same letters in another dress, no accents lost."""
    return not any(unicodedata.combining(one) for one in decomposed)


def page_of(character: str, pages: Sequence[str]) -> str | None:
    """The first page that has the character."""
    if character.isascii():
        return pages[0] if character.isprintable() else None
    return next((page for page in pages if character in _characters(page)), None)


@lru_cache(maxsize=64)
def _characters(codec: str) -> frozenset[str]:
    """What python-escpos can encode in this page beyond ASCII: the very table it will encode with."""
    encoder = Encoder({codec.upper(): 0})
    table = encoder._get_codepage_char_list(codec.upper())  # noqa: SLF001 - its only face for a whole page
    return frozenset(one for one in table if one.isprintable() and not one.isascii())
