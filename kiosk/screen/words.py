"""What the screen says, by language: gettext catalogues read as they stand.

Answers for: finding a translation and filling it in. Does not answer for: which words are needed (`phrases`, `presenter`).
An English text is its own message id, so a text that nobody translated is still shown; a test refuses it before that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kiosk.po_files import PoFile, read_po_file

FOLDER = Path(__file__).parent / "locale"

#: Languages there are catalogues for, by their own names.
OWN_NAMES: Mapping[str, str] = {"bg": "Български", "ru": "Русский", "en": "English"}
FALLBACK = "en"


@cache
def _file(language: str) -> PoFile:
    return read_po_file(FOLDER / language / "LC_MESSAGES" / "screen.po", language)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Message id → translation, of texts that count nothing."""
    entries = _file(language).entries
    return {entry.ids[0]: entry.forms[0] for entry in entries if len(entry.ids) == 1 and entry.forms and entry.forms[0]}


@cache
def counted(language: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Message id for one and for many → its forms, in the order of the language's own rule (`form_of`)."""
    return {(entry.ids[0], entry.ids[1]): entry.forms for entry in _file(language).entries if len(entry.ids) > 1}


def form_of(language: str) -> Callable[[int], int]:
    """The rule by which a count chooses a form: `Plural-Forms` of the catalogue."""
    return _file(language).plural


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

    def many(self, one: str, many: str, count: int, **values: str | int) -> str:
        """`one` or `many`, as `count` asks for, with `{count}` and all else filled in."""
        forms = counted(self.language).get((one, many), (one, many))
        chosen = forms[min(form_of(self.language)(count), len(forms) - 1)]
        return chosen.format(count=count, **values)


def mark(text: str) -> str:
    """A text that is said later: it must be in every catalogue."""
    return text
