"""Orders: started by a merchant's signed request, found by their number at a terminal, paid once.

Answers for: making an order once, looking an order up. Does not answer for: HTTP (`merchant_face`), reading a request
(`starting`), quotes for terminals (`quotes`), payments (`payments`), what states mean (`order_states`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from kiosk.aggregator.errors import MerchantError, MerchantFault, RefusedError
from kiosk.aggregator.merchants import starting
from kiosk.aggregator.merchants.merchant_fields import Fields
from kiosk.aggregator.merchants.starting import Start
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import numbers, order_states
from kiosk.aggregator.money.order_states import State
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import checkout, orders, quote
from kiosk.terminal_api import ProblemCode

CREATED, RECEIVED, DONE = State.CREATED, State.RECEIVED, State.DONE
#: What a merchant asked for beside the money; nothing for an order no merchant started.
OF_CHECKOUT = [
    sa.func.coalesce(column, "").label(column.name)
    for column in checkout.c
    if column.name not in {"order_id", "invoice_id"}
]
TEST_PAYMENT = "test"  #: in place of a payment's id


@dataclass(frozen=True, slots=True)
class Started:
    """`number` is typed at a terminal; `token` is in the address of the buyer's page."""

    number: str
    token: str


def start(engine: sa.Engine, fields: Fields) -> Started:
    """Take a merchant's signed payment start; the same one again is the same order. Raises MerchantError."""
    return run_writing(engine, lambda db: make(db, starting.read(db, fields, now_us())))


def make(db: sa.Connection, wanted: Start) -> Started:
    """The order of a start. Raises MerchantError for a number that was used for something else."""
    known = _known(db, wanted)
    if known is not None:
        return known
    order_id = db.execute(orders.insert().values(**_order_values(db, wanted)).returning(orders.c.id)).scalar_one()
    number = numbers.order_number(order_id)
    db.execute(orders.update().where(orders.c.id == order_id).values(number=number))
    db.execute(checkout.insert().values(order_id=order_id, **_checkout_values(wanted)))
    token = db.execute(sa.select(orders.c.token).where(orders.c.id == order_id)).scalar_one()
    return Started(number, token)


def _known(db: sa.Connection, wanted: Start) -> Started | None:
    """The order this very start made before: a buyer who loads the page again pays nothing twice."""
    if wanted.inv_id is None:
        return None
    found = db.execute(
        sa.select(orders.c.number, orders.c.token, checkout.c.fingerprint)
        .join(checkout, checkout.c.order_id == orders.c.id)
        .where(
            orders.c.login == wanted.shop.login,
            orders.c.is_test == wanted.is_test,
            orders.c.inv_id == wanted.inv_id,
        )
    ).one_or_none()
    if found is None:
        return None
    if found.fingerprint != wanted.fingerprint:
        message = f"InvId: {wanted.inv_id} was used for another payment; every payment needs its own"
        raise MerchantError(MerchantFault.NUMBER_TAKEN, message)
    return Started(found.number, found.token)


def _order_values(db: sa.Connection, wanted: Start) -> dict[str, object]:
    at_us = now_us()
    return {
        "login": wanted.shop.login,
        "inv_id": wanted.inv_id or _next_inv_id(db, wanted),
        "is_test": wanted.is_test,
        "out_sum": wanted.out_sum,
        "amount_minor": wanted.amount_minor,
        "currency": wanted.shop.currency,
        "description": wanted.description,
        "extras": json.dumps(dict(wanted.extras), sort_keys=True),
        "created_us": at_us,
        "state_us": at_us,
        "expires_us": wanted.expires_us,
        "state": int(CREATED),
    }


def _checkout_values(wanted: Start) -> dict[str, object]:
    return {
        "fingerprint": wanted.fingerprint,
        "invoice_id": wanted.invoice_id,
        "culture": wanted.culture,
        "email": wanted.email,
        "result_url": wanted.result_url,
        "success_url": wanted.success.url,
        "success_method": wanted.success.method,
        "fail_url": wanted.fail.url,
        "fail_method": wanted.fail.method,
    }


def _next_inv_id(db: sa.Connection, wanted: Start) -> int:
    """The next free number of a shop that left it to us."""
    of_shop = (orders.c.login == wanted.shop.login, orders.c.is_test == wanted.is_test)
    highest = int(db.execute(sa.select(sa.func.max(orders.c.inv_id)).where(*of_shop)).scalar() or 0)
    if highest >= starting.INV_ID_MAX:
        message = "InvId: the shop has used the highest number; send a free one with every start from now on"
        raise MerchantError(MerchantFault.NUMBER_INVALID, message)
    return highest + 1


# --- test payments ----------------------------------------------------------------------------------------------------


def pay_test(engine: sa.Engine, token: str) -> bool:
    """Take a test order for paid: its merchant is told, nothing is booked. False for an order that is no open test."""
    return run_writing(engine, lambda db: _end_test(db, token, _mark_paid))


def fail_test(engine: sa.Engine, token: str) -> bool:
    """Take a test order for given up by its buyer."""
    return run_writing(engine, lambda db: _end_test(db, token, _mark_cancelled))


def _end_test(db: sa.Connection, token: str, mark: Callable[[sa.Connection, int], None]) -> bool:
    columns = (orders.c.id, orders.c.is_test, orders.c.state, orders.c.expires_us)
    found = db.execute(sa.select(*columns).where(orders.c.token == token)).one_or_none()
    if found is None or not found.is_test or order_states.no_cash(found.state, found.expires_us, now_us()):
        return False
    mark(db, found.id)
    return True


def _mark_paid(db: sa.Connection, order_id: int) -> None:
    order_states.advance(db, order_id, order_states.Event.PAID)
    db.execute(orders.update().where(orders.c.id == order_id).values(payment_id=TEST_PAYMENT))
    db.execute(notification.insert().values(order_id=order_id, attempts=0, next_us=now_us(), last_answer=""))


def _mark_cancelled(db: sa.Connection, order_id: int) -> None:
    order_states.advance(db, order_id, order_states.Event.CANCELLED)


# --- looking up -------------------------------------------------------------------------------------------------------


def find(engine: sa.Engine, *which: sa.ColumnElement[bool]) -> sa.Row[tuple[object, ...]] | None:
    """The one order `which` names, with its checkout and its payee's name; made 10 first if it waits in vain."""
    found = _look(engine, which)
    if found is None or found.state != CREATED or found.expires_us > now_us():
        return found
    run_writing(engine, lambda db: order_states.expire(db, found.id))
    return _look(engine, which)


def latest_quote(engine: sa.Engine, terminal_number: str, number: str) -> str:
    """The quote of this terminal for this order that lives longest; empty when there is none."""
    with reading(engine) as db:
        found = db.execute(
            sa.select(quote.c.quote_id)
            .join(orders, orders.c.id == quote.c.order_id)
            .where(orders.c.number == number, quote.c.terminal == terminal_number)
            .order_by(quote.c.expires_us.desc())
            .limit(1)
        ).scalar()
    return str(found or "")


def currency_of(engine: sa.Engine, number: str) -> str:
    """What an order is paid in. Raises RefusedError when there is no such order."""
    with reading(engine) as db:
        found = db.execute(sa.select(orders.c.currency).where(orders.c.number == number)).scalar()
    if found is None:
        raise RefusedError(404, ProblemCode.ORDER_NOT_FOUND, "no order has this number; check the digits")
    return str(found)


def _look(engine: sa.Engine, which: tuple[sa.ColumnElement[bool], ...]) -> sa.Row[tuple[object, ...]] | None:
    with reading(engine) as db:
        return db.execute(
            sa.select(orders, *OF_CHECKOUT, merchant.c.name.label("payee"))
            .outerjoin(checkout, checkout.c.order_id == orders.c.id)
            .join(merchant, merchant.c.login == orders.c.login)
            .where(*which)
        ).one_or_none()
