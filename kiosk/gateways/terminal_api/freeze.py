"""The bodies of the terminal API's requests that go through the outbox: made once, sent again unchanged."""

from datetime import UTC, datetime

import msgspec

from kiosk import terminal_api as api
from kiosk.domain.receipts import BoxContents, CollectionSlip, collection_hash
from kiosk.domain.rules import MICROSECONDS, ClaimToFreeze, RedemptionToFreeze, ToFreeze

WORDS_MAX = 300  #: characters of who collected
DENOMINATIONS_MAX = 50  #: in one report

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


def freeze_collection(collection_id: str, slip: CollectionSlip, box: BoxContents) -> bytes:
    """The request body of a collection: what its slip says of one currency."""
    return encoder.encode(
        api.CollectionReport(
            collection_id=collection_id,
            period=slip.period,
            taken_at=datetime.fromtimestamp(slip.until_us / MICROSECONDS, UTC).isoformat(),
            person=", ".join(person.name for person in slip.people)[:WORDS_MAX],
            bag=slip.bag,
            box=slip.box_id,
            currency=box.currency,
            cash=tuple(api.CashCount(value_minor, count) for value_minor, count in box.notes)[:DENOMINATIONS_MAX],
            stacked_minor=box.stacked_minor,
            confirmed_minor=box.confirmed_minor,
            queued_minor=box.queued_minor,
            unallocated_minor=box.unallocated_minor,
            redeemed_minor=box.redeemed_minor,
            orphan_minor=box.orphan_minor,
            test_minor=box.test_minor,
            suspense_minor=box.suspense_minor,
            counted_minor=box.counted_minor,
            exact=slip.is_exact,
            attended=slip.attended,
            slip_number=slip.slip_number,
            slip_hash=collection_hash(slip),
            previous_hash=slip.previous_hash,
            journal_seq=slip.journal_seq,
            journal_head=slip.journal_head,
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
