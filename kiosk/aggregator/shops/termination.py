"""The end of a shop: no new orders from now on, and what is left is paid out.

Answers for: asking for the whole rest, once and again if late money comes. Does not answer for: sending it (`withdrawals`).
Cash that a terminal took before the end, and posts after it, is still the shop's.
"""

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import lifecycle, withdrawals
from kiosk.aggregator.shops.lifecycle import By, ShopEvent, ShopState
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant


def terminate(engine: sa.Engine, login: str, by: By) -> int | None:
    """Close a shop and ask for all that is left; the number of that withdrawal, or None when nothing is.

    May be said again while it closes, and after, when late money came. Raises AdminError when money is left and there are no bank
    details for it: the shop then stays as it is.
    """
    return run_writing(engine, lambda db: _terminate(db, login, by))


def _terminate(db: sa.Connection, login: str, by: By) -> int | None:
    state = lifecycle.state_of(db, login)
    currency = db.execute(sa.select(merchant.c.currency).where(merchant.c.login == login)).scalar_one()
    left_minor = withdrawals.available_minor(db, login, currency)
    if state is ShopState.TERMINATED:
        if not left_minor:
            raise AdminError(f"shop {login} is terminated and nothing is left")
        lifecycle.advance(db, login, ShopEvent.LATE_MONEY, by)
    elif state is not ShopState.CLOSING:
        lifecycle.advance(db, login, ShopEvent.TERMINATED, by)
    if left_minor < 0:
        raise AdminError(f"shop {login} owes us; settle that before it ends")
    number = withdrawals.ask(db, login, left_minor, currency, by) if left_minor else None
    withdrawals.settle(db, login, by)
    return number
