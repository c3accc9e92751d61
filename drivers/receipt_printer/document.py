"""What is on a slip, device-free: lines, columns, emphasis, QR, cut.

Answers for: the words a slip is composed of. Does not answer for: bytes, code pages, languages, what a slip must say.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Text:
    """Words that wrap at the printer's width. `double` doubles height and width (half as many columns)."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label on the left and a value on the right; a pair too wide for one line puts the value on its own, right-aligned."""

    label: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of dashes across the paper."""


@dataclass(frozen=True, slots=True)
class Feed:
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, centred. `data` is ASCII."""

    data: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A one-bit picture, centred: `bits` row by row, each row padded to whole bytes, most significant bit first, 1 is black."""

    width: int
    height: int
    bits: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed past the blade and cut; the end of a slip."""


Element = Text | Pair | Rule | Feed | Qr | Picture | Cut


@dataclass(frozen=True, slots=True)
class Document:
    """A slip. `slip_id` names it in the journal and nowhere else."""

    slip_id: str
    elements: tuple[Element, ...] = field(default_factory=tuple)
