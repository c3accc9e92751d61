"""Cash payments from terminals: each id is taken once, and for ever answered the same.

Answers for: idempotency, paying an order once, and that nothing is acknowledged before it is durable. Does not answer for: HTTP,
what follows from a payment (`crediting`), telling the merchant (`notify`).
A payment whose cash was captured while the quote was valid is taken however late it arrives: the buyer did their part.
"""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.money import order_states, quotes
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.money.crediting import credit
from kiosk.aggregator.money.quotes import Quoted
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.terminals import heads
from kiosk.terminal_api import FieldFault, Overpay, PaymentRequest, PaymentState, PaymentStatus, ProblemCode

CLOCK_SLACK_US = 300 * MICROSECONDS  #: a terminal's clock may be this far off

Refusal = tuple[ProblemCode, str]


def take(engine: sa.Engine, terminal_number: str, request: PaymentRequest, body: bytes) -> PaymentState:
    """Take a payment, or say again what was said of it. Raises RefusedError for an id used with another body."""
    fingerprint = hashlib.sha256(body).hexdigest()
    captured_us = _captured_us(request)
    return run_writing(engine, lambda db: _take(db, terminal_number, request, fingerprint, captured_us))


def _take(
    db: sa.Connection, terminal_number: str, request: PaymentRequest, fingerprint: str, captured_us: int
) -> PaymentState:
    known = _known(db, request.payment_id)
    if known is None:
        state = _book(db, terminal_number, request, fingerprint, captured_us)
        heads.note(db, terminal_number, request.journal_seq, request.journal_head)
        return state
    if known.fingerprint != fingerprint or known.terminal != terminal_number:
        message = "this payment id came before with another body; nothing was changed"
        raise RefusedError(422, ProblemCode.IDEMPOTENCY_CONFLICT, message)
    return _state(known)


def state_of(engine: sa.Engine, terminal_number: str, payment_id: str) -> PaymentState:
    """What became of an id. Raises RefusedError when it is unknown."""
    with reading(engine) as db:
        known = _known(db, payment_id)
    if known is None or known.terminal != terminal_number:
        raise RefusedError(404, ProblemCode.PAYMENT_UNKNOWN, "no payment of this terminal has this id")
    return _state(known)


def _known(db: sa.Connection, payment_id: str) -> sa.Row[Any] | None:
    return db.execute(
        sa.select(payment, notification.c.delivered_us)
        .outerjoin(notification, notification.c.order_id == payment.c.order_id)
        .where(payment.c.payment_id == payment_id)
    ).one_or_none()


def _state(known: sa.Row[Any]) -> PaymentState:
    return PaymentState(
        payment_id=known.payment_id,
        status=PaymentStatus(known.status),
        reference=known.reference,
        amount_minor=known.amount_minor,
        currency=known.currency,
        merchant_notified=known.status == PaymentStatus.ACCEPTED and known.delivered_us is not None,
        code=known.code,
        message=known.message,
    )


def _book(
    db: sa.Connection, terminal_number: str, request: PaymentRequest, fingerprint: str, captured_us: int
) -> PaymentState:
    """What was written is not read again: whoever reads where others write makes them try again."""
    quoted = quotes.find(db, terminal_number, request.quote_id)
    refusal = _refusal(quoted, request, captured_us)
    state = PaymentState(
        payment_id=request.payment_id,
        status=PaymentStatus.REFUSED if refusal else PaymentStatus.ACCEPTED,
        reference=f"K{fingerprint[:12].upper()}",
        amount_minor=request.amount_minor,
        currency=request.currency,
        merchant_notified=False,
        code=refusal[0].value if refusal else "",
        message=refusal[1] if refusal else "",
    )
    _keep(db, terminal_number, request, state, fingerprint, quoted.order_id if quoted is not None else None)
    if quoted is not None and refusal is None:
        cash = Account(AccountKind.CASH, terminal_number)
        credit(db, quoted, request.amount_minor, cash, BookingKind.PAYMENT, request.payment_id)
    elif quoted is not None:
        order_states.refuse(db, quoted.order_id)
    return state


def _keep(
    db: sa.Connection,
    terminal_number: str,
    request: PaymentRequest,
    state: PaymentState,
    fingerprint: str,
    order_id: int | None,
) -> None:
    row = {
        "payment_id": state.payment_id,
        "terminal": terminal_number,
        "order_id": order_id,
        "fingerprint": fingerprint,
        "amount_minor": state.amount_minor,
        "currency": state.currency,
        "status": state.status.value,
        "code": state.code,
        "message": state.message,
        "reference": state.reference,
        "captured_at": request.captured_at,
        "received_us": now_us(),
        "journal_seq": request.journal_seq,
        "journal_head": request.journal_head,
    }
    db.execute(payment.insert().values(**row))


def _refusal(quoted: Quoted | None, request: PaymentRequest, captured_us: int) -> Refusal | None:
    """Why it may not be paid. Final for this id and stored as such. What is due may have changed since: the quote counts."""
    about = (request.order_number, request.service_id)
    if quoted is None or (quoted.number, quoted.service_id) != about:
        return ProblemCode.QUOTE_UNKNOWN, "no quote of this terminal for this order or service"
    reasons = (
        (quoted.currency != request.currency, ProblemCode.CURRENCY_MISMATCH, f"it is in {quoted.currency}"),
        (
            captured_us > quoted.expires_us + CLOCK_SLACK_US,
            ProblemCode.ORDER_EXPIRED,
            "cash was captured after the quote had expired",
        ),
    )
    refusal = next(((code, message) for wrong, code, message in reasons if wrong), None)
    closed = order_states.why_closed(quoted.state)
    return closed or refusal or _amount_refusal(quoted, request.amount_minor)


def _amount_refusal(quoted: Quoted, amount_minor: int) -> Refusal | None:
    """The quote's own amount; more, within its limit, where the buyer decides or the payee takes all that was put in."""
    if not (quoted.open_amount or quoted.overpay is Overpay.CREDIT_ALL):
        is_right = amount_minor == quoted.amount_minor
        return None if is_right else (ProblemCode.AMOUNT_MISMATCH, "the order costs another amount")
    if amount_minor < quoted.amount_minor:
        code = ProblemCode.AMOUNT_OUT_OF_RANGE if quoted.open_amount else ProblemCode.AMOUNT_MISMATCH
        return code, "it is less than the quote asks for"
    if 0 < quoted.max_minor < amount_minor:
        return ProblemCode.AMOUNT_OUT_OF_RANGE, "it is more than the payee takes at once"
    return None


def _captured_us(request: PaymentRequest) -> int:
    try:
        return int(datetime.fromisoformat(request.captured_at).timestamp() * MICROSECONDS)
    except (ValueError, OverflowError):
        fault = FieldFault("captured_at", "must be a time as in 2026-01-31T12:00:00+00:00")
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, "captured_at is not a time", (fault,)) from None
