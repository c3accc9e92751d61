"""The seam between engines and the world: three verbs, each with a deadline.

Answers for: what a byte channel promises. Does not answer for: protocols, which kind of line it is.
"""

from typing import Protocol


class ByteChannel(Protocol):
    """A two-way stream of bytes. Raises ChannelTimeoutError and LinkLostError, never anything foreign."""

    async def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """At least one byte, at most `max_bytes`. Raises ChannelTimeoutError when none comes in time.

        With no time at all it gives what is already there.
        """

    async def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of `data`."""

    async def close(self) -> None:
        """Give the line back. Idempotent."""
