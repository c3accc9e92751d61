"""The real clock: wall time, steady time and chance, for the composition root only."""

import secrets
import time


class SystemClock:
    def utc_us(self) -> int:
        """UTC microseconds since 1970."""
        return time.time_ns() // 1000

    def mono_s(self) -> float:
        """Seconds that never step."""
        return time.monotonic()

    def nonce(self) -> int:
        """A fresh random integer, 0 … 2⁶⁴-1."""
        return secrets.randbits(64)
