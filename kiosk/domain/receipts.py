"""What a slip tells, as data: no words, no layout, no money policy."""

from dataclasses import dataclass
from enum import StrEnum


class SlipKind(StrEnum):
    """Why a slip is printed."""

    PAYMENT_ACCEPTED = "payment_accepted"
    PAYMENT_LATER = "payment_later"  #: cash is in, the aggregator has not confirmed yet: it will be credited
    REFUSED_AFTER_CASH = "refused_after_cash"
    NOT_ENOUGH = "not_enough"  #: too little for the order: the money is kept under the reference
    NOTE_UNDER_REVIEW = "note_under_review"


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """Amounts in minor units of `currency`; `notes`: (value_minor, count), ascending; `at_us`: UTC microseconds.

    `payment_id` is what the buyer quotes to support; `reference` the aggregator's own id or empty; `journal_head` hex SHA-256.
    `account`: whom a service was paid for, as it may be printed; an order by number has none, a service has no `order_number`.
    `claim_code` claims whatever is not with the payee, `claim_qr` is the signed statement of it; both empty when all is.
    """

    slip_id: str
    kind: SlipKind
    copy: bool
    language: str
    terminal_number: str
    terminal_name: str
    terminal_address: str
    support_phone: str
    slip_number: int
    at_us: int
    time_zone: str
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
    journal_seq: int
    journal_head: str
    account: str = ""
