"""The clock: whether anything keeps it, whether it can be right at all, and how far it is from the aggregator's.

Answers for: cause and facts. Does not answer for: setting it.

The kernel says by adjtimex(2) whether a time server keeps its clock, whichever program talks to that server (timesyncd, chrony,
ntpd); asking changes nothing and needs no rights. The standard library has no call for it, so the C library is asked by ctypes.
"""

import ctypes
import os
from collections.abc import Callable
from datetime import UTC, datetime

from kiosk.diagnosis.rounds import Looked
from kiosk.domain.findings import FactCode, Finding, FindingCode, finding

MADE = datetime(2026, 11, 1, tzinfo=UTC)  #: no kiosk with this program was switched on before
SKEW_S_MAX = 300  #: as `domain.remote_orders.CLOCK_SKEW_S_MAX`: a clock further off is not used to decide what is old
STA_UNSYNC = 0x0040  #: <sys/timex.h>: nobody keeps the clock
TIME_ERROR = 5


class _Timex(ctypes.Structure):
    """The head of struct timex (adjtimex(2)), and room for the rest of it on every architecture."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


def is_kept() -> bool:
    """Whether a time server keeps the kernel's clock. Raises OSError where the kernel will not say."""
    timex = _Timex()
    library = ctypes.CDLL(None, use_errno=True)
    state = library.adjtimex(ctypes.byref(timex))
    if state < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return state != TIME_ERROR and not timex.status & STA_UNSYNC


def look(now: datetime, skew_s: float | None, kept: Callable[[], bool] = is_kept) -> Looked:
    """`skew_s`: our clock minus the aggregator's, None while that is not known."""
    facts = () if skew_s is None else ((FactCode.SKEW_S, f"{skew_s:.0f}"),)
    return (_plausible(now), _kept(kept), _compared(skew_s)), facts


def _plausible(now: datetime) -> Finding:
    said = f"{now:%Y-%m-%d %H:%M}"
    if now < MADE:
        return finding(FindingCode.CLOCK_PAST, now=said, built=f"{MADE:%Y-%m-%d}")
    return finding(FindingCode.CLOCK_PLAUSIBLE, now=said)


def _kept(kept: Callable[[], bool]) -> Finding:
    try:
        return finding(FindingCode.CLOCK_SYNCHRONISED if kept() else FindingCode.CLOCK_FREE)
    except (OSError, AttributeError) as error:
        return finding(FindingCode.CLOCK_UNTOLD, cause=str(error))


def _compared(skew_s: float | None) -> Finding:
    if skew_s is None:
        return finding(FindingCode.CLOCK_UNCOMPARED)
    code = FindingCode.CLOCK_AGREES if abs(skew_s) <= SKEW_S_MAX else FindingCode.CLOCK_DIFFERS
    return finding(code, seconds=f"{skew_s:+.0f}")
