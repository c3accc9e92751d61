"""What crosses between the till and its tools, on a socket of its own that the screen cannot reach.

Answers for: the shapes. Does not answer for: sockets (`till.service_server`, `service_client`), framing (`codec`).
"""

from msgspec import Struct


class BackUpJournal(Struct, frozen=True, tag="back_up_journal"):
    """Make a consistent copy of the journal beside it, while cash goes on."""


ServiceAsk = BackUpJournal


class Progress(Struct, frozen=True, tag="progress"):
    done: int
    in_all: int


class BackedUp(Struct, frozen=True, tag="backed_up"):
    """`path`: the copy, whole; the asker takes it away. `seq`: the last row that was on disk when it was finished."""

    path: str
    seq: int


class Declined(Struct, frozen=True, tag="declined"):
    reason: str


ServiceAnswer = Progress | BackedUp | Declined
