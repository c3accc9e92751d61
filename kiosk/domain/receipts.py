"""What slips tell, as data: one frozen type a family of slips. No words, no layout, no money policy.

Answers for: the fields, and that amounts on one slip add up (`difference_minor` says by how much they do not).
Does not answer for: where the numbers come from (`till`), how they are worded and set (`kiosk.slips`).
Amounts are minor units of the `currency` beside them, moments UTC microseconds, notes (value_minor, count) ascending.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar

from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.people import Role as Role  # noqa: PLC0414 - a word of slips, too


class SlipKind(StrEnum):
    """Why a slip is printed; also the name of its template."""

    PAYMENT_ACCEPTED = "payment_accepted"
    PAYMENT_LATER = "payment_later"  #: cash is in, the aggregator has not confirmed yet: it will be credited
    REFUSED_AFTER_CASH = "refused_after_cash"
    NOT_ENOUGH = "not_enough"  #: too little for the order: the money is kept under the reference
    NOTE_UNDER_REVIEW = "note_under_review"
    CODE_PAYMENT = "code_payment"  #: paid with the code of an earlier visit, no cash
    CODE_PAYMENT_LATER = "code_payment_later"  #: the same, and the aggregator has not confirmed yet
    CODE_PAYMENT_REFUSED = "code_payment_refused"  #: nothing was taken: the money is under the code as before
    LEFTOVER = "leftover"  #: money kept under a code, by itself: apart from what was paid, or settled by a person later
    CORRECTION = "correction"  #: a person moved money between accounts
    X_REPORT = "x_report"  #: what the box should hold; nothing is closed
    COLLECTION = "collection"  #: the box was taken and its period is closed
    SERVICE_REPORT = "service_report"
    TEST_PAGE = "test_page"


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What every slip carries. `journal_seq` and `journal_head` (hex SHA-256) are of the last row on disk when it was made."""

    slip_id: str
    copy: bool
    language: str
    terminal_number: str
    terminal_name: str
    terminal_address: str
    support_phone: str
    slip_number: int
    at_us: int
    time_zone: str
    journal_seq: int
    journal_head: str


# --- for the buyer --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReceiptData(SlipHead):
    """The five ends a visit with cash can have: `kind` is one of them.

    inserted = credited + leftover; `under_review_minor` is beside that sum: nobody knows yet whether it came in.
    `payment_id` is what the buyer quotes to support; `reference` the aggregator's own id or empty.
    `claim_code` claims whatever is not with the payee, `claim_qr` is the signed statement of it; both empty when all is, or when
    `paid_out_minor` (of the leftover: paid out since) is all there was to claim.
    `account`: whom a service was paid for, as it may be printed; an order by number has none, a service has no `order_number`.
    """

    kind: SlipKind
    order_number: str
    payee: str
    description: str
    amount_minor: int
    currency: str
    notes: tuple[tuple[int, int], ...]
    inserted_minor: int
    credited_minor: int
    leftover_minor: int
    under_review_minor: int
    payment_id: str
    reference: str
    claim_code: str
    claim_qr: str
    account: str = ""
    paid_out_minor: int = 0

    @property
    def note_count(self) -> int:
        return sum(count for _, count in self.notes)

    @property
    def left_minor(self) -> int:
        """What is still kept."""
        return self.leftover_minor - self.paid_out_minor


@dataclass(frozen=True, slots=True)
class CodeReceipt(SlipHead):
    """The three ends a visit paid with a code can have: `kind` is one of them.

    open = credited + left: what was under the code before, what of it the payee got or is to get, what is under it after.
    `code_end`: its last characters, for whoever has several. `claim_code`: the whole of it, empty once nothing is left.
    """

    kind: SlipKind
    order_number: str
    payee: str
    description: str
    amount_minor: int
    currency: str
    open_minor: int
    credited_minor: int
    left_minor: int
    payment_id: str
    reference: str
    claim_code: str
    code_end: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class LeftoverSlip(SlipHead):
    """Money kept for a buyer and nothing else. inserted = credited + kept. `payment_id` may be of a visit without payment."""

    reason: UnallocatedReason
    order_number: str
    payee: str
    currency: str
    inserted_minor: int
    credited_minor: int
    kept_minor: int
    payment_id: str
    claim_code: str
    claim_qr: str

    kind: ClassVar[SlipKind] = SlipKind.LEFTOVER


# --- for people with keys -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, as the slip names them."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class CorrectionSlip(SlipHead):
    """A case settled by hand: what it was, how it was settled, from account `credit` to account `debit` (`kiosk.domain.ledger`).

    `claim_code` and `claim_qr` when the money became claimable by it, else empty.
    """

    correction_id: str
    case: CaseKind
    resolution: Resolution
    debit: str
    credit: str
    amount_minor: int
    currency: str
    person: Person
    reason: str
    claim_code: str
    claim_qr: str

    kind: ClassVar[SlipKind] = SlipKind.CORRECTION


class Doubt(StrEnum):
    """Why a box has to be counted before its sum is believed."""

    NOTE_IN_DOUBT = "note_in_doubt"
    JAM = "jam"
    POWER_CUT = "power_cut"
    LINE_LOST = "line_lost"
    BOX_AWAY = "box_away"  #: the box was out of the kiosk while nobody was signed in


@dataclass(frozen=True, slots=True)
class BoxContents:
    """What came into the box in one period, in one currency, and in which one place each unit of it is now (M2).

    stacked = confirmed + queued + unallocated + redeemed + orphan + test + open. All amounts are of money that came in during
    this period: a payment of an earlier period that was confirmed in this one is not in `confirmed_minor`.
    `suspense_minor` of `suspense_notes` is beside the sum: notes that may or may not be in the box.
    `ever_notes`, `ever_minor`: since the kiosk was made, never reset. `counted_minor`: by hand at the kiosk, None if not counted.
    """

    currency: str
    notes: tuple[tuple[int, int], ...]
    confirmed_minor: int
    queued_minor: int  #: captured, the aggregator has not answered finally
    unallocated_minor: int  #: kept for buyers under codes: leftover, not enough, refused
    redeemed_minor: int  #: paid out by the aggregator, or settled by a person: nobody comes for it any more
    orphan_minor: int
    test_minor: int
    open_minor: int  #: of a buyer who is paying now; 0 when a box is taken
    suspense_minor: int
    suspense_notes: int
    ever_notes: int
    ever_minor: int
    counted_minor: int | None = None

    @property
    def note_count(self) -> int:
        return sum(count for _, count in self.notes)

    @property
    def stacked_minor(self) -> int:
        """What the notes are worth."""
        return sum(value_minor * count for value_minor, count in self.notes)

    @property
    def credited_minor(self) -> int:
        """What became payments."""
        return self.confirmed_minor + self.queued_minor

    @property
    def placed_minor(self) -> int:
        """What the books say the notes are."""
        kept = self.unallocated_minor + self.redeemed_minor
        return self.credited_minor + kept + self.orphan_minor + self.test_minor + self.open_minor

    @property
    def difference_minor(self) -> int:
        """Notes beyond the books; 0 unless something is wrong, and then the slip says so."""
        return self.stacked_minor - self.placed_minor

    @property
    def over_short_minor(self) -> int:
        """Counted beyond (positive) or below (negative) the notes; 0 when nobody counted."""
        return 0 if self.counted_minor is None else self.counted_minor - self.stacked_minor


@dataclass(frozen=True, slots=True)
class CashReport(SlipHead):
    """What X report and collection slip share. `period` counts from 1; `since_us`: when it began.

    `visits` reached cash; `payments` became one, `queued_payments` of them are not confirmed; `returned_notes` went back.
    `collections_ever`: permanent counter. `doubts`: empty when every note is accounted for.
    """

    period: int
    since_us: int
    boxes: tuple[BoxContents, ...]
    visits: int
    payments: int
    queued_payments: int
    returned_notes: int
    collections_ever: int
    doubts: tuple[Doubt, ...]
    people: tuple[Person, ...]
    box_id: str  #: of the box in the kiosk (X) or taken (Z); empty: it has none

    @property
    def is_exact(self) -> bool:
        """Count confidence: whether the sum needs no counting."""
        return not self.doubts and not any(box.suspense_notes or box.difference_minor for box in self.boxes)


@dataclass(frozen=True, slots=True)
class XReport(CashReport):
    """A look: nothing is closed, nothing is reset."""

    kind: ClassVar[SlipKind] = SlipKind.X_REPORT


@dataclass(frozen=True, slots=True)
class CollectionSlip(CashReport):
    """Z: the box of `period` was taken at `until_us`. Slips of a kiosk form a chain: `serial` counts from 1 and
    `previous_hash` is `collection_hash` of the slip before it (64 zeros before the first).

    `attended`: somebody had signed in. `bag`: seal or bag number. `sheet` of `sheets` (from 1): several originals are printed,
    one goes with the money; a later print of any of them is a copy.
    """

    serial: int
    sheet: int
    sheets: int
    until_us: int
    attended: bool
    bag: str
    new_box_id: str
    previous_hash: str

    kind: ClassVar[SlipKind] = SlipKind.COLLECTION


#: Of a collection slip, what may differ between its prints without making it another slip.
_OF_A_PRINT = frozenset(
    {"slip_id", "copy", "language", "slip_number", "sheet", "sheets", "at_us", "journal_seq", "journal_head"}
)

FIRST_HASH = "0" * 64  #: `previous_hash` of the first collection slip of a kiosk


def collection_hash(slip: CollectionSlip) -> str:
    """SHA-256, hex, over what the slip says, whichever print of it: canonical JSON of its fields, in alphabetical order."""
    said = {name: value for name, value in asdict(slip).items() if name not in _OF_A_PRINT}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Verdict(StrEnum):
    """What a check found."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"  #: it could not be found out


class Device(StrEnum):
    """What a check is about."""

    ACCEPTOR = "acceptor"
    PRINTER = "printer"
    NETWORK = "network"
    JOURNAL = "journal"
    DISK = "disk"
    CLOCK = "clock"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`finding`: what was done and seen, `next_step`: what to do about it, or empty; both in the slip's language."""

    device: Device
    verdict: Verdict
    finding: str
    next_step: str


@dataclass(frozen=True, slots=True)
class ServiceReport(SlipHead):
    """What was tested, with which result, by whom. `signature`: of the till over the report, hex; `software`: versions."""

    report_id: str
    person: Person
    started_us: int
    ended_us: int
    checks: tuple[CheckResult, ...]
    software: str
    signature: str

    kind: ClassVar[SlipKind] = SlipKind.SERVICE_REPORT


@dataclass(frozen=True, slots=True)
class TestPage(SlipHead):
    """What a printer can do, to be looked at. `printer`: name of its profile, `codec` its code page."""

    __test__: ClassVar[bool] = False  #: pytest: no test, whatever its name

    printer: str
    codec: str
    software: str

    kind: ClassVar[SlipKind] = SlipKind.TEST_PAGE


SlipData = (
    ReceiptData | CodeReceipt | LeftoverSlip | CorrectionSlip | XReport | CollectionSlip | ServiceReport | TestPage
)

#: Which type a slip of each kind is, for whoever reads one back from a file.
DATA_TYPES: Mapping[SlipKind, type[SlipData]] = {
    SlipKind.PAYMENT_ACCEPTED: ReceiptData,
    SlipKind.PAYMENT_LATER: ReceiptData,
    SlipKind.REFUSED_AFTER_CASH: ReceiptData,
    SlipKind.NOT_ENOUGH: ReceiptData,
    SlipKind.NOTE_UNDER_REVIEW: ReceiptData,
    SlipKind.CODE_PAYMENT: CodeReceipt,
    SlipKind.CODE_PAYMENT_LATER: CodeReceipt,
    SlipKind.CODE_PAYMENT_REFUSED: CodeReceipt,
    SlipKind.LEFTOVER: LeftoverSlip,
    SlipKind.CORRECTION: CorrectionSlip,
    SlipKind.X_REPORT: XReport,
    SlipKind.COLLECTION: CollectionSlip,
    SlipKind.SERVICE_REPORT: ServiceReport,
    SlipKind.TEST_PAGE: TestPage,
}
