"""ID-003 frames: `FC LNG CODE DATA CRClo CRChi`, LNG the whole frame, CRC-16/KERMIT low byte first.

Answers for: framing and checksums. Does not answer for: what a code means (40 to 44 mean one thing in each direction).
"""

from dataclasses import dataclass

from drivers.bill_acceptor.ccnet.frames import FrameTrouble, crc16
from drivers.bill_acceptor.resync import Parsed, Resync

SYNC = 0xFC
FRAME_BYTES_MIN = 5
FRAME_BYTES_MAX = 255


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of either direction."""

    code: int
    data: bytes = b""

    def to_bytes(self) -> bytes:
        """The frame on the wire (`data` of at most 250 bytes)."""
        body = bytes((SYNC, len(self.data) + FRAME_BYTES_MIN, self.code)) + self.data
        return body + crc16(body).to_bytes(2, "little")


def parse(buffer: bytearray) -> Parsed[Frame]:
    """What stands at the start of `buffer`."""
    if buffer[0] != SYNC:
        return FrameTrouble.NOISE
    if len(buffer) < 2:
        return None
    length = buffer[1]
    if length < FRAME_BYTES_MIN:
        return FrameTrouble.LENGTH
    if len(buffer) < length:
        return None
    if crc16(buffer[: length - 2]) != int.from_bytes(buffer[length - 2 : length], "little"):
        return FrameTrouble.CHECKSUM
    return Frame(buffer[2], bytes(buffer[3 : length - 2])), length


def reader() -> Resync[Frame]:
    """A reader of one line."""
    return Resync(parse)
