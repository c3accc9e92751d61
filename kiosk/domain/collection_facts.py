"""Facts of the cash box: who took it, sealed it, put in another, counted it; what it held when its period was closed.

Answers for: the durable words and their units, as `facts` does for money. Does not answer for: what follows from them
(`collecting`), what is printed (`paper`). Amounts are minor units; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass

from kiosk.domain.receipts import CollectionSlip, Doubt, Person


@dataclass(frozen=True, slots=True)
class CollectionBegun:
    """Frozen: no note is taken from here on. `blind`: the sum is not shown before the box was counted."""

    period: int
    at_us: int
    person: Person
    blind: bool


@dataclass(frozen=True, slots=True)
class CollectionAbandoned:
    """Nothing was taken; buyers are welcome again."""

    period: int
    at_us: int
    person: Person


@dataclass(frozen=True, slots=True)
class BoxReleased:
    """What it should hold was seen, or is to be counted blind: the box may be taken now."""

    period: int
    person: Person


@dataclass(frozen=True, slots=True)
class BoxRemoved:
    """The box is out of the kiosk. `person`: who said so, or stood signed in when the unit felt it; None: nobody was."""

    period: int
    at_us: int
    person: Person | None


@dataclass(frozen=True, slots=True)
class BoxReturned:
    """The unit feels a box in its place again; which one, it cannot tell."""

    at_us: int


@dataclass(frozen=True, slots=True)
class BoxSealed:
    """`bag`: bag or seal number, `box_id`: of the box that was taken; empty where policy does not want them."""

    period: int
    bag: str
    box_id: str
    person: Person


@dataclass(frozen=True, slots=True)
class BoxPutIn:
    """An empty one. `box_id` empty: it has none."""

    period: int
    box_id: str
    person: Person


@dataclass(frozen=True, slots=True)
class BoxCountedBlind:
    """What was counted at the kiosk before the sum was shown: (value_minor, count)."""

    period: int
    currency: str
    notes: tuple[tuple[int, int], ...]
    person: Person


@dataclass(frozen=True, slots=True)
class CountDoubted:
    """Something happened after which the box of `period` has to be counted before its sum is believed."""

    period: int
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class PeriodClosed:
    """The box of `slip.period` is gone and the next period has begun. Durable before the first sheet is printed.

    `slip` says all that every print of it says, frozen at this moment; `collection_hash` of it chains it to the one before.
    """

    slip: CollectionSlip


CollectionFact = (
    CollectionBegun
    | CollectionAbandoned
    | BoxReleased
    | BoxRemoved
    | BoxReturned
    | BoxSealed
    | BoxPutIn
    | BoxCountedBlind
    | CountDoubted
    | PeriodClosed
)
