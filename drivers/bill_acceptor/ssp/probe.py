"""Is an SSP unit there? SYNC asks: it sets the sequence bit and nothing else."""

from drivers.bill_acceptor.probe import Probe
from drivers.bill_acceptor.ssp.codes import OK, Command
from drivers.bill_acceptor.ssp.frames import Frame, reader

QUESTION = Frame(True, bytes((Command.SYNC,)))


def is_answer(data: bytes) -> bool:
    """An OK of the same sequence."""
    return Frame(QUESTION.sequence, bytes((OK,))) in reader().feed(data)


PROBE = Probe(QUESTION.to_bytes(), is_answer)
