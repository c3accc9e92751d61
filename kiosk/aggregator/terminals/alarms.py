"""What is odd about a terminal and wants a person: raised once, counted while it goes on, settled with a name and a reason.

Answers for: keeping alarms, and the mark of a terminal whose identity is disputed. Does not answer for: noticing (`heads`,
`collections`). Payments are taken from a disputed terminal all the same: money that is in must be booked.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us, rfc3339
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.fleet import alarm, terminal_about
from kiosk.aggregator.terminals.pairing import ensure_about


class AlarmKind(StrEnum):
    JOURNAL_FELL = "journal_fell"  #: its journal was longer before
    JOURNAL_FORKED = "journal_forked"  #: two rows of its journal have one number
    COLLECTION_SUMS = "collection_sums"  #: a collection report that does not agree with itself
    BOX_ALONE = "box_alone"  #: a cash box was taken with nobody signed in to take it


#: Those that mean that two computers have one identity, or that its disk was put back to an earlier day.
DISPUTES = frozenset({AlarmKind.JOURNAL_FELL, AlarmKind.JOURNAL_FORKED})
WORDS_MAX = 300


def ring(db: sa.Connection, terminal_number: str, kind: AlarmKind, words: str) -> None:
    """Raise an alarm, or count one that is not settled yet."""
    at_us = now_us()
    this = sa.and_(alarm.c.terminal == terminal_number, alarm.c.kind == kind.value, alarm.c.settled_us.is_(None))
    going_on = db.execute(sa.select(alarm.c.id).where(this)).scalar()
    if going_on is None:
        row = {"terminal": terminal_number, "kind": kind.value, "first_us": at_us, "settled_by": "", "settled_why": ""}
        db.execute(alarm.insert().values(**row, words=words[:WORDS_MAX], last_us=at_us, times=1))
    else:
        again = alarm.update().where(alarm.c.id == going_on)
        db.execute(again.values(words=words[:WORDS_MAX], last_us=at_us, times=alarm.c.times + 1))
    if kind in DISPUTES:
        ensure_about(db, terminal_number)
        about = terminal_about.c
        undisputed = terminal_about.update().where(about.terminal == terminal_number, about.disputed_us.is_(None))
        db.execute(undisputed.values(disputed_us=at_us))


def settle(engine: sa.Engine, terminal_number: str, person: str, reason: str) -> int:
    """Close a terminal's alarms and its dispute: somebody has found out. Returns how many there were."""
    return run_writing(engine, lambda db: _settle(db, terminal_number, person, reason))


def _settle(db: sa.Connection, terminal_number: str, person: str, reason: str) -> int:
    still_open = alarm.update().where(alarm.c.terminal == terminal_number, alarm.c.settled_us.is_(None))
    by = {"settled_us": now_us(), "settled_by": person, "settled_why": reason}
    settled = db.execute(still_open.values(**by)).rowcount
    this = terminal_about.update().where(terminal_about.c.terminal == terminal_number)
    db.execute(this.values(disputed_us=None))
    return settled


def still_open(db: sa.Connection) -> Mapping[str, list[dict[str, Any]]]:
    """Alarms nobody has settled, by terminal."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in db.execute(sa.select(alarm).where(alarm.c.settled_us.is_(None)).order_by(alarm.c.id)).all():
        moments = {"first_at": rfc3339(row.first_us), "last_at": rfc3339(row.last_us)}
        found.setdefault(row.terminal, []).append({"kind": row.kind, "words": row.words, "times": row.times, **moments})
    return found
