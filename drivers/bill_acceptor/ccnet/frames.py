"""CCNET frames: bytes ↔ payloads. `02 ADR LNG payload CRClo CRChi`, LNG the whole frame, CRC-16/KERMIT low byte first.

Answers for: framing, checksums, resynchronising byte by byte after noise, bounded memory. Does not answer for: what a payload
means (a reply carries no command byte; the engine knows what it asked).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SYNC = 0x02
VALIDATOR_ADDRESS = 0x03
FRAME_BYTES_MIN = 6
LONG_HEADER_BYTES = 5  #: SYNC, ADR, 0, length high, length low
LONG_FRAME_BYTES_MAX = 4608  #: the longest reply in use is REQUEST STATISTICS with 4358 bytes of data
POLYNOMIAL = 0x8408  #: x^16+x^12+x^5+1, reflected


class FrameTrouble(StrEnum):
    """Why bytes were skipped."""

    NOISE = "noise"  #: no frame starts here
    ADDRESS = "address"  #: a frame of another device, or of a second host
    LENGTH = "length"
    CHECKSUM = "checksum"
    UNASKED = "unasked"  #: a whole frame that answers nothing we asked: a second host talks to the unit


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame to or from the validator; `payload` is everything between length and checksum."""

    payload: bytes

    def to_bytes(self) -> bytes:
        """The frame on the wire (short form: payloads of at most 249 bytes)."""
        body = bytes((SYNC, VALIDATOR_ADDRESS, len(self.payload) + 5)) + self.payload
        return body + crc16(body).to_bytes(2, "little")


def crc16(data: Iterable[int]) -> int:
    """CRC-16/KERMIT: init 0, reflected, no final xor; 0x2189 for b"123456789"."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (POLYNOMIAL if crc & 1 else 0)
    return crc


class FrameReader:
    """Feed bytes, take frames and troubles. Holds at most one longest frame; skips one byte at a time until one fits."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def __repr__(self) -> str:
        return f"<frame reader {len(self._buffer)} bytes waiting>"

    def clear(self) -> None:
        """Forget an unfinished frame: its sender has given up on it."""
        self._buffer.clear()

    def feed(self, data: bytes) -> list[Frame | FrameTrouble]:
        """What `data` completes. Never raises."""
        self._buffer += data
        found: list[Frame | FrameTrouble] = []
        while self._buffer:
            item = self._next()
            if item is None:
                break
            if not isinstance(item, Frame):
                del self._buffer[0]
            found.append(item)
        return found

    def _next(self) -> Frame | FrameTrouble | None:
        """A frame (taken out), a trouble with the first byte, or None: need more."""
        buffer = self._buffer
        if buffer[0] != SYNC:
            return FrameTrouble.NOISE
        if len(buffer) > 1 and buffer[1] != VALIDATOR_ADDRESS:
            return FrameTrouble.ADDRESS
        length = self._length()
        if length is None or isinstance(length, FrameTrouble):
            return length
        if len(buffer) < length:
            return None
        header = 3 if buffer[2] else LONG_HEADER_BYTES
        if crc16(buffer[: length - 2]) != int.from_bytes(buffer[length - 2 : length], "little"):
            return FrameTrouble.CHECKSUM
        frame = Frame(bytes(buffer[header : length - 2]))
        del buffer[:length]
        return frame

    def _length(self) -> int | FrameTrouble | None:
        buffer = self._buffer
        if len(buffer) < 3:
            return None
        if buffer[2]:
            return int(buffer[2]) if buffer[2] >= FRAME_BYTES_MIN else FrameTrouble.LENGTH
        if len(buffer) < LONG_HEADER_BYTES:
            return None
        length = int.from_bytes(buffer[3:5], "big")
        fits = LONG_HEADER_BYTES + 3 <= length <= LONG_FRAME_BYTES_MAX
        return length if fits else FrameTrouble.LENGTH
