"""Heartbeats: how each terminal is, kept for a week; what it is told in return; who has gone silent.

Answers for: the last state, a bounded history, the answer. Does not answer for: what an operator makes of it.
"""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.catalogue import catalogue
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us, rfc3339
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.fleet import heartbeat, terminal_about, terminal_state
from kiosk.aggregator.storage.terminals import terminal
from kiosk.aggregator.terminals import alarms, heads, remote_orders
from kiosk.aggregator.terminals.alarms import AlarmKind
from kiosk.terminal_api import FieldFault, Heartbeat, HeartbeatAnswer, Mode, ProblemCode

KEPT_US = 7 * 86_400 * MICROSECONDS
SPACING_US = 50 * MICROSECONDS  #: between rows of the history, however often a terminal speaks
OVERTAKEN_US = 60 * MICROSECONDS  #: one that was sent so little before the last one was held up on its way


def take(engine: sa.Engine, mode: Mode, terminal_number: str, beat: Heartbeat) -> HeartbeatAnswer:
    """Keep how a terminal is and tell it what there is for it. Raises RefusedError for a time that is none."""
    sent_us = _sent_us(beat)
    return run_writing(engine, lambda db: _take(db, mode, terminal_number, beat, sent_us))


def _take(db: sa.Connection, mode: Mode, number: str, beat: Heartbeat, sent_us: int) -> HeartbeatAnswer:
    at_us = now_us()
    last = db.execute(sa.select(terminal_state).where(terminal_state.c.terminal == number)).one_or_none()
    heads.note(db, number, beat.journal_seq, beat.journal_head)
    if last is None or not 0 < last.sent_us - sent_us < OVERTAKEN_US:
        _compare(db, number, beat, last)
        _keep(db, number, beat, last, sent_us, at_us)
    remote_orders.acknowledge(db, number, beat.acknowledged, at_us)
    standing = remote_orders.due(db, number, at_us)
    return HeartbeatAnswer(rfc3339(at_us), mode, catalogue.newest_version(db), standing)


def _compare(db: sa.Connection, number: str, beat: Heartbeat, last: sa.Row[Any] | None) -> None:
    before = msgspec.json.decode(last.body, type=Heartbeat) if last is not None else beat
    if beat.journal_seq < before.journal_seq:
        words = f"its journal had {before.journal_seq} rows and has {beat.journal_seq} now"
        alarms.ring(db, number, AlarmKind.JOURNAL_FELL, words)


def _keep(db: sa.Connection, number: str, beat: Heartbeat, last: sa.Row[Any] | None, sent_us: int, at_us: int) -> None:
    body = msgspec.json.encode(beat).decode()
    is_kept = last is None or at_us - last.kept_us >= SPACING_US
    values = {"received_us": at_us, "sent_us": sent_us, "body": body}
    values["kept_us"] = at_us if last is None or is_kept else last.kept_us
    if last is None:
        db.execute(terminal_state.insert().values(terminal=number, **values))
    else:
        db.execute(terminal_state.update().where(terminal_state.c.terminal == number).values(**values))
    if is_kept:
        db.execute(heartbeat.insert().values(terminal=number, received_us=at_us, body=body))
        old = sa.and_(heartbeat.c.terminal == number, heartbeat.c.received_us < at_us - KEPT_US)
        db.execute(heartbeat.delete().where(old))
        heads.forget_old(db, number, at_us)


def _sent_us(beat: Heartbeat) -> int:
    try:
        return int(datetime.fromisoformat(beat.sent_at).timestamp() * MICROSECONDS)
    except (ValueError, OverflowError):
        fault = FieldFault("sent_at", "must be a time as in 2026-01-31T12:00:00+00:00")
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, "sent_at is not a time", (fault,)) from None


def states(engine: sa.Engine, silent_s: int) -> list[dict[str, Any]]:
    """Every terminal by number: how it was last, whether it has gone silent, what is odd about it."""
    with reading(engine) as db:
        rows = db.execute(
            sa.select(
                terminal.c.number,
                terminal.c.active,
                terminal_about.c.name,
                terminal_about.c.currency,
                terminal_about.c.disputed_us,
                terminal_state.c.received_us,
                terminal_state.c.body,
            )
            .outerjoin(terminal_about, terminal_about.c.terminal == terminal.c.number)
            .outerjoin(terminal_state, terminal_state.c.terminal == terminal.c.number)
            .order_by(terminal.c.number)
        ).all()
        open_alarms = alarms.still_open(db)
    silent_us = now_us() - silent_s * MICROSECONDS
    return [_plain(row, silent_us) | {"alarms": open_alarms.get(row.number, [])} for row in rows]


def _plain(row: Any, silent_us: int) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name or "",
        "currency": row.currency or "",
        "active": row.active,
        "disputed": row.disputed_us is not None,
        "last_heard_at": rfc3339(row.received_us) if row.received_us else "",
        "silent": bool(row.active) and (row.received_us or 0) < silent_us,
        "state": msgspec.json.decode(row.body) if row.body else None,
    }
