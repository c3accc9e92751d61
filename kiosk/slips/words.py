"""The slips' words: gettext catalogues read as they are, amounts and dates by locale.

Answers for: translations, plural forms, how numbers are written. Does not answer for: which message stands where.
English is the message id. A language is a file: locale/<language>.po; an operator's own folder may hold files of the same
name, whose words come before ours. `{name}` in a message stands for a value and stays in every translation of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from kiosk.domain.money import exponent
from kiosk.po_files import PO_FAULTS, read_po_file

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
NO_BREAK = "\u00a0"  #: a blank at which no line ends
PLACE = re.compile(r"\{([a-z_]*)\}")  #: where a value goes in a message

#: Day before time, seconds and offset always: unambiguous, and short enough for 58 mm paper.
MOMENTS: Mapping[str, str] = {
    "bg": "dd.MM.yyyy HH:mm:ss xxx",
    "ru": "dd.MM.yyyy HH:mm:ss xxx",
    "en": "d MMM yyyy HH:mm:ss xxx",
}
MOMENT_ELSEWHERE = "yyyy-MM-dd HH:mm:ss xxx"


def _english_plural(count: int) -> int:
    return int(count != 1)


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `entries`: message id → its forms, as many as the language has plurals, or one."""

    language: str
    entries: Mapping[str, Sequence[str]]
    plural: Callable[[int], int]

    def has(self, message: str) -> bool:
        """Whether `message` can be said: it is English, has no words at all, or is translated."""
        wordless = not any(character.isalpha() for character in PLACE.sub("", message))
        return self.language == SOURCE_LANGUAGE or wordless or any(self.entries.get(message, ()))

    def say(self, message: str) -> str:
        """`message` in this language; the English words where there are none (the check at the start finds those)."""
        forms = self.entries.get(message, ())
        return (forms[0] if forms else "") or message

    def count(self, number: int, one: str, many: str) -> str:
        """`{count}` of something: 1 banknote, 2 банкноти, 5 купюр."""
        form, forms = self.plural(number), self.entries.get(one, (one, many))
        message = forms[form] if form < len(forms) else (one, many)[_english_plural(number)]
        counted = message.replace("{count}", format_decimal(number, locale=self.language))
        return counted.replace(" ", NO_BREAK)


def read_words(language: str, files: Iterable[Path]) -> tuple[Words, list[str]]:
    """The words of a language from `files`, later ones before earlier ones, and what is wrong with those files."""
    entries: dict[str, Sequence[str]] = {}
    plural: Callable[[int], int] = _english_plural
    faults: list[str] = []
    for file in files:
        try:
            catalogue = read_po_file(file, language)
        except PO_FAULTS as error:
            faults.append(f"{file}: {error}")
            continue
        plural = catalogue.plural
        for entry in catalogue.entries:
            faults += [f"{file}: {fault}" for fault in _misplaced(entry.ids, entry.forms)]
            entries[entry.ids[0]] = entry.forms
    return Words(language, entries, plural), faults


def _misplaced(ids: Sequence[str], forms: Sequence[str]) -> list[str]:
    """Translations that lost, invented or misspelt a place for a value."""
    wanted = {place for text in ids for place in PLACE.findall(text)}
    found = []
    for form in filter(None, forms):
        places = set(PLACE.findall(form))
        found += [f'"{form}": {{{place}}} is not in the English "{ids[0]}"' for place in sorted(places - wanted)]
        missing = wanted - places if len(ids) == 1 else set()
        found += [f'"{form}": {{{place}}} of the English "{ids[0]}" is missing' for place in sorted(missing)]
    return found


def amount(minor: int, currency: str, language: str) -> str:
    """1250 EUR → `12,50 EUR` in Bulgarian: digits by locale, the ISO code for every printer's code page."""
    digits = exponent(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "#,##0." + "0" * digits
    return f"{format_decimal(value, format=pattern, locale=language)}{NO_BREAK}{currency}"


def face_value(minor: int, currency: str, language: str) -> str:
    """What is printed on a note: 5000 EUR → `50 EUR`; with decimals only where it has them."""
    value = Decimal(minor).scaleb(-exponent(currency))
    if value != value.to_integral_value():
        return amount(minor, currency, language)
    return f"{format_decimal(value, format='#,##0', locale=language)}{NO_BREAK}{currency}"


def number(value: int | Decimal, language: str) -> str:
    """Digits in groups, and a decimal point or comma, as the language writes them; no digit is dropped."""
    return format_decimal(value, format="#,##0.##########", locale=language)


def moment(at_us: int, time_zone: str, language: str) -> str:
    """Local date and time with seconds and offset."""
    at = datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(ZoneInfo(time_zone))
    return format_datetime(at, MOMENTS.get(language, MOMENT_ELSEWHERE), locale=language)
