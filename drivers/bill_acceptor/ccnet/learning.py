"""What is asked of a unit at rest: who it is, its notes, its firmware; and the one setting that outlives no reset.

Answers for: the order of questions, reading the answers, going on without an answer that never comes. Does not answer for: when
a unit may be asked (`phases`: IDENTIFICATION, GET BILL TABLE and GET CRC32 are legal only before RESET and while disabled).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.ccnet import bill_table, codes
from drivers.bill_acceptor.ccnet.codes import Command
from drivers.bill_acceptor.interface import Denomination, Identity

#: GET CRC32 and SET SECURITY are refused by some units; nothing depends on them.
QUESTIONS = (Command.IDENTIFICATION, Command.GET_BILL_TABLE, Command.GET_CRC32, Command.SET_SECURITY)

#: A mask of the types judged most strictly: none, so that an old note is not refused more often than the maker meant.
SECURITY = bytes(3)

TRIES_MAX = 3  #: then go on without: a unit that cannot be asked can still be woken and watched
TABLE_BYTES_MIN = 5  #: one row; shorter is a late answer to something else
MODEL_BYTES, SERIAL_BYTES = 15, 12  #: IDENTIFICATION: part number, serial number, then 7 binary bytes of asset number
NOBODY = Identity("ccnet", "", "")


class Learning:
    """One unit's answers. What was known stays until a new answer replaces it, for a note may be told in between."""

    def __init__(self) -> None:
        self.identity = NOBODY
        self.table: Mapping[int, Denomination] = {}
        self.restart()

    def __repr__(self) -> str:
        return f"<learning {self.identity.model or '?'} {len(self.table)} notes, next {self.question}>"

    def restart(self) -> None:
        """Ask everything again: it may be another unit."""
        self._step = self._tries = 0

    @property
    def question(self) -> Command | None:
        """What to ask next; None once all is asked."""
        return QUESTIONS[self._step] if self._step < len(QUESTIONS) else None

    @property
    def frame(self) -> bytes:
        """The question's bytes."""
        assert self.question is not None
        return bytes((self.question,)) + (SECURITY if self.question is Command.SET_SECURITY else b"")

    def answer(self, payload: bytes) -> bool:
        """Read the answer to `question`; False: it is none, ask again later."""
        understood = _READERS[QUESTIONS[self._step]](self, payload)
        if understood:
            self._next()
        return understood

    def no_answer(self) -> None:
        """Refused, garbled or silent."""
        self._tries += 1
        if self._tries >= TRIES_MAX:
            self._next()

    def _next(self) -> None:
        self._step, self._tries = self._step + 1, 0

    def _identified(self, payload: bytes) -> bool:
        if len(payload) < MODEL_BYTES + SERIAL_BYTES:
            return False
        model, serial = _text(payload[:MODEL_BYTES]), _text(payload[MODEL_BYTES:][:SERIAL_BYTES])
        identity = Identity("ccnet", model, serial)
        if (model, serial) != (self.identity.model, self.identity.serial):
            self.table = {}  # another unit's notes are not these
        self.identity = identity
        return True

    def _listed(self, payload: bytes) -> bool:
        if len(payload) < TABLE_BYTES_MIN:
            return False
        self.table = {row.note_type: row for row in bill_table.decode(payload)}
        return True

    def _versioned(self, payload: bytes) -> bool:
        if len(payload) != codes.CRC32_BYTES:
            return False
        self.identity = Identity("ccnet", self.identity.model, self.identity.serial, payload.hex().upper())
        return True

    def _secured(self, payload: bytes) -> bool:
        return payload == bytes((codes.ACK,))


def _text(field: bytes) -> str:
    return field.decode("ascii", "replace").strip("\0 ")


_READERS = {
    Command.IDENTIFICATION: Learning._identified,  # noqa: SLF001 - a table of this class's own methods
    Command.GET_BILL_TABLE: Learning._listed,  # noqa: SLF001
    Command.GET_CRC32: Learning._versioned,  # noqa: SLF001
    Command.SET_SECURITY: Learning._secured,  # noqa: SLF001
}
