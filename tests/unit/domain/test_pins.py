"""A PIN that is among the first guesses is nobody's."""

import itertools

import pytest

from kiosk.domain.pins import fault


@pytest.mark.parametrize("pin", ["482915", "739164", "90417362", "502738", "318274659012"])
def test_a_pin_without_a_pattern_may_be_used(pin):
    assert fault(pin, 6) == ""


@pytest.mark.parametrize(
    "pin", ["", "12345", "4829", "48291a", "４８２９１５", "482 915", "4829150000001", "-482915", "٤٨٢٩١٥"]
)
def test_a_pin_is_six_to_twelve_plain_digits(pin):
    assert "must be 6 to 12 digits" in fault(pin, 6)


def test_the_operator_may_want_more_digits():
    assert "must be 8 to 12 digits" in fault("482915", 8)


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("length", [6, 7, 8, 12])
def test_one_digit_is_no_pin(digit, length):
    assert fault(digit * length, 6)


@pytest.mark.parametrize(("first", "step"), list(itertools.product(range(10), [1, 2, 3, 7, 8, 9])))
def test_no_run_is_a_pin(first, step):
    assert fault("".join(str((first + step * place) % 10) for place in range(6)), 6)


@pytest.mark.parametrize(
    "pin",
    ["123123", "121212", "484848", "112233", "998877", "111222", "482482", "11112222", "147258", "159753", "987456"],
)
def test_nothing_that_fingers_do_by_themselves_is_a_pin(pin):
    assert fault(pin, 6)


@pytest.mark.parametrize("pin", ["140785", "850714", "071485", "311299", "14071985", "19850714", "07141985", "010203"])
def test_no_birthday_is_a_pin(pin):
    assert fault(pin, 6)


def test_most_pins_may_be_used():
    """What is refused is what is guessed first, not a large part of what there is."""
    usable = sum(not fault(f"{number:06d}", 6) for number in range(0, 1_000_000, 7))
    assert usable > 0.88 * 1_000_000 / 7
