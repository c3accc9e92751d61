"""What an operator asks of a terminal from afar: kept until it is acknowledged, told with every heartbeat meanwhile.

Answers for: the life of such an order. Does not answer for: carrying it out (the terminal does, when nobody is paying).
"""

import secrets
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.moments import MICROSECONDS, now_us, rfc3339
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.fleet import remote_order
from kiosk.aggregator.storage.terminals import terminal
from kiosk.terminal_api import OrderAcknowledged, OrderKind, OrderProgress, RemoteOrder

AT_ONCE_MAX = 50  #: orders in one answer
FINAL = (OrderProgress.DONE.value, OrderProgress.REFUSED.value)


class NoTerminalError(Exception):
    """There is no terminal of that number."""


def give(engine: sa.Engine, terminal_number: str, kind: OrderKind, person: str, lives_s: int) -> str:
    """Keep an order for a terminal. Returns its id. Raises NoTerminalError."""
    order_id = secrets.token_hex(8)
    run_writing(engine, lambda db: _give(db, order_id, terminal_number, kind, person, lives_s))
    return order_id


def _give(db: sa.Connection, order_id: str, terminal_number: str, kind: OrderKind, person: str, lives_s: int) -> None:
    if db.execute(sa.select(terminal.c.number).where(terminal.c.number == terminal_number)).scalar() is None:
        raise NoTerminalError(f"there is no terminal {terminal_number}")
    at_us = now_us()
    row = {"order_id": order_id, "terminal": terminal_number, "kind": kind.value, "ordered_by": person}
    moments = {"ordered_us": at_us, "expires_us": at_us + lives_s * MICROSECONDS}
    db.execute(remote_order.insert().values(**row, **moments, progress="", words=""))


def acknowledge(db: sa.Connection, terminal_number: str, told: tuple[OrderAcknowledged, ...], at_us: int) -> None:
    """Keep how far the terminal is; what is final stays so, and another terminal's orders are none of its business."""
    for one in told:
        this = remote_order.update().where(
            remote_order.c.order_id == one.order_id,
            remote_order.c.terminal == terminal_number,
            remote_order.c.progress.not_in(FINAL),
        )
        db.execute(this.values(progress=one.progress.value, progress_us=at_us, words=one.words))


def due(db: sa.Connection, terminal_number: str, at_us: int) -> tuple[RemoteOrder, ...]:
    """Orders that stand, oldest first; from now on they count as delivered."""
    standing = sa.and_(
        remote_order.c.terminal == terminal_number,
        remote_order.c.progress.not_in(FINAL),
        remote_order.c.expires_us > at_us,
    )
    oldest_first = sa.select(remote_order).where(standing).order_by(remote_order.c.ordered_us).limit(AT_ONCE_MAX)
    rows = db.execute(oldest_first).all()
    new = [row.order_id for row in rows if row.delivered_us is None]
    if new:
        db.execute(remote_order.update().where(remote_order.c.order_id.in_(new)).values(delivered_us=at_us))
    return tuple(RemoteOrder(row.order_id, OrderKind(row.kind), rfc3339(row.expires_us)) for row in rows)


def history(engine: sa.Engine, terminal_number: str, newest: int = 50) -> list[dict[str, Any]]:
    """The newest orders of a terminal and how far each is."""
    last = sa.select(remote_order).where(remote_order.c.terminal == terminal_number)
    with reading(engine) as db:
        rows = db.execute(last.order_by(remote_order.c.ordered_us.desc()).limit(newest)).all()
    return [_plain(row, now_us()) for row in rows]


def _plain(row: sa.Row[Any], at_us: int) -> dict[str, Any]:
    return {
        "order_id": row.order_id,
        "kind": row.kind,
        "ordered_by": row.ordered_by,
        "ordered_at": rfc3339(row.ordered_us),
        "expires_at": rfc3339(row.expires_us),
        "progress": _progress(row, at_us),
        "words": row.words,
    }


def _progress(row: sa.Row[Any], at_us: int) -> str:
    """In one word, for people."""
    if row.progress in FINAL:
        return str(row.progress)
    if row.expires_us <= at_us:
        return "expired"
    return row.progress or ("delivered" if row.delivered_us is not None else "waiting")
