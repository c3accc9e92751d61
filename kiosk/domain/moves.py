"""What changes the till's picture of the moment and need not outlive the process: a lost move costs a tap, never money.

Moves are folded exactly like facts but never journalled.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.diagnosis_moves import DiagnosisMove
from kiosk.domain.facts import Order, Particulars, Typed
from kiosk.domain.held_codes import Found
from kiosk.domain.staff_moves import StaffMove


class Notice(StrEnum):
    """Why the buyer is not further than they hoped."""

    ORDER_NOT_FOUND = "order_not_found"
    ORDER_EXPIRED = "order_expired"
    ORDER_ALREADY_PAID = "order_already_paid"
    ORDER_REFUSED = "order_refused"
    NETWORK_DOWN = "network_down"
    NOT_PAYABLE_HERE = "not_payable_here"  #: no set of this kiosk's notes pays the amount as the payee wants it
    TIMED_OUT = "timed_out"
    SERVICE_UNKNOWN = "service_unknown"  #: not in the catalogue any more
    FIELD_INVALID = "field_invalid"  #: what was typed is not what the field takes
    ACCOUNT_UNKNOWN = "account_unknown"
    NOTHING_DUE = "nothing_due"
    PAYEE_INACTIVE = "payee_inactive"  #: takes no payments at present
    PAYEE_UNAVAILABLE = "payee_unavailable"  #: its own system does not answer
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    QUOTE_EXPIRED = "quote_expired"  #: what was checked is too old to be paid now
    SERVICE_REFUSED = "service_refused"  #: for any other reason
    CODE_UNKNOWN = "code_unknown"
    CODE_MISTYPED = "code_mistyped"  #: its check characters are wrong
    CODE_SPENT = "code_spent"
    CODE_TOO_SMALL = "code_too_small"  #: it does not cover the amount
    CODE_OTHER_CURRENCY = "code_other_currency"
    CODE_TOO_OFTEN = "code_too_often"  #: too many codes were tried in a minute
    SCAN_UNKNOWN = "scan_unknown"  #: neither an order nor a code


class AcceptorCondition(StrEnum):
    """What the acceptor is doing, as far as the till cares."""

    UNKNOWN = "unknown"  #: not seen yet in this life
    LOST = "lost"
    STARTING = "starting"
    DISABLED = "disabled"
    IDLE = "idle"
    MOVING = "moving"  #: a note is somewhere between the slot and the box
    FAULT = "fault"


class NoteTrouble(StrEnum):
    """What the buyer should know about the last note."""

    NONE = ""
    OVER_LIMIT = "over_limit"
    WRONG_CURRENCY = "wrong_currency"
    NOT_ACCEPTED = "not_accepted"
    UNREADABLE = "unreadable"
    ONE_AT_A_TIME = "one_at_a_time"
    CLOSING = "closing"
    STOPPED = "stopped"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class LookupStarted:
    order_number: str
    service_id: str = ""
    fields: Typed = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OrderLearnt:
    """The quote is here; the offer is made once the printer has answered too."""

    order: Order
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class OfferMade:
    pass


@dataclass(frozen=True, slots=True)
class SteppedBack:
    """One step towards the start; `notice` says why, if it was not the buyer's wish."""

    notice: Notice | None


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """The buyer is told something where they are."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class CodeLookupStarted:
    """`code`: as it is written, 16 characters; empty for what is none."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeTried:
    """One more well-formed code was asked about, at monotonic `at_s`."""

    at_s: float


@dataclass(frozen=True, slots=True)
class CodeFound:
    found: Found


@dataclass(frozen=True, slots=True)
class CodeHeld:
    """What was found is paid with."""


@dataclass(frozen=True, slots=True)
class CodeDropped:
    """Cash after all."""


@dataclass(frozen=True, slots=True)
class OfferedAgain:
    """The printer gave up before any cash was in: the buyer is asked once more, now about no paper."""

    language: str
    order: Order
    particulars: Particulars = field(default=Particulars(), repr=False)


@dataclass(frozen=True, slots=True)
class CashFreezing:
    """No further note: wait until none is in transit. `cancelled`: nothing was in, and the buyer wants out or, with
    `offer_again`, has to be asked once more.
    """

    cancelled: bool
    offer_again: bool = False


@dataclass(frozen=True, slots=True)
class CashReopened:
    """A note went in while a cancel was closing: the buyer is asked on."""


@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """The till acts by itself at monotonic `at_s`."""

    at_s: float


@dataclass(frozen=True, slots=True)
class StackCommanded:
    """The STACK of the open intent is this life's own: its outcome comes by event, not by looking."""


@dataclass(frozen=True, slots=True)
class IntentDeadlineSet:
    at_s: float


@dataclass(frozen=True, slots=True)
class AcceptorSeen:
    condition: AcceptorCondition
    fault: str = ""


@dataclass(frozen=True, slots=True)
class HeadNoteSeen:
    """The acceptor woke up with a note in its head: the reset gives it back."""

    expected: bool


@dataclass(frozen=True, slots=True)
class TroubleSeen:
    trouble: NoteTrouble


@dataclass(frozen=True, slots=True)
class PrinterSeen:
    can_print: bool | None


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """Coming up wakes whatever waits in the outbox."""

    up: bool


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """Whether our wall clock agrees with the aggregator's."""

    trusted: bool


@dataclass(frozen=True, slots=True)
class StorageSeen:
    """Whether the disk has room for what a session may still have to record."""

    has_room: bool


@dataclass(frozen=True, slots=True)
class CatalogueSeen:
    """What can be offered from now on."""

    catalogue: Catalogue = field(repr=False)


@dataclass(frozen=True, slots=True)
class CatalogueTold:
    """The newest one the aggregator says there is."""

    version: int


@dataclass(frozen=True, slots=True)
class OrdersListedAgain:
    """Orders whose end the aggregator knew once and does not know any more."""

    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterAsked:
    pass


@dataclass(frozen=True, slots=True)
class RegisterAwaited:
    """The register that was asked for came, or did not; none is asked for before monotonic `not_before_s`."""

    not_before_s: float


@dataclass(frozen=True, slots=True)
class PostStarted:
    payment_id: str


@dataclass(frozen=True, slots=True)
class ReportStarted:
    report_id: str


@dataclass(frozen=True, slots=True)
class RedemptionStarted:
    redemption_id: str


@dataclass(frozen=True, slots=True)
class SlipStarted:
    slip_id: str


Move = (
    LanguageChosen
    | LookupStarted
    | OrderLearnt
    | OfferMade
    | SteppedBack
    | NoticeGiven
    | CodeLookupStarted
    | CodeTried
    | CodeFound
    | CodeHeld
    | CodeDropped
    | OfferedAgain
    | CashFreezing
    | CashReopened
    | DeadlineSet
    | StackCommanded
    | IntentDeadlineSet
    | AcceptorSeen
    | HeadNoteSeen
    | TroubleSeen
    | PrinterSeen
    | NetworkSeen
    | ClockSeen
    | StorageSeen
    | CatalogueSeen
    | CatalogueTold
    | OrdersListedAgain
    | RegisterAsked
    | RegisterAwaited
    | PostStarted
    | ReportStarted
    | RedemptionStarted
    | SlipStarted
    | StaffMove
    | DiagnosisMove
)
