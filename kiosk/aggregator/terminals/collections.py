"""Cash boxes that were taken: booked from the terminal into transit, compared with our own books, their order watched.

Answers for: taking each report once, the difference, and naming gaps and breaks in a terminal's collections. Does not answer for:
what the bank counted, correcting (both are bookings of their own).

A collection empties the terminal's cash in our books, for the box is empty. What the report has more or less stands in suspense
under the terminal's number: payments that were in the box and come later bring it back to zero with the next collection.
`difference_minor` is all that stands there then: the part of every box so far that our books do not explain. Some of it no
terminal ever tells of in another way, a technician's notes and notes without an owner; `unexplained_minor` is without these.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import now_us, rfc3339
from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind, Leg
from kiosk.aggregator.storage.collections import collection
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.terminals import alarms, heads
from kiosk.aggregator.terminals.alarms import AlarmKind
from kiosk.terminal_api import CollectionReport, CollectionState, ProblemCode

FIRST_HASH = "0" * 64  #: before the first slip


def take(engine: sa.Engine, terminal_number: str, report: CollectionReport, body: bytes) -> CollectionState:
    """Take a report, or say again what was said of it. Raises RefusedError for an id used with another body."""
    fingerprint = hashlib.sha256(body).hexdigest()
    return run_writing(engine, lambda db: _take(db, terminal_number, report, fingerprint))


def _take(db: sa.Connection, number: str, report: CollectionReport, fingerprint: str) -> CollectionState:
    known = db.execute(sa.select(collection).where(collection.c.collection_id == report.collection_id)).one_or_none()
    if known is None:
        known = _book(db, number, report, fingerprint)
        heads.note(db, number, report.journal_seq, report.journal_head)
        _check_sums(db, number, report)
        _check_attendance(db, number, report)
    elif known.fingerprint != fingerprint or known.terminal != number:
        message = "this collection id came before with another body; nothing was changed"
        raise RefusedError(422, ProblemCode.IDEMPOTENCY_CONFLICT, message)
    return CollectionState(known.collection_id, known.reference, known.stacked_minor - known.expected_minor)


def _book(db: sa.Connection, number: str, report: CollectionReport, fingerprint: str) -> sa.Row[Any]:
    cash, suspense = Account(AccountKind.CASH, number), Account(AccountKind.SUSPENSE, number)
    in_box_minor = books.balance_minor(db, cash, report.currency)
    expected_minor = in_box_minor + books.balance_minor(db, suspense, report.currency)
    legs = (
        Leg(Account(AccountKind.TRANSIT, number), report.stacked_minor, report.currency),
        Leg(cash, -in_box_minor, report.currency),
        Leg(suspense, in_box_minor - report.stacked_minor, report.currency),
    )
    if moving := [leg for leg in legs if leg.amount_minor]:
        books.book(db, BookingKind.COLLECTION, report.collection_id, moving)
    row = {
        "collection_id": report.collection_id,
        "terminal": number,
        "life": heads.life_of(db, number),
        "period": report.period,
        "fingerprint": fingerprint,
        "reference": f"B{fingerprint[:12].upper()}",
        "body": msgspec.json.encode(report).decode(),
        "stacked_minor": report.stacked_minor,
        "expected_minor": expected_minor,
        "currency": report.currency,
        "slip_hash": report.slip_hash.lower(),
        "previous_hash": report.previous_hash.lower(),
        "received_us": now_us(),
    }
    return db.execute(collection.insert().values(**row).returning(*collection.c)).one()


def _check_sums(db: sa.Connection, number: str, report: CollectionReport) -> None:
    """The box is gone whatever the report says: a wrong one is taken, and a person looks at it."""
    places = (
        report.confirmed_minor,
        report.queued_minor,
        report.unallocated_minor,
        report.redeemed_minor,
        report.orphan_minor,
        report.test_minor,
    )
    notes_minor = sum(one.value_minor * one.count for one in report.cash)
    if not notes_minor == report.stacked_minor == sum(places):
        words = f"period {report.period}: notes {notes_minor}, stacked {report.stacked_minor}, places {sum(places)}"
        alarms.ring(db, number, AlarmKind.COLLECTION_SUMS, words)


def _check_attendance(db: sa.Connection, number: str, report: CollectionReport) -> None:
    if not report.attended:
        words = (
            f"period {report.period}: {report.stacked_minor} {report.currency} went with the box at {report.taken_at}"
        )
        alarms.ring(db, number, AlarmKind.BOX_ALONE, words)


def history(engine: sa.Engine, terminal_number: str) -> list[dict[str, Any]]:
    """A terminal's collections in their order, each with what is odd about its place in the row."""
    with reading(engine) as db:
        in_their_order = in_order(db, terminal_number)
    never_told, plain = _NeverTold(), []
    for row, oddities in in_their_order:
        report = msgspec.json.decode(row.body, type=CollectionReport)
        plain.append(_plain(row, report, oddities, never_told.with_(row, report)))
    return plain


def in_order(db: sa.Connection, terminal_number: str) -> list[tuple[sa.Row[Any], list[str]]]:
    """As `history`: rows of `collection`, each with its oddities."""
    ordered = sa.select(collection).where(collection.c.terminal == terminal_number)
    rows = db.execute(ordered.order_by(collection.c.life, collection.c.period, collection.c.received_us)).all()
    befores = [None, *rows]  # one longer: nothing comes after the last
    return [(row, list(_oddities(before, row))) for before, row in zip(befores, rows, strict=False)]


class _NeverTold:
    """What a terminal tells of in its collections alone, summed up over one life and currency."""

    def __init__(self) -> None:
        self._sums: dict[tuple[Any, str], int] = {}

    def with_(self, row: sa.Row[Any], report: CollectionReport) -> int:
        """The sum with this report's."""
        key = (row.life, row.currency)
        self._sums[key] = self._sums.get(key, 0) + report.orphan_minor + report.test_minor
        return self._sums[key]


def _oddities(before: sa.Row[Any] | None, row: sa.Row[Any]) -> Iterator[str]:
    """Periods count up by one and each slip names the one before; a missing report may still come. A slip of two currencies is
    reported twice.
    """
    if before is not None and row.slip_hash == before.slip_hash and row.currency != before.currency:
        return
    is_first = before is None or before.life != row.life
    period = 0 if before is None or is_first else before.period
    slip_hash = FIRST_HASH if before is None or is_first else before.slip_hash
    if row.period == period:
        yield f"period {row.period} was reported twice"
    elif row.period > period + 1:
        missing = f"{period + 1}" if row.period == period + 2 else f"{period + 1} to {row.period - 1}"
        yield f"no report of period {missing}"
    elif row.previous_hash != slip_hash:
        yield "its slip does not follow on the one before"


def _plain(row: sa.Row[Any], report: CollectionReport, oddities: list[str], never_told_minor: int) -> dict[str, Any]:
    difference_minor = row.stacked_minor - row.expected_minor
    return {
        "collection_id": row.collection_id,
        "reference": row.reference,
        "period": row.period,
        "taken_at": report.taken_at,
        "received_at": rfc3339(row.received_us),
        "person": report.person,
        "bag": report.bag,
        "stacked_minor": row.stacked_minor,
        "counted_minor": report.counted_minor,
        "difference_minor": difference_minor,
        "unexplained_minor": difference_minor - never_told_minor,
        "queued_minor": report.queued_minor,
        "orphan_minor": report.orphan_minor,
        "test_minor": report.test_minor,
        "suspense_minor": report.suspense_minor,
        "currency": row.currency,
        "exact": report.exact,
        "attended": report.attended,
        "oddities": oddities,
    }
