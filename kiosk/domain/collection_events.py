"""What people with keys do about the cash box. Who they are, and whether they may, the state says: `staff.guarded` asks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class XReportAsked:
    """On paper, what the box should hold; nothing is closed."""


@dataclass(frozen=True, slots=True)
class CollectionAsked:
    pass


@dataclass(frozen=True, slots=True)
class CollectionGivenUp:
    """The box stays."""


@dataclass(frozen=True, slots=True)
class CollectionGoesOn:
    """What it should hold was read; or the box was taken, where nothing feels it."""


@dataclass(frozen=True, slots=True)
class BoxWasSealed:
    bag: str
    box_id: str


@dataclass(frozen=True, slots=True)
class BoxWasPutIn:
    box_id: str


@dataclass(frozen=True, slots=True)
class BoxWasCountedBlind:
    """(value_minor, count) of what was in the box that was taken."""

    currency: str
    notes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SheetAsked:
    """One more print of a sheet of the last collection slip, marked as a copy."""

    sheet: int


CollectionEvent = (
    XReportAsked
    | CollectionAsked
    | CollectionGivenUp
    | CollectionGoesOn
    | BoxWasSealed
    | BoxWasPutIn
    | BoxWasCountedBlind
    | SheetAsked
)
