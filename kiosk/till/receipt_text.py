"""A receipt as plain text for the QR code on the screen: any phone reads it, no program of ours is needed.

Answers for: that it tells what a slip tells and stays small enough to be scanned from a display. Does not answer for: data
(`slip_data`), the picture (the screen), when it is shown (`domain.paper`).
"""

from collections.abc import Iterator
from functools import lru_cache

from kiosk.domain.codes import in_groups
from kiosk.domain.receipts import ReceiptData
from kiosk.slips.payment import HEAD_DIGITS, TITLES
from kiosk.slips.words import amount, moment, translate
from kiosk.till.slip_body import read_body

TEXT_BYTES_MAX = (
    460  #: UTF-8; version 16 of a QR code with a seventh of it redundant, which phones read from any display
)
PAYEE_LETTERS_MAX = 40
PHONE_LETTERS_MAX = 24
SHORTENED = "…"


@lru_cache(maxsize=4)
def receipt_text(body: bytes) -> str:
    """The receipt of a job, line by line; empty when the body cannot be read any more."""
    data = read_body(body)
    if data is None:
        return ""
    payee = data.payee[:PAYEE_LETTERS_MAX]
    while payee and len(_text(data, payee).encode()) > TEXT_BYTES_MAX:
        payee = payee[:-2].rstrip() + SHORTENED if len(payee) > 2 else ""
    return _text(data, payee)


def _text(data: ReceiptData, payee: str) -> str:
    return "\n".join(f"{label}: {value}" if label else value for label, value in _lines(data, payee) if value)


def _lines(data: ReceiptData, payee: str) -> Iterator[tuple[str, str]]:
    """Label, in the buyer's language, and value; in the order of a slip."""

    def say(message: str) -> str:
        return translate(data.language, message)

    def money(minor: int) -> str:
        return amount(minor, data.currency, data.language) if minor else ""

    yield "", say(TITLES[data.kind])
    yield say("Kiosk"), data.terminal_number
    yield say("Slip"), str(data.slip_number)
    yield "", moment(data.at_us, data.time_zone)
    yield say("Order"), data.order_number
    yield say("Payee"), payee
    yield say("Amount"), money(data.amount_minor)
    yield say("Credited"), money(data.credited_minor)
    yield say("Kept for you"), money(data.leftover_minor)
    yield say("Under review"), money(data.under_review_minor)
    yield say("Payment number"), data.payment_id
    yield say("Code"), in_groups(data.claim_code)
    yield say("Support"), data.support_phone[:PHONE_LETTERS_MAX]
    yield "", f"{data.journal_seq} {data.journal_head[:HEAD_DIGITS]}"
