"""What the screen says, by language: gettext catalogues read as they stand.

Answers for: finding a translation and filling it in. Does not answer for: which words are needed (`phrases`, `presenter`).
An English text is its own message id, so a text that nobody translated is still shown; a test refuses it before that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kiosk.po_files import read_po_file

FOLDER = Path(__file__).parent / "locale"

#: Languages there are catalogues for, by their own names.
OWN_NAMES: Mapping[str, str] = {"bg": "Български", "ru": "Русский", "en": "English"}
FALLBACK = "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Message id → translation."""
    return read_po_file(FOLDER / language / "LC_MESSAGES" / "screen.po", language).single


@dataclass(frozen=True, slots=True)
class Words:
    """Calling it says `text` in `language`, with `{name}` filled in."""

    language: str

    @classmethod
    def of(cls, language: str) -> "Words":
        """Words in `language`, or in English where there is no such catalogue."""
        return cls(language if language in OWN_NAMES else FALLBACK)

    def __call__(self, text: str, **values: str | int) -> str:
        return catalogue(self.language).get(text, text).format(**values)


def mark(text: str) -> str:
    """A text that is said later: it must be in every catalogue."""
    return text
