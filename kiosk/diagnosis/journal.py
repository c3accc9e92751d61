"""The journal: whether its end holds, what waits to be sent, and whether anything but a device keeps notes from being taken.

Answers for: cause and facts from what was read. Does not answer for: reading (`till.journal_health`), the whole of it
(`kiosk journal verify`).
"""

from dataclasses import dataclass

from kiosk.diagnosis.rounds import Looked
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding

HEAD_DIGITS = 16  #: as on slips: enough to find a row, short enough to read out
MINUTE_US, HOUR_US = 60_000_000, 3_600_000_000
OLD_US = 24 * HOUR_US  #: by then a line that only came and went has been back
CHECKPOINT_ROWS_MAX = 10_000  #: ten checkpoints missed: it is never quiet, or something keeps them from being made

C = FindingCode


@dataclass(frozen=True, slots=True)
class JournalTold:
    """What was read. `checked`: rows whose chain and seals were proved, `fault`: what does not hold, or empty; `books`: what
    does not balance. `checkpoint_seq` 0: there is none; `checkpoint_fault`: why it is not used. `waiting`: messages in the
    outbox, `oldest_us` when the oldest payment of them was captured (0: none is a payment). `latched`: why, or empty.
    """

    rows: int
    head: str
    checked: int
    fault: str = ""
    books: str = ""
    checkpoint_seq: int = 0
    checkpoint_fault: str = ""
    waiting: int = 0
    oldest_us: int = 0
    latched: str = ""


def look(told: JournalTold, now_us: int) -> Looked:
    """What is well and what is not."""
    facts = ((FactCode.ROWS, str(told.rows)), (FactCode.JOURNAL_HEAD, told.head[:HEAD_DIGITS]))
    if told.fault:
        return (finding(C.JOURNAL_BROKEN, cause=told.fault),), facts
    findings = (
        finding(C.JOURNAL_WHOLE, rows=told.checked),
        finding(C.BOOKS_DIFFER, cause=told.books) if told.books else finding(C.BOOKS_BALANCE),
        _checkpoint(told),
        _outbox(told, now_us),
        finding(C.ACCEPTANCE_LATCHED, cause=told.latched) if told.latched else finding(C.ACCEPTANCE_ON),
    )
    return findings, facts


def _checkpoint(told: JournalTold) -> Finding:
    if told.checkpoint_fault:
        return finding(C.CHECKPOINT_WRONG, cause=told.checkpoint_fault)
    behind = told.rows - told.checkpoint_seq
    if behind > CHECKPOINT_ROWS_MAX:
        return finding(C.CHECKPOINT_OLD, rows=behind)
    return finding(C.CHECKPOINT_FRESH if told.checkpoint_seq else C.CHECKPOINT_NONE, rows=behind)


def _outbox(told: JournalTold, now_us: int) -> Finding:
    if not told.waiting:
        return finding(C.OUTBOX_EMPTY)
    age_us = max(0, now_us - told.oldest_us) if told.oldest_us else 0
    if age_us >= OLD_US:
        return finding(C.OUTBOX_OLD, count=told.waiting, hours=age_us // HOUR_US)
    return finding(C.OUTBOX_WAITS, count=told.waiting, minutes=age_us // MINUTE_US)
