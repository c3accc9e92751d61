"""What people ask for about money that has to be settled. Who they are, and whether they may, the state says: `staff.guarded`."""

from dataclasses import dataclass

from kiosk.domain.case_words import Resolution


@dataclass(frozen=True, slots=True)
class ResolveAsked:
    """Settle a case in this way, and why."""

    case_id: str
    resolution: Resolution
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionCopyAsked:
    """The slip of a case that was settled lately once more, marked as a copy: `number` stands on it."""

    number: int
    person: str
    reason: str


CaseEvent = ResolveAsked | CorrectionCopyAsked
