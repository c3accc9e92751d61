"""Every slip in every language and width, read as it comes out of the twin."""

import re
from pathlib import Path

import pytest
import zxingcpp

from drivers.receipt_printer import escpos
from drivers.receipt_printer.characters import UNPRINTABLE
from drivers.receipt_printer.paper import as_picture, as_text
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.twin import PrinterTwin
from kiosk.cli.twin_printer import _font
from kiosk.domain.receipts import ReceiptData, SlipKind
from kiosk.slips import payment, render, words

PROFILE = load_profile(Path(__file__).parents[3] / "config" / "printers" / "generic.toml")


def data(**changes):
    fields = {
        "slip_id": "0001-000001-o",
        "kind": SlipKind.PAYMENT_ACCEPTED,
        "copy": False,
        "language": "en",
        "terminal_number": "0001",
        "terminal_name": "Kiosk",
        "terminal_address": "1 Example Street",
        "support_phone": "+359 2 000 0000",
        "slip_number": 7,
        "at_us": 1_795_000_000_000_000,
        "time_zone": "Europe/Sofia",
        "order_number": "1000000016",
        "payee": "Книжарница „Елена“",
        "description": "Една книга — том 1, „Записките“",
        "amount_minor": 7000,
        "currency": "EUR",
        "notes": ((2000, 1), (5000, 2)),
        "inserted_minor": 12_000,
        "credited_minor": 7000,
        "leftover_minor": 5000,
        "under_review_minor": 0,
        "payment_id": "000121760480900001",
        "reference": "KB08DE6AD9136",
        "claim_code": "0123456789ABCDEF",
        "claim_qr": "KIOSKC1*0123456789ABCDEF*5000*EUR*1795000000*signature",
        "journal_seq": 11,
        "journal_head": "94" * 32,
    }
    return ReceiptData(**{**fields, **changes})


def printed(slip, columns=42):
    twin = PrinterTwin()
    profile = PROFILE.__class__(**{**{n: getattr(PROFILE, n) for n in PROFILE.__slots__}, "columns": columns})
    content = escpos.to_bytes(render(slip, columns), profile)
    twin.receive(content)
    return twin, content


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("language", ["bg", "ru", "en"])
@pytest.mark.parametrize("kind", list(SlipKind))
def test_every_slip_names_what_matters_and_loses_no_character(kind, language, columns):
    twin, content = printed(data(kind=kind, language=language), columns)
    text = as_text(twin.slips, columns)
    for needed in ("1000000016", "000121760480900001", "70", "120", "50", "+359 2 000 0000", "94949494"):
        assert needed in text
    lines = [line for line in text.splitlines() if not line.startswith("[QR")]
    assert not any("?" in line or UNPRINTABLE in line for line in lines)
    assert all(len(line) <= columns for line in lines)
    assert len(content) <= 2048


def test_the_picture_of_the_paper_carries_the_same_code():
    twin, _ = printed(data(claim_code="", claim_qr="", leftover_minor=0, inserted_minor=7000))
    (found,) = zxingcpp.read_barcodes(as_picture(twin.slips[0], 42, _font()))
    assert found.text == "KIOSK1*0001*000121760480900001*7000*EUR*11*9494949494949494"


def test_a_slip_with_money_kept_carries_its_code_for_eyes_and_for_scanners():
    twin, _ = printed(data())
    assert "0123 4567 89AB CDEF" in as_text(twin.slips, 42)
    (found,) = zxingcpp.read_barcodes(as_picture(twin.slips[0], 42, _font()))
    assert found.text == data().claim_qr


def test_a_copy_says_so():
    twin, _ = printed(data(copy=True, language="bg"))
    assert "КОПИЕ" in as_text(twin.slips, 42)


def test_every_word_of_a_slip_is_translated():
    source = Path(payment.__file__).read_text()
    used = set(re.findall(r'_words\(data, "([^"]+)"\)', source))
    used |= {*payment.TITLES.values(), *payment.SENTENCES.values()}
    for language in ("bg", "ru"):
        assert used <= set(words.catalogue(language)), language
        assert all(words.catalogue(language)[message] for message in used)


def test_amounts_and_times_read_as_people_write_them():
    assert words.amount(123_456, "EUR", "en") == "1,234.56 EUR"
    assert words.amount(123_456, "EUR", "bg") == "1\xa0234,56 EUR"
    assert words.moment(1_795_000_000_000_000, "Europe/Sofia") == "2026-11-18 13:06:40 +02:00"
