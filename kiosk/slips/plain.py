"""A receipt as plain text, for the QR code on the screen: any phone reads it, no program of ours is needed.

Answers for: that it tells what a slip tells and stays small enough to be scanned from a display. Does not answer for: the
picture (the screen), when it is shown (`domain.paper`).
"""

from collections.abc import Callable

from kiosk.domain.codes import in_groups
from kiosk.domain.receipts import CodeReceipt, ReceiptData
from kiosk.slips.fields import TITLES
from kiosk.slips.stationery import Stationery
from kiosk.slips.verification import HEAD_DIGITS
from kiosk.slips.words import NO_BREAK

TEXT_BYTES_MAX = 458  #: UTF-8; version 14 of a QR code at level L: 73 modules, which phones read from any display
PAYEE_LETTERS_MAX = 40
PHONE_LETTERS_MAX = 18
SHORTENED = "…"

LABELS = (
    "Kiosk",
    "Slip",
    "Order",
    "Payee",
    "To pay",
    "Credited",
    "Kept for you",
    "Paid out",
    "Under review",
    "Left under the code",
    "Payment",
    "Code",
    "Support",
)


Told = ReceiptData | CodeReceipt


def plain_text(data: Told, stationery: Stationery) -> str:
    """The receipt, line by line. What does not fit costs letters of the payee first, then the title."""
    whole = (data.payee,) if len(data.payee) <= PAYEE_LETTERS_MAX else ()
    letters = range(min(len(data.payee) - 1, PAYEE_LETTERS_MAX), 0, -2)
    names = (*whole, *(f"{data.payee[:count]}{SHORTENED}" for count in letters), "")
    texts = (_text(data, stationery, title, payee) for title in (TITLES[data.kind], "") for payee in names)
    return next((text for text in texts if len(text.encode()) <= TEXT_BYTES_MAX), "")


def _text(data: Told, stationery: Stationery, title: str, payee: str) -> str:
    """Title and labels in the buyer's language, values, in the order of a slip; what is empty or nothing is left out."""
    voice = stationery.voice(data, columns=0)

    def money(minor: int) -> str:
        return voice.amount(minor, data.currency) if minor else ""

    values = (
        data.terminal_number,
        str(data.slip_number),
        _masked("order_number", data.order_number, stationery),
        _masked("payee", payee, stationery),
        money(data.amount_minor),
        *_sums(data, money),
        data.payment_id,
        in_groups(data.claim_code),
        data.support_phone[:PHONE_LETTERS_MAX],
    )
    labelled = zip(LABELS, values, strict=True)
    lines = [f"{voice.say(label)}: {value}" for label, value in labelled if value]
    anchor = f"{data.journal_seq} {data.journal_head[:HEAD_DIGITS]}"
    head = (voice.say(title),) if title else ()
    return "\n".join((*head, *lines[:2], voice.moment(data.at_us), *lines[2:], anchor)).replace(NO_BREAK, " ")


def _sums(data: Told, money: Callable[[int], str]) -> tuple[str, ...]:
    """Credited, kept, paid out, under review, left under the code."""
    if isinstance(data, CodeReceipt):
        return money(data.credited_minor), "", "", "", money(data.left_minor)
    kept = (data.leftover_minor, data.paid_out_minor, data.under_review_minor)
    return (money(data.credited_minor), *map(money, kept), "")


def _masked(field: str, text: str, stationery: Stationery) -> str:
    """With what is personal in it shortened, as on paper."""
    for mask in stationery.masks:
        text = mask.apply(text) if field in mask.fields else text
    return text
