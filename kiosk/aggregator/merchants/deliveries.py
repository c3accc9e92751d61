"""Which merchant has to be told what, when, and how often: the part of notifying that is on disk.

Answers for: that several workers never tell the same thing at once, growing waits, giving up, telling again by hand. Does not
answer for: the call itself (`merchant_line`), the worker (`notify`).

A delivery is taken by moving its time into the future (a lease) and counting the attempt, in one unit of work. Whoever comes
meanwhile does not see it; a worker that dies is followed by another when the lease is over; and what a worker says of an attempt
counts only while no later attempt was begun.
"""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.merchants import methods, signatures
from kiosk.aggregator.merchants.merchant_line import ANSWER_CHARACTERS_MAX, DEADLINE_S
from kiosk.aggregator.merchants.web_service import fee_minor
from kiosk.aggregator.moments import DAY_US, MICROSECONDS, now_us
from kiosk.aggregator.money import order_states
from kiosk.aggregator.money.order_states import PAID, Event, State
from kiosk.aggregator.money.orders import OF_CHECKOUT
from kiosk.aggregator.shops import shops
from kiosk.aggregator.shops.shops import Shop
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import checkout, orders
from kiosk.domain.money import format_major

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 3600.0
DOUBLINGS_MAX = 20
LEASE_US = int(6 * DEADLINE_S) * MICROSECONDS  #: far more than a call may take
GIVE_UP_DAYS = 7
LOOK_S = 30.0  #: at the latest, whatever nobody woke us for
SOONEST_S = 0.05


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification a worker has taken. `fields` hold a signature and a buyer's address: never logged."""

    order_id: int
    login: str
    method: str
    url: str
    fields: Mapping[str, str] = field(repr=False)
    expected: str
    attempt: int


def take(engine: sa.Engine, most: int, busy: Mapping[str, int], most_of_shop: int) -> list[Delivery]:
    """Up to `most` that are due and nobody has, not more than `most_of_shop` of one shop counting those that are `busy`."""
    return run_writing(engine, lambda db: _take(db, most, busy, most_of_shop))


def _take(db: sa.Connection, most: int, busy: Mapping[str, int], most_of_shop: int) -> list[Delivery]:
    at_us = now_us()
    full = [login for login, count in busy.items() if count >= most_of_shop]
    due = (
        sa.select(notification.c.order_id, notification.c.attempts, orders.c.login)
        .join(orders, orders.c.id == notification.c.order_id)
        .where(*_waiting(), notification.c.next_us <= at_us, orders.c.login.not_in(full))
        .order_by(notification.c.next_us)
        .limit(most)
        .with_for_update(skip_locked=True, of=notification)
    )
    taken: list[Delivery] = []
    count = Counter(busy)
    for row in db.execute(due).all():
        if count[row.login] < most_of_shop:
            count[row.login] += 1
            taken.append(_leased(db, row.order_id, row.attempts + 1, at_us))
    return taken


def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Neither told nor given up, and not held back by an operator."""
    return (
        notification.c.delivered_us.is_(None),
        notification.c.given_up_us.is_(None),
        # + 0: never by the index of states, which leads over every order that was ever paid
        (orders.c.state + 0).in_([int(state) for state in PAID]),
    )


def _leased(db: sa.Connection, order_id: int, attempt: int, at_us: int) -> Delivery:
    values = {"attempts": attempt, "next_us": at_us + LEASE_US}
    db.execute(notification.update().where(notification.c.order_id == order_id).values(**values))
    row = db.execute(
        sa.select(orders, *OF_CHECKOUT)
        .outerjoin(checkout, checkout.c.order_id == orders.c.id)
        .where(orders.c.id == order_id)
    ).one()
    shop = shops.find(db, row.login)
    if shop is None:
        return Delivery(order_id, row.login, "POST", "", {}, "", attempt)
    url, method = (row.result_url, "POST") if row.result_url else (shop.result_url, shop.result_method)
    return Delivery(order_id, row.login, method, url, _fields(db, row, shop), f"OK{row.inv_id}", attempt)


def _fields(db: sa.Connection, row: sa.Row[Any], shop: Shop) -> dict[str, str]:
    """What ResultURL is sent (aggregator protocols 1.4); a test is signed by the test pair."""
    extras, inv_id = json.loads(row.extras), str(row.inv_id)
    password = shop.test_password2 if row.is_test else shop.password2
    if password is None or shop.hash_name not in signatures.HASHES:
        return {}
    base = signatures.result_base(row.out_sum, inv_id, password.reveal(), extras)
    return {
        "OutSum": row.out_sum,
        "InvId": inv_id,
        "Fee": format_major(fee_minor(db, row.payment_id), row.currency),
        "EMail": row.email,
        "SignatureValue": signatures.digest(base, shop.hash_name),
        "PaymentMethod": methods.TERMINAL.alias,
        "IncCurrLabel": methods.TERMINAL.label,
        **({"IsTest": "1"} if row.is_test else {}),
        **extras,
    }


def keep(engine: sa.Engine, delivery: Delivery, answer: str) -> bool:
    """Write down what came of an attempt; whether the merchant knows now. Ignored when a later attempt was begun."""
    return run_writing(engine, lambda db: _keep(db, delivery, answer))


def _keep(db: sa.Connection, delivery: Delivery, answer: str) -> bool:
    mine = sa.and_(notification.c.order_id == delivery.order_id, notification.c.attempts == delivery.attempt)
    row = db.execute(
        sa.select(notification.c.since_us).where(mine, notification.c.delivered_us.is_(None))
    ).one_or_none()
    if row is None:
        return False
    at_us, told = now_us(), answer == delivery.expected
    values = {
        "last_answer": answer[:ANSWER_CHARACTERS_MAX],
        "next_us": at_us + wait_us(delivery.attempt),
        "delivered_us": at_us if told else None,
        "given_up_us": at_us if not told and row.since_us + GIVE_UP_DAYS * DAY_US <= at_us else None,
    }
    db.execute(notification.update().where(mine).values(**values))
    if told:
        order_states.advance(db, delivery.order_id, Event.TOLD)
    return told


def wait_us(attempt: int) -> int:
    """After the first attempt about a second, then twice as long each time, up to an hour; jitter spreads the load."""
    longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt - 1, DOUBLINGS_MAX))
    return int(random.uniform(0.5, 1.0) * longest_s * MICROSECONDS)  # noqa: S311 - jitter


def patience_s(engine: sa.Engine, busy: Mapping[str, int], most_of_shop: int) -> float:
    """How long there is nothing to take, as far as is known now."""
    full = [login for login, count in busy.items() if count >= most_of_shop]
    soonest = (
        sa.select(sa.func.min(notification.c.next_us))
        .join(orders, orders.c.id == notification.c.order_id)
        .where(*_waiting(), orders.c.login.not_in(full))
    )
    with reading(engine) as db:
        next_us = db.execute(soonest).scalar()
    return LOOK_S if next_us is None else min(LOOK_S, max(SOONEST_S, (next_us - now_us()) / MICROSECONDS))


# --- by hand ----------------------------------------------------------------------------------------------------------


def tell_again(engine: sa.Engine, number: str) -> None:
    """Tell an order's merchant once more, soon, even if it answered or was given up. Raises AdminError."""
    run_writing(engine, lambda db: _tell_again(db, number))


def _tell_again(db: sa.Connection, number: str) -> None:
    found = db.execute(
        sa.select(notification.c.order_id, orders.c.state)
        .join(orders, orders.c.id == notification.c.order_id)
        .where(orders.c.number == number)
    ).one_or_none()
    if found is None:
        raise AdminError(f"order {number} is not known or not paid; there is nothing to tell")
    if found.state == State.SUSPENDED:
        raise AdminError(f"order {number} is suspended; release it first")
    values = {"next_us": now_us(), "since_us": now_us(), "given_up_us": None, "delivered_us": None}
    db.execute(notification.update().where(notification.c.order_id == found.order_id).values(**values))


def untold(engine: sa.Engine, *, given_up_only: bool) -> list[dict[str, Any]]:
    """What merchants have not answered OK to, oldest first."""
    columns = (orders.c.number, orders.c.login, orders.c.inv_id, orders.c.is_test)
    which = [notification.c.delivered_us.is_(None)]
    which += [notification.c.given_up_us.is_not(None)] if given_up_only else []
    question = (
        sa.select(*columns, notification)
        .join(orders, orders.c.id == notification.c.order_id)
        .where(*which)
        .order_by(notification.c.since_us)
    )
    with reading(engine) as db:
        return [_plain(row) for row in db.execute(question).all()]


def _plain(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "number": row.number,
        "login": row.login,
        "inv_id": row.inv_id,
        "test": row.is_test,
        "attempts": row.attempts,
        "given_up": row.given_up_us is not None,
        "last_answer": row.last_answer,
    }
