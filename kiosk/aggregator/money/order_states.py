"""The life of an order as a table: what may happen in which state and where it leads. An absent entry changes nothing.

Answers for: states, expiry by the clock, an operator's hand on an order, why an order takes no cash. Does not answer for: making
orders (`orders`), money (`payments`).

    5 created ── paid ──> 50 received ── told ──> 100 done
       │ expired, cancelled ──> 10 cancelled
       │ refused after cash ──> 60 refused
       5, 50 ── suspended ──> 80 suspended ── released ──> where it was

The states are Robokassa's (aggregator protocols 1.5). 10, 60 and 100 are final.

An order whose number a terminal was quoted stays open for `LATE_CASH`: cash may have been taken in time at a terminal that is
offline, and that payment is good however late it arrives within that time. Nobody is quoted it any more meanwhile.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.orders import order_event, orders, quote
from kiosk.terminal_api import ProblemCode

#: Longest a terminal may be offline with cash in it; tills look back as far in registers.
LATE_CASH = timedelta(days=45)
LATE_CASH_US = int(LATE_CASH.total_seconds()) * MICROSECONDS
SWEPT_AT_ONCE = 500


class State(IntEnum):
    CREATED = 5
    CANCELLED = 10
    RECEIVED = 50
    REFUSED = 60
    SUSPENDED = 80
    DONE = 100


PAID = frozenset({State.RECEIVED, State.DONE})


class Event(StrEnum):
    PAID = "paid"
    TOLD = "told"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    SUSPENDED = "suspended"


TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.CREATED: {
        Event.PAID: State.RECEIVED,
        Event.EXPIRED: State.CANCELLED,
        Event.CANCELLED: State.CANCELLED,
        Event.REFUSED: State.REFUSED,
        Event.SUSPENDED: State.SUSPENDED,
    },
    State.RECEIVED: {Event.TOLD: State.DONE, Event.SUSPENDED: State.SUSPENDED},
    State.CANCELLED: {},
    State.REFUSED: {},
    State.SUSPENDED: {},  # only `release` leads out of it
    State.DONE: {},
}

#: Why an order of this state takes no cash; one that is created does, until it is too old.
NO_CASH: Mapping[State, tuple[int, ProblemCode, str]] = {
    State.RECEIVED: (409, ProblemCode.ORDER_ALREADY_PAID, "this order is already paid"),
    State.DONE: (409, ProblemCode.ORDER_ALREADY_PAID, "this order is already paid"),
    State.CANCELLED: (410, ProblemCode.ORDER_CANCELLED, "this order was cancelled; order again"),
    State.REFUSED: (410, ProblemCode.ORDER_CANCELLED, "a payment for this order was refused; order again"),
    State.SUSPENDED: (409, ProblemCode.ORDER_CANCELLED, "this order is being held for a check; ask its shop"),
}
TOO_OLD = (410, ProblemCode.ORDER_EXPIRED, "this order is too old; order again")


def no_cash(state: int, expires_us: int, at_us: int) -> tuple[int, ProblemCode, str] | None:
    """HTTP status, code and words of the refusal; None for an order that may be paid."""
    if state in {State.CREATED, State.CANCELLED} and expires_us <= at_us:
        return TOO_OLD
    return NO_CASH.get(State(state))


def why_closed(state: int) -> tuple[ProblemCode, str] | None:
    """Why cash that was taken in time is refused all the same; None while the order waits for it."""
    refusal = NO_CASH.get(State(state))
    return refusal and refusal[1:]


def advance(db: sa.Connection, order_id: int, event: Event, at_us: int | None = None) -> bool:
    """Let `event` happen to an order; whether its state knew it."""
    state = db.execute(sa.select(orders.c.state).where(orders.c.id == order_id)).scalar_one()
    after = TRANSITIONS[State(state)].get(event)
    if after is None:
        return False
    values = {"state": int(after), "state_us": at_us or now_us()}
    db.execute(orders.update().where(orders.c.id == order_id).values(**values))
    return True


def refuse(db: sa.Connection, order_id: int) -> bool:
    """Cash was taken for this order and refused: the buyer has it under the code of the slip, the order is over."""
    return advance(db, order_id, Event.REFUSED)


def is_over(state: int, expires_us: int, last_quote_us: int | None, at_us: int) -> bool:
    """Whether an order waits in vain. `last_quote_us`: when the last quote of it expires, None for an order without."""
    if state != State.CREATED or expires_us > at_us:
        return False
    return last_quote_us is None or last_quote_us + LATE_CASH_US <= at_us


def last_quote_us(db: sa.Connection, order_id: int) -> int | None:
    """When the last quote a terminal was given for an order expires."""
    return db.execute(sa.select(sa.func.max(quote.c.expires_us)).where(quote.c.order_id == order_id)).scalar()


def expire(db: sa.Connection, order_id: int) -> bool:
    """Make one order 10 if it waits in vain; whether it did."""
    found = db.execute(sa.select(orders.c.state, orders.c.expires_us).where(orders.c.id == order_id)).one()
    if not is_over(found.state, found.expires_us, last_quote_us(db, order_id), now_us()):
        return False
    return advance(db, order_id, Event.EXPIRED, found.expires_us)


def sweep(engine: sa.Engine) -> int:
    """Make every order 10 that waits in vain; how many there were. In small units of work, so that nobody waits long."""
    swept = 0
    while True:
        some = run_writing(engine, _sweep)
        swept += some
        if some < SWEPT_AT_ONCE:
            return swept


def _sweep(db: sa.Connection) -> int:
    at_us = now_us()
    hoping = sa.exists().where(quote.c.order_id == orders.c.id, quote.c.expires_us > at_us - LATE_CASH_US)
    vain = sa.select(orders.c.id).where(orders.c.state == State.CREATED, orders.c.expires_us <= at_us, ~hoping)
    found = db.execute(vain.limit(SWEPT_AT_ONCE)).scalars().all()
    if found:
        values = {"state": int(State.CANCELLED), "state_us": orders.c.expires_us}
        db.execute(orders.update().where(orders.c.id.in_(found)).values(**values))
    return len(found)


def suspend(engine: sa.Engine, number: str, by: By) -> None:
    """Hold an order back for a check: no cash is taken for it, its merchant is not told. Raises AdminError."""
    run_writing(engine, lambda db: _suspend(db, number, by))


def _suspend(db: sa.Connection, number: str, by: By) -> None:
    found = _found(db, number)
    if not advance(db, found.id, Event.SUSPENDED):
        raise AdminError(f"order {number} is in state {found.state}; only 5 and 50 can be suspended")
    db.execute(orders.update().where(orders.c.id == found.id).values(suspended_from=found.state))
    _keep(db, found.id, State.SUSPENDED, by)


def release(engine: sa.Engine, number: str, by: By) -> None:
    """Let a suspended order go on from where it was. Raises AdminError."""
    run_writing(engine, lambda db: _release(db, number, by))


def _release(db: sa.Connection, number: str, by: By) -> None:
    found = _found(db, number)
    if found.state != State.SUSPENDED:
        raise AdminError(f"order {number} is in state {found.state}, not suspended")
    values = {"state": found.suspended_from, "suspended_from": None}
    db.execute(orders.update().where(orders.c.id == found.id).values(**values))
    _keep(db, found.id, State(found.suspended_from), by)


def _found(db: sa.Connection, number: str) -> sa.Row[Any]:
    found = db.execute(sa.select(orders).where(orders.c.number == number)).one_or_none()
    if found is None:
        raise AdminError(f"no order {number}")
    return found


def _keep(db: sa.Connection, order_id: int, state: State, by: By) -> None:
    values = {"order_id": order_id, "state": int(state), "person": by.person, "reason": by.reason}
    db.execute(order_event.insert().values(**values, at_us=now_us()))
