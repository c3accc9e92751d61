import pytest

from kiosk.domain.money import EXPONENTS, MoneyError
from kiosk.screen.amounts import SYMBOLS, amount_text, clipped, grouped, note_text, spoken


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (1250, "EUR", "bg", "12,50 €"),
        (1250, "EUR", "ru", "12,50 €"),
        (1250, "EUR", "en", "€12.50"),
        (0, "EUR", "en", "€0.00"),
        (5, "EUR", "en", "€0.05"),
        (123_456_789, "RUB", "ru", "1 234 567,89 ₽"),
        (123_456_789, "RUB", "en", "₽1,234,567.89"),
        (1250, "BGN", "bg", "12,50 лв."),
        (1250, "BGN", "en", "12.50 лв."),
        (50_000, "KZT", "ru", "500,00 ₸"),
        (50_000, "USD", "en", "$500.00"),
    ],
)
def test_an_amount_follows_the_language(minor: int, currency: str, language: str, text: str) -> None:
    assert amount_text(minor, currency, language).replace("\u00a0", " ") == text


def test_an_amount_never_breaks_over_two_lines() -> None:
    assert " " not in amount_text(123_456_789, "RUB", "ru")


def test_a_large_amount_keeps_its_last_cent() -> None:
    assert amount_text(10**18 + 1, "EUR", "en") == "€10,000,000,000,000,000.01"


def test_a_banknote_has_decimals_only_where_it_has_some() -> None:
    assert (note_text(5000, "EUR", "en"), note_text(550, "EUR", "en")) == ("€50", "€5.50")


def test_every_currency_of_the_kiosk_has_a_sign() -> None:
    assert set(SYMBOLS) == set(EXPONENTS)


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(MoneyError):
        amount_text(1, "XXX", "en")


def test_an_order_number_is_grouped_as_it_is_typed() -> None:
    assert [grouped(digits).replace("\u00a0", " ") for digits in ("", "4", "4829", "482915")] == [
        "",
        "4",
        "4829",
        "482 915",
    ]


def test_a_reference_with_letters_is_left_alone() -> None:
    assert (spoken("0001-000012"), spoken("000121")) == ("0001-000012", "000\u00a0121")


def test_a_text_too_long_ends_in_an_ellipsis() -> None:
    assert (clipped("abcdef", 6), clipped("abc defg", 5)) == ("abcdef", "abc…")
