import pytest

from kiosk.slips.masks import read_masks
from tests.support.slips import CONFIG, paper, sample_of

MASKS, _ = read_masks(CONFIG / "slips" / "masks.toml")


def masked(text):
    for mask in MASKS:
        text = mask.apply(text)
    return text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("+359 88 123 4567", "+359 88 *** **67"),
        ("+79161234567", "+79161****67"),
        ("0888123456", "0888****56"),
        ("0888 123 456", "0888 *** *56"),
        ("8 (916) 123-45-67", "8 (916) ***-**-67"),
        ("BG80BNBG96611020345678", "BG80**************5678"),
        ("BG80 BNBG 9661 1020 3456 78", "BG80 **** **** **** **56 78"),
        ("40817810099910004312", "****************4312"),
        ("4276 1234 5678 9012", "**** **** **** 9012"),
        ("ivan.petrov@example.com", "iv**.******@*******.*om"),
        ("for 0888123456, thank you", "for 0888****56, thank you"),
    ],
)
def test_a_phone_an_account_and_an_address_keep_only_their_ends(written, printed):
    assert masked(written) == printed


@pytest.mark.parametrize(
    "text", ["1000000016", "7", "0001", "Една книга — том 1, „Записките“", "2026-11-18", "120,00 EUR", "KB08DE6AD9136"]
)
def test_what_is_nobodys_is_left_alone(text):
    assert masked(text) == text


def test_a_phone_that_was_paid_for_is_nowhere_on_the_slip():
    data = sample_of("payment_accepted", order_number="+359881234567", description="Топ-ъп 0888123456")
    for columns in (32, 48):
        text = "".join(paper(data, columns))
        assert "1234" not in text.replace("12345", "").replace("0001", "")
        assert "+35988*****67" in text
        assert "0888****56" in text


def test_support_can_still_be_called():
    assert any("+359 2 000 0000" in line for line in paper(sample_of("payment_accepted")))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("phone = 3", "phone: must be a table with fields, form, first and last"),
        ("[phone]\nfields = [1]\nform = 'x'\nfirst = 0\nlast = 0", "phone: fields: must be names of fields, got [1]"),
        ("[phone]\nfields = ['payee']\nform = '('\nfirst = 0\nlast = 0", "phone: form: is no regular expression"),
        ("[phone]\nfields = ['payee']\nform = 'x'\nfirst = -1\nlast = 0\nstar = '#'", "phone: star: unknown key"),
        ("[phone", "masks.toml: "),
    ],
)
def test_a_rule_that_cannot_be_applied_is_named(tmp_path, content, fault):
    (tmp_path / "masks.toml").write_text(content)
    masks, faults = read_masks(tmp_path / "masks.toml")
    assert any(fault in line for line in faults), faults
    assert not masks
