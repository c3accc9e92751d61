"""What an administrator does to the aggregator's file: merchants, terminals, and looking an order up. All idempotent."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.shops.lifecycle import LegalForm, ShopState
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.storage.terminals import terminal
from kiosk.aggregator.vault import vault_of
from kiosk.terminal_api import Overpay

#: What a merchant that is added at once has not said.
AT_ONCE = {
    "state": ShopState.ACTIVE.value,
    "legal_form": LegalForm.COMPANY.value,
    "legal_name": "",
    "email": "",
    "result_method": "POST",
    "success_url": "",
    "success_method": "GET",
    "fail_url": "",
    "fail_method": "GET",
}


@dataclass(frozen=True, slots=True)
class Merchant:
    """`commission_bp`: basis points agreed with it alone; the buyer pays none. `overpay`: a terminal_api.Overpay value."""

    login: str
    name: str
    password1: str = field(repr=False)
    password2: str = field(repr=False)
    hash_name: str
    result_url: str
    currency: str
    commission_bp: int
    overpay: str = Overpay.HOLD.value


def set_merchant(engine: sa.Engine, shop: Merchant) -> None:
    """Add an active merchant at once, or change its settings: for tests and demonstrations, past `registration`."""
    run_writing(engine, lambda db: _set_merchant(db, shop))


def _set_merchant(db: sa.Connection, shop: Merchant) -> None:
    vault = vault_of(db)
    sealed = {"password1": vault.seal(shop.password1), "password2": vault.seal(shop.password2)}
    values = {name: getattr(shop, name) for name in shop.__slots__} | sealed
    known = db.execute(sa.select(merchant.c.login).where(merchant.c.login == shop.login)).scalar()
    if known is None:
        db.execute(merchant.insert().values(**values, **AT_ONCE))
    else:
        db.execute(merchant.update().where(merchant.c.login == shop.login).values(**values))


def forget_key(engine: sa.Engine, number: str) -> None:
    """Let the next claim of a terminal show a new key: its old one was lost or replaced."""
    forget = terminal.update().where(terminal.c.number == number).values(public_key=None)
    run_writing(engine, lambda db: db.execute(forget))


def set_terminal(engine: sa.Engine, number: str, *, active: bool) -> None:
    """Register a terminal, or revoke it."""
    run_writing(engine, lambda db: _set_terminal(db, number, active=active))


def _set_terminal(db: sa.Connection, number: str, *, active: bool) -> None:
    known = db.execute(sa.select(terminal.c.number).where(terminal.c.number == number)).scalar()
    if known is None:
        db.execute(terminal.insert().values(number=number, active=active))
    else:
        db.execute(terminal.update().where(terminal.c.number == number).values(active=active))


def order_report(engine: sa.Engine, number: str) -> dict[str, Any] | None:
    """An order with its payments and what the merchant knows; None when there is no such order."""
    return next(iter(_reports(engine, orders.c.number == number)), None)


def payment_reports(engine: sa.Engine) -> list[dict[str, Any]]:
    """The same of every order, a service's too, that a payment came for; the oldest first."""
    return _reports(engine, orders.c.id.in_(sa.select(payment.c.order_id)))


def _reports(engine: sa.Engine, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    with reading(engine) as db:
        rows = db.execute(
            sa.select(orders, notification.c.delivered_us, notification.c.attempts, notification.c.last_answer)
            .outerjoin(notification, notification.c.order_id == orders.c.id)
            .where(which)
            .order_by(orders.c.id)
        ).all()
        return [_report(db, row) for row in rows]


def _report(db: sa.Connection, found: sa.Row[Any]) -> dict[str, Any]:
    paid = db.execute(sa.select(payment).where(payment.c.order_id == found.id)).all()
    return {
        "number": found.number,
        "login": found.login,
        "inv_id": found.inv_id,
        "state": found.state,
        "amount_minor": found.amount_minor,
        "currency": found.currency,
        "merchant_notified": found.delivered_us is not None,
        "notification_attempts": found.attempts or 0,
        "last_answer": found.last_answer or "",
        "payments": [
            {"id": p.payment_id, "status": p.status, "code": p.code, "amount_minor": p.amount_minor} for p in paid
        ],
    }
