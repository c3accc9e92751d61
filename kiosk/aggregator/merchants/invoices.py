"""Invoices: links a merchant makes by a signed JWT, lists and closes.

Answers for: one order of a OneTime link, an order for each buyer of a Reusable one, statuses, lists in pages. Does not answer
for: HTTP (`invoice_face`), orders (`orders`).
A OneTime invoice is its order from the beginning; it is paid, expired and closed with it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Raw

from kiosk.aggregator.errors import MerchantError, MerchantFault
from kiosk.aggregator.merchants import compact_jwt, methods, payloads, starting
from kiosk.aggregator.merchants.compact_jwt import Token
from kiosk.aggregator.merchants.merchant_fields import is_extra, read_pairs
from kiosk.aggregator.merchants.starting import Start, Target
from kiosk.aggregator.moments import MICROSECONDS, now_us, seven_digits
from kiosk.aggregator.money import order_states, orders
from kiosk.aggregator.money.order_states import PAID, Event
from kiosk.aggregator.money.orders import Started
from kiosk.aggregator.shops.shops import Shop
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.invoices import invoice
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.orders import checkout
from kiosk.aggregator.storage.orders import orders as orders_table
from kiosk.domain.money import format_major

INVOICE_LIVES = timedelta(days=30)  #: unless the merchant says another date; unverified
COMMENTS_CHARACTERS_MAX = 300
ITEMS_MAX = 100
PAGE_SIZE_MAX = 500


class InvoiceKind(StrEnum):
    ONE_TIME = "OneTime"
    REUSABLE = "Reusable"


class InvoiceStatus(StrEnum):
    PAID = "Paid"
    EXPIRED = "Expired"
    NOT_PAID = "Notpaid"


KINDS: Mapping[str, str] = {kind.lower(): kind.value for kind in InvoiceKind}
STATUSES: Mapping[str, str] = {status.lower(): status.value for status in InvoiceStatus}


@dataclass(frozen=True, slots=True)
class Made:
    """`token` is of its order's page; empty for a Reusable one, whose own page `encoded_id` finds."""

    id: int
    encoded_id: str
    inv_id: int | None
    token: str


def verified(db: sa.Connection, token: Token) -> tuple[Shop, bool]:
    """The shop that signed a request, and whether with its test password. Raises MerchantError."""
    shop = starting.find_shop(db, payloads.text(token.payload, "MerchantLogin", 64))
    is_test = str(_additional(token.payload).get("IsTest", "")).lower() in starting.IN_FORCE
    password = starting.password1(shop, is_test=is_test)
    if not compact_jwt.is_right(token, f"{shop.login}:{password.reveal()}"):
        message = "the JWT's signature is wrong; sign header.payload with the key MerchantLogin:Password#1"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    return shop, is_test


def _additional(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return payloads.mapping(payload, "AdditionalParameters")


# --- making -----------------------------------------------------------------------------------------------------------


def create(engine: sa.Engine, token: Token) -> Made:
    """Raises MerchantError."""
    return run_writing(engine, lambda db: _create(db, token))


def _create(db: sa.Connection, token: Token) -> Made:
    shop, is_test = verified(db, token)
    starting.ensure_open(shop, is_test=is_test)
    _ensure_offered(token.payload)
    values = _values(token.payload, shop) | {"is_test": is_test}
    if values["kind"] == InvoiceKind.ONE_TIME and values["inv_id"] is not None:
        known = _same(db, values)
        if known is not None:
            return known
    invoice_id = db.execute(invoice.insert().values(**values).returning(invoice.c.id)).scalar_one()
    row = db.execute(sa.select(invoice).where(invoice.c.id == invoice_id)).one()
    if row.kind == InvoiceKind.REUSABLE:
        return Made(row.id, row.encoded_id, None, "")
    started = orders.make(db, _start(shop, row))
    inv_id = db.execute(sa.select(orders_table.c.inv_id).where(orders_table.c.token == started.token)).scalar_one()
    db.execute(invoice.update().where(invoice.c.id == invoice_id).values(inv_id=inv_id))
    return Made(row.id, row.encoded_id, inv_id, started.token)


def _same(db: sa.Connection, values: Mapping[str, Any]) -> Made | None:
    """The invoice this very request made before: its answer may have been lost. Raises MerchantError for another one."""
    c = invoice.c
    own = (c.login == values["login"], c.is_test == values["is_test"], c.inv_id == values["inv_id"])
    row = db.execute(sa.select(invoice).where(*own)).one_or_none()
    if row is None:
        return None
    alike = ("kind", "out_sum", "description", "extras", "success_url", "fail_url")
    if any(getattr(row, name) != values[name] for name in alike):
        message = f"InvId: {row.inv_id} was used for another payment; every payment needs its own"
        raise MerchantError(MerchantFault.NUMBER_TAKEN, message)
    token = sa.select(orders_table.c.token).join(checkout, checkout.c.order_id == orders_table.c.id)
    return Made(
        row.id, row.encoded_id, row.inv_id, db.execute(token.where(checkout.c.invoice_id == row.id)).scalar_one()
    )


def _ensure_offered(payload: Mapping[str, Any]) -> None:
    asked = _additional(payload)
    if asked.get("StepByStep"):
        message = "StepByStep: cash in a terminal cannot be held and confirmed later; leave it out"
        raise MerchantError(MerchantFault.HOLD_NOT_OFFERED, message)
    for name in ("Recurring", "PreviousInvoiceID", "Token"):
        if asked.get(name) or payload.get(name):
            message = f"{name}: recurring payments and saved cards are not offered at terminals; leave it out"
            raise MerchantError(MerchantFault.RECURRING_NOT_OFFERED, message)


def _values(payload: Mapping[str, Any], shop: Shop) -> dict[str, Any]:
    kind = KINDS.get(payloads.text(payload, "InvoiceType", 8).lower())
    if kind is None:
        raise payloads.wrong("InvoiceType", f"one of {', '.join(InvoiceKind)}")
    if len(_items(payload)) > ITEMS_MAX:
        raise payloads.wrong("InvoiceItems", f"at most {ITEMS_MAX}")
    out_sum, at_us = payloads.digits(payload, "OutSum"), now_us()
    return {
        "encoded_id": secrets.token_hex(16),
        "login": shop.login,
        "kind": kind,
        "inv_id": starting.number(payloads.digits(payload, "InvId")) if kind == InvoiceKind.ONE_TIME else None,
        "out_sum": out_sum,
        "amount_minor": starting.amount_minor(out_sum, shop.currency),
        "currency": shop.currency,
        "description": starting.description(payloads.text(payload, "Description", 4096)),
        "comments": payloads.text(payload, "MerchantComments", COMMENTS_CHARACTERS_MAX),
        "extras": json.dumps(_extras(payload), sort_keys=True),
        "culture": starting.culture(payloads.text(payload, "Culture", 20)),
        **_way("success", payload, "SuccessUrl2Data"),
        **_way("fail", payload, "FailUrl2Data"),
        "created_us": at_us,
        "expires_us": starting.expiry_us(payloads.text(payload, "ExpirationDate", 40), at_us, INVOICE_LIVES),
    }


def _items(payload: Mapping[str, Any]) -> list[Any]:
    """What a fiscal document would list; nobody here issues one, so they are counted and left."""
    items = payload.get("InvoiceItems") or []
    if not isinstance(items, list):
        raise payloads.wrong("InvoiceItems", "a list")
    return items


def _extras(payload: Mapping[str, Any]) -> dict[str, str]:
    """UserFields are Shp_ parameters, with or without the prefix."""
    given = payloads.mapping(payload, "UserFields").items()
    named = ((name if is_extra(name) else f"Shp_{name}", str(value)) for name, value in given)
    return dict(read_pairs(named).extras)


def _way(name: str, payload: Mapping[str, Any], field: str) -> dict[str, str]:
    data = payloads.mapping(payload, field)
    way = starting.target(f"{field}.Url", payloads.text(data, "Url", 2000), payloads.text(data, "Method", 4))
    return {f"{name}_url": way.url, f"{name}_method": way.method}


def _start(shop: Shop, row: sa.Row[Any]) -> Start:
    identity = f"invoice:{row.id}:{row.out_sum}:{row.extras}"
    return Start(
        shop=shop,
        out_sum=row.out_sum,
        amount_minor=row.amount_minor,
        inv_id=row.inv_id,
        is_test=row.is_test,
        description=row.description,
        extras=json.loads(row.extras),
        expires_us=row.expires_us,
        culture=row.culture,
        email="",
        fingerprint=hashlib.sha256(identity.encode()).hexdigest(),
        success=Target(row.success_url, row.success_method),
        fail=Target(row.fail_url, row.fail_method),
        invoice_id=row.id,
    )


# --- the link of a Reusable one ---------------------------------------------------------------------------------------


def look(engine: sa.Engine, encoded_id: str) -> sa.Row[Any] | None:
    """The Reusable invoice of a link, with its payee's name."""
    question = sa.select(invoice, merchant.c.name.label("payee")).join(merchant, merchant.c.login == invoice.c.login)
    with reading(engine) as db:
        return db.execute(
            question.where(invoice.c.encoded_id == encoded_id, invoice.c.kind == InvoiceKind.REUSABLE)
        ).one_or_none()


def is_open(row: sa.Row[Any]) -> bool:
    """Whether a buyer may still get an order by it."""
    return row.deactivated_us is None and row.expires_us > now_us()


def order_by(engine: sa.Engine, encoded_id: str) -> Started:
    """One more order of a Reusable invoice, with a number of its own. Raises MerchantError."""
    return run_writing(engine, lambda db: _order_by(db, encoded_id))


def _order_by(db: sa.Connection, encoded_id: str) -> Started:
    row = db.execute(
        sa.select(invoice).where(invoice.c.encoded_id == encoded_id, invoice.c.kind == InvoiceKind.REUSABLE)
    ).one_or_none()
    if row is None:
        raise MerchantError(MerchantFault.INVOICE_UNKNOWN, "there is no such invoice")
    if not is_open(row):
        raise MerchantError(MerchantFault.INVOICE_CLOSED, "this invoice is closed; ask the shop for a new one")
    shop = starting.find_shop(db, row.login)
    starting.ensure_open(shop, is_test=row.is_test)
    return orders.make(db, _start(shop, row))


# --- closing ----------------------------------------------------------------------------------------------------------


def deactivate(engine: sa.Engine, token: Token) -> None:
    """Close a link by InvId, Id or EncodedId; its unpaid orders are cancelled. Raises MerchantError."""
    run_writing(engine, lambda db: _deactivate(db, token))


def _deactivate(db: sa.Connection, token: Token) -> None:
    shop, is_test = verified(db, token)
    named = {
        "inv_id": payloads.digits(token.payload, "InvId"),
        "id": payloads.digits(token.payload, "Id"),
        "encoded_id": payloads.text(token.payload, "EncodedId", 64),
    }
    given = {name: value for name, value in named.items() if value}
    if not given:
        raise payloads.wrong("InvId, Id or EncodedId", "send one of them")
    if not all(value.isdigit() and len(value) < 19 for name, value in given.items() if name != "encoded_id"):
        raise payloads.wrong("InvId and Id", "whole numbers")
    which = [invoice.c[name] == (value if name == "encoded_id" else int(value)) for name, value in given.items()]
    row = db.execute(
        sa.select(invoice).where(*which, invoice.c.login == shop.login, invoice.c.is_test == is_test)
    ).one_or_none()
    if row is None:
        raise MerchantError(MerchantFault.INVOICE_UNKNOWN, "the shop has no such invoice")
    if row.kind == InvoiceKind.ONE_TIME and _is_paid(db, row.id):
        raise MerchantError(MerchantFault.INVOICE_CLOSED, "this invoice is paid already")
    if row.deactivated_us is None:
        db.execute(invoice.update().where(invoice.c.id == row.id).values(deactivated_us=now_us()))
        for order_id in db.execute(sa.select(checkout.c.order_id).where(checkout.c.invoice_id == row.id)).scalars():
            order_states.advance(db, order_id, Event.CANCELLED)


def _paid_orders(invoice_id: Any) -> sa.Select[Any]:
    return (
        sa.select(orders_table.c.state_us)
        .join(checkout, checkout.c.order_id == orders_table.c.id)
        .where(checkout.c.invoice_id == invoice_id, orders_table.c.state.in_([int(state) for state in PAID]))
    )


def _is_paid(db: sa.Connection, invoice_id: int) -> bool:
    return bool(db.execute(sa.select(_paid_orders(invoice_id).exists())).scalar())


# --- lists ------------------------------------------------------------------------------------------------------------


def listed(engine: sa.Engine, token: Token) -> dict[str, Any]:
    """A page of a shop's invoices by status, kind, date of making, words and sum. Raises MerchantError."""
    payload = token.payload
    page = payloads.whole(payload, "CurrentPage", 1, 10**6)
    size = payloads.whole(payload, "PageSize", 1, PAGE_SIZE_MAX)
    with reading(engine) as db:
        shop, is_test = verified(db, token)
        status = _status(now_us())
        which = [invoice.c.login == shop.login, invoice.c.is_test == is_test, *_filters(payload, shop.currency, status)]
        total = db.execute(sa.select(sa.func.count()).select_from(invoice).where(*which)).scalar_one()
        paid_us = _paid_orders(invoice.c.id).with_only_columns(sa.func.min(orders_table.c.state_us)).scalar_subquery()
        up = bool(payload.get("IsAscending", False))
        order = (invoice.c.created_us, invoice.c.id) if up else (invoice.c.created_us.desc(), invoice.c.id.desc())
        question = sa.select(invoice, status.label("status"), paid_us.label("paid_us")).where(*which).order_by(*order)
        rows = db.execute(question.limit(size).offset((page - 1) * size)).all()
    return {
        "isSuccess": True,
        "currentPage": page,
        "pageSize": size,
        "totalCount": total,
        "totalPages": -(-total // size),
        "invoices": [_plain(row) for row in rows],
    }


def _status(at_us: int) -> sa.Case[Any]:
    """Paid once any of its orders is; expired when too old or closed."""
    over = sa.or_(invoice.c.deactivated_us.is_not(None), invoice.c.expires_us <= at_us)
    return sa.case(
        (_paid_orders(invoice.c.id).exists(), InvoiceStatus.PAID.value),
        (over, InvoiceStatus.EXPIRED.value),
        else_=InvoiceStatus.NOT_PAID.value,
    )


def _filters(payload: Mapping[str, Any], currency: str, status: sa.Case[Any]) -> list[sa.ColumnElement[bool]]:
    which: list[sa.ColumnElement[bool]] = [
        status.in_(payloads.words(payload, "InvoiceStatuses", STATUSES)),
        invoice.c.kind.in_(payloads.words(payload, "InvoiceTypes", KINDS)),
        invoice.c.created_us >= _date_us(payload, "DateFrom"),
        invoice.c.created_us <= _date_us(payload, "DateTo"),
    ]
    keywords = payloads.text(payload, "Keywords", 100)
    if keywords:
        columns = (invoice.c.description, invoice.c.comments)
        which.append(sa.or_(*(column.icontains(keywords, autoescape=True) for column in columns)))
    for name, compare in (("SumFrom", invoice.c.amount_minor.__ge__), ("SumTo", invoice.c.amount_minor.__le__)):
        if text := payloads.digits(payload, name):
            which.append(compare(starting.amount_minor(text, currency, name) if text.strip("0.") else 0))
    aliases = payload.get("PaymentAliases")
    if isinstance(aliases, list) and aliases and not any(methods.of(str(alias)) for alias in aliases):
        which.append(sa.false())
    return which


def _date_us(payload: Mapping[str, Any], name: str) -> int:
    text = payloads.text(payload, name, 40)
    try:
        at = datetime.fromisoformat(text)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * MICROSECONDS)
    except (ValueError, OverflowError):
        message = f"{name}: is not ISO 8601; write it as 2030-01-31T00:00:00.0000000+03:00"
        raise MerchantError(MerchantFault.DATE_INVALID, message) from None


def _plain(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "encodedId": row.encoded_id,
        "invId": row.inv_id,
        "invoiceType": row.kind,
        "status": row.status,
        "outSum": Raw(format_major(row.amount_minor, row.currency).encode()),
        "currency": row.currency,
        "description": row.description,
        "merchantComments": row.comments,
        "creationDate": seven_digits(row.created_us),
        "expirationDate": seven_digits(row.expires_us),
        "paymentDate": None if row.paid_us is None else seven_digits(row.paid_us),
    }
