"""Asking a printer for its state: old bytes away first, one question, one well-formed answer, all within a deadline.

Answers for: that a stale, misplaced or malformed byte never passes for an answer, and that replies of other kinds met on the way
are kept for who waits for them. Does not answer for: what bits mean (`status`), opening the line.
"""

from collections import Counter
from typing import TypeVar

from drivers.receipt_printer import status as words
from drivers.receipt_printer.interface import PrinterFault, PrinterStatus
from drivers.receipt_printer.pace import Pace
from drivers.receipt_printer.profile import Dialect
from drivers.receipt_printer.replies import Completed, FenceByte, FullStatus, Noise, Replies, Reply, StatusByte
from drivers.receipt_printer.usb_line import UsbLine

DRAIN_MS = 5
DRAIN_READS_MAX = 24  #: a printer that still has something to say then is babbling
ANSWER_S = 1.0  #: for one status byte; real-time commands are answered within milliseconds
SLICE_MS = 100  #: longest wait in one transfer, so that deadlines are kept
STATUS_S = 4.0  #: for a whole round of questions
TRIES = 2

_Answer = TypeVar("_Answer", StatusByte, FullStatus)


class BabbleError(Exception):
    """The printer talks without end."""


class Ear:
    """Everything the printer says, read in one place. Completions, fences and noise are counted for whoever waits."""

    def __init__(self, line: UsbLine, dialect: Dialect, pace: Pace) -> None:
        self._line = line
        self._pace = pace
        self._replies = Replies(dialect)
        self.completed: set[bytes] = set()
        self.fences = 0
        self.noise = 0

    def hear(self, until_s: float, slice_ms: int = SLICE_MS) -> list[Reply]:
        """Replies that came, after at most one slice. Raises PrinterGoneError."""
        left_ms = max(1, min(slice_ms, round((until_s - self._pace.now_s()) * 1000)))
        replies = self._replies.feed(self._line.read(left_ms))
        kinds = Counter(type(reply) for reply in replies)
        self.completed |= {reply.job_id for reply in replies if isinstance(reply, Completed)}
        self.fences += kinds[FenceByte]
        self.noise += kinds[Noise]
        return replies

    def drain(self) -> list[Reply]:
        """Whatever is on its way, so that what follows is an answer. Raises PrinterGoneError, BabbleError."""
        drained: list[Reply] = []
        for _ in range(DRAIN_READS_MAX):
            before = len(drained)
            drained += self.hear(self._pace.now_s() + 1.0, DRAIN_MS)
            if len(drained) == before:
                self._replies.forget()
                return drained
        raise BabbleError

    def forget(self) -> None:
        """A new job: what was heard before is none of its answers."""
        self.completed.clear()
        self.fences = 0
        self.noise = 0


class Asking:
    """Status by the profile's dialect."""

    def __init__(self, line: UsbLine, ear: Ear, dialect: Dialect, pace: Pace) -> None:
        self._line = line
        self._ear = ear
        self._dialect = dialect
        self._pace = pace

    def status(self, until_s: float) -> PrinterStatus:
        """The printer's state now. Raises PrinterGoneError."""
        try:
            match self._dialect:
                case Dialect.PORT:
                    return self._of_port(PrinterFault.SILENT)
                case Dialect.CUSTOM:
                    found = self.full(until_s)
                    return found if isinstance(found, PrinterStatus) else words.decode_frame(found, words.CUSTOM)
                case _:
                    return self._by_questions(words.TABLES[self._dialect], until_s)
        except BabbleError:
            return words.unknown(PrinterFault.GARBLED)

    def full(self, until_s: float) -> bytes | PrinterStatus:
        """The frame p u r x, or the status that says why there is none. Raises PrinterGoneError, BabbleError."""
        self._ear.drain()
        if not self._sent(words.FULL_STATUS_QUERY, until_s):
            return self._of_port(PrinterFault.STALLED)
        frames, noise = self._answers(FullStatus, until_s)
        return frames[-1].frame if frames else self._nothing(noise)

    def _by_questions(self, table: words.Table, until_s: float) -> PrinterStatus:
        """Answers carry no number: one too many, and nobody knows which belongs to which question. Then all are asked again."""
        for _ in range(TRIES):
            self._ear.drain()
            answers: dict[int, int] = {}
            for number in table.queries:
                if not self._sent(words.query(number), until_s):
                    return self._of_port(PrinterFault.STALLED)
                found, noise = self._answers(StatusByte, until_s)
                if not found:
                    return self._nothing(noise)
                answers[number] = found[0].bits
                if len(found) + len([one for one in self._ear.drain() if isinstance(one, StatusByte)]) > 1:
                    break
            else:
                return words.decode(answers, table)
        return words.unknown(PrinterFault.GARBLED)

    def _sent(self, data: bytes, until_s: float) -> bool:
        """Whether the printer took the whole question."""
        sent = 0
        until_s = min(until_s, self._pace.now_s() + ANSWER_S)
        while sent < len(data) and self._pace.now_s() < until_s:
            sent += self._line.write(data[sent:], SLICE_MS)
        return sent == len(data)

    def _answers(self, kind: type[_Answer], until_s: float) -> tuple[list[_Answer], bool]:
        until_s = min(until_s, self._pace.now_s() + ANSWER_S)
        noise = False
        while self._pace.now_s() < until_s:
            replies = self._ear.hear(until_s)
            found = [reply for reply in replies if isinstance(reply, kind)]
            if found:
                return found, noise
            noise = noise or any(isinstance(reply, Noise) for reply in replies)
        return [], noise

    def _nothing(self, noise: bool) -> PrinterStatus:
        return words.unknown(PrinterFault.GARBLED) if noise else self._of_port(PrinterFault.SILENT)

    def _of_port(self, otherwise: PrinterFault) -> PrinterStatus:
        """What endpoint 0 tells when the bulk pipes do not; a port that complains of nothing explains nothing."""
        bits = self._line.port_status()
        told = words.decode_port(bits) if bits is not None else words.unknown(otherwise)
        if told.faults or self._dialect is Dialect.PORT:
            return told
        return words.unknown(otherwise)
