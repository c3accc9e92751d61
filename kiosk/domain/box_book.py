"""What the till remembers of its cash box: where it is, why its sum may be wrong, how far its collection is, the last one closed.

Answers for: the shapes and the table of steps. Does not answer for: when to move (`collecting`), money (`ledger`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain import collection_facts as c
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.receipts import FIRST_HASH, CollectionSlip, Doubt, Person


class CollectionStep(StrEnum):
    """Where a collection is. Every step is durable: a power cut resumes at it."""

    FROZEN = "frozen"  #: no note is taken; what the box should hold is shown, unless it is counted blind
    TAKE = "take"  #: the box may be taken now
    SEAL = "seal"  #: it is out: bag or seal number, and which box it is
    NEW_BOX = "new_box"  #: an empty one goes in
    COUNT = "count"  #: by policy: counted by hand before the sum is shown
    PRINTING = "printing"  #: the period is closed; the slips come out
    DONE = "done"


#: A collection until its period is closed. An absent entry is illegal and changes nothing; none: the collection is over.
STEPS: Mapping[CollectionStep, Mapping[type, CollectionStep | None]] = {
    CollectionStep.FROZEN: {
        c.BoxReleased: CollectionStep.TAKE,
        c.BoxRemoved: CollectionStep.SEAL,
        c.CollectionAbandoned: None,
    },
    CollectionStep.TAKE: {c.BoxRemoved: CollectionStep.SEAL, c.CollectionAbandoned: None},
    CollectionStep.SEAL: {
        c.BoxRemoved: CollectionStep.SEAL,
        c.BoxReturned: CollectionStep.SEAL,
        c.BoxSealed: CollectionStep.NEW_BOX,
    },
    CollectionStep.NEW_BOX: {
        c.BoxRemoved: CollectionStep.NEW_BOX,
        c.BoxReturned: CollectionStep.NEW_BOX,
        c.BoxPutIn: CollectionStep.COUNT,
    },
    CollectionStep.COUNT: {
        c.BoxRemoved: CollectionStep.COUNT,
        c.BoxReturned: CollectionStep.COUNT,
        c.BoxCountedBlind: CollectionStep.COUNT,
        c.PeriodClosed: None,
    },
}


@dataclass(frozen=True, slots=True)
class Collection:
    """One that is under way. `people`: who did its steps, in their order; `counted`: (currency, notes) as counted blind;
    `taken_us`: when the box went out.
    """

    step: CollectionStep
    blind: bool
    people: tuple[Person, ...]
    taken_us: int = 0
    bag: str = ""
    box_id: str = ""
    new_box_id: str = ""
    counted: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One original of a collection slip. `slip_id` empty: not printed yet; `outcome` None: on its way.
    `copied`: what came of its last copy.
    """

    sheet: int
    slip_id: str = ""
    outcome: SlipOutcome | None = None
    copied: SlipOutcome | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The last period that was closed, and its slip. `copies`: how many were asked for."""

    slip: CollectionSlip
    hash: str
    sheets: tuple[Sheet, ...]
    copies: int = 0

    @property
    def step(self) -> CollectionStep:
        printed = all(sheet.outcome is not None for sheet in self.sheets)
        return CollectionStep.DONE if printed else CollectionStep.PRINTING


@dataclass(frozen=True, slots=True)
class BoxBook:
    """`since_us`: when the period began, 0 before the first start; `box_id`: of the box in the kiosk, empty when unknown.

    `is_out`: as the unit felt it last. `alarm_us`: when it went, outside of a collection, with what the period had in it, which
    is not closed yet; 0: it did not. `away_with`: who was signed in then, if somebody was. `doubts`: of the period.
    `collection`: the one under way, `last`: the one before.
    """

    since_us: int = 0
    box_id: str = ""
    is_out: bool = False
    alarm_us: int = 0
    away_with: Person | None = None
    doubts: tuple[Doubt, ...] = ()
    collection: Collection | None = None
    last: Closed | None = None

    @property
    def serial(self) -> int:
        """Of the last collection slip, 0 before the first."""
        return self.last.slip.serial if self.last else 0

    @property
    def last_hash(self) -> str:
        return self.last.hash if self.last else FIRST_HASH

    @property
    def is_frozen(self) -> bool:
        """Whether buyers have to wait: for a collection, or for the slips of one that was done at the kiosk."""
        printing = self.last is not None and self.last.slip.attended and self.last.step is CollectionStep.PRINTING
        return self.collection is not None or printing
