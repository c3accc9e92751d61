"""Is a CCNET unit there? POLL asks, and without an ACK the unit keeps whatever it told."""

from drivers.bill_acceptor.ccnet.codes import Command, Poll
from drivers.bill_acceptor.ccnet.frames import Frame, FrameReader
from drivers.bill_acceptor.probe import Probe

STATES = frozenset(Poll)


def is_answer(data: bytes) -> bool:
    """A whole frame that says a state; our own POLL coming back is none."""
    frames = (item for item in FrameReader().feed(data) if isinstance(item, Frame))
    return any(frame.payload[:1] and frame.payload[0] in STATES for frame in frames)


PROBE = Probe(Frame(bytes((Command.POLL,))).to_bytes(), is_answer)
