"""Unusual payments: found by rules that are data, shown to a person, never stopped; the buyer has already paid.

Answers for: reading rules, finding once what they describe, and who looked at it. Does not answer for: what to do about it.

A rule looks at payments one by one (`only …`), puts those that fit together by what they share (`group_by`), and finds something
when `count` of them, and `total_at_least` of money, came within `within_minutes`. What it found it does not find again for the
same subject until that time is over.
"""

import json
import tomllib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.findings import finding
from kiosk.aggregator.storage.orders import orders
from kiosk.aggregator.storage.payments import payment
from kiosk.domain.money import MoneyError, format_major, parse_major
from kiosk.terminal_api import PaymentStatus

MINUTE_US = 60 * MICROSECONDS
PREFIX_DIGITS = 6
PAYMENTS_KEPT = 100


class FindingState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


class GroupBy(StrEnum):
    PAYMENT = "payment"
    TERMINAL = "terminal"
    SHOP = "shop"
    ORDER_PREFIX = "order_prefix"  #: the first digits of the order number: orders made close together
    AMOUNT_AT_TERMINAL = "amount_at_terminal"  #: the same sum again and again


class Rule(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One rule of the file. Amounts are text in major units of `currency`; without one, of any."""

    says: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    group_by: GroupBy = GroupBy.PAYMENT
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    within_minutes: Annotated[int, msgspec.Meta(ge=0, le=60 * 24 * 31)] = 0
    currency: str = ""
    only_from: str = ""  #: sums of at least this
    only_below: str = ""  #: and less than this
    total_at_least: str = ""
    only_hours: Annotated[tuple[time, ...], msgspec.Meta(max_length=2)] = ()  #: from, until: over midnight if later
    timezone: str = "UTC"
    only_status: PaymentStatus = PaymentStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class Seen:
    """A payment as rules see it."""

    payment_id: str
    terminal: str
    shop: str
    order_number: str
    amount_minor: int
    currency: str
    status: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found; the last of `payments` made it unusual."""

    rule: str
    subject: str
    says: str
    payments: tuple[Seen, ...]


SUBJECTS: Mapping[GroupBy, Callable[[Seen], str]] = {
    GroupBy.PAYMENT: lambda seen: f"payment:{seen.payment_id}",
    GroupBy.TERMINAL: lambda seen: f"terminal:{seen.terminal}",
    GroupBy.SHOP: lambda seen: f"shop:{seen.shop}",
    GroupBy.ORDER_PREFIX: lambda seen: f"orders:{seen.order_number[:PREFIX_DIGITS]}",
    GroupBy.AMOUNT_AT_TERMINAL: lambda seen: (
        f"terminal:{seen.terminal} amount:{format_major(seen.amount_minor, seen.currency)} {seen.currency}"
    ),
}


def read(file: Path) -> Mapping[str, Rule]:
    """The rules of a file. Raises AdminError saying where it is wrong."""
    try:
        rules = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Rule])
    except OSError as error:
        raise AdminError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise AdminError(f"{file}: {error}") from error
    faults = [f"{name}: {fault}" for name, rule in rules.items() for fault in _faults(name, rule)]
    if faults:
        raise AdminError(f"{file}: {'; '.join(faults)}")
    return rules


def _faults(name: str, rule: Rule) -> Iterator[str]:
    if len(name) > 64:
        yield "a name has at most 64 characters"
    for key in ("only_from", "only_below", "total_at_least"):
        try:
            _minor(rule, key)
        except MoneyError as error:
            yield f"{key}: {error}"
    if len(rule.only_hours) == 1:
        yield "only_hours: two times, from and until"
    if (rule.count > 1 or rule.total_at_least) and not rule.within_minutes:
        yield "within_minutes: needed to count or add up"
    try:
        ZoneInfo(rule.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"timezone: {rule.timezone!r} is unknown; as in Europe/Sofia"


def _minor(rule: Rule, key: str) -> int | None:
    text = getattr(rule, key)
    return parse_major(text, rule.currency) if text else None


def look(
    rules: Mapping[str, Rule], seen: Sequence[Seen], known_us: Mapping[tuple[str, str], Sequence[int]]
) -> Iterator[Found]:
    """What `rules` find in payments ordered by time. `known_us`: when each rule and subject was last found before."""
    for name, rule in rules.items():
        groups: defaultdict[str, list[Seen]] = defaultdict(list)
        for one in _fitting(rule, seen):
            groups[SUBJECTS[rule.group_by](one)].append(one)
        for subject, group in groups.items():
            yield from _in_group(name, rule, subject, group, known_us.get((name, subject), ()))


def _fitting(rule: Rule, seen: Iterable[Seen]) -> Iterator[Seen]:
    at_least, below = _minor(rule, "only_from"), _minor(rule, "only_below")
    zone = ZoneInfo(rule.timezone)
    for one in seen:
        fits = (
            one.status == rule.only_status
            and (not rule.currency or one.currency == rule.currency)
            and (at_least is None or one.amount_minor >= at_least)
            and (below is None or one.amount_minor < below)
            and (not rule.only_hours or _is_within(rule.only_hours, one.at_us, zone))
        )
        if fits:
            yield one


def _is_within(hours: Sequence[time], at_us: int, zone: ZoneInfo) -> bool:
    start, end = hours
    at = datetime.fromtimestamp(at_us / MICROSECONDS, UTC).astimezone(zone).time()
    return start <= at < end if start <= end else at >= start or at < end


def _in_group(name: str, rule: Rule, subject: str, group: Iterable[Seen], known_us: Iterable[int]) -> Iterator[Found]:
    """Slide over the payments of one subject; silent for a window's length around what was found."""
    span_us, enough_minor = rule.within_minutes * MINUTE_US, _minor(rule, "total_at_least")
    found_us = list(known_us)
    window: deque[Seen] = deque()
    for one in group:
        window.append(one)
        while window[0].at_us < one.at_us - span_us:
            window.popleft()
        enough = enough_minor is None or sum(seen.amount_minor for seen in window) >= enough_minor
        silent = any(abs(one.at_us - at_us) <= span_us for at_us in found_us)
        if len(window) >= rule.count and enough and not silent:
            found_us.append(one.at_us)
            yield Found(name, subject, rule.says, tuple(window))


def scan(engine: sa.Engine, rules: Mapping[str, Rule], since_us: int) -> int:
    """Look at every payment that came since, and keep what is new; how many that is. May be run as often as wanted."""
    longest_us = max((rule.within_minutes for rule in rules.values()), default=0) * MINUTE_US
    with reading(engine) as db:
        seen = _seen(db, since_us - longest_us)
    return run_writing(engine, lambda db: _keep(db, rules, seen))


def _seen(db: sa.Connection, since_us: int) -> list[Seen]:
    columns = (
        payment.c.payment_id,
        payment.c.terminal,
        sa.func.coalesce(orders.c.login, ""),
        sa.func.coalesce(orders.c.number, ""),
        payment.c.amount_minor,
        payment.c.currency,
        payment.c.status,
        payment.c.received_us,
    )
    question = sa.select(*columns).select_from(payment.outerjoin(orders, orders.c.id == payment.c.order_id))
    ordered = question.where(payment.c.received_us >= since_us).order_by(payment.c.received_us, payment.c.payment_id)
    return [Seen(*row) for row in db.execute(ordered)]


def _keep(db: sa.Connection, rules: Mapping[str, Rule], seen: Sequence[Seen]) -> int:
    known_us: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for rule, subject, last_us in db.execute(sa.select(finding.c.rule, finding.c.subject, finding.c.last_us)):
        known_us[rule, subject].append(last_us)
    rows = [
        {
            "rule": found.rule,
            "subject": found.subject,
            "payment_id": found.payments[-1].payment_id,
            "says": found.says,
            "payments": json.dumps([one.payment_id for one in found.payments[-PAYMENTS_KEPT:]]),
            "first_us": found.payments[0].at_us,
            "last_us": found.payments[-1].at_us,
            "found_us": now_us(),
            "state": FindingState.OPEN.value,
            "person": "",
            "reason": "",
        }
        for found in look(rules, seen, known_us)
    ]
    if rows:
        db.execute(finding.insert(), rows)
    return len(rows)


def acknowledge(engine: sa.Engine, number: int, by: By) -> None:
    """A person looked at a finding; once. Raises AdminError if it is not there or was looked at."""

    def work(db: sa.Connection) -> None:
        waiting = (finding.c.id == number, finding.c.state == FindingState.OPEN.value)
        values = {"state": FindingState.ACKNOWLEDGED.value, "acknowledged_us": now_us()}
        if (
            db.execute(finding.update().where(*waiting).values(**values, person=by.person, reason=by.reason)).rowcount
            != 1
        ):
            raise AdminError(f"no finding {number} is open")

    run_writing(engine, work)


def listed(db: sa.Connection, state: FindingState | None = None) -> list[dict[str, Any]]:
    """Findings, oldest first."""
    where = [finding.c.state == state.value] if state else []
    rows = db.execute(sa.select(finding).where(*where).order_by(finding.c.id)).mappings()
    return [{**row, "payments": json.loads(row["payments"])} for row in rows]
