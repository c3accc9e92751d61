"""Reading tables of a TOML file so that every fault is found, each with its place, before anything is refused.

Answers for: keys, types and limits of single values. Does not answer for: what the values mean together (`catalogue_file`).
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from kiosk.domain.money import MoneyError, parse_major

K = TypeVar("K", bound=StrEnum)

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2}")
WORDS_MAX = 300
AMOUNT_MAX_MINOR = 10**12
NEEDED_LANGUAGE = "en"  #: what everything falls back on


class Faults:
    """What is wrong, in the order it was found."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, words: str) -> None:
        """`place`: where in the file, as in service.water.min."""
        self.found.append(f"{place}: {words}")


class Reader:
    """One table of the file. Each question gives a value, or a harmless one after noting a fault."""

    def __init__(self, table: Mapping[str, Any], place: str, faults: Faults) -> None:
        self._table = table
        self.place = place
        self.faults = faults
        self._asked: set[str] = set()

    def fault(self, key: str, words: str) -> None:
        """Something about `key` is wrong."""
        self.faults.add(f"{self.place}.{key}", words)

    def has(self, key: str) -> bool:
        """Whether the file says anything of `key`."""
        return key in self._table

    def end(self) -> None:
        """Whatever nobody asked for is not known here."""
        for key in self._table.keys() - self._asked:
            self.fault(key, "unknown key")

    def identifier(self, key: str, *, needed: bool = True) -> str:
        """A name for machines: lower-case letters, digits, - and _."""
        text = self._text(key, needed=needed)
        if text and not IDENTIFIER.fullmatch(text):
            self.fault(key, "has 1 to 64 characters a-z, 0-9, - and _, and begins with none of the last two")
        return text

    def text(self, key: str, longest: int, *, needed: bool = True) -> str:
        """One line for people."""
        text = self._text(key, needed=needed)
        if len(text) > longest:
            self.fault(key, f"has at most {longest} characters")
        if not text.isprintable():
            self.fault(key, "has a character that cannot be shown")
        return text

    def labels(self, key: str, *, needed: bool = True) -> dict[str, str]:
        """Words by language; English is what the others fall back on."""
        table = self._value(key, dict, {}, needed=needed)
        labels = {}
        for language, words in table.items():
            is_right = isinstance(words, str) and 0 < len(words) <= WORDS_MAX and words.isprintable()
            if not (LANGUAGE.fullmatch(language) and is_right):
                self.fault(
                    f"{key}.{language}", f"is a language of two letters with 1 to {WORDS_MAX} characters of words"
                )
            else:
                labels[language] = words
        if table and NEEDED_LANGUAGE not in table:
            self.fault(key, f"needs at least {NEEDED_LANGUAGE!r}: other languages fall back on it")
        return labels

    def choice(self, key: str, kind: type[K], default: K | None = None) -> K | None:
        """One of a closed set."""
        text = self._text(key, needed=default is None)
        if not text:
            return default
        if text not in list(kind):
            self.fault(key, f"is one of {', '.join(kind)}, not {text!r}")
            return default
        return kind(text)

    def amount(self, key: str, currency: str, *, needed: bool = True) -> int:
        """Minor units of an amount above zero written as text, as in "12.50"; 0 for none."""
        text = self._text(key, needed=needed)
        if not text:
            return 0
        try:
            minor = parse_major(text, currency)
        except MoneyError as error:
            self.fault(key, str(error))
            return 0
        if not 0 < minor <= AMOUNT_MAX_MINOR:
            self.fault(key, "is more than nothing, and less than anyone can pay in cash")
        return minor

    def number(self, key: str, lowest: int, highest: int, default: int) -> int:
        """A whole number within limits."""
        value = self._value(key, int, default, needed=False)
        if isinstance(value, bool) or not lowest <= value <= highest:
            self.fault(key, f"is a number from {lowest} to {highest}")
            return default
        return int(value)

    def flag(self, key: str) -> bool:
        """True or false, false when not said."""
        return bool(self._value(key, bool, False, needed=False))

    def tables(self, key: str, most: int, name_key: str) -> Iterator["Reader"]:
        """Tables of a list, each called by its own `name_key` in faults."""
        listed = self._value(key, list, [], needed=False)
        if len(listed) > most:
            self.fault(key, f"are at most {most}")
        for place, table in enumerate(listed[:most], 1):
            if not isinstance(table, dict):
                self.fault(f"{key}.{place}", "must be a table")
                continue
            name = table.get(name_key)
            yield Reader(table, f"{self.place}.{key}.{name or place}".lstrip("."), self.faults)

    def _text(self, key: str, *, needed: bool) -> str:
        text = str(self._value(key, str, "", needed=needed))
        if needed and not text and key in self._table:
            self.fault(key, "is empty")
        return text

    def _value(self, key: str, kind: type, default: Any, *, needed: bool) -> Any:
        self._asked.add(key)
        value = self._table.get(key)
        if value is None:
            if needed:
                self.fault(key, "is missing")
            return default
        if not isinstance(value, kind):
            self.fault(key, f"must be {KINDS[kind]}")
            return default
        return value


KINDS: Mapping[type, str] = {
    str: 'a text, as in "text"',
    dict: 'a table, as in { en = "words" }',
    int: "a whole number",
    bool: "true or false",
    list: "a list of tables",
}
