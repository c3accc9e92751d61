"""A day of a terminal as we have it: payments taken and claims paid out, so that a till can compare its own books.

Answers for: the register of a UTC day, and that a closed one never changes: everything stands on the day we received it, and a
day is closed only when nothing that began in it can still be under way.
"""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.moments import MICROSECONDS, now_us, rfc3339
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.payments import payment
from kiosk.terminal_api import (
    FieldFault,
    PaymentStatus,
    ProblemCode,
    Register,
    RegisterClaim,
    RegisterPayment,
)

#: No unit of work lives so long (statements and idle transactions are bounded), and clocks of workers differ by less.
SETTLES_US = 600 * MICROSECONDS


def of_day(engine: sa.Engine, terminal_number: str, day: str) -> Register:
    """The register of `day`, YYYY-MM-DD. Raises RefusedError for a day that is none."""
    from_us, to_us = _span(day)
    # Looked at before the rows are: what is closed now was so when they were read.
    closed = now_us() >= to_us + SETTLES_US
    paid = sa.select(payment).where(
        payment.c.terminal == terminal_number,
        payment.c.received_us >= from_us,
        payment.c.received_us < to_us,
        payment.c.status == PaymentStatus.ACCEPTED.value,
    )
    redeemed = sa.select(claim).where(
        claim.c.terminal == terminal_number, claim.c.redeemed_us >= from_us, claim.c.redeemed_us < to_us
    )
    with reading(engine) as db:
        payments = db.execute(paid.order_by(payment.c.received_us, payment.c.payment_id)).all()
        claims = db.execute(redeemed.order_by(claim.c.redeemed_us, claim.c.claim_id)).all()
    return Register(
        day,
        closed,
        tuple(
            RegisterPayment(
                row.payment_id,
                row.reference,
                row.amount_minor,
                row.currency,
                row.captured_at,
                rfc3339(row.received_us),
            )
            for row in payments
        ),
        tuple(
            RegisterClaim(
                row.claim_id,
                f"C{row.fingerprint[:12].upper()}",
                row.amount_minor,
                row.currency,
                rfc3339(row.redeemed_us),
            )
            for row in claims
        ),
    )


def _span(day: str) -> tuple[int, int]:
    try:
        begins = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
        ends = begins + timedelta(days=1)
    except (ValueError, OverflowError):
        raise _no_day() from None
    if begins.date().isoformat() != day:
        raise _no_day()
    return int(begins.timestamp()) * MICROSECONDS, int(ends.timestamp()) * MICROSECONDS


def _no_day() -> RefusedError:
    fault = FieldFault("day", "must be a day as in 2026-01-31")
    return RefusedError(422, ProblemCode.INVALID_REQUEST, "the address names no day", (fault,))
