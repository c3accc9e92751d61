"""Amounts as the demo's own story writes them: `70 EUR`, `12.50 EUR`. Screens and slips have their own, localised way."""

from kiosk.domain.money import exponent, format_major


def major(minor: int, currency: str) -> str:
    """7000 minor units of EUR → `70 EUR`."""
    text = format_major(minor, currency)
    return f"{text.removesuffix('.' + '0' * exponent(currency))} {currency}"
