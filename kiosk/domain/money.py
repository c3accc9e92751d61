"""Amounts of money: integer minor units with a currency. No floats, no formatting, no rounding."""

from dataclasses import dataclass

#: Digits after the point, ISO 4217. Only currencies a kiosk of ours may take.
EXPONENTS = {"EUR": 2, "RUB": 2, "BGN": 2, "USD": 2, "KZT": 2}


class MoneyError(ValueError):
    """An amount that is not money: wrong currency, wrong sign, wrong form."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` in minor units (cents, kopecks) of ISO 4217 `currency`."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise MoneyError(f"unknown currency {self.currency!r}")


def exponent(currency: str) -> int:
    """Digits after the decimal point of ISO 4217 `currency`. Raises MoneyError for a currency we do not know."""
    if currency not in EXPONENTS:
        raise MoneyError(f"unknown currency {currency!r}")
    return EXPONENTS[currency]


def parse_major(text: str, currency: str) -> int:
    """`"12.5"` → 1250 minor units. Raises MoneyError for signs, exponents, too many decimals, or anything else."""
    digits = exponent(currency)
    whole, point, fraction = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit()) or (point and not (fraction.isascii() and fraction.isdigit())):
        raise MoneyError(f"{text!r} is not an amount; write digits with at most one point, as in 12.50")
    if len(fraction) > digits and fraction[digits:].strip("0"):
        raise MoneyError(f"{text!r} has more than {digits} decimals")
    return int(whole + fraction[:digits].ljust(digits, "0"))


def format_major(minor: int, currency: str) -> str:
    """1250 → `"12.50"`: the plain form with a point, for protocols and files, never for people."""
    digits = exponent(currency)
    sign = "-" if minor < 0 else ""
    whole, fraction = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}d}"
