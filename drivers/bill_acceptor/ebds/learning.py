"""What is asked of a unit at rest: its serial number, what it calls its note set, and its notes one by one.

Answers for: the order of questions, and which dialect the answers show. Does not answer for: when a unit may be asked.

A unit that describes its notes speaks the extended mode (MEI, CPI) and names a note by its value ever after; one that does not
tells numbers 1 to 7 (older units, Pyramid).
"""

from drivers.bill_acceptor.ebds import codes, replies
from drivers.bill_acceptor.ebds.codes import Kind
from drivers.bill_acceptor.ebds.frames import Frame
from drivers.bill_acceptor.interface import Denomination, Identity

SILENCES_MAX = 3  #: then the question counts as not understood
QUESTIONS = (codes.SERIAL_QUESTION, codes.VARIANT_QUESTION)


class Learning:
    """One unit's answers. What was known stays until a new answer replaces it, for a note may be told in between."""

    def __init__(self) -> None:
        self.is_extended: bool | None = None  #: None: not known yet
        self.rows: tuple[Denomination, ...] = ()
        self._texts = ["", ""]
        self.model = self.firmware = 0
        self.restart()

    def __repr__(self) -> str:
        return f"<learning {self._texts} {len(self.rows)} notes, extended={self.is_extended}>"

    def restart(self) -> None:
        """Ask everything again: it may be another unit."""
        self._step = self._silences = 0
        self._described: list[Denomination] = []
        self.is_done = False

    def question(self, poll: bytes) -> tuple[Kind, bytes]:
        """What to ask next. An extended question carries a poll's three bytes, for it is one."""
        if self._step < len(QUESTIONS):
            return Kind.AUXILIARY, QUESTIONS[self._step]
        return Kind.EXTENDED, bytes((codes.EXTENDED_NOTE,)) + poll + bytes((self._index,))

    @property
    def _index(self) -> int:
        return self._step - len(QUESTIONS) + 1

    def answer(self, reply: Frame) -> None:
        """The answer; a plain status in its place says that the unit does not know the question."""
        self._silences = 0
        if self._step < len(QUESTIONS):
            self._texts[self._step] = replies.text(reply.data) if reply.kind == Kind.AUXILIARY else ""
            self._step += 1
            return
        described = replies.status(reply)
        if described is None or not described.extended:
            self._end(extended=self._index > 1)
            return
        blank = not any(reply.data[1 + codes.STATUS_BYTES + 1 :][:9])
        if described.note is not None and described.note not in self._described:
            self._described.append(described.note)  # old and new series of one value are one to us
        if blank or self._index == codes.NOTE_TYPES_MAX:
            self._end(extended=True)
        self._step += 1

    def silence(self) -> bool:
        """No answer. True: it is given up, the next question is due."""
        self._silences += 1
        if self._silences < SILENCES_MAX:
            return False
        self._silences = 0
        if self._step < len(QUESTIONS):
            self._texts[self._step] = ""
            self._step += 1
        else:
            self._end(extended=self._index > 1)
        return True

    def _end(self, *, extended: bool) -> None:
        self.is_extended, self.is_done = extended, True
        self.rows = tuple(self._described) if extended else replies.ladder(self._texts[1])

    def find(self, status: replies.Status) -> Denomination | None:
        """The note a status tells of; None if it is blank, or short where it should be extended."""
        if status.extended or self.is_extended:
            return status.note
        return next((row for row in self.rows if row.note_type == status.value), None)

    @property
    def identity(self) -> Identity:
        """Who it says it is."""
        model = self._texts[1] or f"model {self.model:02X}"
        return Identity("ebds", model, self._texts[0], f"{self.firmware // 10}.{self.firmware % 10}")
