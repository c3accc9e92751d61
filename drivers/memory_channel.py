"""Two ends of a line in memory, for tests and twins: what one writes the other reads. Remembers both directions."""

import asyncio

from drivers.errors import ChannelTimeoutError, LinkLostError


class MemoryChannel:
    """One end. `sent` is everything ever written to it."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self._inbox = bytearray()
        self._arrived = asyncio.Event()
        self._closed = False
        self._peer: MemoryChannel | None = None

    async def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """At least one byte, or ChannelTimeoutError."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self._inbox:
                    if self._closed:
                        raise LinkLostError("memory line closed")
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise ChannelTimeoutError(f"nothing within {timeout_s} s") from None
        data = bytes(self._inbox[:max_bytes])
        del self._inbox[:max_bytes]
        return data

    async def write(self, data: bytes, timeout_s: float) -> None:  # noqa: ARG002 - memory never blocks
        """Deliver at once."""
        if self._closed or self._peer is None:
            raise LinkLostError("memory line closed")
        self.sent += data
        self._peer.deliver(data)

    def deliver(self, data: bytes) -> None:
        """Bytes arrive from the other end."""
        self._inbox += data
        self._arrived.set()

    async def close(self) -> None:
        """End the line for both. Idempotent."""
        self.hang_up()
        if self._peer is not None:
            self._peer.hang_up()

    def hang_up(self) -> None:
        """The other end is gone."""
        self._closed = True
        self._arrived.set()


def memory_pair() -> tuple[MemoryChannel, MemoryChannel]:
    """A joined pair: host end, device end."""
    host, device = MemoryChannel(), MemoryChannel()
    host._peer, device._peer = device, host  # noqa: SLF001 - the pair is one thing
    return host, device
