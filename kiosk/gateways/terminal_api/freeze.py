"""The bodies of the terminal API's requests that go through the outbox: made once, sent again unchanged."""

from datetime import UTC, datetime

import msgspec

from kiosk import terminal_api as api
from kiosk.domain.rules import MICROSECONDS, ClaimToFreeze, RedemptionToFreeze, ToFreeze

encoder = msgspec.json.Encoder(order="deterministic")


def freeze(wanted: ToFreeze) -> bytes:
    """The request body of a payment: made once, before the first byte is sent, and sent again unchanged."""
    order = wanted.order
    return encoder.encode(
        api.PaymentRequest(
            payment_id=wanted.payment_id,
            quote_id=order.quote_id,
            order_number=order.order_number,
            amount_minor=wanted.amount_minor,
            currency=order.currency,
            cash=tuple(api.CashCount(value_minor, count) for value_minor, count in wanted.cash),
            captured_at=datetime.fromtimestamp(wanted.captured_at_us / MICROSECONDS, UTC).isoformat(),
            journal_seq=wanted.journal_seq,
            journal_head=wanted.journal_head,
            service_id=order.service_id,
        )
    )


def freeze_claim(wanted: ClaimToFreeze) -> bytes:
    """The request body of a claim, as `freeze` makes that of a payment."""
    return encoder.encode(
        api.ClaimRequest(
            claim_id=wanted.claim_id,
            code=wanted.code,
            reason=wanted.reason,
            amount_minor=wanted.amount_minor,
            currency=wanted.currency,
            statement=wanted.statement,
            public_key=wanted.public_key,
        )
    )


def freeze_redemption(wanted: RedemptionToFreeze) -> bytes:
    """The request body of a payment with a code, as `freeze` makes that of a payment in cash."""
    return encoder.encode(
        api.RedemptionRequest(
            redemption_id=wanted.redemption_id,
            code=wanted.code,
            quote_id=wanted.order.quote_id,
        )
    )
