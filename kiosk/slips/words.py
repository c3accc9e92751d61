"""The slips' words: gettext catalogues read as they are, amounts and dates by locale.

Answers for: a translation for every message of every language. Does not answer for: which message stands where.
English is the message id. A language is a file: locale/<language>.po.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from kiosk.domain.money import exponent

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Message id → translation. Empty for English; raises FileNotFoundError for a language we do not have."""
    if language == SOURCE_LANGUAGE:
        return {}
    with (LOCALE_FOLDER / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def translate(language: str, message: str) -> str:
    """`message` in `language`; the English words where a translation is missing (a test finds those)."""
    return catalogue(language).get(message) or message


def amount(minor: int, currency: str, language: str) -> str:
    """1250 EUR → `12,50 EUR` in Bulgarian: digits by locale, the ISO code for every printer's code page."""
    digits = exponent(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "#,##0." + "0" * digits
    return f"{format_decimal(value, format=pattern, locale=language)} {currency}"


def moment(at_us: int, time_zone: str) -> str:
    """Local date and time with offset: unambiguous, and the same in every language."""
    at = datetime.fromtimestamp(at_us / 1_000_000, UTC).astimezone(ZoneInfo(time_zone))
    offset = f"{at:%z}"
    return f"{at:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]}"
