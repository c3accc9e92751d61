"""Claims: money that stayed behind in a terminal, kept for whoever holds the code on the slip. Tills register, we redeem.

Answers for: registering once, that the till whose code it is signed for it, paying out once. Does not answer for: handing the
money over (the person who redeems does), HTTP.
A code is never stored: its hash finds it. One code may carry several claims of the same visit.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.redemptions import claim_use
from kiosk.aggregator.storage.terminals import terminal
from kiosk.domain import codes
from kiosk.domain.codes import CodeError
from kiosk.terminal_api import ClaimRequest, ClaimState, ClaimStatus, FieldFault, ProblemCode


class ClaimError(Exception):
    """A code that cannot be paid out; the message says why and what to do."""


def register(engine: sa.Engine, terminal_number: str, request: ClaimRequest, body: bytes) -> ClaimState:
    """Take a claim, or say again what was said of it. Raises RefusedError."""
    fingerprint = hashlib.sha256(body).hexdigest()
    status = run_writing(engine, lambda db: _register(db, terminal_number, request, fingerprint))
    return ClaimState(request.claim_id, status, f"C{fingerprint[:12].upper()}")


def _register(db: sa.Connection, terminal_number: str, request: ClaimRequest, fingerprint: str) -> ClaimStatus:
    known = db.execute(sa.select(claim).where(claim.c.claim_id == request.claim_id)).one_or_none()
    if known is None:
        _check(db, terminal_number, request)
        _book(db, terminal_number, request, fingerprint)
        return ClaimStatus.OPEN
    if known.fingerprint != fingerprint or known.terminal != terminal_number:
        message = "this claim id came before with another body; nothing was changed"
        raise RefusedError(422, ProblemCode.IDEMPOTENCY_CONFLICT, message)
    return ClaimStatus.OPEN if known.redeemed_us is None else ClaimStatus.REDEEMED


def _check(db: sa.Connection, terminal_number: str, request: ClaimRequest) -> None:
    """The code is this terminal's, and its key signed for just this sum. The first key a terminal shows is its key."""
    try:
        said = codes.read_statement(request.statement)
        code = codes.parse(request.code)
    except CodeError as error:
        raise _refused("statement", str(error)) from error
    if (said.code, said.amount_minor, said.currency) != (code, request.amount_minor, request.currency):
        raise _refused("statement", "must be about the code, amount and currency of the body")
    if code.terminal_number != terminal_number:
        raise _refused("code", f"is terminal {code.terminal_number}'s, not {terminal_number}'s")
    pinned = db.execute(sa.select(terminal.c.public_key).where(terminal.c.number == terminal_number)).scalar()
    if pinned not in {None, request.public_key}:
        raise _refused(
            "public_key", "is not the key this terminal showed first; an administrator has to forget that one"
        )
    if not _is_signed(request.public_key, said):
        raise _refused("statement", "is not signed by public_key")
    db.execute(terminal.update().where(terminal.c.number == terminal_number).values(public_key=request.public_key))


def _is_signed(public_key: str, said: codes.Statement) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(said.signature, said.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _refused(field: str, message: str) -> RefusedError:
    return RefusedError(422, ProblemCode.INVALID_REQUEST, f"{field} {message}", (FieldFault(field, message),))


def _book(db: sa.Connection, terminal_number: str, request: ClaimRequest, fingerprint: str) -> None:
    db.execute(
        claim.insert().values(
            claim_id=request.claim_id,
            terminal=terminal_number,
            code_hash=_hash(request.code),
            fingerprint=fingerprint,
            reason=request.reason,
            amount_minor=request.amount_minor,
            currency=request.currency,
            registered_us=now_us(),
            redeemed_by="",
            redeemed_why="",
        )
    )
    cash, claims = Account(AccountKind.CASH, terminal_number), Account(AccountKind.CLAIMS)
    legs = books.move(cash, claims, request.amount_minor, request.currency)
    books.book(db, BookingKind.CLAIM, request.claim_id, legs)


def _hash(code: str) -> str:
    return hashlib.sha256(codes.parse(code).text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim and what is left of it: parts of it may have paid for something at a terminal."""

    claim_id: str
    terminal: str
    reason: str
    amount_minor: int
    open_minor: int
    currency: str
    redeemed_by: str
    redeemed_why: str


def under(db: sa.Connection, code: str) -> tuple[OpenClaim, ...]:
    """Every claim of a code, oldest first. Raises CodeError for text that is no code."""
    used = sa.select(sa.func.coalesce(sa.func.sum(claim_use.c.amount_minor), 0))
    used_minor = used.where(claim_use.c.claim_id == claim.c.claim_id).scalar_subquery()
    of_code = sa.select(claim, used_minor.label("used_minor")).where(claim.c.code_hash == _hash(code))
    rows = db.execute(of_code.order_by(claim.c.registered_us, claim.c.claim_id)).all()
    return tuple(_open(row) for row in rows)


def _open(row: sa.Row[Any]) -> OpenClaim:
    return OpenClaim(
        claim_id=row.claim_id,
        terminal=row.terminal,
        reason=row.reason,
        amount_minor=row.amount_minor,
        open_minor=row.amount_minor - int(row.used_minor) if row.redeemed_us is None else 0,
        currency=row.currency,
        redeemed_by=row.redeemed_by,
        redeemed_why=row.redeemed_why,
    )


def look_up(engine: sa.Engine, code: str) -> list[dict[str, Any]]:
    """Every claim of a code, oldest first. Raises ClaimError for text that is no code, or one nobody registered."""
    with reading(engine) as db:
        return [_plain(one) for one in _found(db, code)]


def redeem(engine: sa.Engine, code: str, person: str, reason: str) -> list[dict[str, Any]]:
    """Pay out what is open under a code, once; `paid_minor` says how much of each claim. `person` hands the money over.

    Raises ClaimError if nothing is open.
    """
    paid = run_writing(engine, lambda db: _redeem(db, code, person, reason))
    now = {"open_minor": 0, "redeemed": True, "redeemed_by": person}
    return [_plain(one) | now | {"paid_minor": one.open_minor} for one in paid]


def _redeem(db: sa.Connection, code: str, person: str, reason: str) -> list[OpenClaim]:
    """The claims as they were before: what was open of them is to be handed over."""
    found = _found(db, code)
    still_open = [one for one in found if one.open_minor]
    if not still_open:
        last = found[-1]
        raise ClaimError(f"this code was paid out already, by {last.redeemed_by}: {last.redeemed_why}")
    for one in still_open:
        redeemed = {"redeemed_us": now_us(), "redeemed_by": person, "redeemed_why": reason}
        db.execute(claim.update().where(claim.c.claim_id == one.claim_id).values(**redeemed))
        legs = books.move(Account(AccountKind.CLAIMS), Account(AccountKind.PAID_OUT), one.open_minor, one.currency)
        books.book(db, BookingKind.REDEMPTION, one.claim_id, legs)
    return still_open


def _found(db: sa.Connection, code: str) -> tuple[OpenClaim, ...]:
    try:
        found = under(db, code)
    except CodeError as error:
        raise ClaimError(str(error)) from error
    if not found:
        raise ClaimError("no terminal has registered this code yet; if its terminal is offline, try again later")
    return found


def _plain(one: OpenClaim) -> dict[str, Any]:
    return {
        "claim_id": one.claim_id,
        "terminal": one.terminal,
        "reason": one.reason,
        "amount_minor": one.amount_minor,
        "open_minor": one.open_minor,
        "currency": one.currency,
        "redeemed": bool(one.redeemed_by),
        "redeemed_by": one.redeemed_by,
    }
