"""Gettext catalogues read as they stand: the one reader of screen, slips and findings.

Answers for: a `.po` file as data. Does not answer for: which words there must be (each room's own tests say).
An English text is its own message id; nothing is compiled, so nothing can be forgotten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

#: What reading raises when a file is none.
PO_FAULTS = (OSError, PoFileError, UnicodeDecodeError, ValueError)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: `ids` singular and, if it counts something, plural; `forms` as many as the language has, or one."""

    ids: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoFile:
    """`plural`: number → index of its form."""

    entries: Sequence[Entry]
    plural: Callable[[int], int]

    @property
    def single(self) -> Mapping[str, str]:
        """Message id → translation, of what is translated."""
        return {entry.ids[0]: entry.forms[0] for entry in self.entries if entry.forms and entry.forms[0]}


def read_po_file(file: Path, language: str) -> PoFile:
    """The catalogue in `file`. Raises one of PO_FAULTS."""
    with file.open("rb") as source:
        read = read_po(source, locale=language, abort_invalid=True)
    return PoFile(
        [Entry(_several(message.id), _several(message.string)) for message in read if message.id],
        c2py(read.plural_expr),
    )


def _several(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())
