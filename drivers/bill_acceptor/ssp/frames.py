"""SSP frames: `7F SEQ/ID LEN DATA CRClo CRChi`, every 7F behind the first doubled, CRC-16/CMS over SEQ/ID to DATA before that.

Answers for: framing, stuffing, checksums. Does not answer for: sequence (the engine), encryption (not spoken).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.bill_acceptor.ccnet.frames import FrameTrouble
from drivers.bill_acceptor.resync import Parsed, Resync

START = 0x7F
SEQUENCE_BIT = 0x80
VALIDATOR_ADDRESS = 0x00
POLYNOMIAL = 0x8005
OVERHEAD_BYTES = 4  #: SEQ/ID, LEN, CRC
FRAME_BYTES_MAX = 1 + 2 * (OVERHEAD_BYTES + 255)  #: every byte stuffed


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame to or from the validator. `sequence`: the bit that tells a repeat from a new frame."""

    sequence: bool
    data: bytes

    def to_bytes(self) -> bytes:
        """The frame on the wire (`data` of at most 255 bytes)."""
        body = bytes((SEQUENCE_BIT * self.sequence | VALIDATOR_ADDRESS, len(self.data))) + self.data
        body += crc16(body).to_bytes(2, "little")
        return bytes((START,)) + body.replace(b"\x7f", b"\x7f\x7f")


def crc16(data: Iterable[int]) -> int:
    """CRC-16/CMS: init FFFF, not reflected, no final xor; 0xAEE7 for b"123456789"."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (POLYNOMIAL if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def parse(buffer: bytearray) -> Parsed[Frame]:
    """What stands at the start of `buffer`."""
    if buffer[0] != START:
        return FrameTrouble.NOISE
    body = bytearray()
    at = 1
    while len(body) < OVERHEAD_BYTES or len(body) < OVERHEAD_BYTES + body[1]:
        if at >= len(buffer):
            return None
        if buffer[at] == START:
            if at + 1 >= len(buffer):
                return None
            if buffer[at + 1] != START:
                return FrameTrouble.NOISE  # another frame starts inside this one
            at += 1
        body.append(buffer[at])
        if body[0] & ~SEQUENCE_BIT != VALIDATOR_ADDRESS:
            return FrameTrouble.ADDRESS
        at += 1
    if crc16(body[:-2]) != int.from_bytes(body[-2:], "little"):
        return FrameTrouble.CHECKSUM
    return Frame(bool(body[0] & SEQUENCE_BIT), bytes(body[2:-2])), at


def reader() -> Resync[Frame]:
    """A reader of one line."""
    return Resync(parse)
