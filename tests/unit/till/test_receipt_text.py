"""The receipt for a phone: plain words, whole sums, and never more than a code on a screen can hold."""

from dataclasses import replace

import msgspec
import pytest

from kiosk.domain.receipts import ReceiptData, SlipKind
from kiosk.slips.words import catalogue
from kiosk.till.receipt_text import LABELS, TEXT_BYTES_MAX, TITLES, receipt_text
from kiosk.till.slip_body import read_body

DATA = ReceiptData(
    slip_id="0001-000001-o",
    kind=SlipKind.REFUSED_AFTER_CASH,
    copy=False,
    language="en",
    terminal_number="0001",
    terminal_name="Kiosk",
    terminal_address="1 Example Street",
    support_phone="+359 2 000 0000",
    slip_number=7,
    at_us=1_795_000_000_000_000,
    time_zone="Europe/Sofia",
    order_number="1000000016",
    payee="Bookshop",
    description="A book",
    amount_minor=7000,
    currency="EUR",
    notes=((5000, 2),),
    inserted_minor=10_000,
    credited_minor=0,
    leftover_minor=10_000,
    under_review_minor=2000,
    payment_id="000121760480900001",
    reference="KB08DE6AD9136",
    claim_code="0123456789ABCDEF",
    claim_qr="KIOSKC1*0123456789ABCDEF*5000*EUR*1795000000*signature",
    journal_seq=11,
    journal_head="94" * 32,
)


def text_of(**changes):
    return receipt_text(msgspec.json.encode(replace(DATA, **changes)))


def test_it_tells_what_a_slip_tells_line_by_line():
    assert text_of().splitlines() == [
        "Payment not completed",
        "Kiosk: 0001",
        "Slip: 7",
        "2026-11-18 13:06:40 +02:00",
        "Order: 1000000016",
        "Payee: Bookshop",
        "Amount: 70.00 EUR",
        "Kept for you: 100.00 EUR",
        "Under review: 20.00 EUR",
        "Payment number: 000121760480900001",
        "Code: 0123 4567 89AB CDEF",
        "Support: +359 2 000 0000",
        "11 9494949494949494",
    ]


def test_a_payment_that_is_with_its_payee_shows_no_code():
    text = text_of(
        kind=SlipKind.PAYMENT_ACCEPTED, claim_code="", leftover_minor=0, under_review_minor=0, credited_minor=7000
    )
    assert "Credited: 70.00 EUR" in text
    assert "Code" not in text
    assert "Kept" not in text


@pytest.mark.parametrize("language", ["bg", "ru"])
def test_every_word_of_it_is_translated(language):
    assert {*LABELS, *TITLES.values()} <= set(catalogue(language))


@pytest.mark.parametrize("language", ["bg", "ru", "en"])
@pytest.mark.parametrize("kind", [kind for kind in SlipKind if kind in TITLES])
def test_it_never_outgrows_the_code_and_loses_nothing_but_letters_of_a_long_payee(language, kind):
    longest = text_of(
        language=language,
        kind=kind,
        slip_number=10**7,
        order_number="9" * 20,
        payee="Щ" * 200,
        amount_minor=10**9,
        credited_minor=10**9,
        leftover_minor=10**9,
        under_review_minor=10**9,
        support_phone="+359 2 000 0000 доб. 123 и още",
        journal_seq=10**9,
    )
    assert len(longest.encode()) <= TEXT_BYTES_MAX
    for needed in (
        "9" * 20,
        "10000000",
        "1000000000 9494",
        "000121760480900001",
        "0123 4567 89AB CDEF",
        "+359 2 000 0000",
    ):
        assert needed in longest


def test_bytes_of_another_program_or_none_at_all_make_no_receipt_and_no_fault():
    assert receipt_text(b"") == ""
    assert receipt_text(b'{"of": "another version"}') == ""
    assert read_body(b"not json") is None
