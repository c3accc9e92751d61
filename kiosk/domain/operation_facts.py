"""Facts of a terminal's life beside payments: registers compared with the journal, orders an operator gave from afar.

Answers for: the durable words and their units, as `facts` does for money. Does not answer for: what follows from them
(`registers`, `remote_orders`).
Days are UTC, YYYY-MM-DD; amounts are minor units; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum


class DifferenceKind(StrEnum):
    """How a day's register and the journal disagree. None of them moves money: a person has to look."""

    MISSING_THERE = "missing_there"  #: the aggregator accepted it, and no register lists it
    UNKNOWN_HERE = "unknown_here"  #: listed, and not awaited: never taken here, or an earlier register had it
    AMOUNT_DIFFERS = "amount_differs"
    STILL_WAITING = "still_waiting"  #: accepted there; here its own answer has not come yet
    REFUSED_HERE = "refused_here"  #: accepted there; here its answer was a refusal, and the money is kept for the buyer
    LISTED_TWICE = "listed_twice"
    NOT_COMPARED = "not_compared"  #: the register of its day was never got, and is too old to be asked for
    CLAIM_NOT_OPEN = "claim_not_open"  #: paid out there; here nothing is open under that name
    CLAIM_DIFFERS = "claim_differs"  #: paid out there in another amount than is kept here


@dataclass(frozen=True, slots=True)
class Difference:
    """`name`: of a payment or a claim. A side that knows none has 0 minor units of no currency."""

    kind: DifferenceKind
    name: str
    ours_minor: int
    our_currency: str
    theirs_minor: int
    their_currency: str


@dataclass(frozen=True, slots=True)
class RegistersBegun:
    """From now on payments are remembered until a register lists them, and registers are compared from `first_day` on."""

    at_us: int
    first_day: str


@dataclass(frozen=True, slots=True)
class PaymentsRegistered:
    """The register of `day` lists these already, although here their day may not be over yet."""

    day: str
    payment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterCompared:
    """The closed register of `day` was compared: `agreed` payments stand in it as here. `untold`: differences not named."""

    day: str
    at_us: int
    agreed: int
    differences: tuple[Difference, ...]
    untold: int


@dataclass(frozen=True, slots=True)
class RegistersMissed:
    """The registers up to `day` were never had and are too old to be asked for. `differences`: payments they may have listed."""

    day: str
    at_us: int
    differences: tuple[Difference, ...]
    untold: int


class OrderProgress(StrEnum):
    RECEIVED = "received"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RemoteOrderReceived:
    """Durable before it is obeyed, so that no order is obeyed twice. `kind` as it came."""

    order_id: str
    kind: str
    expires_at_us: int


@dataclass(frozen=True, slots=True)
class RemoteOrderEnded:
    """Done, which takes hold with this very fact, or refused for the reason in `words`."""

    order_id: str
    progress: OrderProgress
    words: str


@dataclass(frozen=True, slots=True)
class RemoteOrderTold:
    """The aggregator lists the ended order no more: it knows how it ended."""

    order_id: str
    at_us: int


OperationFact = (
    RegistersBegun
    | PaymentsRegistered
    | RegisterCompared
    | RegistersMissed
    | RemoteOrderReceived
    | RemoteOrderEnded
    | RemoteOrderTold
)
