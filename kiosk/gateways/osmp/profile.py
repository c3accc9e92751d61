"""What one OSMP provider wants, beside the protocol: accounts, prv_ids, names of fields, codes of its own."""

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import AfterValidator, ConfigDict

from kiosk.domain.facts import OverpayPolicy


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


def _zone(name: str) -> str:
    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone such as Europe/Moscow") from None


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("must be digits")
    return text


Words = Annotated[str, MinLen(1), MaxLen(100)]
Minor = Annotated[int, Gt(0), Le(10**12)]
Number = Annotated[str, MinLen(1), MaxLen(20), AfterValidator(_number)]


@dataclass(frozen=True, slots=True)
class Payable:
    """Something that can be paid. `account_form`: the whole account must match it before anything is sent.

    `account_field`: which of the buyer's fields is the account; `data_fields`: those that go along under their own names.
    `amount_field`, `payee_field`, `description_field`, `expires_field`: in which field of a check's answer these are; without an
    amount the buyer decides, from `min_minor` to `max_minor`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    payee: Words
    account_form: Annotated[str, MinLen(1), MaxLen(500), AfterValidator(_pattern)]
    min_minor: Minor
    max_minor: Minor
    overpay: OverpayPolicy
    prv_id: Number | Literal[""] = ""
    account_field: Annotated[str, MaxLen(64)] = ""
    data_fields: tuple[Words, ...] = ()
    amount_field: Annotated[str, MaxLen(64)] = ""
    payee_field: Annotated[str, MaxLen(64)] = ""
    description_field: Annotated[str, MaxLen(64)] = ""
    expires_field: Annotated[str, MaxLen(64)] = ""


@dataclass(frozen=True, slots=True)
class OsmpProfile:
    """`zone`: of txn_date and of the register. `codes`: the provider's own, or other meanings for known ones; none means success.

    `register_file`: where the day's register is put, `{day}` standing for YYYYMMDD; empty: nowhere.
    `orders`: how an order is paid by its number; `services`: by service id.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    zone: Annotated[str, AfterValidator(_zone)]
    send_currency: bool
    send_terminal: bool
    probe_account: Annotated[str, MinLen(1), MaxLen(200)]
    quote_lives_s: Annotated[int, Ge(60), Le(86_400)]
    register_file: Annotated[str, MaxLen(500)]
    orders: Payable | None = None
    services: Mapping[str, Payable] = field(default_factory=dict)
    codes: Mapping[Number, Literal["later", "refused", "unknown"]] = field(default_factory=dict)
