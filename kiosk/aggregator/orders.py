"""Orders: started by a merchant's signed request, found by their number at a terminal, paid once.

Answers for: the life of an order. Does not answer for: HTTP (`merchant_face`), quotes for terminals (`quotes`), payments.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from kiosk.aggregator import numbers, shops, signatures
from kiosk.aggregator.errors import MerchantError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.shops import Shop
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.orders import orders
from kiosk.domain.money import MoneyError, parse_major

CREATED, RECEIVED, DONE = 5, 50, 100  #: Robokassa's states
ORDER_LIVES = timedelta(hours=24)  #: as long as a number lives at known terminals
QUOTE_LIVES = timedelta(minutes=30)  #: for taking cash
INV_ID_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Started:
    """What the buyer is told: the number to type, how much, until when."""

    number: str
    payee: str
    description: str
    out_sum: str
    currency: str
    expires_us: int


#: Parameters that are signed when present, in this order (aggregator protocols 1.2).
SIGNED_OPTIONALS = ("OutSumCurrency", "UserIp", "Receipt")


def start(engine: sa.Engine, fields: Mapping[str, str]) -> Started:
    """Take a merchant's signed payment start. Raises MerchantError saying what to fix."""
    return run_writing(engine, lambda db: _start(db, fields))


def _start(db: sa.Connection, fields: Mapping[str, str]) -> Started:
    login, out_sum = fields.get("MerchantLogin", ""), fields.get("OutSum", "")
    inv_id = fields.get("InvId", fields.get("InvoiceID", ""))
    shop = shops.find(db, login)
    if shop is None:
        raise MerchantError(2, f"MerchantLogin: no shop {login!r}")
    extras = {name: value for name, value in fields.items() if name.lower().startswith("shp_")}
    optional = tuple(fields[name] for name in SIGNED_OPTIONALS if fields.get(name))
    base = signatures.start_base(login, out_sum, inv_id, shop.password1.reveal(), extras, optional)
    if not signatures.is_right(fields.get("SignatureValue", ""), base, shop.hash_name):
        order = "MerchantLogin:OutSum:InvId:Password#1[:Shp_…]"
        raise MerchantError(1, f"SignatureValue: wrong; sign {order} with {shop.hash_name} and Password#1")
    return _insert(db, shop, fields, inv_id, extras)


def _insert(
    db: sa.Connection,
    shop: Shop,
    fields: Mapping[str, str],
    inv_id: str,
    extras: Mapping[str, str],
) -> Started:
    out_sum = fields["OutSum"]
    amount_minor = _amount(out_sum, shop.currency)
    number_of_shop = _inv_id(db, shop.login, inv_id)
    at_us = now_us()
    expires_us = _expiry(fields.get("ExpirationDate", ""), at_us)
    description = fields.get("Description", "")[:100]
    values = {
        "login": shop.login,
        "inv_id": number_of_shop,
        "out_sum": out_sum,
        "amount_minor": amount_minor,
        "currency": shop.currency,
        "description": description,
        "extras": json.dumps(extras, sort_keys=True),
        "created_us": at_us,
        "expires_us": expires_us,
        "state": CREATED,
    }
    order_id = db.execute(orders.insert().values(**values).returning(orders.c.id)).scalar_one()
    number = numbers.order_number(order_id)
    db.execute(orders.update().where(orders.c.id == order_id).values(number=number))
    return Started(number, shop.name, description, out_sum, shop.currency, expires_us)


def _amount(out_sum: str, currency: str) -> int:
    try:
        amount_minor = parse_major(out_sum, currency)
    except MoneyError as error:
        raise MerchantError(1000, f"OutSum: {error}") from error
    if not 0 < amount_minor <= 10**12:
        raise MerchantError(1000, f"OutSum: {out_sum} is not an amount that can be paid")
    return amount_minor


def _inv_id(db: sa.Connection, login: str, text: str) -> int:
    """The shop's own number, or the next free one when it left it to us."""
    if text in {"", "0"}:
        highest = db.execute(sa.select(sa.func.max(orders.c.inv_id)).where(orders.c.login == login)).scalar()
        return int(highest or 0) + 1
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= INV_ID_MAX):
        raise MerchantError(1000, f"InvId: {text!r} is not a number from 1 to {INV_ID_MAX}")
    number = int(text)
    if db.execute(sa.select(orders.c.id).where(orders.c.login == login, orders.c.inv_id == number)).scalar():
        raise MerchantError(4, f"InvId: {number} was used before; every payment needs its own")
    return number


def _expiry(text: str, at_us: int) -> int:
    if not text:
        return at_us + int(ORDER_LIVES.total_seconds()) * MICROSECONDS
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise MerchantError(1000, f"ExpirationDate: {text!r} is not ISO 8601") from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * MICROSECONDS)


def state_of(engine: sa.Engine, login: str, inv_id: str, signature: str) -> sa.Row[tuple[object, ...]]:
    """The order a merchant asks about (OpStateExt). Raises MerchantError."""
    with reading(engine) as db:
        shop = shops.find(db, login)
        if shop is None:
            raise MerchantError(2, f"MerchantLogin: no shop {login!r}")
        base = signatures.state_base(login, inv_id, shop.password2.reveal())
        if not signatures.is_right(signature, base, shop.hash_name):
            raise MerchantError(1, "Signature: wrong; sign MerchantLogin:InvoiceID:Password#2")
        number = int(inv_id) if inv_id.isascii() and inv_id.isdigit() else -1
        found = db.execute(sa.select(orders).where(orders.c.login == login, orders.c.inv_id == number)).one_or_none()
    if found is None:
        raise MerchantError(3, f"InvoiceID: no operation {inv_id!r}")
    return found
