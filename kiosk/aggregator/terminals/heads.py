"""Heads of terminals' journals, as payments, heartbeats and collections carry them: two with one identity fork the chain.

Answers for: remembering which hash a row had, noticing another one. Does not answer for: what is done then (`alarms`).
Payments come late and in any order, so only a heartbeat, which speaks of this moment, may notice that a journal fell back.
"""

import sqlalchemy as sa

from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.storage.fleet import journal_anchor, terminal_about
from kiosk.aggregator.terminals.alarms import AlarmKind, ring

KEPT_US = 400 * 86_400 * MICROSECONDS


def note(db: sa.Connection, terminal_number: str, seq: int, head: str) -> None:
    """Row `seq` of the terminal's journal has hash `head`; rings if it had another one before."""
    life = life_of(db, terminal_number)
    anchor = journal_anchor
    this = sa.and_(anchor.c.terminal == terminal_number, anchor.c.life == life, anchor.c.seq == seq)
    known = db.execute(sa.select(anchor.c.head).where(this)).scalar()
    if known is None:
        row = {"terminal": terminal_number, "life": life, "seq": seq, "head": head.lower(), "seen_us": now_us()}
        db.execute(anchor.insert().values(**row))
    elif known != head.lower():
        words = f"row {seq} of its journal was {known[:12]}… before and is {head[:12]}… now"
        ring(db, terminal_number, AlarmKind.JOURNAL_FORKED, words)


def life_of(db: sa.Connection, terminal_number: str) -> int:
    """How often it was paired; its journal begins anew with each."""
    this = terminal_about.c.terminal == terminal_number
    return int(db.execute(sa.select(terminal_about.c.life).where(this)).scalar() or 0)


def forget_old(db: sa.Connection, terminal_number: str, at_us: int) -> None:
    """Heads older than any dispute are let go."""
    anchor = journal_anchor
    db.execute(anchor.delete().where(anchor.c.terminal == terminal_number, anchor.c.seen_us < at_us - KEPT_US))
