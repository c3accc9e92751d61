"""Quotes, payments, registers, and the codes of money that stayed behind."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import MaxLen, MinLen

from kiosk.terminal_api.common import (
    CashCount,
    Currency,
    Hex256,
    Identifier,
    IdentifierOrNone,
    Minor,
    MinorOrNone,
    Moment,
    Sequence,
    Words,
)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What the buyer typed into a field of a service (`catalogue.Field.name`)."""

    name: Identifier
    value: Annotated[str, MaxLen(200)]


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What the buyer wants to pay: an order by the digits its merchant showed, or a service with its fields; just one of both."""

    order_number: Annotated[str, MaxLen(20)]
    currency: Currency
    service_id: IdentifierOrNone = ""
    fields: Annotated[tuple[FieldValue, ...], MaxLen(20)] = ()


class Overpay(StrEnum):
    """What becomes of money over the amount; the payee's choice, told to the buyer before cash is taken."""

    EXACT = "exact"  #: a note that would exceed the amount comes back
    CREDIT_ALL = "credit_all"  #: the payee is credited all that was put in, up to the quote's `max_minor`
    HOLD = "hold"  #: the leftover is kept under a claim code


@dataclass(frozen=True, slots=True)
class QuoteDetail:
    """A line the payee wants the buyer to check before paying: a name, an address, a period."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be paid, to whom. The buyer's fee is none, always. `expires_at` bounds taking cash, not posting it.

    `amount_minor` is what is due. `open_amount`: the buyer decides by what they put in, from `amount_minor` to `max_minor`, and
    all of it is credited. `max_minor`: most that is credited, 0 where only the terminal's own limits hold. `account`: whom it is
    for, as it may be shown and printed.
    """

    quote_id: Identifier
    order_number: str
    payee: str
    description: str
    amount_minor: Minor
    currency: Currency
    expires_at: Moment
    overpay: Overpay = Overpay.HOLD
    service_id: IdentifierOrNone = ""
    account: Words = ""
    open_amount: bool = False
    max_minor: MinorOrNone = 0
    details: Annotated[tuple[QuoteDetail, ...], MaxLen(20)] = ()


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A captured cash payment. Frozen by the terminal before its first byte is sent and re-sent byte for byte.

    `amount_minor` is what the payee is credited; `cash` is every note of the session (it may sum to more: the leftover
    stays on the terminal's books as unallocated). `order_number` or `service_id` as in the quote. `journal_seq`,
    `journal_head` (hex SHA-256) anchor the terminal's journal.
    """

    payment_id: Identifier
    quote_id: Identifier
    order_number: Annotated[str, MaxLen(20)]
    amount_minor: Minor
    currency: Currency
    cash: tuple[CashCount, ...]
    captured_at: Moment
    journal_seq: Sequence
    journal_head: Hex256
    service_id: IdentifierOrNone = ""


class PaymentStatus(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PaymentState:
    """The aggregator's word on one payment id; the same id always gets the same answer.

    `status` accepted or refused is final; `code` and `message` say why it was refused. `reference` is the aggregator's own id.
    `merchant_notified` turns true once the merchant has answered `OK<InvId>`.
    """

    payment_id: Identifier
    status: PaymentStatus
    reference: str
    amount_minor: Minor
    currency: Currency
    merchant_notified: bool
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Money that stays behind became claimable under the code on the buyer's slip. Frozen and re-sent as payments are.

    One code may carry several claims. `statement` is the signed text of the slip's QR code (`domain.codes`): the code, the
    amount, the currency and the time, signed by the terminal's key, whose Ed25519 `public_key` (hex) comes along: the first one
    a terminal shows is its key from then on.
    """

    claim_id: Identifier
    code: Annotated[str, MinLen(16), MaxLen(16)]
    reason: Identifier
    amount_minor: Minor
    currency: Currency
    statement: Annotated[str, MinLen(1), MaxLen(300)]
    public_key: Hex256


class ClaimStatus(StrEnum):
    OPEN = "open"
    REDEEMED = "redeemed"


@dataclass(frozen=True, slots=True)
class ClaimState:
    """The aggregator's word on one claim; the same id always gets the same reference."""

    claim_id: Identifier
    status: ClaimStatus
    reference: str


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """`code`: sixteen characters, as typed or read from a slip."""

    code: Annotated[str, MinLen(16), MaxLen(24)]


@dataclass(frozen=True, slots=True)
class CodeState:
    """What is still open under a code. 0: all of it was paid out."""

    amount_minor: MinorOrNone
    currency: Currency


@dataclass(frozen=True, slots=True)
class RedemptionRequest:
    """Pay a quote out of a code that covers it; what is over stays open under the code. Idempotent by `redemption_id`."""

    redemption_id: Identifier
    code: Annotated[str, MinLen(16), MaxLen(24)]
    quote_id: Identifier


@dataclass(frozen=True, slots=True)
class RedemptionState:
    """`paid_minor` went to the payee, `left_minor` stays open under the code."""

    redemption_id: Identifier
    reference: str
    paid_minor: Minor
    left_minor: MinorOrNone
    currency: Currency


@dataclass(frozen=True, slots=True)
class RegisterPayment:
    """One payment the aggregator took that day. `captured_at` is the terminal's word, `received_at` the aggregator's."""

    payment_id: Identifier
    reference: str
    amount_minor: Minor
    currency: Currency
    captured_at: Moment
    received_at: Moment


@dataclass(frozen=True, slots=True)
class RegisterClaim:
    """One claim of this terminal that was paid out that day, in whole."""

    claim_id: Identifier
    reference: str
    amount_minor: Minor
    currency: Currency
    redeemed_at: Moment


@dataclass(frozen=True, slots=True)
class Register:
    """A UTC day of one terminal as the aggregator has it. `closed`: the day is over and the register will not change."""

    day: Annotated[str, MinLen(10), MaxLen(10)]
    closed: bool
    payments: tuple[RegisterPayment, ...]
    claims: tuple[RegisterClaim, ...]
