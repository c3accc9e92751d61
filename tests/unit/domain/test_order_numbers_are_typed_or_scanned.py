import pytest

from kiosk.domain import order_number


def test_what_the_code_says_is_read_back():
    assert order_number.qr_text("1000000017") == "KIOSKO1*1000000017"
    assert order_number.read("KIOSKO1*1000000017\r\n") == "1000000017"


@pytest.mark.parametrize("text", ["1000000017", " 100 000 0017 ", "100-000-0017", "100.000.0017"])
def test_digits_are_read_however_they_are_grouped(text):
    assert order_number.read(text) == "1000000017"


@pytest.mark.parametrize(
    "text",
    ["", "100000001", "10000000170", "100000001x", "KIOSKO2*1000000017", "KIOSKC1*1000000017", "１０００００００１７"],
)
def test_anything_else_is_no_number(text):
    assert order_number.read(text) is None


def test_groups_are_those_of_a_telephone_number():
    assert order_number.in_groups("1000000017") == "100 000 0017"
