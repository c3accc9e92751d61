"""What every message of the terminal API is made of: amounts, names, times, and how a request is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le, MaxLen, MinLen

Minor = Annotated[int, Gt(0), Le(10**12)]
MinorOrNone = Annotated[int, Ge(0), Le(10**12)]  #: 0: none
MinorEither = Annotated[int, Ge(-(10**12)), Le(10**12)]  #: below zero where a person moved money of an earlier box
Currency = Annotated[str, MinLen(3), MaxLen(3)]
Identifier = Annotated[str, MinLen(1), MaxLen(64)]
IdentifierOrNone = Annotated[str, MaxLen(64)]  #: empty: none
Words = Annotated[str, MaxLen(300)]
Moment = Annotated[str, MinLen(20), MaxLen(40)]  #: RFC 3339 with an offset
Hex256 = Annotated[str, MinLen(64), MaxLen(64)]  #: 32 bytes in hex
Sequence = Annotated[int, Ge(0), Le(2**63 - 1)]  #: of a journal row
Labels = Mapping[str, str]  #: language → words, for people; a terminal falls back on English, then on any


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
    SERVICE_UNKNOWN = "service_unknown"  #: not in this terminal's catalogue, or not any more
    FIELD_INVALID = "field_invalid"  #: `faults` names the field and what it must look like
    ACCOUNT_UNKNOWN = "account_unknown"  #: the payee knows nobody under these fields
    NOTHING_DUE = "nothing_due"  #: the payee knows the account, and it owes nothing
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    CURRENCY_MISMATCH = "currency_mismatch"
    AMOUNT_MISMATCH = "amount_mismatch"
    QUOTE_UNKNOWN = "quote_unknown"
    PAYEE_UNAVAILABLE = "payee_unavailable"  #: the payee's own system does not answer; ask again later
    SHOP_INACTIVE = "shop_inactive"  #: the payee takes no payments at present
    PAYMENT_UNKNOWN = "payment_unknown"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    CODE_UNKNOWN = "code_unknown"
    CODE_REDEEMED = "code_redeemed"
    CODE_TOO_SMALL = "code_too_small"  #: it does not cover what it should pay
    TERMINAL_UNKNOWN = "terminal_unknown"  #: never paired, or revoked
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a pairing token that is wrong, old, or was used with another key
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
class CashCount:
    value_minor: Minor
    count: Annotated[int, Gt(0), Le(100_000)]
