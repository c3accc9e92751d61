"""What crosses between the till and the screen: typed commands up, snapshots down.

Answers for: the shapes, their limits and the version. Does not answer for: sockets (`codec`, `till.link`) or looks (`screen`).
A snapshot is the whole truth a screen needs; a screen that just started shows the right thing after one of them.
No money, no secret, no device crosses: a command is a finger, the till decides what it means.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.domain.catalogue import Group, Service
from kiosk.link.staff import SignInView, StaffCommand, StaffView

LINK_VERSION = 4
FRAME_BYTES_MAX = 65_536  #: a catalogue that is larger comes in pages


class Phase(StrEnum):
    """Which screen the buyer is on."""

    WELCOME = "welcome"  #: choose a language
    ENTRY = "entry"  #: choose what to pay for and type; which of it is shown is the screen's own
    CHECKING = "checking"  #: the aggregator is being asked
    OFFER = "offer"  #: what you pay, to whom, how much, no fee
    CASH = "cash"  #: insert banknotes
    PAYING = "paying"  #: total is final, payment under way
    DONE = "done"  #: result and receipt
    FOUND = "found"  #: what a code stands for, and where its money is
    SERVICE = "service"  #: somebody with a key is signed in


class Availability(StrEnum):
    """Whether a new payment may start, and if not, the main reason."""

    OPEN = "open"
    STARTING = "starting"
    ACCEPTOR_FAULT = "acceptor_fault"
    NETWORK_DOWN = "network_down"
    LATCHED = "latched"  #: after an unexpected fault, until a technician resumes
    MAINTENANCE = "maintenance"  #: a technician is at work
    NO_ROOM = "no_room"  #: the disk is nearly full
    LOCKED = "locked"  #: the operator has closed it from afar


class PrinterView(StrEnum):
    OK = "ok"
    LOW_PAPER = "low_paper"  #: it prints; the staff should bring paper
    NO_RECEIPT = "no_receipt"  #: no paper or no printer: the buyer is asked before cash


class NoteFate(StrEnum):
    READING = "reading"
    STACKING = "stacking"
    STACKED = "stacked"
    RETURNED = "returned"
    UNKNOWN = "unknown"


class NoteMessage(StrEnum):
    """Why the last note came back, or what the acceptor needs."""

    NONE = ""
    OVER_LIMIT = "over_limit"  #: it would leave more than the leftover limit; `largest_note_minor` still fits
    WRONG_CURRENCY = "wrong_currency"
    NOT_ACCEPTED = "not_accepted"  #: a denomination this kiosk does not take
    UNREADABLE = "unreadable"  #: the acceptor itself rejected it
    ONE_AT_A_TIME = "one_at_a_time"
    ACCEPTOR_STOPPED = "acceptor_stopped"  #: jam, box out: what is in counts, no more can be taken
    CLOSING = "closing"  #: the total was already final


class NoticeCode(StrEnum):
    """Why the buyer is not further than they hoped."""

    ORDER_NOT_FOUND = "order_not_found"
    ORDER_EXPIRED = "order_expired"
    ORDER_ALREADY_PAID = "order_already_paid"
    ORDER_REFUSED = "order_refused"
    NETWORK_DOWN = "network_down"
    NOT_PAYABLE_HERE = "not_payable_here"  #: no set of this kiosk's notes pays the amount as the payee wants it
    TIMED_OUT = "timed_out"
    SERVICE_UNKNOWN = "service_unknown"  #: it is not offered any more
    FIELD_INVALID = "field_invalid"  #: what was typed is not what the field takes
    ACCOUNT_UNKNOWN = "account_unknown"  #: the payee knows nobody under it
    NOTHING_DUE = "nothing_due"
    PAYEE_INACTIVE = "payee_inactive"
    PAYEE_UNAVAILABLE = "payee_unavailable"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    QUOTE_EXPIRED = "quote_expired"
    SERVICE_REFUSED = "service_refused"
    CODE_UNKNOWN = "code_unknown"  #: nobody knows such a code
    CODE_MISTYPED = "code_mistyped"  #: its check characters are wrong
    CODE_SPENT = "code_spent"  #: nothing is left under it
    CODE_TOO_SMALL = "code_too_small"  #: it does not cover the amount
    CODE_OTHER_CURRENCY = "code_other_currency"
    CODE_TOO_OFTEN = "code_too_often"  #: too many codes were tried in a minute
    SCAN_UNKNOWN = "scan_unknown"  #: what was scanned is neither an order nor a code


class ResultKind(StrEnum):
    ACCEPTED = "accepted"
    ACCEPTED_FOR_LATER = "accepted_for_later"  #: cash is in, the aggregator has not confirmed yet
    REFUSED = (
        "refused"  #: the payee did not take it: the money is kept under the claim number on the slip, or under its code
    )
    NOT_ENOUGH = "not_enough"  #: too little for the order: money is kept under the claim number on the slip
    NOTE_UNDER_REVIEW = "note_under_review"  #: nothing could be paid; a note's fate is with the operator


class ReceiptView(StrEnum):
    NONE = "none"  #: the buyer agreed to no paper
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RETRACTED = "retracted"  #: it came out, and the printer took it back because nobody else did


class TerminalView(Struct, frozen=True):
    """On every screen."""

    number: str
    name: str
    address: str
    support_phone: str


class Overpay(StrEnum):
    """What becomes of money over the amount."""

    EXACT = "exact"  #: such a note comes back
    CREDIT_ALL = "credit_all"  #: the payee gets all of it
    HOLD = "hold"  #: it is kept under a code


class OrderView(Struct, frozen=True):
    """Amounts in minor units of `currency`. The buyer's fee is none, always.

    An order by its `number`, or a service of the catalogue by `service_id` for `account`, covered where it is personal.
    `details`: what the buyer should check (label, value). `open_amount`: the buyer decides, from `due_minor` to `max_minor`.
    `paid_minor`: what the payee will be credited, once the total is final.
    """

    number: str
    payee: str
    description: str
    due_minor: int
    currency: str
    leftover_limit_minor: int
    overpay: Overpay
    service_id: str = ""
    account: str = ""
    details: tuple[tuple[str, str], ...] = ()
    open_amount: bool = False
    max_minor: int = 0
    paid_minor: int = 0


class NoteView(Struct, frozen=True):
    value_minor: int
    currency: str
    fate: NoteFate


class CashView(Struct, frozen=True):
    """`inserted_minor` is on disk (never shown before). `accepted_minor`: note values that still fit, ascending."""

    inserted_minor: int
    left_minor: int
    notes: tuple[NoteView, ...]
    accepted_minor: tuple[int, ...]
    message: NoteMessage
    under_review_minor: int
    largest_note_minor: int
    can_cancel: bool
    can_finish: bool


class ResultView(Struct, frozen=True):
    """`reference` is what the buyer can quote to support: the payment id, or the session's. `claim_code` is what claims
    whatever of their money is not with the payee; empty when all of it is. `receipt_qr`: the receipt as text for a QR code,
    when the buyer has to photograph it because it is not on paper; else empty.
    """

    kind: ResultKind
    paid_minor: int
    leftover_minor: int
    under_review_minor: int
    currency: str
    reference: str
    claim_code: str
    receipt: ReceiptView
    receipt_qr: str = ""


class CodeView(Struct, frozen=True):
    """A code with money under it that the buyer wants to pay with. `open_minor`: what is left under it; in a result: after it."""

    code: str
    open_minor: int
    currency: str

    def __repr__(self) -> str:
        return f"CodeView(…, {self.open_minor}, {self.currency!r})"


class Whereabouts(StrEnum):
    """Where the money of a visit is now."""

    PAID = "paid"  #: the payee has it
    ON_ITS_WAY = "on_its_way"  #: taken, and not confirmed yet
    KEPT = "kept"  #: nothing, or not all of it, went to a payee: the rest is kept under the code
    PAID_OUT = "paid_out"  #: what was kept has been paid out, or was paid with
    UNDER_REVIEW = "under_review"  #: staff have to look for a note


class FoundView(Struct, frozen=True):
    """What a code stands for. `paid_minor` to `payee`; `open_minor` can be paid with now; `under_review_minor` is beside both.
    `at_us`: of the visit, 0 where only the aggregator knows it. `usable`: this kiosk can take it as payment.
    """

    code: str
    whereabouts: Whereabouts
    payee: str
    paid_minor: int
    open_minor: int
    under_review_minor: int
    currency: str
    at_us: int
    reference: str
    usable: bool

    def __repr__(self) -> str:
        return f"FoundView(…, {self.whereabouts}, {self.open_minor}, {self.currency!r})"


class Snapshot(Struct, frozen=True, tag="snapshot"):
    """`revision` grows with every change. `seconds_left` until the till acts by itself (-1: it will not). `catalogue_version`: of
    the services that can be paid for, 0 for none; they come as pages of their own.

    `popular`: service ids most paid for here lately, best first. `code`: what the buyer pays with instead of cash; it stays there
    while the result is shown. `scanner`: something to scan codes with is there.
    `unhurried`: the buyer asked for time. `staff`: of Phase.SERVICE; `sign_in`: of the last try to sign in.
    """

    revision: int
    phase: Phase
    language: str
    languages: tuple[str, ...]
    terminal: TerminalView
    availability: Availability
    printer: PrinterView
    order: OrderView | None = None
    cash: CashView | None = None
    result: ResultView | None = None
    notice: NoticeCode | None = None
    seconds_left: int = -1
    catalogue_version: int = 0
    popular: tuple[str, ...] = ()
    codes: bool = False  #: codes can be looked up and paid with here
    scanner: bool = False
    code: CodeView | None = None
    found: FoundView | None = None
    unhurried: bool = False
    sign_in: SignInView | None = None
    staff: StaffView | None = None


class Welcome(Struct, frozen=True, tag="welcome"):
    """First frame of the till on a new connection."""

    link_version: int = LINK_VERSION


class CataloguePage(Struct, frozen=True, tag="catalogue"):
    """A part of what can be paid for beside orders: `page` (from 0) of `pages`, in order."""

    version: int
    page: int
    pages: int
    groups: tuple[Group, ...]
    services: tuple[Service, ...]


class StartAgain(Struct, frozen=True, tag="start_again"):
    """Somebody at the service menu wants the screen's process to end, so that it is started anew."""


ToScreen = Welcome | Snapshot | CataloguePage | StartAgain


class ChooseLanguage(Struct, frozen=True, tag="choose_language"):
    """Also starts a session from WELCOME."""

    language: str


class LookUpOrder(Struct, frozen=True, tag="look_up_order"):
    number: str


class LookUpService(Struct, frozen=True, tag="look_up_service"):
    """`fields`: (name, what was typed), in the catalogue's order. It may be personal: it is in no log."""

    service_id: str
    fields: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"LookUpService({self.service_id!r}, …)"


class ConfirmOffer(Struct, frozen=True, tag="confirm_offer"):
    """Start taking cash. `without_receipt`: the buyer consented to no paper receipt."""

    without_receipt: bool = False


class FinishCash(Struct, frozen=True, tag="finish_cash"):
    """No more notes: settle with what is in."""


class Cancel(Struct, frozen=True, tag="cancel"):
    """One step out, only while no money is in."""


class MoreTime(Struct, frozen=True, tag="more_time"):
    """The buyer is still there."""


class Leave(Struct, frozen=True, tag="leave"):
    """Done reading the result."""


class LookUpCode(Struct, frozen=True, tag="look_up_code"):
    """What a code stands for. It is worth money: it is in no log."""

    code: str

    def __repr__(self) -> str:
        return "LookUpCode(…)"


class PayWithCode(Struct, frozen=True, tag="pay_with_code"):
    """From FOUND back to choosing: what is chosen now is paid with the code that was found."""


class DropCode(Struct, frozen=True, tag="drop_code"):
    """Pay in cash after all."""


class Scanned(Struct, frozen=True, tag="scanned"):
    """What a scanner that poses as a keyboard typed. It may be worth money: it is in no log."""

    text: str

    def __repr__(self) -> str:
        return "Scanned(…)"


class TakeYourTime(Struct, frozen=True, tag="take_your_time"):
    """`wanted`: no time limit where no money is in and far longer ones elsewhere, until the visit ends."""

    wanted: bool


Command = (
    ChooseLanguage
    | LookUpOrder
    | LookUpService
    | LookUpCode
    | PayWithCode
    | DropCode
    | Scanned
    | ConfirmOffer
    | FinishCash
    | Cancel
    | MoreTime
    | TakeYourTime
    | Leave
    | StaffCommand
)


class CommandFrame(Struct, frozen=True):
    """A command with the revision of the snapshot it answers: a tap on a screen that is gone does nothing."""

    command: Command
    revision: int
