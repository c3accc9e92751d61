"""Refunds: a merchant gives money back to a buyer who paid in cash and may be nobody it knows.

Answers for: never giving back more than was paid or than the merchant has, a code for the buyer, the books. Does not answer for:
paying a code out (`claims`), HTTP (`invoice_face`).

How the buyer gets it: a claim code, as for all money that waits for a buyer. The code of the visit would be the natural one, but
a payment does not say it, and a slip whose money all went to the payee has none; so this program mints one, as terminal 0000 (no
real terminal has that number). The buyer reads it on the order's page, whose address only they and the merchant know.

A payment that was refused after cash needs no refund here: it never became the merchant's, and the buyer has it already, under
the code on the slip.
"""

import hashlib
import secrets
import uuid
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import MerchantError, MerchantFault
from kiosk.aggregator.merchants import compact_jwt, payloads, starting
from kiosk.aggregator.merchants.compact_jwt import Token
from kiosk.aggregator.merchants.pay_page import Returned
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.money.order_states import PAID, State
from kiosk.aggregator.shops import withdrawals
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.orders import orders
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.storage.refunds import REFUND_REASON, refund
from kiosk.aggregator.storage.terminals import terminal
from kiosk.aggregator.vault import vault_of
from kiosk.domain import codes
from kiosk.domain.money import format_major

OURSELVES = "0000"  #: the terminal our own codes are of
ALGORITHM = "HS256"
REPEATED_US = (
    600 * MICROSECONDS
)  #: the same request again within this time is a lost answer, later it is another refund
PROCESSING, FINISHED = "processing", "finished"  #: waiting for the buyer; paid out


def create(engine: sa.Engine, token: Token) -> str:
    """The request's id. Raises MerchantError."""
    return run_writing(engine, lambda db: _create(db, token))


def _create(db: sa.Connection, token: Token) -> str:
    order = _order(db, token)
    fingerprint = hashlib.sha256(token.signed).hexdigest()
    since_us = now_us() - REPEATED_US
    again = sa.select(refund.c.request_id).where(refund.c.fingerprint == fingerprint, refund.c.created_us > since_us)
    known = db.execute(again.order_by(refund.c.created_us.desc()).limit(1)).scalar()
    return known or _give_back(db, order, _amount_minor(db, order, token), fingerprint)


def _order(db: sa.Connection, token: Token) -> sa.Row[Any]:
    """The order of an OpKey whose shop signed the request. A wrong key and a wrong signature are told alike."""
    op_key = payloads.text(token.payload, "OpKey", 40)
    found = db.execute(sa.select(orders).where(orders.c.op_key == op_key, orders.c.is_test.is_(False))).one_or_none()
    shop = None if found is None else starting.find_shop(db, found.login)
    if shop is not None and shop.password3 is None:
        message = "the shop has no Password#3; set it in its technical settings"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    is_right = shop is not None and compact_jwt.is_right(token, shop.password3.reveal())  # type: ignore[union-attr]
    if found is None or not is_right or token.algorithm != ALGORITHM:
        message = "no operation of yours has this OpKey, or the JWT is not HS256 signed with Password#3"
        raise MerchantError(MerchantFault.SIGNATURE_WRONG, message)
    _ensure_refundable(found.state)
    return found


def _ensure_refundable(state: int) -> None:
    if state == State.REFUSED:
        message = "this payment was refused after cash; the buyer has the money under the code on the slip"
        raise MerchantError(MerchantFault.NOT_REFUNDABLE, message)
    if state not in PAID:
        raise MerchantError(MerchantFault.NOT_REFUNDABLE, f"an operation in state {state} has no money to give back")


def _amount_minor(db: sa.Connection, order: sa.Row[Any], token: Token) -> int:
    """RefundSum, or all that is left of what the buyer paid. Raises MerchantError for more than there is."""
    paid = db.execute(sa.select(payment.c.amount_minor).where(payment.c.payment_id == order.payment_id)).scalar()
    given = sa.select(sa.func.coalesce(sa.func.sum(refund.c.amount_minor), 0)).where(refund.c.order_id == order.id)
    left_minor = int(order.amount_minor if paid is None else paid) - int(db.execute(given).scalar_one())
    wanted = payloads.digits(token.payload, "RefundSum")
    amount_minor = starting.amount_minor(wanted, order.currency, "RefundSum") if wanted else left_minor
    if not 0 < amount_minor <= left_minor:
        message = f"RefundSum: {format_major(left_minor, order.currency)} is left to give back"
        raise MerchantError(MerchantFault.AMOUNT_OUT_OF_RANGE, message)
    if amount_minor > withdrawals.available_minor(db, order.login, order.currency):
        raise MerchantError(MerchantFault.FUNDS_SHORT, "NotEnoughOperationFunds")
    return amount_minor


def _give_back(db: sa.Connection, order: sa.Row[Any], amount_minor: int, fingerprint: str) -> str:
    """Out of the merchant's balance, under a code. The commission stays paid: the payment was carried out."""
    request_id = str(uuid.uuid4())
    serial = int(db.execute(sa.select(sa.func.max(refund.c.serial))).scalar() or 0) + 1
    code = codes.mint(OURSELVES, serial, lambda _: secrets.token_bytes(64))
    claim_id = f"refund-{request_id}"
    _register(db, claim_id, code, amount_minor, order.currency, fingerprint)
    values = {"request_id": request_id, "order_id": order.id, "fingerprint": fingerprint, "claim_id": claim_id}
    money = {"amount_minor": amount_minor, "currency": order.currency, "created_us": now_us()}
    db.execute(refund.insert().values(**values, **money, serial=serial, code=vault_of(db).seal(code)))
    balance, claims = Account(AccountKind.MERCHANT, order.login), Account(AccountKind.CLAIMS)
    books.book(db, BookingKind.REFUND, request_id, books.move(balance, claims, amount_minor, order.currency))
    return request_id


def _register(db: sa.Connection, claim_id: str, code: str, amount_minor: int, currency: str, fingerprint: str) -> None:
    known = db.execute(sa.select(terminal.c.number).where(terminal.c.number == OURSELVES)).scalar()
    if known is None:
        db.execute(terminal.insert().values(number=OURSELVES, active=False))
    db.execute(
        claim.insert().values(
            claim_id=claim_id,
            terminal=OURSELVES,
            code_hash=hashlib.sha256(code.encode()).hexdigest(),
            fingerprint=fingerprint,
            reason=REFUND_REASON,
            amount_minor=amount_minor,
            currency=currency,
            registered_us=now_us(),
            redeemed_by="",
            redeemed_why="",
        )
    )


def state_of(engine: sa.Engine, request_id: str) -> tuple[int, str, str]:
    """Amount, currency and label of a request. Raises MerchantError."""
    columns = (refund.c.amount_minor, refund.c.currency, claim.c.redeemed_us)
    question = sa.select(*columns).join(claim, claim.c.claim_id == refund.c.claim_id)
    with reading(engine) as db:
        found = db.execute(question.where(refund.c.request_id == request_id)).one_or_none()
    if found is None:
        raise MerchantError(MerchantFault.REQUEST_UNKNOWN, "id: there is no such request")
    return found.amount_minor, found.currency, PROCESSING if found.redeemed_us is None else FINISHED


def of_order(db: sa.Connection, order_id: int) -> list[Returned]:
    """What its buyer was given back, oldest first."""
    question = sa.select(refund, claim.c.redeemed_us).join(claim, claim.c.claim_id == refund.c.claim_id)
    rows = db.execute(question.where(refund.c.order_id == order_id).order_by(refund.c.serial)).all()
    vault = vault_of(db)
    return [
        Returned(vault.open(row.code).reveal(), row.amount_minor, row.currency, row.redeemed_us is not None)
        for row in rows
    ]
