"""What merchants pay: plans by method, currency and turnover, versioned by date. The buyer pays nothing, ever.

Answers for: reading plans from a file, keeping what is in force as it is, finding the rate of a payment. Does not answer for:
rounding and booking (`books`).

The turnover that chooses a rate is that of the calendar month before (UTC), so that a merchant knows its rate before the month
begins, and one payment's rate does not hang on another's. It is counted once, when the month is over.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.shops.lifecycle import LegalForm
from kiosk.aggregator.storage.accounts import booking, entry
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.tariffs import tariff_plan, tariff_rate, turnover
from kiosk.domain.money import MoneyError, parse_major

TERMINAL = "terminal"  #: the method of a payment in cash at a terminal

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class Tier(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """From this turnover of the month before (in major units, as text) on: this many basis points."""

    turnover_from: str
    basis_points: Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Rates(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The tiers of one method in one currency."""

    method: Name
    currency: Name
    tiers: Annotated[tuple[Tier, ...], msgspec.Meta(min_length=1)]


class Version(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What holds from the beginning of a day (UTC) until the next version's."""

    valid_from: date
    rates: Annotated[tuple[Rates, ...], msgspec.Meta(min_length=1)]


class Plan(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One plan of the file; its code is the table's name."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    legal_form: LegalForm
    versions: Annotated[tuple[Version, ...], msgspec.Meta(min_length=1)]


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """One row of a plan."""

    valid_from_us: int
    method: str
    currency: str
    turnover_from_minor: int
    rate_bp: int


def read(file: Path) -> Mapping[str, Plan]:
    """The plans of a file. Raises AdminError saying where it is wrong."""
    try:
        plans = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[Name, Plan])
        for code, plan in plans.items():
            _ensure_sound(code, rates_of(plan))
    except OSError as error:
        raise AdminError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, MoneyError, AdminError) as error:
        raise AdminError(f"{file}: {error}") from error
    return plans


def rates_of(plan: Plan) -> list[Rate]:
    """A plan's rows. Raises MoneyError for a turnover that is no amount."""
    return [
        Rate(
            day_us(version.valid_from),
            rates.method,
            rates.currency,
            parse_major(tier.turnover_from, rates.currency),
            tier.basis_points,
        )
        for version in plan.versions
        for rates in version.rates
        for tier in rates.tiers
    ]


def day_us(day: date) -> int:
    """The beginning of a day, UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * MICROSECONDS


def _ensure_sound(code: str, rates: Iterable[Rate]) -> None:
    """Every sum has just one rate, and what once had a rate has one for ever: no payment is left without."""
    tiers: defaultdict[int, defaultdict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for rate in rates:
        tiers[rate.valid_from_us][rate.method, rate.currency].append(rate.turnover_from_minor)
    had: set[tuple[str, str]] = set()
    for version in (tiers[at_us] for at_us in sorted(tiers)):
        for (method, currency), starts in version.items():
            if min(starts) != 0 or len(set(starts)) != len(starts):
                raise AdminError(f"{code}: {method} in {currency}: tiers begin at 0 and each turnover comes once")
        if had - version.keys():
            raise AdminError(f"{code}: a later version has no rate for {sorted(had - version.keys())}")
        had |= version.keys()


def load(engine: sa.Engine, plans: Mapping[str, Plan]) -> list[str]:
    """Bring plans into the database; the codes of those that changed. Raises AdminError for a change of what is in force."""
    return run_writing(engine, lambda db: [code for code, plan in plans.items() if _load(db, code, plan)])


def _load(db: sa.Connection, code: str, plan: Plan) -> bool:
    wanted, known = set(rates_of(plan)), set(rates_in(db, code))
    at_us = now_us()
    if {rate for rate in wanted ^ known if rate.valid_from_us <= at_us} and known:
        raise AdminError(f"{code}: versions that are in force stay as they are; add a new one with a later date")
    values = {"title": plan.title, "legal_form": plan.legal_form.value}
    before = db.execute(sa.select(tariff_plan).where(tariff_plan.c.code == code)).one_or_none()
    if before is None:
        db.execute(tariff_plan.insert().values(code=code, **values))
    elif before.legal_form != plan.legal_form:
        raise AdminError(f"{code}: is for {before.legal_form}; make a plan of another name")
    else:
        db.execute(tariff_plan.update().where(tariff_plan.c.code == code).values(**values))
    db.execute(tariff_rate.delete().where(tariff_rate.c.plan == code, tariff_rate.c.valid_from_us > at_us))
    kept = {rate for rate in known if rate.valid_from_us <= at_us}
    new = [{"plan": code, **{name: getattr(rate, name) for name in rate.__slots__}} for rate in wanted - kept]
    if new:
        db.execute(tariff_rate.insert(), new)
    return wanted != known


def rates_in(db: sa.Connection, code: str) -> Iterator[Rate]:
    """The rows of a plan, in order."""
    columns = [tariff_rate.c[name] for name in Rate.__slots__]
    for row in db.execute(sa.select(*columns).where(tariff_rate.c.plan == code).order_by(*columns)):
        yield Rate(*row)


def plans_in(db: sa.Connection) -> list[dict[str, Any]]:
    """Every plan with its rows."""
    rows = db.execute(sa.select(tariff_plan).order_by(tariff_plan.c.code)).mappings().all()
    return [
        {**row, "rates": [dict(zip(Rate.__slots__, _row(rate), strict=True)) for rate in rates_in(db, row["code"])]}
        for row in rows
    ]


def _row(rate: Rate) -> tuple[Any, ...]:
    return tuple(getattr(rate, name) for name in Rate.__slots__)


def faults_of_plan(db: sa.Connection, code: str, legal_form: LegalForm, currency: str) -> list[str]:
    """Why a plan cannot be a shop's: it has to have a rate now for a payment at a terminal in the shop's currency."""
    plan = db.execute(sa.select(tariff_plan).where(tariff_plan.c.code == code)).one_or_none()
    if plan is None:
        known = ", ".join(db.execute(sa.select(tariff_plan.c.code).order_by(tariff_plan.c.code)).scalars())
        return [f"plan: no plan {code!r}; there are {known}" if known else "plan: load tariff plans first"]
    if plan.legal_form != legal_form:
        return [f"plan: {code} is for {plan.legal_form}, the shop is {legal_form}"]
    if _version(db, code, TERMINAL, currency, now_us()) is None:
        return [f"plan: {code} has no rate for payments at terminals in {currency} today"]
    return []


def _version(db: sa.Connection, code: str, method: str, currency: str, at_us: int) -> int | None:
    c = tariff_rate.c
    matching = (c.plan == code, c.method == method, c.currency == currency, c.valid_from_us <= at_us)
    return db.execute(sa.select(sa.func.max(c.valid_from_us)).where(*matching)).scalar()


def rate_bp(db: sa.Connection, login: str, method: str, currency: str, at_us: int) -> int:
    """Basis points a shop pays for a payment taken at `at_us`: agreed with it alone, or its plan's. LookupError if neither is."""
    shop = db.execute(sa.select(merchant.c.plan, merchant.c.commission_bp).where(merchant.c.login == login)).one()
    if shop.commission_bp is not None:
        return int(shop.commission_bp)
    version = _version(db, shop.plan, method, currency, at_us)
    if version is None:
        raise LookupError(f"plan {shop.plan} has no rate for {method} in {currency}")
    reached = turnover_minor(db, login, currency, month_before(at_us))
    c = tariff_rate.c
    matching = (c.plan == shop.plan, c.valid_from_us == version, c.method == method, c.currency == currency)
    found = sa.select(c.rate_bp).where(*matching, c.turnover_from_minor <= reached)
    return int(db.execute(found.order_by(c.turnover_from_minor.desc()).limit(1)).scalar_one())


def month_before(at_us: int) -> str:
    """The calendar month before a moment's, as in 2026-01, UTC."""
    first = datetime.fromtimestamp(at_us // MICROSECONDS, UTC).replace(day=1)
    return (first - timedelta(days=1)).strftime("%Y-%m")


def turnover_minor(db: sa.Connection, login: str, currency: str, month: str) -> int:
    """What buyers paid a shop in a month that is over; counted once and kept."""
    key = {"login": login, "month": month, "currency": currency}
    kept = sa.select(turnover.c.amount_minor).where(*(turnover.c[name] == value for name, value in key.items()))
    known = db.execute(kept).scalar()
    if known is None:
        known = _count_turnover(db, login, currency, month)
        db.execute(turnover.insert().values(**key, amount_minor=known, counted_us=now_us()))
    return int(known)


def _count_turnover(db: sa.Connection, login: str, currency: str, month: str) -> int:
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(-entry.c.amount_minor), 0))
        .join(booking, booking.c.id == entry.c.booking_id)
        .where(entry.c.account == Account(AccountKind.MERCHANT, login).code, entry.c.currency == currency)
        .where(booking.c.kind == BookingKind.PAYMENT.value, entry.c.amount_minor < 0)
        .where(booking.c.booked_us >= day_us(first), booking.c.booked_us < day_us(after))
    )
    return int(db.execute(paid).scalar_one())
