"""Cash payments from terminals: each id is taken once, and for ever answered the same.

Answers for: idempotency, paying an order once, double entry, and that nothing is acknowledged before it is durable. Does not
answer for: HTTP, telling the merchant (`notify`).
A payment whose cash was captured while the quote was valid is taken however late it arrives: the buyer did their part.
"""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from kiosk.aggregator import books, order_states, tariffs
from kiosk.aggregator.books import Account, AccountKind, BookingKind
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.orders import RECEIVED
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders, quote
from kiosk.aggregator.storage.payments import payment
from kiosk.terminal_api import FieldFault, Overpay, PaymentRequest, PaymentState, PaymentStatus, ProblemCode

CLOCK_SLACK_US = 300 * MICROSECONDS  #: a terminal's clock may be this far off


def take(engine: sa.Engine, terminal_number: str, request: PaymentRequest, body: bytes) -> PaymentState:
    """Take a payment, or say again what was said of it. Raises RefusedError for an id used with another body."""
    fingerprint = hashlib.sha256(body).hexdigest()
    run_writing(engine, lambda db: _take(db, terminal_number, request, fingerprint))
    return state_of(engine, terminal_number, request.payment_id)


def _take(db: sa.Connection, terminal_number: str, request: PaymentRequest, fingerprint: str) -> None:
    known = db.execute(sa.select(payment).where(payment.c.payment_id == request.payment_id)).one_or_none()
    if known is None:
        _book(db, terminal_number, request, fingerprint)
    elif known.fingerprint != fingerprint or known.terminal != terminal_number:
        message = "this payment id came before with another body; nothing was changed"
        raise RefusedError(422, ProblemCode.IDEMPOTENCY_CONFLICT, message)


def state_of(engine: sa.Engine, terminal_number: str, payment_id: str) -> PaymentState:
    """What became of an id. Raises RefusedError when it is unknown."""
    with reading(engine) as db:
        found = db.execute(
            sa.select(payment, notification.c.delivered_us)
            .outerjoin(notification, notification.c.order_id == payment.c.order_id)
            .where(payment.c.payment_id == payment_id, payment.c.terminal == terminal_number)
        ).one_or_none()
    if found is None:
        raise RefusedError(404, ProblemCode.PAYMENT_UNKNOWN, "no payment of this terminal has this id")
    accepted = found.status == PaymentStatus.ACCEPTED
    return PaymentState(
        payment_id=found.payment_id,
        status=PaymentStatus(found.status),
        reference=found.reference,
        amount_minor=found.amount_minor,
        currency=found.currency,
        merchant_notified=accepted and found.delivered_us is not None,
        code=found.code,
        message=found.message,
    )


def _book(db: sa.Connection, terminal_number: str, request: PaymentRequest, fingerprint: str) -> None:
    order, refusal = _judge(db, terminal_number, request)
    at_us = now_us()
    status = PaymentStatus.REFUSED if refusal else PaymentStatus.ACCEPTED
    db.execute(
        payment.insert().values(
            payment_id=request.payment_id,
            terminal=terminal_number,
            order_id=order.id if order is not None else None,
            fingerprint=fingerprint,
            amount_minor=request.amount_minor,
            currency=request.currency,
            status=status.value,
            code=refusal[0].value if refusal else "",
            message=refusal[1] if refusal else "",
            reference=f"K{fingerprint[:12].upper()}",
            captured_at=request.captured_at[:40],
            received_us=at_us,
            journal_seq=request.journal_seq,
            journal_head=request.journal_head[:64],
        )
    )
    if refusal is None and order is not None:
        _credit(db, terminal_number, request, order)
        db.execute(orders.update().where(orders.c.id == order.id).values(state=RECEIVED, payment_id=request.payment_id))
        db.execute(notification.insert().values(order_id=order.id, attempts=0, next_us=at_us, last_answer=""))
    elif order is not None:
        order_states.refuse(db, order.id)


def _judge(
    db: sa.Connection, terminal_number: str, request: PaymentRequest
) -> tuple[sa.Row[tuple[object, ...]] | None, tuple[ProblemCode, str] | None]:
    """The order to be paid, and why it may not be. A refusal is final for this id and stored as such."""
    found = db.execute(
        sa.select(orders, quote.c.expires_us.label("quote_expires_us"), merchant.c.overpay)
        .join(quote, quote.c.order_id == orders.c.id)
        .join(merchant, merchant.c.login == orders.c.login)
        .where(quote.c.quote_id == request.quote_id, quote.c.terminal == terminal_number)
    ).one_or_none()
    if found is None or found.number != request.order_number:
        return None, (ProblemCode.QUOTE_UNKNOWN, "no quote of this terminal for this order")
    reasons = (
        (found.currency != request.currency, ProblemCode.CURRENCY_MISMATCH, f"the order is in {found.currency}"),
        (not _is_amount(found, request.amount_minor), ProblemCode.AMOUNT_MISMATCH, "the order costs another amount"),
        (
            _captured_us(request) > found.quote_expires_us + CLOCK_SLACK_US,
            ProblemCode.ORDER_EXPIRED,
            "cash was captured after the quote had expired",
        ),
    )
    refusal = next(((code, message) for wrong, code, message in reasons if wrong), None)
    return found, order_states.why_closed(found.state) or refusal


def _is_amount(found: sa.Row[tuple[object, ...]], amount_minor: int) -> bool:
    """The order's own amount, or more where the shop takes all that was put in."""
    more = found.overpay == Overpay.CREDIT_ALL and amount_minor > found.amount_minor
    return more or bool(amount_minor == found.amount_minor)


def _captured_us(request: PaymentRequest) -> int:
    try:
        return int(datetime.fromisoformat(request.captured_at).timestamp() * MICROSECONDS)
    except ValueError:
        fault = FieldFault("captured_at", "must be a time as in 2026-01-31T12:00:00+00:00")
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, "captured_at is not a time", (fault,)) from None


def _credit(
    db: sa.Connection, terminal_number: str, request: PaymentRequest, order: sa.Row[tuple[object, ...]]
) -> None:
    """Cash at the terminal becomes the merchant's, less the commission of its tariff; the buyer pays none."""
    rate_bp = tariffs.rate_bp(db, order.login, tariffs.TERMINAL, request.currency, now_us())
    payee = Account(AccountKind.MERCHANT, order.login)
    cash = Account(AccountKind.CASH, terminal_number)
    legs = list(books.move(cash, payee, request.amount_minor, request.currency))
    commission = books.commission_minor(request.amount_minor, rate_bp)
    if commission:
        legs += books.move(payee, Account(AccountKind.COMMISSION), commission, request.currency)
    books.book(db, BookingKind.PAYMENT, request.payment_id, legs)
