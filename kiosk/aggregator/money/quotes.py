"""Quotes: what a terminal may take cash for, and until when. Every quote is of an order: a merchant's, or one made for a service.

Answers for: refusing by name before cash, asking payees, finding a quote again when it is paid. Does not answer for: paying
(`payments`, `redemptions`), how orders of merchants begin (`orders`).
A service's order has no number, since nobody types it; its InvId is given here: its shop is told and asks as of any order.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.catalogue import catalogue, fields
from kiosk.aggregator.catalogue.catalogue_file import Offer
from kiosk.aggregator.catalogue.payees import SYSTEMS, Due
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.merchants.starting import INV_ID_MAX
from kiosk.aggregator.moments import MICROSECONDS, now_us, rfc3339
from kiosk.aggregator.money import order_states
from kiosk.aggregator.money.orders import CREATED
from kiosk.aggregator.shops import lifecycle
from kiosk.aggregator.shops.lifecycle import MAY_BE_PAID
from kiosk.aggregator.storage.catalogue import service_order
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.orders import orders, quote
from kiosk.domain.money import format_major
from kiosk.terminal_api import (
    AmountKind,
    FieldFault,
    Overpay,
    ProblemCode,
    Quote,
    QuoteRequest,
    Service,
)

DESCRIPTION_MAX = 100
QUOTE_LIVES_US = 30 * 60 * MICROSECONDS  #: for taking cash


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with the order it is of. `number` or `service_id` is empty. `max_minor` 0: no limit of the payee's."""

    order_id: int
    login: str
    number: str
    service_id: str
    state: int
    amount_minor: int
    currency: str
    expires_us: int
    overpay: Overpay
    open_amount: bool
    max_minor: int
    payee_system: str
    account: str


def offer(engine: sa.Engine, terminal_number: str, wanted: QuoteRequest) -> Quote:
    """What a terminal may take cash for. Raises RefusedError with the reason."""
    if bool(wanted.order_number) == bool(wanted.service_id):
        message = "give an order_number or a service_id, one of both"
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, message, (FieldFault("order_number", message),))
    of = _of_order if wanted.order_number else _of_service
    return run_writing(engine, lambda db: of(db, terminal_number, wanted))


def _of_order(db: sa.Connection, terminal_number: str, wanted: QuoteRequest) -> Quote:
    found = db.execute(
        sa.select(orders, merchant.c.name, merchant.c.overpay, merchant.c.state.label("shop_state"))
        .join(merchant, merchant.c.login == orders.c.login)
        .where(orders.c.number == wanted.order_number)
    ).one_or_none()
    at_us = now_us()
    if found is None:
        raise RefusedError(404, ProblemCode.ORDER_NOT_FOUND, "no order has this number; check the digits")
    _ensure_payable(found, wanted.currency, at_us)
    expires_us = min(found.expires_us, at_us + QUOTE_LIVES_US)
    return Quote(
        _keep(db, found.id, terminal_number, expires_us),
        wanted.order_number,
        found.name,
        found.description,
        found.amount_minor,
        found.currency,
        rfc3339(expires_us),
        Overpay(found.overpay),
    )


def _ensure_payable(found: sa.Row[Any], currency: str, at_us: int) -> None:
    """Raises RefusedError for the first reason why no cash may be taken."""
    if found.is_test:
        message = "this is a test order; it is paid on its page, not in cash"
        raise RefusedError(404, ProblemCode.ORDER_NOT_FOUND, message)
    refusal = order_states.no_cash(found.state, found.expires_us, at_us)
    if refusal is not None:
        raise RefusedError(*refusal)
    if found.currency != currency:
        raise _other_currency("order", found.currency)
    _ensure_active(found.shop_state)


def _ensure_active(shop_state: str) -> None:
    if shop_state not in MAY_BE_PAID:
        raise RefusedError(409, ProblemCode.SHOP_INACTIVE, "the shop takes no payments now; ask the shop")


def _of_service(db: sa.Connection, terminal_number: str, wanted: QuoteRequest) -> Quote:
    found = catalogue.find(db, wanted.service_id)
    if found is None:
        raise RefusedError(404, ProblemCode.SERVICE_UNKNOWN, "no such service is on offer; fetch the catalogue again")
    version, offered = found
    service = offered.service
    if service.currency != wanted.currency:
        raise _other_currency("service", service.currency)
    _ensure_active(lifecycle.state_of(db, offered.login))
    values = fields.checked(service.fields, wanted.fields)
    account = values[service.fields[0].name] if service.fields else ""
    asked = SYSTEMS[offered.asks].ask(db, service.service_id, account) if offered.asks else Due(0)
    amount_minor = _amount_minor(service, asked)
    expires_us = now_us() + QUOTE_LIVES_US
    order_id = _order(db, offered, values, amount_minor, expires_us)
    _remember(db, order_id, version, offered, account)
    return Quote(
        _keep(db, order_id, terminal_number, expires_us),
        "",
        service.payee,
        _description(service),
        amount_minor,
        service.currency,
        rfc3339(expires_us),
        service.overpay,
        service.service_id,
        fields.shown(service.fields, values)[:300],
        service.amount is AmountKind.OPEN,
        service.max_minor,
        asked.details,
    )


def _amount_minor(service: Service, asked: Due) -> int:
    """The price, the least a buyer may give, or what the payee says is due."""
    if service.amount is not AmountKind.DUE:
        return service.min_minor
    if asked.amount_minor == 0:
        raise RefusedError(409, ProblemCode.NOTHING_DUE, "nothing is due on this account")
    if asked.amount_minor < service.min_minor or 0 < service.max_minor < asked.amount_minor:
        due = format_major(asked.amount_minor, service.currency)
        message = f"{due} {service.currency} is due, which is more or less than can be paid in cash"
        raise RefusedError(409, ProblemCode.AMOUNT_OUT_OF_RANGE, message)
    return asked.amount_minor


def _description(service: Service) -> str:
    return str(service.labels["en"])[:DESCRIPTION_MAX]


def _order(db: sa.Connection, offered: Offer, values: dict[str, str], amount_minor: int, expires_us: int) -> int:
    """An order in the shop's books. The shop learns by Shp_ parameters what it is for."""
    extras = {"Shp_service": offered.service.service_id, **{f"Shp_{name}": value for name, value in values.items()}}
    row = {
        "login": offered.login,
        "inv_id": _next_inv_id(db, offered.login),
        "out_sum": format_major(amount_minor, offered.service.currency),
        "amount_minor": amount_minor,
        "currency": offered.service.currency,
        "description": _description(offered.service),
        "extras": json.dumps(extras, sort_keys=True),
        "created_us": now_us(),
        "expires_us": expires_us,
        "state": int(CREATED),
    }
    return int(db.execute(orders.insert().values(**row).returning(orders.c.id)).scalar_one())


def _next_inv_id(db: sa.Connection, login: str) -> int:
    """Of two that ask at once the database lets one try again."""
    of_shop = (orders.c.login == login, orders.c.is_test.is_(False))
    highest = int(db.execute(sa.select(sa.func.max(orders.c.inv_id)).where(*of_shop)).scalar() or 0)
    if highest >= INV_ID_MAX:
        message = "the shop has used the highest number of an order; nothing of it can be paid here"
        raise RefusedError(409, ProblemCode.SHOP_INACTIVE, message)
    return highest + 1


def _remember(db: sa.Connection, order_id: int, version: int, offered: Offer, account: str) -> None:
    service = offered.service
    row = {
        "order_id": order_id,
        "service_id": service.service_id,
        "version": version,
        "payee_system": offered.asks,
        "account": account,
        "overpay": service.overpay.value,
        "open_amount": service.amount is AmountKind.OPEN,
        "max_minor": service.max_minor,
    }
    db.execute(service_order.insert().values(**row))


def _keep(db: sa.Connection, order_id: int, terminal_number: str, expires_us: int) -> str:
    quote_id = secrets.token_hex(12)
    row = {"quote_id": quote_id, "order_id": order_id, "terminal": terminal_number, "expires_us": expires_us}
    db.execute(quote.insert().values(**row))
    return quote_id


def _other_currency(what: str, currency: str) -> RefusedError:
    return RefusedError(409, ProblemCode.CURRENCY_MISMATCH, f"this {what} is in {currency}")


def find(db: sa.Connection, terminal_number: str, quote_id: str) -> Quoted | None:
    """A quote this terminal was given, as its order is now."""
    row = db.execute(
        sa.select(
            orders,
            quote.c.expires_us.label("quote_expires_us"),
            merchant.c.overpay,
            service_order.c.service_id,
            service_order.c.overpay.label("service_overpay"),
            service_order.c.open_amount,
            service_order.c.max_minor,
            service_order.c.payee_system,
            service_order.c.account,
        )
        .join(quote, quote.c.order_id == orders.c.id)
        .join(merchant, merchant.c.login == orders.c.login)
        .outerjoin(service_order, service_order.c.order_id == orders.c.id)
        .where(quote.c.quote_id == quote_id, quote.c.terminal == terminal_number)
    ).one_or_none()
    return None if row is None else _quoted(row)


def _quoted(row: sa.Row[Any]) -> Quoted:
    return Quoted(
        order_id=row.id,
        login=row.login,
        number=row.number or "",
        service_id=row.service_id or "",
        state=row.state,
        amount_minor=row.amount_minor,
        currency=row.currency,
        expires_us=row.quote_expires_us,
        overpay=Overpay(row.service_overpay or row.overpay),
        open_amount=bool(row.open_amount),
        max_minor=row.max_minor or 0,
        payee_system=row.payee_system or "",
        account=row.account or "",
    )
