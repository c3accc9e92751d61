"""Everything that can enter the till's mailbox: what a finger, a device, the network or the clock said.

An event is hearsay: it changes nothing by itself; `decide` turns it into facts, moves and orders.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.case_events import CaseEvent
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.collection_events import CollectionEvent
from kiosk.domain.diagnosis_events import DiagnosisEvent
from kiosk.domain.facts import Order, SlipOutcome, Typed
from kiosk.domain.held_codes import CodeTold
from kiosk.domain.moves import AcceptorCondition, NoteTrouble
from kiosk.domain.order_book import StandingOrder
from kiosk.domain.register_book import Register
from kiosk.domain.staff_events import StaffEvent
from kiosk.domain.state import State


@dataclass(frozen=True, slots=True)
class Booted:
    """First event of a life, after the journal has been read. `public_key`: of the key this life signs with, hex."""

    boot_id: str
    software: str
    public_key: str


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
class ServiceAsked:
    """A buyer wants to pay for a service of the catalogue and has filled in its fields."""

    service_id: str
    fields: Typed = field(repr=False)


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
class TimeWanted:
    """The buyer asked for time, or needs it no more."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class LeaveTapped:
    pass


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """A buyer wants to know what a code stands for. It may be worth money: it is in no log."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PayWithCodeTapped:
    pass


@dataclass(frozen=True, slots=True)
class CodeDropTapped:
    pass


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanner read, on whatever line it is. It may be worth money: it is in no log."""

    text: str = field(repr=False)


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
    """`value_minor` and `currency` are 0 and "" where the unit could not name the note."""

    value_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NoteRefusedByUnit:
    """`reason`: why, in the driver's word; empty where it did not say."""

    trouble: NoteTrouble
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StackSilent:
    """STACK was sent and its outcome never told within the driver's time."""


@dataclass(frozen=True, slots=True)
class FraudSuspected:
    pass


@dataclass(frozen=True, slots=True)
class PrinterAnswered:
    """`trouble`: what a person should see to, in the driver's words; empty when all is well."""

    can_print: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SlipFinished:
    slip_id: str
    outcome: SlipOutcome
    cause: str


@dataclass(frozen=True, slots=True)
class ReprintAsked:
    """`person` wants a copy of the receipt of a visit that is over. `visit` is the state as if its buyer still stood there,
    with all that became of it since; their access is checked before this event is made.
    """

    visit: State
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrinterTestEnded:
    """A page on which no buyer's data stands came out for `person`, or did not."""

    person: str
    outcome: SlipOutcome
    cause: str


@dataclass(frozen=True, slots=True)
class OrderQuoted:
    """`fields`: as they were asked about; `details`: what the payee wants the buyer to check (label, value).

    Not in any log: what the far end says may repeat what is personal, until `quoting` has looked at it.
    """

    order: Order = field(repr=False)
    fields: Typed = field(default=(), repr=False)
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OrderRefused:
    order_number: str
    code: str
    service_id: str = ""
    fields: Typed = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OrderUnavailable:
    order_number: str
    service_id: str = ""
    fields: Typed = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CatalogueLearnt:
    """A catalogue whose signature holds, newer than the one before."""

    catalogue: Catalogue = field(repr=False)


class PostResult(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_FINAL = "not_final"  #: retry, unknown: the same body goes again
    NOT_SENT = "not_sent"  #: no connection: the same body goes again once there is one


@dataclass(frozen=True, slots=True)
class PostAnswered:
    """`detail` is the reference, the refusal code, or the cause; `not_before_s` what the far end asked us to wait."""

    payment_id: str
    result: PostResult
    detail: str
    reason: str = ""
    not_before_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReportAnswered:
    """As PostAnswered, for a report."""

    report_id: str
    result: PostResult
    detail: str
    reason: str = ""
    not_before_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CodeLookedUp:
    """`visit`: of this kiosk, in hindsight; None for another's, or one that nobody knows. `told`: the aggregator's word."""

    code: str = field(repr=False)
    visit: State | None = field(repr=False)
    told: CodeTold


@dataclass(frozen=True, slots=True)
class RedemptionAnswered:
    """As PostAnswered; with ACCEPTED, `left_minor` is still under the code."""

    redemption_id: str
    result: PostResult
    detail: str
    reason: str = ""
    not_before_s: float = 0.0
    left_minor: int = 0


@dataclass(frozen=True, slots=True)
class RegisterHeard:
    """A day as the aggregator has it: payments it took, claims of ours it paid out."""

    register: Register


@dataclass(frozen=True, slots=True)
class RegisterUnheard:
    """The register that was asked for did not come."""

    day: str


@dataclass(frozen=True, slots=True)
class HealthSeen:
    """Whether the aggregator answers, whether real money moves there, how far our clock is from its (None: not said)."""

    up: bool
    live: bool | None
    skew_s: float | None = None


@dataclass(frozen=True, slots=True)
class HeartbeatAnswered:
    """As HealthSeen of an aggregator that is there, and: the newest catalogue it has (0: none), the orders that stand.
    `acknowledged`: ids of the orders whose end that heartbeat told.
    """

    live: bool
    skew_s: float
    catalogue_version: int
    orders: tuple[StandingOrder, ...]
    acknowledged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StorageLooked:
    has_room: bool


@dataclass(frozen=True, slots=True)
class BoxWasCounted:
    """The cash desk has counted the box of a period that is over."""

    period: int
    currency: str
    counted_minor: int
    person: str
    reason: str


Event = (
    Booted
    | Tick
    | LanguageTapped
    | OrderTyped
    | ServiceAsked
    | OfferConfirmed
    | FinishTapped
    | CancelTapped
    | MoreTimeTapped
    | TimeWanted
    | LeaveTapped
    | CodeAsked
    | PayWithCodeTapped
    | CodeDropTapped
    | Scanned
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
    | ReprintAsked
    | PrinterTestEnded
    | OrderQuoted
    | OrderRefused
    | OrderUnavailable
    | CatalogueLearnt
    | PostAnswered
    | ReportAnswered
    | CodeLookedUp
    | RedemptionAnswered
    | RegisterHeard
    | RegisterUnheard
    | HealthSeen
    | HeartbeatAnswered
    | StorageLooked
    | BoxWasCounted
    | CaseEvent
    | CollectionEvent
    | StaffEvent
    | DiagnosisEvent
)
