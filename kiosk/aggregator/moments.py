"""Now, and how a moment is written."""

from datetime import UTC, datetime

MICROSECONDS = 1_000_000
DAY_US = 24 * 3600 * MICROSECONDS


def now_us() -> int:
    """UTC microseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * MICROSECONDS)


def rfc3339(at_us: int) -> str:
    """UTC, to the second."""
    return datetime.fromtimestamp(at_us // MICROSECONDS, UTC).isoformat()


def seven_digits(at_us: int) -> str:
    """UTC with the seven decimals Robokassa's web service writes."""
    whole_s, rest_us = divmod(at_us, MICROSECONDS)
    return f"{datetime.fromtimestamp(whole_s, UTC):%Y-%m-%dT%H:%M:%S}.{rest_us:06d}0+00:00"
