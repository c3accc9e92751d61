"""What a printer sends back, told apart byte by byte: a stream has no frames but those its bytes make.

Answers for: status bytes, automatic status, FULL STATUS, completion frames, fence bytes, and that noise is never one of them.
Does not answer for: whether a reply was asked for (`asking`, `completion`), what its bits mean (`status`).
Sources: DLE EOT, GS a, GS r and GS ( H in Epson's and compatible manuals; FULL STATUS in Custom's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.receipt_printer.profile import Dialect

BLOCK, BLOCK_COMPLETION = (
    0x37,
    0x22,
)  #: header and identifier of the answer to GS ( H [recalled by the reference, unverified]
ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class StatusByte:
    """An answer to DLE EOT n: 0xx1xx10."""

    bits: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Four bytes nobody asked for (GS a)."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class FullStatus:
    """p, u, r, x of a Custom printer."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class Completed:
    """The job with this id has been printed."""

    job_id: bytes


@dataclass(frozen=True, slots=True)
class FenceByte:
    """An answer to GS r: everything before it has been executed."""

    bits: int


@dataclass(frozen=True, slots=True)
class Noise:
    byte: int


Reply = StatusByte | AutoStatus | FullStatus | Completed | FenceByte | Noise


def is_status(byte: int) -> bool:
    """Every real-time status byte is 0xx1xx10; anything else is stale or noise."""
    return byte & 0x93 == 0x12


class Replies:
    """A reader of one printer's bytes. A frame that is not whole waits; one that cannot become whole is noise."""

    def __init__(self, dialect: Dialect) -> None:
        self._long = _full_status if dialect is Dialect.CUSTOM else _auto_status
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Reply]:
        """The replies these bytes complete."""
        self._waiting += data
        found: list[Reply] = []
        while self._waiting:
            taken = self._first()
            if taken is None:
                break
            reply, size = taken
            found.append(reply)
            del self._waiting[:size]
        return found

    def forget(self) -> None:
        """Half a frame of before is no beginning of an answer."""
        self._waiting.clear()

    def _first(self) -> tuple[Reply, int] | None:
        """The reply at the start and its length; None: need more."""
        byte = self._waiting[0]
        if is_status(byte):
            return StatusByte(byte), 1
        if byte & 0x93 == 0x10:
            return self._frame(self._long)
        if byte == BLOCK:
            return self._frame(_completion)
        if byte & 0xF0 == 0:
            return FenceByte(byte), 1
        return Noise(byte), 1

    def _frame(self, read: Callable[[bytes], tuple[Reply, int] | None]) -> tuple[Reply, int] | None:
        try:
            return read(bytes(self._waiting))
        except _MalformedError:
            return Noise(self._waiting[0]), 1


class _MalformedError(Exception):
    """These bytes begin no frame."""


def _auto_status(data: bytes) -> tuple[Reply, int] | None:
    """10-7C, then three bytes with bits 4 and 7 clear."""
    if any(byte & 0x90 for byte in data[1:4]):
        raise _MalformedError
    return (AutoStatus(data[:4]), 4) if len(data) >= 4 else None


def _full_status(data: bytes) -> tuple[Reply, int] | None:
    """10 0F p u r x."""
    if data[:2] != b"\x10\x0f"[: len(data)]:
        raise _MalformedError
    return (FullStatus(data[2:6]), 6) if len(data) >= 6 else None


def _completion(data: bytes) -> tuple[Reply, int] | None:
    """37 22 d1 d2 d3 d4 00, each d from 20 to 7E."""
    job_id, end = data[2 : 2 + ID_BYTES], data[2 + ID_BYTES : 3 + ID_BYTES]
    begins = data[1:2] in {b"", bytes((BLOCK_COMPLETION,))}
    if not begins or end not in {b"", b"\x00"} or not all(0x20 <= byte <= 0x7E for byte in job_id):
        raise _MalformedError
    return (Completed(job_id), 3 + ID_BYTES) if end else None
