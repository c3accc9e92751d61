"""What crosses between till and screen while somebody with a key is signed in: the service menu and the collection.

Answers for: the shapes. Does not answer for: who may do what (the till decides), words and looks (the screen), tools (`service`).
A finding is a code with values, never a sentence: it is worded where it is shown, in the language it is shown in.
Amounts are minor units of the currency beside them; notes are (value_minor, count) pairs, ascending; times UTC microseconds.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.domain.case_words import CaseKind as CaseKind  # noqa: PLC0414
from kiosk.domain.case_words import Resolution as Resolution  # noqa: PLC0414
from kiosk.domain.people import Act as Act  # noqa: PLC0414 - words of the link, too
from kiosk.domain.people import Role as Role  # noqa: PLC0414
from kiosk.domain.people import SignInState as SignInState  # noqa: PLC0414
from kiosk.domain.people import StaffNotice as StaffNotice  # noqa: PLC0414
from kiosk.domain.receipts import Device, Doubt, Verdict

Values = tuple[tuple[str, str], ...]  #: (name, value) to fill a sentence with


# --- signing in ---------------------------------------------------------------------------------------------------


class SignInView(Struct, frozen=True):
    """What became of the last try, while nobody is signed in."""

    state: SignInState
    wait_s: int = 0


class SignIn(Struct, frozen=True, tag="sign_in"):
    """`number`: of the person; `code`: of their second factor, or empty. Never in a log: any of them may stand in the
    wrong field.
    """

    number: str
    pin: str
    code: str = ""

    def __repr__(self) -> str:
        return "SignIn(…)"


class SignOut(Struct, frozen=True, tag="sign_out"):
    """Back to buyers."""


# --- the board ----------------------------------------------------------------------------------------------------


class FindingView(Struct, frozen=True):
    """`code`: one of `domain.findings.FindingCode`."""

    code: str
    values: Values = ()


class CheckView(Struct, frozen=True):
    """One check of a part: what was found."""

    verdict: Verdict
    finding: FindingView


class PartView(Struct, frozen=True):
    """A part of the kiosk: the worst of its checks is its light. `facts`: (domain.findings.FactCode, value).

    `at_us`: when it was last checked, 0: not yet; `checking`: it is being checked now.
    """

    device: Device
    verdict: Verdict
    checks: tuple[CheckView, ...]
    facts: Values = ()
    at_us: int = 0
    checking: bool = False


class NoteTestView(Struct, frozen=True):
    """Notes that are being tried. `keep`: they are stacked and booked as test money; otherwise each comes back."""

    keep: bool
    notes: tuple[tuple[int, str, str], ...]  #: value_minor, currency, one of link.messages.NoteFate's values


class RunChecks(Struct, frozen=True, tag="run_checks"):
    """`device` None: all of them."""

    device: Device | None = None


class BeginNoteTest(Struct, frozen=True, tag="begin_note_test"):
    keep: bool = False


class EndNoteTest(Struct, frozen=True, tag="end_note_test"):
    pass


class PrintTestSlip(Struct, frozen=True, tag="print_test_slip"):
    """A page without any buyer's data; with a presenter, it is presented and taken back when nobody takes it."""


class PrintServiceReport(Struct, frozen=True, tag="print_service_report"):
    """What was tested since signing in, signed, printed and recorded."""


class ScreenTested(Struct, frozen=True, tag="screen_tested"):
    """The touch picture was gone through: `missed` of `fields` were not reached."""

    fields: int
    missed: int


class ResumeAcceptance(Struct, frozen=True, tag="resume_acceptance"):
    """Take notes again after a latch."""

    reason: str


class RestartPart(Struct, frozen=True, tag="restart_part"):
    """`part`: till or screen; only while nobody is paying."""

    part: str


class AskLog(Struct, frozen=True, tag="ask_log"):
    """Show the last lines of what the till said."""


class CopyReceipt(Struct, frozen=True, tag="copy_receipt"):
    """A copy of a receipt, marked as one. `by`: one of link.service.ReceiptBy's values."""

    by: str
    name: str
    reason: str


# --- the box ------------------------------------------------------------------------------------------------------


class BoxView(Struct, frozen=True):
    """As domain.receipts.BoxContents."""

    currency: str
    notes: tuple[tuple[int, int], ...]
    stacked_minor: int
    confirmed_minor: int
    queued_minor: int
    unallocated_minor: int
    redeemed_minor: int
    orphan_minor: int
    test_minor: int
    suspense_minor: int
    suspense_notes: int
    counted_minor: int | None = None


class CashReportView(Struct, frozen=True):
    """What the box should hold since `since_us`. `last_at_us`: of the last collection, 0: none yet."""

    period: int
    since_us: int
    boxes: tuple[BoxView, ...]
    visits: int
    payments: int
    queued_payments: int
    returned_notes: int
    doubts: tuple[Doubt, ...]
    box_id: str
    last_at_us: int = 0


class BoxPlace(StrEnum):
    IN = "in"
    OUT = "out"
    UNTOLD = "untold"  #: this acceptor has no sensor, or cannot be asked now


class CollectionStep(StrEnum):
    """Where a collection is. A power cut resumes here."""

    FROZEN = "frozen"  #: no note is taken; what the box should hold is shown, unless it is counted blind
    TAKE = "take"  #: the box may be taken now
    SEAL = "seal"  #: it is out: bag or seal number, and which box it is
    NEW_BOX = "new_box"  #: an empty one goes in
    COUNT = "count"  #: by policy: counted by hand before the sum is shown
    PRINTING = "printing"  #: the period is closed; the slips come out
    DONE = "done"


class SheetView(Struct, frozen=True):
    """One original of the slip. `outcome`: one of link.messages.ReceiptView's values."""

    sheet: int
    outcome: str


class CollectionView(Struct, frozen=True):
    """`attended`: False when the box was taken with nobody signed in. `blind`: the sum is not shown before it is counted.
    `can_abandon`: nothing was taken yet. `to_count`: (currency, note values this kiosk takes, ascending), as long as that
    currency has not been counted. `bag_wanted`, `box_id_wanted`: they may not be left empty.
    """

    step: CollectionStep
    place: BoxPlace
    attended: bool
    blind: bool
    report: CashReportView | None
    bag: str = ""
    box_id: str = ""
    new_box_id: str = ""
    serial: int = 0
    sheets: tuple[SheetView, ...] = ()
    can_abandon: bool = False
    to_count: tuple[tuple[str, tuple[int, ...]], ...] = ()
    bag_wanted: bool = True
    box_id_wanted: bool = True


class PrintXReport(Struct, frozen=True, tag="print_x_report"):
    """What the box should hold, on paper; nothing is closed."""


class BeginCollection(Struct, frozen=True, tag="begin_collection"):
    """Freeze: no note is taken from here on."""


class AbandonCollection(Struct, frozen=True, tag="abandon_collection"):
    """The box stays; nothing was taken yet."""


class GoOn(Struct, frozen=True, tag="go_on"):
    """To the next step: the sum was read, the box was taken or put in where no sensor tells."""


class SealBox(Struct, frozen=True, tag="seal_box"):
    bag: str
    box_id: str


class InsertBox(Struct, frozen=True, tag="insert_box"):
    """The empty box that goes in now."""

    new_box_id: str


class CountBox(Struct, frozen=True, tag="count_box"):
    """What was counted by hand: (value_minor, count)."""

    currency: str
    notes: tuple[tuple[int, int], ...]


class PrintSheet(Struct, frozen=True, tag="print_sheet"):
    """Once more, marked as a copy."""

    sheet: int


# --- what a supervisor settles ------------------------------------------------------------------------------------


class CaseView(Struct, frozen=True):
    """`about`: what it came from: a visit, a payment, a period. `amount_minor` is below zero where a count was short; `at_us` 0:
    not known.
    """

    case_id: str
    kind: CaseKind
    amount_minor: int
    currency: str
    at_us: int
    about: str
    resolutions: tuple[Resolution, ...]


class ResolveCase(Struct, frozen=True, tag="resolve_case"):
    """A balanced transfer with a reason, and a slip."""

    case_id: str
    resolution: Resolution
    reason: str


# --- all of it ----------------------------------------------------------------------------------------------------


class ToldView(Struct, frozen=True):
    notice: StaffNotice
    values: Values = ()


class StaffView(Struct, frozen=True):
    """Who is signed in, what they may do, and all they may see."""

    person: str
    role: Role
    may: tuple[Act, ...]
    parts: tuple[PartView, ...] = ()
    latched: str = ""
    note_test: NoteTestView | None = None
    cash: CashReportView | None = None
    collection: CollectionView | None = None
    cases: tuple[CaseView, ...] = ()
    log: tuple[str, ...] = ()
    told: ToldView | None = None


StaffCommand = (
    SignIn
    | SignOut
    | RunChecks
    | BeginNoteTest
    | EndNoteTest
    | PrintTestSlip
    | PrintServiceReport
    | ScreenTested
    | ResumeAcceptance
    | RestartPart
    | AskLog
    | CopyReceipt
    | PrintXReport
    | BeginCollection
    | AbandonCollection
    | GoOn
    | SealBox
    | InsertBox
    | CountBox
    | PrintSheet
    | ResolveCase
)
