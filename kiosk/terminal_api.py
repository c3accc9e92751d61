"""The published types of the terminal API: what a terminal and the aggregator say to each other, as JSON over HTTPS.

Answers for: shapes, units and limits of every message. Does not answer for: how either side carries them out.
Plain dataclasses, so that the aggregator's OpenAPI (pydantic reads the constraints) and the gateway's decoder (msgspec)
share one truth. Amounts are integer minor units with an ISO 4217 currency. Times are RFC 3339 in UTC.

    GET  /terminal/v1/health                       -> Health
    POST /terminal/v1/quotes       QuoteRequest    -> 200 Quote                 | Problem
    POST /terminal/v1/payments     PaymentRequest  -> 200 PaymentState          | Problem     (Idempotency-Key = payment_id)
    GET  /terminal/v1/payments/{payment_id}        -> 200 PaymentState          | 404 Problem
    POST /terminal/v1/claims       ClaimRequest    -> 200 ClaimState            | Problem     (Idempotency-Key = claim_id)

Authentication is mutual TLS: the terminal's number is the common name of its client certificate.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Gt, Le, MaxLen, MinLen

Minor = Annotated[int, Gt(0), Le(10**12)]
Currency = Annotated[str, MinLen(3), MaxLen(3)]
Identifier = Annotated[str, MinLen(1), MaxLen(64)]


class Mode(StrEnum):
    """A twin acceptor is only allowed against `test`."""

    TEST = "test"
    LIVE = "live"


class ProblemCode(StrEnum):
    """Every refusal by name. Only those in `gateways.terminal_api.OUTCOMES` as refused end a payment after cash."""

    ORDER_NOT_FOUND = "order_not_found"
    ORDER_EXPIRED = "order_expired"
    ORDER_ALREADY_PAID = "order_already_paid"
    ORDER_CANCELLED = "order_cancelled"
    CURRENCY_MISMATCH = "currency_mismatch"
    AMOUNT_MISMATCH = "amount_mismatch"
    QUOTE_UNKNOWN = "quote_unknown"
    PAYMENT_UNKNOWN = "payment_unknown"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    TERMINAL_UNKNOWN = "terminal_unknown"
    INVALID_REQUEST = "invalid_request"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with a request: where (`amount_minor`, `cash.0.count`) and what to do about it."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Body of every answer that is not 2xx."""

    code: ProblemCode
    message: str
    faults: tuple[FieldFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    mode: Mode
    time: str


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """`order_number`: the digits the buyer typed, shown by the merchant after the order was placed."""

    order_number: Annotated[str, MinLen(1), MaxLen(20)]
    currency: Currency


class Overpay(StrEnum):
    """What becomes of money over the amount; the payee's choice, told to the buyer before cash is taken."""

    EXACT = "exact"  #: a note that would exceed the amount comes back
    CREDIT_ALL = "credit_all"  #: the payee is credited all that was put in
    HOLD = "hold"  #: the leftover is kept under a claim code


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be paid, to whom. The buyer's fee is none, always. `expires_at` bounds taking cash, not posting it."""

    quote_id: Identifier
    order_number: str
    payee: str
    description: str
    amount_minor: Minor
    currency: Currency
    expires_at: str
    overpay: Overpay = Overpay.HOLD


@dataclass(frozen=True, slots=True)
class CashCount:
    value_minor: Minor
    count: Annotated[int, Gt(0), Le(100_000)]


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A captured cash payment. Frozen by the terminal before its first byte is sent and re-sent byte for byte.

    `amount_minor` is what the payee is credited; `cash` is every note of the session (it may sum to more: the leftover
    stays on the terminal's books as unallocated). `journal_seq`, `journal_head` (hex SHA-256) anchor the terminal's journal.
    """

    payment_id: Identifier
    quote_id: Identifier
    order_number: str
    amount_minor: Minor
    currency: Currency
    cash: tuple[CashCount, ...]
    captured_at: str
    journal_seq: int
    journal_head: str


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
    public_key: Annotated[str, MinLen(64), MaxLen(64)]


class ClaimStatus(StrEnum):
    OPEN = "open"
    REDEEMED = "redeemed"


@dataclass(frozen=True, slots=True)
class ClaimState:
    """The aggregator's word on one claim; the same id always gets the same reference."""

    claim_id: Identifier
    status: ClaimStatus
    reference: str
