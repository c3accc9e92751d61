"""Is an ID-003 unit there? VERSION REQUEST asks; its echo, unlike a status request's, is no answer."""

from drivers.bill_acceptor.id003.codes import INVALID_COMMAND, Command
from drivers.bill_acceptor.id003.frames import Frame, reader
from drivers.bill_acceptor.probe import Probe

QUESTION = Frame(Command.VERSION_REQUEST)


def is_answer(data: bytes) -> bool:
    """A version, or a refusal of a unit that has just powered up."""
    frames = (item for item in reader().feed(data) if isinstance(item, Frame) and item != QUESTION)
    return any(frame.code in {Command.VERSION_REQUEST, INVALID_COMMAND} for frame in frames)


PROBE = Probe(QUESTION.to_bytes(), is_answer)
