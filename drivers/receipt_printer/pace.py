"""Time as the printer's thread sees it: a clock that can also be waited on. Tests bring one that waits for nothing."""

import threading
import time
from typing import Protocol

END_OF_TIME_S = 1e12  #: later than any deadline


class Pace(Protocol):
    """Monotonic seconds."""

    def now_s(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Let this much time pass."""

    def end(self) -> None:
        """The owner is going: every deadline has passed and nobody sleeps any more."""


class RealPace:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    def now_s(self) -> float:
        return END_OF_TIME_S if self._ended.is_set() else time.monotonic()

    def sleep(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def end(self) -> None:
        self._ended.set()
