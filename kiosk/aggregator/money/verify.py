"""Proving that the books agree: with themselves, and with the payments, claims and withdrawals they were made for.

Answers for: finding what is wrong and naming it. Does not answer for: mending it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, Balance, BookingKind
from kiosk.aggregator.shops.withdrawals import WithdrawalState
from kiosk.aggregator.storage.accounts import account, booking, entry
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.storage.refunds import REFUND_REASON, refund
from kiosk.aggregator.storage.withdrawals import withdrawal
from kiosk.terminal_api import PaymentStatus

SIGNS = {
    AccountKind.CASH: 1,
    AccountKind.TRANSIT: 1,
    AccountKind.WITHDRAWALS: -1,
    AccountKind.COMMISSION: -1,
    AccountKind.CLAIMS: -1,
    AccountKind.PAID_OUT: -1,
}  #: which side a balance of this kind is on; the others may be on either


@dataclass(frozen=True, slots=True)
class Verification:
    """`faults` is empty when the books agree."""

    bookings: int
    balances: tuple[Balance, ...]
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.faults


def verify(db: sa.Connection) -> Verification:
    """Look at everything in one snapshot."""
    count = db.execute(sa.select(sa.func.count()).select_from(booking)).scalar_one()
    faults = (*_unbalanced(db), *_empty(db), *_wrong_side(db), *_payments(db), *_claims(db), *_withdrawals(db))
    return Verification(count, books.balances(db), faults)


def _unbalanced(db: sa.Connection) -> Iterator[str]:
    total = sa.func.sum(entry.c.amount_minor)
    grouped = sa.select(entry.c.booking_id, entry.c.currency, total).group_by(entry.c.booking_id, entry.c.currency)
    for booking_id, currency, amount_minor in db.execute(grouped.having(total != 0)):
        yield f"booking {booking_id}: its legs sum to {amount_minor} {currency}, not to zero"


def _empty(db: sa.Connection) -> Iterator[str]:
    without = sa.select(booking.c.id).where(~sa.exists().where(entry.c.booking_id == booking.c.id))
    for booking_id in db.execute(without).scalars():
        yield f"booking {booking_id}: has no legs"


def _wrong_side(db: sa.Connection) -> Iterator[str]:
    kinds = {code: AccountKind(kind) for code, kind in db.execute(sa.select(account.c.code, account.c.kind)).all()}
    for one in books.balances(db):
        if one.amount_minor * SIGNS.get(kinds[one.account], 0) < 0:
            yield f"account {one.account}: {one.amount_minor} {one.currency} is on the wrong side"


def _payments(db: sa.Connection) -> Iterator[str]:
    """Each accepted payment is in its terminal's cash once, with its own sum; a refused one is not."""
    accepted = payment.c.status == PaymentStatus.ACCEPTED.value
    expected = sa.case((accepted, payment.c.amount_minor), else_=0)
    yield from _booked(db, payment, payment.c.payment_id, expected, BookingKind.PAYMENT)


def _claims(db: sa.Connection) -> Iterator[str]:
    """Each claim is in its terminal's cash once; what a merchant gave back came out of its balance instead."""
    from_cash = sa.case((claim.c.reason == REFUND_REASON, 0), else_=claim.c.amount_minor)
    yield from _booked(db, claim, claim.c.claim_id, from_cash, BookingKind.CLAIM)
    yield from _refunds(db)


def _refunds(db: sa.Connection) -> Iterator[str]:
    """Each refund left its merchant's balance once, with its own sum."""
    left = (
        sa.select(booking.c.reference, sa.func.sum(entry.c.amount_minor).label("sum"))
        .join(entry, entry.c.booking_id == booking.c.id)
        .where(booking.c.kind == BookingKind.REFUND.value, entry.c.account.like(f"{AccountKind.MERCHANT}:%"))
        .group_by(booking.c.reference)
        .subquery()
    )
    found = sa.func.coalesce(left.c.sum, 0)
    both = refund.outerjoin(left, left.c.reference == refund.c.request_id)
    wrong = sa.select(refund.c.request_id, refund.c.amount_minor, found).select_from(both)
    for reference, wanted_minor, found_minor in db.execute(wrong.where(found != refund.c.amount_minor)):
        yield f"refund {reference}: {wanted_minor} expected out of its merchant's balance, {found_minor} booked"


def _withdrawals(db: sa.Connection) -> Iterator[str]:
    """What shops asked for and have not got is what their accounts of withdrawals say."""
    waiting = withdrawal.c.state.in_([WithdrawalState.REQUESTED.value, WithdrawalState.APPROVED.value])
    asked = sa.select(withdrawal.c.login, withdrawal.c.currency, sa.func.sum(withdrawal.c.amount_minor)).where(waiting)
    wanted = {
        (Account(AccountKind.WITHDRAWALS, login).code, currency): -int(amount_minor)
        for login, currency, amount_minor in db.execute(asked.group_by(withdrawal.c.login, withdrawal.c.currency))
    }
    prefix = f"{AccountKind.WITHDRAWALS}:"
    booked = {
        (one.account, one.currency): one.amount_minor
        for one in books.balances(db)
        if one.account.startswith(prefix) and one.amount_minor
    }
    for code, currency in sorted(wanted.keys() | booked.keys()):
        expected, found = wanted.get((code, currency), 0), booked.get((code, currency), 0)
        if expected != found:
            yield f"account {code}: {expected} {currency} expected by the withdrawals, {found} booked"


def _booked(
    db: sa.Connection, of: sa.Table, key: sa.Column[str], expected: sa.ColumnElement[int], kind: BookingKind
) -> Iterator[str]:
    cash = (
        sa.select(
            booking.c.reference, entry.c.account, entry.c.currency, sa.func.sum(entry.c.amount_minor).label("sum")
        )
        .join(entry, entry.c.booking_id == booking.c.id)
        .where(booking.c.kind == kind.value, entry.c.account.like(f"{AccountKind.CASH}:%"))
        .group_by(booking.c.reference, entry.c.account, entry.c.currency)
        .subquery()
    )
    at_terminal = sa.and_(
        cash.c.reference == key,
        cash.c.account == sa.literal(f"{AccountKind.CASH}:") + of.c.terminal,
        cash.c.currency == of.c.currency,
    )
    found = sa.func.coalesce(cash.c.sum, 0)
    wrong = sa.select(key, expected, found).select_from(of.outerjoin(cash, at_terminal)).where(found != expected)
    for reference, wanted_minor, found_minor in db.execute(wrong):
        yield f"{kind} {reference}: {wanted_minor} expected in the terminal's cash, {found_minor} booked"
    orphans = sa.select(booking.c.reference).where(
        booking.c.kind == kind.value, ~sa.exists().where(key == booking.c.reference)
    )
    for reference in db.execute(orphans).scalars():
        yield f"{kind} {reference}: booked without a {kind}"
