"""EBDS frames: `02 LEN CTL DATA 03 CHK`, LEN the whole frame, CHK the xor of LEN to the last data byte; bytes of seven bits.

Answers for: framing and checksums. Does not answer for: the ack bit's meaning (the engine).
"""

from dataclasses import dataclass
from functools import reduce
from operator import xor

from drivers.bill_acceptor.ccnet.frames import FrameTrouble
from drivers.bill_acceptor.ebds.codes import ACK_BIT, Kind
from drivers.bill_acceptor.resync import Parsed, Resync

START, END = 0x02, 0x03
OVERHEAD_BYTES = 5  #: start, length, control, end, checksum
FRAME_BYTES_MAX = 0x7F


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of either direction."""

    control: int
    data: bytes

    @property
    def ack(self) -> bool:
        """The bit that tells a repeat from a new frame."""
        return bool(self.control & ACK_BIT)

    @property
    def kind(self) -> int:
        """Kind, as a number: units may send what has no name."""
        return self.control >> 4 & 7

    def to_bytes(self) -> bytes:
        """The frame on the wire (`data` of at most 122 bytes)."""
        body = bytes((len(self.data) + OVERHEAD_BYTES, self.control)) + self.data
        return bytes((START,)) + body + bytes((END, reduce(xor, body)))


def frame(kind: Kind, data: bytes, *, ack: bool) -> Frame:
    """A host's frame to a unit of device type 0."""
    return Frame(kind << 4 | ack, data)


def parse(buffer: bytearray) -> Parsed[Frame]:
    """What stands at the start of `buffer`."""
    if buffer[0] != START:
        return FrameTrouble.NOISE
    if len(buffer) < 2:
        return None
    length = buffer[1]
    if not OVERHEAD_BYTES <= length <= FRAME_BYTES_MAX:
        return FrameTrouble.LENGTH
    if len(buffer) < length:
        return None
    if buffer[length - 2] != END or reduce(xor, buffer[1 : length - 2]) != buffer[length - 1]:
        return FrameTrouble.CHECKSUM
    return Frame(buffer[2], bytes(buffer[3 : length - 2])), length


def reader() -> Resync[Frame]:
    """A reader of one line."""
    return Resync(parse)
