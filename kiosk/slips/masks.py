"""What is personal on a slip is shortened, by rules that are data: config/slips/masks.toml.

Answers for: reading the rules, applying them. Does not answer for: which fields there are.
A slip is left lying on the kiosk, so whoever finds it must not learn a phone or an account from it; whose it is still
recognizes the first and the last characters.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MASKS_FILE = "masks.toml"
STAR = "*"
KEPT_MAX = 8


@dataclass(frozen=True, slots=True)
class Mask:
    """In `fields`, whatever `form` finds keeps its `first` and `last` letters and digits; the others become stars."""

    name: str
    fields: frozenset[str]
    form: re.Pattern[str]
    first: int
    last: int

    def apply(self, text: str) -> str:
        """`text` with everything personal in it shortened; blanks and signs stay."""
        return self.form.sub(self._shorten, text)

    def _shorten(self, found: re.Match[str]) -> str:
        places = [at for at, character in enumerate(found[0]) if character.isalnum()]
        hidden = set(places[self.first : len(places) - self.last])
        return "".join(STAR if at in hidden else character for at, character in enumerate(found[0]))


def read_masks(file: Path) -> tuple[tuple[Mask, ...], list[str]]:
    """The rules of a file in their order, and what is wrong with it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return (), [f"{file}: {error}"]
    masks: list[Mask] = []
    faults: list[str] = []
    for name, rule in data.items():
        wrong = [f"{file}: {name}: {fault}" for fault in _faults(rule)]
        faults += wrong
        if not wrong:
            form = re.compile(rule["form"])
            masks.append(Mask(name, frozenset(rule["fields"]), form, rule["first"], rule["last"]))
    return tuple(masks), faults


_KINDS: Mapping[str, type] = {"fields": list, "form": str, "first": int, "last": int}


def _faults(rule: Any) -> list[str]:
    if not isinstance(rule, dict):
        return ["must be a table with fields, form, first and last"]
    found = [f"{key}: unknown key, a mask has {', '.join(_KINDS)}" for key in rule if key not in _KINDS]
    for key, kind in _KINDS.items():
        value = rule.get(key)
        if type(value) is not kind:
            found.append(f"{key}: must be {kind.__name__}, got {value!r}")
        elif isinstance(value, int) and not 0 <= value <= KEPT_MAX:
            found.append(f"{key}: must be between 0 and {KEPT_MAX}, got {value}")
        elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
            found.append(f"{key}: must be names of fields, got {value!r}")
    return found or _unreadable(rule["form"])


def _unreadable(form: str) -> list[str]:
    try:
        re.compile(form)
    except re.error as error:
        return [f"form: is no regular expression: {error}"]
    return []
