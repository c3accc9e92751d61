"""Everything that can enter the till's mailbox: what a finger, a device, the network or the clock said.

An event is hearsay: it changes nothing by itself; `decide` turns it into facts, moves and orders.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.facts import Order, SlipOutcome
from kiosk.domain.moves import AcceptorCondition, NoteTrouble


@dataclass(frozen=True, slots=True)
class Booted:
    """First event of a life, after the journal has been read."""

    boot_id: str
    software: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; nothing else did."""


@dataclass(frozen=True, slots=True)
class LanguageTapped:
    language: str


@dataclass(frozen=True, slots=True)
class OrderTyped:
    order_number: str


@dataclass(frozen=True, slots=True)
class OfferConfirmed:
    without_receipt: bool


@dataclass(frozen=True, slots=True)
class FinishTapped:
    pass


@dataclass(frozen=True, slots=True)
class CancelTapped:
    pass


@dataclass(frozen=True, slots=True)
class MoreTimeTapped:
    pass


@dataclass(frozen=True, slots=True)
class LeaveTapped:
    pass


@dataclass(frozen=True, slots=True)
class AcceptorCondensed:
    """The acceptor's condition changed, or was seen for the first time."""

    condition: AcceptorCondition
    fault: str = ""


class WakeNote(StrEnum):
    NONE = "none"
    HEAD = "head"
    STACKER = "stacker"


@dataclass(frozen=True, slots=True)
class AcceptorWoke:
    """The acceptor lost power; where a note was. It is reset once this has been recorded."""

    note: WakeNote


@dataclass(frozen=True, slots=True)
class NoteInEscrow:
    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class NoteWentIn:
    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class UnnamedNoteWentIn:
    """The acceptor told of a note before it could be asked what its notes are worth."""


@dataclass(frozen=True, slots=True)
class NoteWentBack:
    pass


@dataclass(frozen=True, slots=True)
class NoteRefusedByUnit:
    trouble: NoteTrouble


@dataclass(frozen=True, slots=True)
class StackSilent:
    """STACK was sent and its outcome never told within the driver's time."""


@dataclass(frozen=True, slots=True)
class FraudSuspected:
    pass


@dataclass(frozen=True, slots=True)
class PrinterAnswered:
    can_print: bool


@dataclass(frozen=True, slots=True)
class SlipFinished:
    slip_id: str
    outcome: SlipOutcome
    cause: str


@dataclass(frozen=True, slots=True)
class OrderQuoted:
    order: Order


@dataclass(frozen=True, slots=True)
class OrderRefused:
    order_number: str
    code: str


@dataclass(frozen=True, slots=True)
class OrderUnavailable:
    order_number: str


class PostResult(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_FINAL = "not_final"  #: retry, unknown, not sent: the same body goes again


@dataclass(frozen=True, slots=True)
class PostAnswered:
    """`detail` is the reference, the refusal code, or the cause; `not_before_s` what the far end asked us to wait."""

    payment_id: str
    result: PostResult
    detail: str
    reason: str = ""
    not_before_s: float = 0.0


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """Whether the aggregator answers, and whether real money moves there (None: it did not say)."""

    up: bool
    live: bool | None


Event = (
    Booted
    | Tick
    | LanguageTapped
    | OrderTyped
    | OfferConfirmed
    | FinishTapped
    | CancelTapped
    | MoreTimeTapped
    | LeaveTapped
    | AcceptorCondensed
    | AcceptorWoke
    | NoteInEscrow
    | NoteWentIn
    | UnnamedNoteWentIn
    | NoteWentBack
    | NoteRefusedByUnit
    | StackSilent
    | FraudSuspected
    | PrinterAnswered
    | SlipFinished
    | OrderQuoted
    | OrderRefused
    | OrderUnavailable
    | PostAnswered
    | HealthSeen
)
