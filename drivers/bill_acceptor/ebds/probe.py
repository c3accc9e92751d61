"""Is an EBDS unit there? A poll that enables nothing asks; it is the engine's own first frame, so what it brings is repeated."""

from drivers.bill_acceptor.ebds import codes, replies
from drivers.bill_acceptor.ebds.codes import Kind
from drivers.bill_acceptor.ebds.frames import Frame, frame, reader
from drivers.bill_acceptor.probe import Probe

MODE = codes.ANY_ORIENTATION | codes.ESCROW_MODE
QUESTION = frame(Kind.HOST, bytes((0, MODE, codes.POWER_UP_POLICY_B | codes.EXTENDED_NOTES)), ack=False)


def is_answer(data: bytes) -> bool:
    """A status; our own poll coming back is none."""
    return any(isinstance(item, Frame) and replies.status(item) is not None for item in reader().feed(data))


PROBE = Probe(QUESTION.to_bytes(), is_answer)
