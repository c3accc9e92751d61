"""The QR code of every slip, decoded from the picture of the paper and parsed."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from drivers.receipt_printer.paper import as_picture
from kiosk.cli.twin_printer import _font
from kiosk.domain import codes
from kiosk.domain.receipts import SlipKind
from kiosk.slips import verification
from kiosk.slips.samples import sample
from kiosk.slips.verification import VerificationError
from tests.support.slips import sample_of, twin_of

CLAIMING = ("payment_later", "refused_after_cash", "not_enough", "note_under_review", "leftover", "correction")
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def scanned(data):
    twin, _ = twin_of(data)
    (found,) = zxingcpp.read_barcodes(as_picture(twin.slips[0], 42, _font()))
    return found.text


@pytest.mark.parametrize("kind", [kind for kind in SlipKind if kind not in CLAIMING])
def test_a_verification_says_which_slip_of_which_kiosk_and_which_row_of_the_journal(kind):
    data = sample(kind, "bg")
    text = scanned(data)
    assert set(text) <= ALPHANUMERIC
    said = verification.read(text)
    assert (said.kind, said.terminal_number, said.slip_number) == (kind, "0001", 117)
    assert said.at_s * 1_000_000 == data.at_us
    assert (said.journal_seq, said.journal_head) == (4711, data.journal_head[:16])


@pytest.mark.parametrize("kind", CLAIMING)
def test_a_slip_with_money_to_claim_carries_the_signed_claim(kind):
    data = sample_of(kind)
    said = codes.read_statement(scanned(data))
    assert said.code.text == data.claim_code


def test_sums_in_the_code_are_the_sums_on_the_slip():
    assert verification.read(scanned(sample_of("payment_accepted"))).amounts_minor == {"EUR": 7000}
    said = verification.read(scanned(sample_of("collection")))
    assert (said.subject, said.period, said.amounts_minor) == ("12", 12, {"EUR": 214_000})
    assert verification.read(scanned(sample_of("x_report"))).subject == ""
    assert verification.read(scanned(sample_of("service_report"))).subject == "0001-R000008"


@pytest.mark.parametrize(
    "text",
    ["", "KIOSKS1", "KIOSKS2*PA*0001*1*1*-*-*-*1*0000000000000000", "KIOSKS1*XX*0001*1*1*-*-*-*1*0000000000000000"],
)
def test_what_is_not_ours_is_refused(text):
    with pytest.raises(VerificationError):
        verification.read(text)


@given(st.text())
def test_no_scanned_text_breaks_the_reader(text):
    with pytest.raises(VerificationError):
        verification.read(text)


@given(st.text(max_size=30), st.integers(0, 10**9), st.integers(0, 10**12), st.integers(0, 10**12))
def test_what_is_written_is_read_back(subject, number, minor, row):
    data = sample_of("payment_accepted", payment_id=subject, slip_number=number, credited_minor=minor, journal_seq=row)
    said = verification.read(verification.write(data))
    assert (said.slip_number, said.amounts_minor, said.journal_seq) == (number, {"EUR": minor}, row)
