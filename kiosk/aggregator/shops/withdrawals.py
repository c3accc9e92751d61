"""Paying merchants out: asked for, approved, sent to the bank or refused; each step once, by a person with a reason.

Answers for: never paying out more than there is, and the books at every step. Does not answer for: the bank transfer itself (a
person makes it, and says its reference here).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.shops import bank_details, lifecycle
from kiosk.aggregator.shops.lifecycle import By, ShopState
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.withdrawals import bank_details as details_table
from kiosk.aggregator.storage.withdrawals import withdrawal, withdrawal_event
from kiosk.domain.money import format_major

PAYING_STATES = frozenset({ShopState.ACTIVE, ShopState.CLOSING})


class WithdrawalState(StrEnum):
    REQUESTED = "requested"  #: no longer in the balance, not yet looked at
    APPROVED = "approved"  #: may be sent
    PAID = "paid"  #: sent; has a bank's reference
    REFUSED = "refused"  #: back in the balance


#: What may follow what. An absent entry is refused and changes nothing.
TRANSITIONS: Mapping[WithdrawalState, frozenset[WithdrawalState]] = {
    WithdrawalState.REQUESTED: frozenset({WithdrawalState.APPROVED, WithdrawalState.REFUSED}),
    WithdrawalState.APPROVED: frozenset({WithdrawalState.PAID, WithdrawalState.REFUSED}),
    WithdrawalState.PAID: frozenset(),
    WithdrawalState.REFUSED: frozenset(),
}


def balance(db: sa.Connection, login: str) -> dict[str, Any]:
    """What a shop has: free to withdraw, and on its way out."""
    row = db.execute(sa.select(merchant.c.currency).where(merchant.c.login == login)).one_or_none()
    if row is None:
        raise AdminError(f"no shop {login!r}")
    return {
        "login": login,
        "currency": row.currency,
        "available_minor": available_minor(db, login, row.currency),
        "in_withdrawal_minor": in_withdrawal_minor(db, login, row.currency),
    }


def available_minor(db: sa.Connection, login: str, currency: str) -> int:
    """What is owed to a shop and not asked for yet."""
    return -books.balance_minor(db, Account(AccountKind.MERCHANT, login), currency)


def in_withdrawal_minor(db: sa.Connection, login: str, currency: str) -> int:
    """What a shop asked for and has not got yet."""
    return -books.balance_minor(db, Account(AccountKind.WITHDRAWALS, login), currency)


def request(engine: sa.Engine, login: str, amount_minor: int, by: By) -> int:
    """Ask for a sum in the shop's currency; the number of the withdrawal. Raises AdminError."""

    def work(db: sa.Connection) -> int:
        currency = _ensure_may_withdraw(db, login)
        return ask(db, login, amount_minor, currency, by)

    return run_writing(engine, work)


def _ensure_may_withdraw(db: sa.Connection, login: str) -> str:
    state = lifecycle.state_of(db, login)
    if state not in PAYING_STATES:
        raise AdminError(f"shop {login} is {state}: nothing is paid out now")
    return str(db.execute(sa.select(merchant.c.currency).where(merchant.c.login == login)).scalar_one())


def ask(db: sa.Connection, login: str, amount_minor: int, currency: str, by: By) -> int:
    """Within a unit of work: move a sum from the balance to the withdrawals."""
    to = bank_details.current(db, login, currency)
    if to is None:
        raise AdminError(f"shop {login} has no bank details for {currency}; set them first")
    available = available_minor(db, login, currency)
    if not 0 < amount_minor <= available:
        raise AdminError(f"there are {format_major(available, currency)} {currency} to withdraw")
    values = {"login": login, "bank_details_id": to[0], "amount_minor": amount_minor, "currency": currency}
    state = {"state": WithdrawalState.REQUESTED.value, "bank_reference": "", "asked_us": now_us()}
    number = int(db.execute(withdrawal.insert().values(**values, **state).returning(withdrawal.c.id)).scalar_one())
    _keep(db, number, WithdrawalState.REQUESTED, by)
    legs = books.move(_balance(login), _pending(login), amount_minor, currency)
    books.book(db, BookingKind.WITHDRAWAL, str(number), legs)
    return number


def _balance(login: str) -> Account:
    return Account(AccountKind.MERCHANT, login)


def _pending(login: str) -> Account:
    return Account(AccountKind.WITHDRAWALS, login)


def _keep(db: sa.Connection, number: int, state: WithdrawalState, by: By) -> None:
    values = {"withdrawal_id": number, "state": state.value, "at_us": now_us()}
    db.execute(withdrawal_event.insert().values(**values, person=by.person, reason=by.reason))


def approve(engine: sa.Engine, number: int, by: By) -> None:
    """It may be sent. Raises AdminError; also for a shop that was blocked meanwhile."""

    def work(db: sa.Connection) -> None:
        row = _advance(db, number, WithdrawalState.APPROVED, by)
        _ensure_may_withdraw(db, row.login)

    run_writing(engine, work)


def pay(engine: sa.Engine, number: int, bank_reference: str, by: By) -> None:
    """It was sent; `bank_reference` finds it at the bank. A closing shop that has nothing left is then terminated."""
    if not 0 < len(bank_reference.strip()) <= 100:
        raise AdminError("say the bank's reference of the transfer, at most 100 characters")

    def work(db: sa.Connection) -> None:
        row = _advance(db, number, WithdrawalState.PAID, by)
        db.execute(withdrawal.update().where(withdrawal.c.id == number).values(bank_reference=bank_reference.strip()))
        legs = books.move(_pending(row.login), Account(AccountKind.PAID_OUT), row.amount_minor, row.currency)
        books.book(db, BookingKind.PAYOUT, str(number), legs)
        settle(db, row.login, by)

    run_writing(engine, work)


def refuse(engine: sa.Engine, number: int, by: By) -> None:
    """It is not sent, the balance has it back; the reason is the merchant's to read."""

    def work(db: sa.Connection) -> None:
        row = _advance(db, number, WithdrawalState.REFUSED, by)
        legs = books.move(_pending(row.login), _balance(row.login), row.amount_minor, row.currency)
        books.book(db, BookingKind.RETURNED, str(number), legs)

    run_writing(engine, work)


def _advance(db: sa.Connection, number: int, after: WithdrawalState, by: By) -> sa.Row[Any]:
    row = db.execute(sa.select(withdrawal).where(withdrawal.c.id == number)).one_or_none()
    if row is None:
        raise AdminError(f"no withdrawal {number}")
    if after not in TRANSITIONS[WithdrawalState(row.state)]:
        raise AdminError(f"withdrawal {number} is {row.state}: it cannot become {after}")
    db.execute(withdrawal.update().where(withdrawal.c.id == number).values(state=after.value))
    _keep(db, number, after, by)
    return row


def settle(db: sa.Connection, login: str, by: By) -> None:
    """Within a unit of work: a closing shop with nothing left is terminated."""
    if lifecycle.state_of(db, login) is not ShopState.CLOSING:
        return
    currency = db.execute(sa.select(merchant.c.currency).where(merchant.c.login == login)).scalar_one()
    if not (available_minor(db, login, currency) or in_withdrawal_minor(db, login, currency)):
        lifecycle.advance(db, login, lifecycle.ShopEvent.SETTLED, by)


def listed(db: sa.Connection, login: str = "", state: WithdrawalState | None = None) -> list[dict[str, Any]]:
    """Withdrawals, oldest first, with where they go and everything that happened to them."""
    where = [withdrawal.c.login == login] if login else []
    where += [withdrawal.c.state == state.value] if state else []
    to = (details_table.c.kind, details_table.c.holder, details_table.c.account, details_table.c.bank)
    question = sa.select(withdrawal, *to).join(details_table, details_table.c.id == withdrawal.c.bank_details_id)
    rows = db.execute(question.where(*where).order_by(withdrawal.c.id)).mappings().all()
    return [{**row, "events": _events(db, row["id"])} for row in rows]


def _events(db: sa.Connection, number: int) -> list[dict[str, Any]]:
    c = withdrawal_event.c
    question = sa.select(c.state, c.person, c.reason, c.at_us).where(c.withdrawal_id == number)
    return [dict(row) for row in db.execute(question.order_by(c.id)).mappings()]
