"""The life of a shop as a table: what may happen in which state and where it leads. What is absent is refused.

Answers for: states, who did what and why, in order and for ever. Does not answer for: what has to be there before an event
(`registration`, `termination`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.storage.merchants import merchant, shop_event


class LegalForm(StrEnum):
    INDIVIDUAL = "individual"  #: a person who trades under their own name
    COMPANY = "company"


class ShopState(StrEnum):
    REGISTERED = "registered"  #: known by name; cannot sign anything yet
    CONFIGURED = "configured"  #: its technical settings are whole: may try with test payments
    REQUESTED = "requested"  #: asks to be activated
    ACTIVE = "active"  #: buyers may pay it
    BLOCKED = "blocked"  #: no new orders, no withdrawals; what was paid is kept for it
    CLOSING = "closing"  #: no new orders; what is left is being paid out
    TERMINATED = "terminated"  #: nothing is left


class ShopEvent(StrEnum):
    REGISTERED = "registered"
    SETTINGS_CHANGED = "settings_changed"
    TARIFF_CHANGED = "tariff_changed"
    ACTIVATION_REQUESTED = "activation_requested"
    SENT_BACK = "sent_back"
    ACTIVATED = "activated"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    TERMINATED = "terminated"
    SETTLED = "settled"
    LATE_MONEY = "late_money"


TRANSITIONS: Mapping[ShopState, Mapping[ShopEvent, ShopState]] = {
    ShopState.REGISTERED: {
        ShopEvent.TARIFF_CHANGED: ShopState.REGISTERED,
        ShopEvent.SETTINGS_CHANGED: ShopState.CONFIGURED,
        ShopEvent.TERMINATED: ShopState.CLOSING,
    },
    ShopState.CONFIGURED: {
        ShopEvent.TARIFF_CHANGED: ShopState.CONFIGURED,
        ShopEvent.SETTINGS_CHANGED: ShopState.CONFIGURED,
        ShopEvent.ACTIVATION_REQUESTED: ShopState.REQUESTED,
        ShopEvent.TERMINATED: ShopState.CLOSING,
    },
    ShopState.REQUESTED: {
        ShopEvent.TARIFF_CHANGED: ShopState.REQUESTED,
        ShopEvent.SETTINGS_CHANGED: ShopState.CONFIGURED,  # what was asked for is not what there is now
        ShopEvent.SENT_BACK: ShopState.CONFIGURED,
        ShopEvent.ACTIVATED: ShopState.ACTIVE,
        ShopEvent.TERMINATED: ShopState.CLOSING,
    },
    ShopState.ACTIVE: {
        ShopEvent.TARIFF_CHANGED: ShopState.ACTIVE,
        ShopEvent.SETTINGS_CHANGED: ShopState.ACTIVE,
        ShopEvent.BLOCKED: ShopState.BLOCKED,
        ShopEvent.TERMINATED: ShopState.CLOSING,
    },
    ShopState.BLOCKED: {
        ShopEvent.TARIFF_CHANGED: ShopState.BLOCKED,
        ShopEvent.SETTINGS_CHANGED: ShopState.BLOCKED,
        ShopEvent.UNBLOCKED: ShopState.ACTIVE,
        ShopEvent.TERMINATED: ShopState.CLOSING,
    },
    ShopState.CLOSING: {ShopEvent.TARIFF_CHANGED: ShopState.CLOSING, ShopEvent.SETTLED: ShopState.TERMINATED},
    ShopState.TERMINATED: {ShopEvent.LATE_MONEY: ShopState.CLOSING},
}

MAY_BE_PAID = frozenset({ShopState.ACTIVE})
MAY_TRY = frozenset({ShopState.CONFIGURED, ShopState.REQUESTED, ShopState.ACTIVE})  #: with test payments


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and why: kept for ever. Raises AdminError if either says nothing."""

    person: str
    reason: str

    def __post_init__(self) -> None:
        if not (self.person.strip() and self.reason.strip()):
            raise AdminError("say who does this and why; both are kept for ever")
        if len(self.person) > 100 or len(self.reason) > 300:
            raise AdminError("a person has at most 100 characters, a reason 300")


def state_of(db: sa.Connection, login: str) -> ShopState:
    """Raises AdminError for a shop that is not there."""
    found = db.execute(sa.select(merchant.c.state).where(merchant.c.login == login)).scalar()
    if found is None:
        raise AdminError(f"no shop {login!r}")
    return ShopState(found)


def advance(db: sa.Connection, login: str, event: ShopEvent, by: By) -> ShopState:
    """Let `event` happen to a shop and keep it. Raises AdminError when its state does not know the event."""
    state = state_of(db, login)
    after = TRANSITIONS[state].get(event)
    if after is None:
        possible = ", ".join(TRANSITIONS[state])
        raise AdminError(f"shop {login} is {state}: {event} is not possible now, only {possible}")
    db.execute(merchant.update().where(merchant.c.login == login).values(state=after.value))
    keep(db, login, event, after, by)
    return after


def keep(db: sa.Connection, login: str, event: ShopEvent, state: ShopState, by: By) -> None:
    """One line of a shop's history."""
    what = {"login": login, "event": event.value, "state": state.value}
    db.execute(shop_event.insert().values(**what, person=by.person, reason=by.reason, at_us=now_us()))


def history(db: sa.Connection, login: str) -> list[dict[str, Any]]:
    """Everything that happened to a shop, oldest first."""
    columns = (shop_event.c.at_us, shop_event.c.event, shop_event.c.state, shop_event.c.person, shop_event.c.reason)
    rows = db.execute(sa.select(*columns).where(shop_event.c.login == login).order_by(shop_event.c.id))
    return [dict(row) for row in rows.mappings()]
