"""A receipt as plain text for the QR code on the screen: any phone reads it, no program of ours is needed.

Answers for: that it tells what a slip tells and stays small enough to be scanned from a display. Does not answer for: data
(`slip_data`), the picture (the screen), when it is shown (`domain.paper`).
"""

from collections.abc import Mapping
from functools import lru_cache

from kiosk.domain.codes import in_groups
from kiosk.domain.receipts import ReceiptData, SlipKind
from kiosk.slips.words import amount, moment, translate
from kiosk.till.slip_body import read_body

TEXT_BYTES_MAX = 458  #: UTF-8; version 14 of a QR code at level L: 73 modules, which phones read from any display
PAYEE_LETTERS_MAX = 40
PHONE_LETTERS_MAX = 18
HEAD_DIGITS = 16  #: of the journal's head, as on a slip
SHORTENED = "…"

TITLES: Mapping[SlipKind, str] = {
    SlipKind.PAYMENT_ACCEPTED: "Payment receipt",
    SlipKind.PAYMENT_LATER: "Payment receipt",
    SlipKind.REFUSED_AFTER_CASH: "Payment not completed",
    SlipKind.NOT_ENOUGH: "Payment not completed",
    SlipKind.NOTE_UNDER_REVIEW: "Banknote under review",
}
LABELS = (
    "Kiosk",
    "Slip",
    "Order",
    "Payee",
    "Amount",
    "Credited",
    "Kept for you",
    "Under review",
    "Payment number",
    "Code",
    "Support",
)


@lru_cache(maxsize=4)
def receipt_text(body: bytes) -> str:
    """The receipt of a job, line by line; empty when the body cannot be read any more. What does not fit costs letters of the
    payee first, then the title.
    """
    data = read_body(body)
    if data is None:
        return ""
    whole = (data.payee,) if len(data.payee) <= PAYEE_LETTERS_MAX else ()
    letters = range(min(len(data.payee) - 1, PAYEE_LETTERS_MAX), 0, -2)
    names = (*whole, *(f"{data.payee[:count]}{SHORTENED}" for count in letters), "")
    texts = (_text(data, title, payee) for title in (TITLES[data.kind], "") for payee in names)
    return next((text for text in texts if len(text.encode()) <= TEXT_BYTES_MAX), "")


def _text(data: ReceiptData, title: str, payee: str) -> str:
    """Title and labels in the buyer's language, values, in the order of a slip; what is empty or nothing is left out."""

    def money(minor: int) -> str:
        return amount(minor, data.currency, data.language).replace("\xa0", " ") if minor else ""

    values = (
        data.terminal_number,
        str(data.slip_number),
        data.order_number,
        payee,
        money(data.amount_minor),
        money(data.credited_minor),
        money(data.leftover_minor),
        money(data.under_review_minor),
        data.payment_id,
        in_groups(data.claim_code),
        data.support_phone[:PHONE_LETTERS_MAX],
    )
    labelled = zip(LABELS, values, strict=True)
    lines = [f"{translate(data.language, label)}: {value}" for label, value in labelled if value]
    anchor = f"{data.journal_seq} {data.journal_head[:HEAD_DIGITS]}"
    head = (translate(data.language, title),) if title else ()
    return "\n".join((*head, *lines[:2], moment(data.at_us, data.time_zone), *lines[2:], anchor))
