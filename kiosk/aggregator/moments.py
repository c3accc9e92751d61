"""Now, and how a moment is written."""

from datetime import UTC, datetime

MICROSECONDS = 1_000_000


def now_us() -> int:
    """UTC microseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * MICROSECONDS)


def rfc3339(at_us: int) -> str:
    """UTC, to the second."""
    return datetime.fromtimestamp(at_us // MICROSECONDS, UTC).isoformat()
