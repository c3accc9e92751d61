"""Paying out of a code at a terminal: what stayed behind from an earlier visit pays for a quote; the rest stays open.

Answers for: what is open under a code, and using it exactly once however many ask at a time. Does not answer for: registering
claims and paying them out over the desk (`claims`).
Refusals change nothing and are not remembered: the same id may be asked again when things have changed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import claims, order_states, quotes
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.money.claims import OpenClaim
from kiosk.aggregator.money.crediting import credit
from kiosk.aggregator.money.quotes import Quoted
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.redemptions import claim_use, redemption
from kiosk.domain.codes import CodeError
from kiosk.terminal_api import CodeRequest, CodeState, FieldFault, ProblemCode, RedemptionRequest, RedemptionState


def look_up(engine: sa.Engine, request: CodeRequest) -> CodeState:
    """What is open under a code. Raises RefusedError for text that is no code, or one nobody registered."""
    with reading(engine) as db:
        found = _claims(db, request.code)
    currency = found[0].currency
    return CodeState(sum(one.open_minor for one in found if one.currency == currency), currency)


def _claims(db: sa.Connection, code: str) -> Sequence[OpenClaim]:
    try:
        found = claims.under(db, code)
    except CodeError as error:
        fault = FieldFault("code", str(error))
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, str(error), (fault,)) from error
    if not found:
        message = "no terminal has registered this code yet; if its terminal is offline, try again later"
        raise RefusedError(404, ProblemCode.CODE_UNKNOWN, message)
    return found


def pay(engine: sa.Engine, terminal_number: str, request: RedemptionRequest, body: bytes) -> RedemptionState:
    """Pay a quote out of a code, or say again what was paid. Raises RefusedError."""
    fingerprint = hashlib.sha256(body).hexdigest()
    return run_writing(engine, lambda db: _pay(db, terminal_number, request, fingerprint))


def _pay(db: sa.Connection, number: str, request: RedemptionRequest, fingerprint: str) -> RedemptionState:
    known = db.execute(sa.select(redemption).where(redemption.c.redemption_id == request.redemption_id)).one_or_none()
    if known is None:
        known = _book(db, number, request, fingerprint)
    elif known.fingerprint != fingerprint or known.terminal != number:
        message = "this redemption id came before with another body; nothing was changed"
        raise RefusedError(422, ProblemCode.IDEMPOTENCY_CONFLICT, message)
    return RedemptionState(known.redemption_id, known.reference, known.paid_minor, known.left_minor, known.currency)


@dataclass(frozen=True, slots=True)
class _Use:
    """Part of a claim, or all that is left of it."""

    claim_id: str
    amount_minor: int
    is_last: bool


def _book(db: sa.Connection, number: str, request: RedemptionRequest, fingerprint: str) -> sa.Row[Any]:
    quoted = _payable(quotes.find(db, number, request.quote_id))
    available = _claims(db, request.code)
    in_currency = [one for one in available if one.currency == quoted.currency]
    if not in_currency:
        message = f"this code is for {available[0].currency}, not {quoted.currency}"
        raise RefusedError(409, ProblemCode.CURRENCY_MISMATCH, message)
    uses = _uses(in_currency, quoted.amount_minor)
    left_minor = sum(one.open_minor for one in in_currency) - quoted.amount_minor
    row = {
        "redemption_id": request.redemption_id,
        "terminal": number,
        "order_id": quoted.order_id,
        "fingerprint": fingerprint,
        "reference": f"R{fingerprint[:12].upper()}",
        "paid_minor": quoted.amount_minor,
        "left_minor": left_minor,
        "currency": quoted.currency,
        "redeemed_us": now_us(),
    }
    made = db.execute(redemption.insert().values(**row).returning(*redemption.c)).one()
    _use_up(db, made, uses)
    source = Account(AccountKind.CLAIMS)
    credit(db, quoted, quoted.amount_minor, source, BookingKind.CODE_PAYMENT, request.redemption_id)
    return made


def _payable(quoted: Quoted | None) -> Quoted:
    if quoted is None:
        raise RefusedError(404, ProblemCode.QUOTE_UNKNOWN, "no such quote of this terminal")
    refusal = order_states.no_cash(quoted.state, quoted.expires_us, now_us())
    if refusal is not None and refusal != order_states.TOO_OLD:
        raise RefusedError(*refusal)
    if refusal is not None:
        raise RefusedError(410, ProblemCode.ORDER_EXPIRED, "this quote has expired; ask for another")
    return quoted


def _uses(available: Sequence[OpenClaim], wanted_minor: int) -> list[_Use]:
    """Oldest claims first. Raises RefusedError when they do not cover `wanted_minor`."""
    total_minor = sum(one.open_minor for one in available)
    if total_minor == 0:
        raise RefusedError(409, ProblemCode.CODE_REDEEMED, "all that was under this code has been paid out")
    if total_minor < wanted_minor:
        raise RefusedError(409, ProblemCode.CODE_TOO_SMALL, "there is less under this code than is to be paid")
    uses, missing_minor = [], wanted_minor
    for one in available:
        part_minor = min(one.open_minor, missing_minor)
        if part_minor:
            uses.append(_Use(one.claim_id, part_minor, part_minor == one.open_minor))
        missing_minor -= part_minor
    return uses


def _use_up(db: sa.Connection, made: sa.Row[Any], uses: list[_Use]) -> None:
    """A claim is paid out when nothing of it is left."""
    parts = [{"claim_id": use.claim_id, "amount_minor": use.amount_minor} for use in uses]
    db.execute(claim_use.insert(), [part | {"redemption_id": made.redemption_id} for part in parts])
    done = {
        "redeemed_us": made.redeemed_us,
        "redeemed_by": f"terminal {made.terminal}",
        "redeemed_why": f"redemption {made.redemption_id}",
    }
    finished = [use.claim_id for use in uses if use.is_last]
    if finished:
        db.execute(claim.update().where(claim.c.claim_id.in_(finished)).values(**done))
