"""Everything that can have happened, as it stands in the journal. What is not here did not happen.

Answers for: the durable words of the kiosk, their units, and which version of each is written. Does not answer for:
what follows from them (`state.fold`, `ledger.transfers`), how they are stored (`till.journal`).
Names and fields are for ever: a journal written today is read in five years. A changed shape is a new version.
Amounts are integer minor units of an ISO 4217 currency; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.collection_facts import CollectionFact
from kiosk.domain.diagnosis_facts import DiagnosisFact
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.offer import Order as Order  # noqa: PLC0414 - these four are words of facts too
from kiosk.domain.offer import OverpayPolicy as OverpayPolicy  # noqa: PLC0414
from kiosk.domain.offer import Particulars as Particulars  # noqa: PLC0414
from kiosk.domain.offer import Typed as Typed  # noqa: PLC0414
from kiosk.domain.operation_facts import OperationFact
from kiosk.domain.redemption_facts import RedemptionFact
from kiosk.domain.staff_facts import StaffFact


class HandBackReason(StrEnum):
    """Why a note went back from escrow without ever being meant for the cash box."""

    OVER_LIMIT = "over_limit"
    WRONG_CURRENCY = "wrong_currency"
    NOT_ACCEPTED = "not_accepted"
    ONE_AT_A_TIME = "one_at_a_time"
    CLOSING = "closing"  #: the total was final, or nobody was paying
    STOPPED = "stopped"  #: acceptance is latched off
    TEST = "test"  #: a technician tried it


class ResultKind(StrEnum):
    """How a session ended for the buyer."""

    ACCEPTED = "accepted"
    ACCEPTED_FOR_LATER = "accepted_for_later"
    REFUSED = "refused"
    NOT_ENOUGH = "not_enough"
    NOTE_UNDER_REVIEW = "note_under_review"


class SlipOutcome(StrEnum):
    """What became of a slip, as the printer's driver told it."""

    PRINTED = "printed"
    TAKEN = "taken"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RETRACTED = "retracted"  #: it came out, nobody took it, the printer pulled it back


@dataclass(frozen=True, slots=True)
class TillStarted:
    """`at_us` is 0 in rows of before it was told, as everywhere."""

    boot_id: str
    software: str
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class KeyChosen:
    """From here on checkpoints and claims are signed by this Ed25519 key (`public_key`: 32 bytes, hex)."""

    public_key: str


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """Durable before the acceptor is enabled. `without_receipt`: the buyer agreed to get no paper.

    `particulars` are personal: they stand beside the chain and may be erased; a gateway may need them for the payment's body.
    """

    session_id: str
    language: str
    order: Order
    without_receipt: bool
    particulars: Particulars = field(default=Particulars(), repr=False)


@dataclass(frozen=True, slots=True)
class NoteIntended:
    """Durable before STACK is sent: from here on the note may be in the box."""

    note_id: str
    session_id: str
    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class NoteStacked:
    """The intended note is in the box. Durable before the buyer sees credit."""

    note_id: str


@dataclass(frozen=True, slots=True)
class NoteReturned:
    """The intended note went back to the buyer after all."""

    note_id: str


@dataclass(frozen=True, slots=True)
class NoteUnresolved:
    """Nobody can say where the intended note is: suspense, until found or counted. `at_us` as in TillStarted."""

    note_id: str
    cause: str
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class SuspenseSettled:
    """The acceptor told later where an unresolved note went."""

    note_id: str
    stacked: bool


@dataclass(frozen=True, slots=True)
class NoteHandedBack:
    """A note left escrow towards the buyer by our decision, before any intent. `session_id` may be empty."""

    session_id: str
    value_minor: int
    currency: str
    reason: HandBackReason


@dataclass(frozen=True, slots=True)
class OrphanExpected:
    """The acceptor woke up with a note past the point of return that no intent claims. Durable before RESET."""

    cause: str


@dataclass(frozen=True, slots=True)
class OrphanStacked:
    """A note is in the box that nobody in session put there. `at_us` as in TillStarted."""

    value_minor: int
    currency: str
    cause: str
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class StackedRepeated:
    """The acceptor told once more of a note already booked (its event was recorded, its ACK lost). Moves no money."""

    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class AcceptorRested:
    """The acceptor was seen at rest after the last booked note: what it tells from here on is about another one."""


@dataclass(frozen=True, slots=True)
class CashClosed:
    """The total is final: no note in transit, none will be stacked for this session."""

    session_id: str
    inserted_minor: int


@dataclass(frozen=True, slots=True)
class PaymentCaptured:
    """The buyer's money is ours to deliver. Id and request body are frozen here, before the first byte is sent.

    `body` is personal: it stands beside the chain and may be erased once the payment is final; then it reads as empty.
    """

    payment_id: str
    session_id: str
    amount_minor: int
    currency: str
    gateway: str
    captured_at_us: int
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class CreditUnallocated:
    """Credit of a session that becomes no payment: kept, and claimable under the session's code."""

    session_id: str
    amount_minor: int
    currency: str
    reason: UnallocatedReason


@dataclass(frozen=True, slots=True)
class PaymentDeferred:
    """An attempt ended without a final answer; `attempt` counts from 1; the next one is due at `next_at_us`."""

    payment_id: str
    attempt: int
    cause: str
    next_at_us: int


@dataclass(frozen=True, slots=True)
class PaymentAccepted:
    """Final. `reference` is the aggregator's own id; `at_us` is 0 when the clock was not known to be right."""

    payment_id: str
    reference: str
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class PaymentRefused:
    """Final, after cash: the amount becomes unallocated in the same breath. `at_us` as in PaymentAccepted."""

    payment_id: str
    code: str
    reason: str
    at_us: int = 0


class ReportKind(StrEnum):
    """What the aggregator is told besides payments, through the same outbox."""

    CLAIM = "claim"  #: money became claimable under a code
    COLLECTION = "collection"  #: a cash box was taken


@dataclass(frozen=True, slots=True)
class ReportQueued:
    """A message the aggregator must get, frozen before its first byte is sent. `body` is personal, as a payment's is."""

    report_id: str
    kind: ReportKind
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ReportDeferred:
    report_id: str
    attempt: int
    cause: str
    next_at_us: int


@dataclass(frozen=True, slots=True)
class ReportDelivered:
    """Final. `reference` is the aggregator's own id."""

    report_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class ReportRefused:
    """Final: the aggregator will never take it; a person has to look. The money stays where it is."""

    report_id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimRedeemed:
    """The aggregator has paid a claim out: what was kept is now owed to it."""

    claim_id: str
    amount_minor: int
    currency: str
    reference: str


@dataclass(frozen=True, slots=True)
class PersonalErased:
    """What was personal in rows written before `before_us` is gone from disk, but for those of `kept` (ids still open);
    the salted hashes stay in the chain.
    """

    before_us: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoxTaken:
    """As PeriodClosed, of before a collection was a procedure with a slip; not written any more. `exact`: no note of it was in
    doubt.
    """

    period: int
    person: str
    bag: str
    exact: bool


@dataclass(frozen=True, slots=True)
class BoxCounted:
    """What the cash desk counted in the box of `period`: over or short against the books by the difference. `at_us` as in
    TillStarted.
    """

    period: int
    currency: str
    counted_minor: int
    person: str
    reason: str
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A person moved money between accounts (`kiosk.domain.ledger`), of before there were cases (`case_facts`); not written
    any more.

    `period`: in which the money came in, where no account names one; 0: the one that went on.
    """

    correction_id: str
    debit: str
    credit: str
    amount_minor: int
    person: str
    reason: str
    period: int = 0


@dataclass(frozen=True, slots=True)
class ResultKnown:
    """What the buyer is told, and what the slip says."""

    session_id: str
    kind: ResultKind


@dataclass(frozen=True, slots=True)
class SlipIntended:
    """Durable before the first byte to the printer. At most one slip of a session is not a copy, and a copy bears the number
    of what it copies. `asked_by` and `reason`: the person who wanted it; empty when the till decided by itself.

    `body` is what the paper says (`till.slip_body`). It is personal: it stands beside the chain and is erased in time.
    """

    slip_id: str
    session_id: str
    number: int
    copy: bool
    at_us: int = 0
    asked_by: str = ""
    reason: str = ""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class SlipSettled:
    slip_id: str
    outcome: SlipOutcome
    cause: str


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A buyer who agreed to no paper gets the receipt on the screen, under the number a slip of it would bear. `body` as in
    SlipIntended.
    """

    session_id: str
    number: int
    at_us: int
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class PrinterChanged:
    """`trouble`: what a person should see to from here on, in the driver's words; empty: nothing any more. A printer that
    is low on paper has trouble and can print.
    """

    can_print: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class PrinterTested:
    person: str
    outcome: SlipOutcome
    cause: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    session_id: str


@dataclass(frozen=True, slots=True)
class AcceptanceLatched:
    """No note is taken until AcceptanceResumed; what the buyer has paid in is finished."""

    reason: str


@dataclass(frozen=True, slots=True)
class AcceptanceResumed:
    """A person looked and said why it is safe."""

    reason: str


Fact = (
    TillStarted
    | KeyChosen
    | SessionOpened
    | NoteIntended
    | NoteStacked
    | NoteReturned
    | NoteUnresolved
    | SuspenseSettled
    | NoteHandedBack
    | OrphanExpected
    | OrphanStacked
    | StackedRepeated
    | AcceptorRested
    | CashClosed
    | PaymentCaptured
    | CreditUnallocated
    | PaymentDeferred
    | PaymentAccepted
    | PaymentRefused
    | ReportQueued
    | ReportDeferred
    | ReportDelivered
    | ReportRefused
    | ClaimRedeemed
    | PersonalErased
    | BoxTaken
    | BoxCounted
    | Corrected
    | ResultKnown
    | SlipIntended
    | SlipSettled
    | ReceiptShown
    | PrinterChanged
    | PrinterTested
    | SessionEnded
    | AcceptanceLatched
    | AcceptanceResumed
    | OperationFact
    | CollectionFact
    | StaffFact
    | DiagnosisFact
    | RedemptionFact
    | CaseResolved
)
