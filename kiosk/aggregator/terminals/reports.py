"""What an operator of many terminals wants to see at once: how they are, what is in them, what was taken out, what disagrees.

Answers for: four tables over all terminals, each row flat. Does not answer for: how they are written (`kiosk.cli.tables`).
Amounts are minor units of the row's currency, moments UTC microseconds, empty where nothing is known.

A difference is never shown without its kind:

    in_the_box    the terminal counts other cash than our books: payments on their way, money of nobody, or a fault
    taken_out     boxes held more (above zero) or less than our books said when they were taken
    on_its_way    of it: came in with a box, and the payment or the code reached us after the box; the next box settles it
    test_money    of it: a technician's own notes, which are nobody's payment
    orphans       of it: notes that nobody in session put in, of which only collections tell
    unexplained   the rest of it; above zero too much cash, below zero too little: somebody has to look
    not_banked    taken out and not yet paid in
    no_report     a period between two others of which no collection was told
    broken_chain  a collection slip that does not follow on the one before
    alarm         what the terminal itself cannot be right about (`alarms`)
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind
from kiosk.aggregator.storage.collections import collection
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.fleet import alarm, terminal_about, terminal_state
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.storage.terminals import terminal
from kiosk.aggregator.terminals import collections, heads
from kiosk.terminal_api import CollectionReport, Heartbeat, Light, PaymentStatus

LIGHTS_WORST_FIRST = (Light.RED, Light.AMBER)
GREEN = "green"

Row = dict[str, Any]

TERMINALS = (
    "terminal",
    "name",
    "state",
    "trouble",
    "last_heard_us",
    "accepting",
    "queued",
    "notes",
    "cash_minor",
    "currency",
    "last_taken_us",
    "alarms",
    "software",
)
CASH = ("terminal", "name", "currency", "value_minor", "count", "amount_minor", "last_heard_us")
COLLECTIONS = (
    "terminal",
    "period",
    "taken_at",
    "received_us",
    "person",
    "bag",
    "box",
    "notes",
    "currency",
    "stacked_minor",
    "confirmed_minor",
    "queued_minor",
    "unallocated_minor",
    "redeemed_minor",
    "orphan_minor",
    "test_minor",
    "suspense_minor",
    "difference_minor",
    "attended",
    "exact",
    "oddities",
    "collection_id",
)
DIFFERENCES = ("terminal", "kind", "amount_minor", "currency", "since_us", "words")


def _states(db: sa.Connection, only: str) -> Iterator[sa.Row[Any]]:
    wanted = (
        sa.select(
            terminal.c.number, terminal.c.active, terminal_about.c.name, terminal_about.c.disputed_us, terminal_state
        )
        .outerjoin(terminal_about, terminal_about.c.terminal == terminal.c.number)
        .outerjoin(terminal_state, terminal_state.c.terminal == terminal.c.number)
        .order_by(terminal.c.number)
    )
    yield from db.execute(wanted.where(terminal.c.number == only) if only else wanted)


def _beat(row: sa.Row[Any]) -> Heartbeat | None:
    return msgspec.json.decode(row.body, type=Heartbeat) if row.body else None


def _cash_minor(beat: Heartbeat) -> int:
    return sum(one.value_minor * one.count for one in beat.cash)


def terminals(engine: sa.Engine, silent_s: int, only: str = "") -> list[Row]:
    """Every terminal (or `only` one): whether it speaks and takes cash, what troubles it, what is in its box."""
    silent_us = now_us() - silent_s * MICROSECONDS
    with reading(engine) as db:
        last_us = sa.func.max(collection.c.received_us)
        taken = _by_terminal(db, sa.select(collection.c.terminal, last_us).group_by(collection.c.terminal))
        still = alarm.c.settled_us.is_(None)
        ringing = _by_terminal(db, sa.select(alarm.c.terminal, sa.func.count()).where(still).group_by(alarm.c.terminal))
        return [
            _terminal(row, silent_us)
            | {"last_taken_us": taken.get(row.number, 0), "alarms": ringing.get(row.number, 0)}
            for row in _states(db, only)
        ]


def _by_terminal(db: sa.Connection, wanted: sa.Select[Any]) -> dict[str, int]:
    return {number: int(figure) for number, figure in db.execute(wanted)}


def _terminal(row: sa.Row[Any], silent_us: int) -> Row:
    beat = _beat(row)
    return {
        "terminal": row.number,
        "name": row.name or "",
        "state": _state(row, beat, silent_us),
        "trouble": "; ".join(_troubles(beat)) if beat else "",
        "last_heard_us": row.received_us or 0,
        "accepting": beat.accepting if beat else False,
        "queued": beat.queued if beat else 0,
        "notes": sum(one.count for one in beat.cash) if beat else 0,
        "cash_minor": _cash_minor(beat) if beat else None,
        "currency": beat.currency if beat else "",
        "software": beat.software if beat else "",
    }


def _state(row: sa.Row[Any], beat: Heartbeat | None, silent_us: int) -> str:
    if not row.active:
        return "revoked"
    if beat is None:
        return "never heard"
    if row.received_us < silent_us:
        return "silent"
    if row.disputed_us is not None:
        return "disputed"
    lights = {part.light for part in beat.parts}
    return next((light.value for light in LIGHTS_WORST_FIRST if light in lights), GREEN)


def _troubles(beat: Heartbeat) -> Iterator[str]:
    for light in LIGHTS_WORST_FIRST:
        for part in beat.parts:
            if part.light is light:
                yield f"{part.part}: {part.words}" if part.words else part.part


def cash(engine: sa.Engine, only: str = "") -> list[Row]:
    """What is in the boxes now, by denomination, as each terminal last said."""
    with reading(engine) as db:
        heard = [(row, beat) for row in _states(db, only) if (beat := _beat(row))]
    return [
        {
            "terminal": row.number,
            "name": row.name or "",
            "currency": beat.currency,
            "value_minor": one.value_minor,
            "count": one.count,
            "amount_minor": one.value_minor * one.count,
            "last_heard_us": row.received_us,
        }
        for row, beat in heard
        for one in sorted(beat.cash, key=lambda one: one.value_minor)
    ]


def collections_taken(engine: sa.Engine, from_us: int, until_us: int, only: str = "") -> list[Row]:
    """Boxes whose report came from `from_us` until before `until_us`, by terminal in their order."""
    with reading(engine) as db:
        numbers = [row.number for row in _states(db, only)]
        found = [one for number in numbers for one in collections.in_order(db, number)]
    return [_collection(row, oddities) for row, oddities in found if from_us <= row.received_us < until_us]


def _collection(row: sa.Row[Any], oddities: list[str]) -> Row:
    report = _report(row)
    told = {name: getattr(report, name) for name in COLLECTIONS if hasattr(report, name)}
    return told | {
        "terminal": row.terminal,
        "received_us": row.received_us,
        "notes": sum(one.count for one in report.cash),
        "difference_minor": row.stacked_minor - row.expected_minor,
        "oddities": "; ".join(oddities),
    }


def differences(engine: sa.Engine, only: str = "") -> list[Row]:
    """Whatever does not agree now, each with its kind; nothing where all agrees."""
    with reading(engine) as db:
        return [found for row in _states(db, only) for found in _differences_of(db, row)]


def _differences_of(db: sa.Connection, row: sa.Row[Any]) -> Iterator[Row]:
    boxes = collections.in_order(db, row.number)
    beat = _beat(row)
    currencies = {one.currency for one, _ in boxes} | ({beat.currency} if beat else set())
    for currency in sorted(currencies):
        yield from _of_currency(db, row.number, currency, boxes, beat, row.received_us or 0)
    for box, oddities in boxes:
        for words in oddities:
            kind = "no_report" if words.startswith("no report") else "broken_chain"
            yield _difference(row.number, kind, None, "", box.received_us, words)
    ringing = sa.select(alarm).where(alarm.c.terminal == row.number, alarm.c.settled_us.is_(None))
    for one in db.execute(ringing.order_by(alarm.c.id)):
        yield _difference(row.number, "alarm", None, "", one.first_us, f"{one.kind}: {one.words}")


Boxes = list[tuple[sa.Row[Any], list[str]]]


def _of_currency(
    db: sa.Connection, number: str, currency: str, boxes: Boxes, beat: Heartbeat | None, heard_us: int
) -> Iterator[Row]:
    taken = [box for box, _ in boxes if box.currency == currency]
    last_us = max((box.received_us for box in taken), default=0)
    in_box_minor = books.balance_minor(db, Account(AccountKind.CASH, number), currency)
    beyond_minor = -books.balance_minor(db, Account(AccountKind.SUSPENSE, number), currency)
    alone = {
        "test_money": sum(_report(box).test_minor for box in taken),
        "orphans": sum(_report(box).orphan_minor for box in taken),
    }
    late_minor = _late_payments_minor(db, number, currency, max(taken, key=lambda box: box.received_us, default=None))
    if beat is not None and beat.currency == currency:
        excess_minor = in_box_minor - late_minor - _cash_minor(beat)
        late_minor += max(0, min(excess_minor, beyond_minor - sum(alone.values()) - late_minor))
        waiting = f"{beat.queued} messages wait at the terminal" if beat.queued else ""
        counted_minor = _cash_minor(beat) - (in_box_minor - late_minor)
        yield from _if_any(number, "in_the_box", counted_minor, currency, heard_us, waiting)
    parts = {"on_its_way": late_minor, **alone}
    parts["unexplained"] = beyond_minor - sum(parts.values())
    for kind, amount_minor in {"taken_out": beyond_minor, **parts}.items():
        yield from _if_any(number, kind, amount_minor, currency, last_us, "")
    transit_minor = books.balance_minor(db, Account(AccountKind.TRANSIT, number), currency)
    yield from _if_any(number, "not_banked", transit_minor, currency, last_us, "")


def _report(box: sa.Row[Any]) -> CollectionReport:
    return msgspec.json.decode(box.body, type=CollectionReport)


def _late_payments_minor(db: sa.Connection, number: str, currency: str, last: sa.Row[Any] | None) -> int:
    """Payments that stand in the terminal's journal before its last collection, and reached us after that was told."""
    if last is None or last.life != heads.life_of(db, number):
        return 0
    late = sa.select(sa.func.coalesce(sa.func.sum(payment.c.amount_minor), 0)).where(
        payment.c.terminal == number,
        payment.c.currency == currency,
        payment.c.status == PaymentStatus.ACCEPTED.value,
        payment.c.received_us > last.received_us,
        payment.c.journal_seq < _report(last).journal_seq,
    )
    return int(db.execute(late).scalar_one())


def _if_any(number: str, kind: str, amount_minor: int, currency: str, since_us: int, words: str) -> Iterator[Row]:
    if amount_minor:
        yield _difference(number, kind, amount_minor, currency, since_us, words)


def _difference(number: str, kind: str, amount_minor: int | None, currency: str, since_us: int, words: str) -> Row:
    values = (number, kind, amount_minor, currency, since_us, words)
    return dict(zip(DIFFERENCES, values, strict=True))
