"""Moments as staff read them: the day and the minute, on the kiosk's own clock and in its own time zone."""

from datetime import UTC, datetime

from babel.dates import format_datetime, format_time

_DAY_AND_MINUTE = "dd.MM.yyyy HH:mm"  #: the same in all three languages, and on the slips
MICROSECONDS = 1_000_000


def _local(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / MICROSECONDS, UTC).astimezone()


def moment_text(at_us: int, language: str) -> str:
    """Day and minute of a moment, UTC microseconds."""
    return format_datetime(_local(at_us), _DAY_AND_MINUTE, locale=language)


def minute_text(at_us: int, language: str) -> str:
    """The minute alone, of something that was just now."""
    return format_time(_local(at_us), "HH:mm:ss", locale=language)
