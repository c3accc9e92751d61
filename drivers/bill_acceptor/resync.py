"""Finding frames in a stream of bytes, whatever the protocol: byte by byte past noise, with bounded memory.

Answers for: the buffer and skipping. Does not answer for: what a frame is (each protocol's `parse`).
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from drivers.bill_acceptor.ccnet.frames import FrameTrouble

Found = TypeVar("Found")

#: A frame and its bytes on the wire, a trouble with the first byte, or None: need more. A parser that says None has
#: checked that the frame it waits for is not longer than its protocol's longest.
Parsed = tuple[Found, int] | FrameTrouble | None


class Resync(Generic[Found]):
    """Feed bytes, take frames and troubles. Never raises."""

    def __init__(self, parse: Callable[[bytearray], Parsed[Found]]) -> None:
        self._parse = parse
        self._buffer = bytearray()

    def __repr__(self) -> str:
        return f"<{len(self._buffer)} bytes waiting>"

    @property
    def waiting_bytes(self) -> int:
        """How much of an unfinished frame is kept."""
        return len(self._buffer)

    def clear(self) -> None:
        """Forget an unfinished frame: its sender has given up on it."""
        self._buffer.clear()

    def feed(self, data: bytes) -> list[Found | FrameTrouble]:
        """What `data` completes."""
        self._buffer += data
        found: list[Found | FrameTrouble] = []
        while self._buffer and (parsed := self._parse(self._buffer)) is not None:
            if isinstance(parsed, FrameTrouble):
                found.append(parsed)
                del self._buffer[0]
            else:
                found.append(parsed[0])
                del self._buffer[: parsed[1]]
        return found
