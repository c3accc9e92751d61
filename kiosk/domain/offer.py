"""What is being paid for: the aggregator's quote, and what of it is personal.

Answers for: the shapes, which stand in the journal for ever. Does not answer for: how they come about (`quoting`).
Amounts are integer minor units of an ISO 4217 currency; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class OverpayPolicy(StrEnum):
    """What becomes of money over the amount due; the payee's choice, declared before cash is taken."""

    EXACT = "exact"  #: nothing over: a note that would exceed what is due comes back
    CREDIT_ALL = "credit_all"  #: the payee is credited all that was put in
    HOLD = "hold"  #: the leftover is kept under a claim code


Typed = tuple[tuple[str, str], ...]  #: (name of a field, what was typed into it), in the catalogue's order


@dataclass(frozen=True, slots=True)
class Order:
    """What is being paid, by an order's number or as a service of the catalogue: the aggregator's quote. `expires_at_us` bounds
    taking cash.

    `account`: whom it is for, as it may be shown; nothing personal stands here whole. `open_amount`: the buyer decides by what
    they put in, from `amount_minor` on, and all of it is credited. `max_minor`: most that is credited, 0 for no such limit.
    """

    quote_id: str
    order_number: str
    payee: str
    description: str
    amount_minor: int
    currency: str
    expires_at_us: int
    overpay: OverpayPolicy
    service_id: str = ""
    account: str = ""
    open_amount: bool = False
    max_minor: int = 0


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is personal about a payment: what the buyer filled in (`fields`), and what the payee wants them to check (`details`:
    label, value). It is in no log, and in the journal beside the chain.
    """

    fields: Typed = field(default=(), repr=False)
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False)
