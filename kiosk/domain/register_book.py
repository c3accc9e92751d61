"""What the till remembers for comparing registers: the payments that no closed register has accounted for yet.

Answers for: the shapes, days, and that what is remembered is bounded by the days not compared yet. Does not answer for:
comparing (`registers`), fetching (the gateway). Days are UTC, YYYY-MM-DD, which sort as they follow each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

#: The aggregator's day may end so much later than ours: a trusted clock is within 300 s of its own, an answer takes seconds.
MARGIN_US = 600 * 1_000_000


class Final(StrEnum):
    """How our own copy of a payment ended."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A payment of ours. `until_day`: no register after this day's can list it; empty while that is not known."""

    amount_minor: int
    currency: str
    final: Final = Final.OPEN
    until_day: str = ""

    @property
    def is_final(self) -> bool:
        return self.final is not Final.OPEN


@dataclass(frozen=True, slots=True)
class RegisterBook:
    """`begun_at_us`: payments captured before are nobody's business here; 0 while nothing is compared. `through`: the last day
    that is done with; `differences`: how many there were about it.
    """

    begun_at_us: int = 0
    through: str = ""
    differences: int = 0
    awaited: Mapping[str, Awaited] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A payment the aggregator took, as its register has it."""

    payment_id: str
    amount_minor: int
    currency: str
    captured_at_us: int


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A claim of ours the aggregator paid out in whole, as its register has it."""

    claim_id: str
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Register:
    """One day as the aggregator has it; it is compared only when `closed`: then it does not change any more."""

    day: str
    closed: bool
    payments: tuple[Listed, ...]
    claims: tuple[PaidOut, ...]


def day_of(utc_us: int) -> str:
    """The UTC day of a moment."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_us)).date().isoformat()


def shifted(day: str, days: int) -> str:
    """So many days later, or earlier."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def ends_us(day: str) -> int:
    """The first moment after a day."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400_000_000 + 86_400_000_000
