"""Amounts and order numbers as people read them.

Answers for: integer minor units → text by language. Does not answer for: arithmetic; nothing is ever parsed back.
The symbols are our own: CLDR writes ₸ or ₽ only in the currency's home language.
"""

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_decimal

from kiosk.domain.money import exponent

NBSP = "\u00a0"
GROUP_DIGITS = 3

SYMBOLS: Mapping[str, str] = {"EUR": "€", "RUB": "₽", "BGN": "лв.", "USD": "$", "KZT": "₸"}
SYMBOL_FIRST = frozenset({("en", "EUR"), ("en", "RUB"), ("en", "USD"), ("en", "KZT")})


def amount_text(minor: int, currency: str, language: str) -> str:
    """1250 EUR → "12,50 €" in Bulgarian, "€12.50" in English. Raises MoneyError for a currency we do not know."""
    digits = exponent(currency)
    return _with_symbol(minor, currency, language, "#,##0." + "0" * digits)


def note_text(minor: int, currency: str, language: str) -> str:
    """A banknote: 5000 EUR → "50 €"; decimals only where there are any."""
    whole = minor % 10 ** exponent(currency) == 0
    return _with_symbol(minor, currency, language, "#,##0") if whole else amount_text(minor, currency, language)


def _with_symbol(minor: int, currency: str, language: str, pattern: str) -> str:
    number = format_decimal(Decimal(minor).scaleb(-exponent(currency)), format=pattern, locale=language)
    symbol = SYMBOLS[currency]
    if (language, currency) in SYMBOL_FIRST:
        return f"{symbol}{number}"
    return f"{number}{NBSP}{symbol}"


def clipped(text: str, letters_max: int) -> str:
    """A text from elsewhere, of any length, with no more letters than there is room for."""
    return text if len(text) <= letters_max else text[: letters_max - 1].rstrip() + "…"


def spoken(reference: str) -> str:
    """A number to be read out over a telephone: digits in threes, anything else as it is."""
    return grouped(reference) if reference.isdigit() else reference


def grouped(digits: str) -> str:
    """A number in threes from the left, as it is being typed; a last digit is not left alone: "1234567" → "123 4567"."""
    groups = [digits[start : start + GROUP_DIGITS] for start in range(0, len(digits), GROUP_DIGITS)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        last = groups.pop()
        groups[-1] += last
    return NBSP.join(groups)
