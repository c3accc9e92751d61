"""What people with keys do about the cash box. Their access is checked before any of these is made."""

from dataclasses import dataclass

from kiosk.domain.receipts import Person


@dataclass(frozen=True, slots=True)
class XReportAsked:
    """`person` wants on paper what the box should hold; nothing is closed."""

    person: Person


@dataclass(frozen=True, slots=True)
class CollectionAsked:
    person: Person


@dataclass(frozen=True, slots=True)
class CollectionGivenUp:
    """The box stays."""

    person: Person


@dataclass(frozen=True, slots=True)
class CollectionGoesOn:
    """What it should hold was read; or the box was taken, where nothing feels it."""

    person: Person


@dataclass(frozen=True, slots=True)
class BoxWasSealed:
    person: Person
    bag: str
    box_id: str


@dataclass(frozen=True, slots=True)
class BoxWasPutIn:
    person: Person
    box_id: str


@dataclass(frozen=True, slots=True)
class BoxWasCountedBlind:
    """(value_minor, count) of what was in the box that was taken."""

    person: Person
    currency: str
    notes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SheetAsked:
    """One more print of a sheet of the last collection slip, marked as a copy."""

    person: Person
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
