"""Double entry: every movement of money is a booking whose legs sum to zero in each currency.

Answers for: the kinds of accounts and bookings, writing a booking once and whole, balances, commission and its rounding, and
proving that the books agree. Does not answer for: why money moves.

A leg above zero is a debit, below zero a credit. Cash at terminals and in transit is ours to hold (debit balance); what merchants
and holders of claims are owed is a credit balance. A correction is a new booking.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.storage.accounts import account, booking, entry

BASIS_POINTS = 10_000


class AccountKind(StrEnum):
    """Whose money, and where. What an owner is stands behind the colon."""

    CASH = "cash"  #: in the box of a terminal; owner: terminal number
    TRANSIT = "transit"  #: collected, on its way to the bank; owner: terminal number
    BANK = "bank"  #: counted and paid in
    MERCHANT = "merchant"  #: owed to a merchant; owner: login
    WITHDRAWALS = "withdrawals"  #: asked for, not yet sent to the merchant's bank; owner: login
    COMMISSION = "commission"  #: ours, by the merchant's tariff
    CLAIMS = "claims"  #: owed to whoever holds a code: leftovers and refused payments
    PAID_OUT = "paid_out"  #: has left us: to a merchant's bank, or over the desk for a claim
    SUSPENSE = "suspense"  #: nobody knows yet whose it is


class BookingKind(StrEnum):
    """Why money moved; with the reference of its cause it is booked once."""

    PAYMENT = "payment"  #: reference: payment_id
    CLAIM = "claim"  #: reference: claim_id
    REDEMPTION = "redemption"  #: over the desk; reference: claim_id
    CODE_PAYMENT = "code_payment"  #: a quote paid out of a code; reference: redemption_id
    COLLECTION = "collection"  #: reference: of the collection
    BANKED = "banked"  #: reference: of the deposit
    WITHDRAWAL = "withdrawal"  #: asked for; reference: of the withdrawal
    PAYOUT = "payout"  #: sent; reference: of the withdrawal
    RETURNED = "returned"  #: refused, the balance has it back; reference: of the withdrawal
    REFUND = "refund"  #: a merchant gives back to a buyer, who has a code for it; reference: request_id
    CORRECTION = "correction"  #: by a person with a reason; reference: of the correction


@dataclass(frozen=True, slots=True)
class Account:
    """One account; it exists from its first entry on."""

    kind: AccountKind
    owner: str = ""

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.owner}" if self.owner else self.kind.value


@dataclass(frozen=True, slots=True)
class Leg:
    """`amount_minor` above zero: debit; below: credit; never zero."""

    account: Account
    amount_minor: int
    currency: str


class UnbalancedError(Exception):
    """A booking that would make or lose money: a programming fault; nothing was written."""


def move(debit: Account, credit: Account, amount_minor: int, currency: str) -> tuple[Leg, Leg]:
    """Two legs: `amount_minor` (above zero) to the debit of one account and the credit of the other."""
    return Leg(debit, amount_minor, currency), Leg(credit, -amount_minor, currency)


def book(db: sa.Connection, kind: BookingKind, reference: str, legs: Iterable[Leg]) -> None:
    """Write one booking. Raises UnbalancedError; IntegrityError for a kind and reference that were booked before."""
    legs = tuple(legs)
    _ensure_balanced(legs)
    _ensure_accounts(db, {leg.account for leg in legs})
    values = {"kind": kind.value, "reference": reference, "booked_us": now_us()}
    booking_id = db.execute(booking.insert().values(**values).returning(booking.c.id)).scalar_one()
    rows = [
        {
            "booking_id": booking_id,
            "line": line,
            "account": leg.account.code,
            "amount_minor": leg.amount_minor,
            "currency": leg.currency,
        }
        for line, leg in enumerate(legs)
    ]
    db.execute(entry.insert().values(rows))  # one statement: several in a row would be a pipeline to PostgreSQL


def _ensure_balanced(legs: tuple[Leg, ...]) -> None:
    """The one place where bookings are held to zero."""
    sums: defaultdict[str, int] = defaultdict(int)
    for leg in legs:
        sums[leg.currency] += leg.amount_minor
    if not legs or any(leg.amount_minor == 0 for leg in legs):
        raise UnbalancedError("a booking has legs, none of them zero")
    if any(sums.values()):
        raise UnbalancedError(f"legs sum to {dict(sums)}, not to zero")


def _ensure_accounts(db: sa.Connection, accounts: set[Account]) -> None:
    wanted = {one.code: one for one in accounts}
    known = set(db.execute(sa.select(account.c.code).where(account.c.code.in_(wanted))).scalars())
    new = [
        {"code": code, "kind": wanted[code].kind.value, "owner": wanted[code].owner} for code in wanted.keys() - known
    ]
    if new:
        db.execute(account.insert(), new)


def commission_minor(amount_minor: int, rate_bp: int) -> int:
    """A merchant's commission on a payment: rounded down to a whole minor unit, so that nobody pays above the tariff."""
    return amount_minor * rate_bp // BASIS_POINTS


def balance_minor(db: sa.Connection, of: Account, currency: str) -> int:
    """Debits less credits of an account: what we owe is below zero."""
    total = sa.select(sa.func.coalesce(sa.func.sum(entry.c.amount_minor), 0))
    return int(db.execute(total.where(entry.c.account == of.code, entry.c.currency == currency)).scalar_one())


@dataclass(frozen=True, slots=True)
class Balance:
    account: str
    currency: str
    amount_minor: int


def balances(db: sa.Connection) -> tuple[Balance, ...]:
    """Every account that has entries, by code and currency."""
    total = sa.func.sum(entry.c.amount_minor)
    grouped = sa.select(entry.c.account, entry.c.currency, total).group_by(entry.c.account, entry.c.currency)
    rows = db.execute(grouped.order_by(entry.c.account, entry.c.currency)).all()
    return tuple(Balance(code, currency, int(amount_minor)) for code, currency, amount_minor in rows)
