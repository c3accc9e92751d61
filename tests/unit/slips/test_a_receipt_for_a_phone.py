"""The receipt for a phone: plain words, whole sums, and never more than a code on a screen can hold."""

from dataclasses import replace

import pytest

from kiosk.domain.codes import in_groups
from kiosk.domain.receipts import DATA_TYPES, CodeReceipt, ReceiptData, SlipKind
from kiosk.slips.plain import LABELS, TEXT_BYTES_MAX, plain_text
from kiosk.slips.samples import sample
from kiosk.till.slip_body import read_body, receipt_reader
from tests.support.slips import STATIONERY

DATA = replace(
    sample(SlipKind.REFUSED_AFTER_CASH, "en"),
    slip_number=7,
    at_us=1_795_000_000_000_000,
    order_number="1000000016",
    payee="Bookshop",
    amount_minor=7000,
    inserted_minor=10_000,
    credited_minor=0,
    leftover_minor=10_000,
    under_review_minor=2000,
    payment_id="000121760480900001",
    claim_code="0123456789ABCDEF",
    journal_seq=11,
    journal_head="94" * 32,
)
RECEIPTS = [kind for kind, data in DATA_TYPES.items() if data is ReceiptData]


def text_of(**changes):
    return plain_text(replace(DATA, **changes), STATIONERY)


def test_it_tells_what_a_slip_tells_line_by_line():
    assert text_of().splitlines() == [
        "Payment not completed",
        "Kiosk: 0001",
        "Slip: 7",
        "18 Nov 2026 13:06:40 +02:00",
        "Order: 1000000016",
        "Payee: Bookshop",
        "To pay: 70.00 EUR",
        "Kept for you: 100.00 EUR",
        "Under review: 20.00 EUR",
        "Payment: 000121760480900001",
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
    assert all(STATIONERY.words[language].has(label) for label in LABELS)


def test_what_is_masked_on_paper_is_masked_here():
    assert "Order: ************0016" in text_of(order_number="4000123412340016")


@pytest.mark.parametrize("language", ["bg", "ru", "en"])
@pytest.mark.parametrize("kind", RECEIPTS)
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
        "9999",
        "10000000",
        "1000000000 9494",
        "000121760480900001",
        "0123 4567 89AB CDEF",
        "+359 2 000 0000",
    ):
        assert needed in longest


@pytest.mark.parametrize("language", ["bg", "ru", "en"])
@pytest.mark.parametrize("kind", [kind for kind, data in DATA_TYPES.items() if data is CodeReceipt])
def test_one_of_a_payment_with_a_code_says_what_is_left_under_it_and_never_outgrows_the_code(language, kind):
    data = replace(
        sample(kind, language), payee="Щ" * 200, left_minor=10**9, credited_minor=10**9, order_number="9" * 20
    )
    text = plain_text(data, STATIONERY)
    assert len(text.encode()) <= TEXT_BYTES_MAX
    assert f"{STATIONERY.words[language].say('Left under the code')}: " in text
    assert in_groups(data.claim_code) in text


def test_bytes_of_another_program_or_none_at_all_make_no_receipt_and_no_fault():
    read = receipt_reader(STATIONERY)
    assert read(b"") == ""
    assert read(b'{"of": "another version"}') == ""
    assert read_body(b"not json") is None
