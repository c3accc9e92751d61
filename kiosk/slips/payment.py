"""The slips of a payment: paid, to be credited, refused, not enough, under review.

Answers for: what stands on them and in which order. Does not answer for: characters, widths in dots, printing.
Sums add up on every slip: inserted = credited + kept.
"""

from collections.abc import Iterator, Mapping

from drivers.receipt_printer.document import Align, Cut, Document, Element, Feed, Pair, Qr, Rule, Text
from kiosk.domain.codes import in_groups
from kiosk.domain.receipts import ReceiptData, SlipKind
from kiosk.slips.words import amount, moment, translate

HEAD_DIGITS = 16  #: of the journal's head: enough to find the row, short enough to read out

DOUBLE_CODE_COLUMNS = 40  #: a code of 19 characters fits in double width from here

#: What the code is for: money that waits, or proof that a payment is under way.
CLAIMS: Mapping[bool, str] = {
    True: "To get back what is kept, give this code to support:",
    False: "If the payee has not been credited tomorrow, give this code to support:",
}

TITLES: Mapping[SlipKind, str] = {
    SlipKind.PAYMENT_ACCEPTED: "Payment receipt",
    SlipKind.PAYMENT_LATER: "Payment receipt",
    SlipKind.REFUSED_AFTER_CASH: "Payment not completed",
    SlipKind.NOT_ENOUGH: "Payment not completed",
    SlipKind.NOTE_UNDER_REVIEW: "Banknote under review",
}

SENTENCES: Mapping[SlipKind, str] = {
    SlipKind.PAYMENT_ACCEPTED: "Paid. The payee has been credited.",
    SlipKind.PAYMENT_LATER: "Accepted. The payee will be credited as soon as the connection is back.",
    SlipKind.REFUSED_AFTER_CASH: "The payee did not take this payment. Your money is kept and will be given back.",
    SlipKind.NOT_ENOUGH: "Too little was inserted for this order. Your money is kept and will be given back.",
    SlipKind.NOTE_UNDER_REVIEW: "The kiosk could not tell where your banknote is. The operator will check.",
}


def render(data: ReceiptData, columns: int) -> Document:
    """The slip for a printer with `columns` characters a line."""
    return Document(data.slip_id, tuple(_elements(data, columns)))


def _elements(data: ReceiptData, columns: int) -> Iterator[Element]:
    yield from _head(data)
    yield Rule()
    yield from _order(data)
    yield Rule()
    yield from _cash(data)
    yield Rule()
    yield from _proof(data, columns)
    yield Feed(1)
    yield Cut()


def _words(data: ReceiptData, message: str) -> str:
    return translate(data.language, message)


def _head(data: ReceiptData) -> Iterator[Element]:
    yield Text(data.terminal_name, Align.CENTER, bold=True)
    yield Text(data.terminal_address, Align.CENTER)
    yield Feed(1)
    yield Text(_words(data, TITLES[data.kind]), Align.CENTER, bold=True, double=True)
    if data.copy:
        yield Text(_words(data, "COPY"), Align.CENTER, bold=True, double=True)
    yield Feed(1)
    yield Pair(_words(data, "Kiosk"), data.terminal_number)
    yield Pair(_words(data, "Slip"), str(data.slip_number))
    yield Pair(_words(data, "Time"), moment(data.at_us, data.time_zone))


def _order(data: ReceiptData) -> Iterator[Element]:
    if data.order_number:
        yield Pair(_words(data, "Order"), data.order_number, bold=True)
    if data.account:
        yield Pair(_words(data, "Account"), data.account, bold=True)
    yield Pair(_words(data, "Payee"), data.payee)
    if data.description:
        yield Pair(_words(data, "For"), data.description)
    yield Pair(_words(data, "Amount"), _sum(data, data.amount_minor), bold=True)
    yield Pair(_words(data, "Fee"), _words(data, "none"))


def _cash(data: ReceiptData) -> Iterator[Element]:
    for value_minor, count in data.notes:
        yield Pair(f"{_sum(data, value_minor)} x {count}", _sum(data, value_minor * count))
    yield Pair(_words(data, "Inserted"), _sum(data, data.inserted_minor), bold=True)
    yield Pair(_words(data, "Credited"), _sum(data, data.credited_minor), bold=True)
    if data.leftover_minor:
        yield Pair(_words(data, "Kept for you"), _sum(data, data.leftover_minor), bold=True)
    if data.under_review_minor:
        yield Pair(_words(data, "Under review"), _sum(data, data.under_review_minor), bold=True)


def _proof(data: ReceiptData, columns: int) -> Iterator[Element]:
    yield Text(_words(data, SENTENCES[data.kind]), bold=True)
    if data.claim_code:
        yield Feed(1)
        yield Text(_words(data, CLAIMS[bool(data.leftover_minor or data.under_review_minor)]))
        yield Text(in_groups(data.claim_code), Align.CENTER, bold=True, double=columns >= DOUBLE_CODE_COLUMNS)
    yield Feed(1)
    yield Pair(_words(data, "Payment number"), data.payment_id, bold=True)
    if data.reference:
        yield Pair(_words(data, "Reference"), data.reference)
    yield Pair(_words(data, "Support"), data.support_phone)
    yield Feed(1)
    yield Qr(_qr(data))
    yield Text(_words(data, "Keep this slip. It is not a fiscal receipt."), Align.CENTER)
    journal = f"{data.journal_seq} {data.journal_head[:HEAD_DIGITS]}"
    yield Text(journal[:columns], Align.CENTER)


def _sum(data: ReceiptData, minor: int) -> str:
    return amount(minor, data.currency, data.language)


def _qr(data: ReceiptData) -> str:
    """Machine-readable, ASCII: the signed claim if there is one, else kiosk, payment, minor units, currency, journal row and
    the start of its hash.
    """
    if data.claim_qr:
        return data.claim_qr
    parts = (
        "KIOSK1",
        data.terminal_number,
        data.payment_id,
        str(data.credited_minor),
        data.currency,
        str(data.journal_seq),
        data.journal_head[:HEAD_DIGITS],
    )
    return "*".join(parts)
