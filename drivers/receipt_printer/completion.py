"""Whether a slip has been printed, by the best means a model has: GS ( H, else a GS r fence, else its motor, else silence.

Answers for: that the answer to an earlier job is never taken for this job's. Does not answer for: the outcome (`driver`).
Every way ends in a Verdict: confirmed, or what the printer said instead.
"""

import secrets
from dataclasses import dataclass
from typing import Protocol

from drivers.receipt_printer import status as words
from drivers.receipt_printer.asking import STATUS_S, Asking, BabbleError, Ear
from drivers.receipt_printer.interface import PaperState, PrinterFault, PrinterStatus
from drivers.receipt_printer.pace import Pace
from drivers.receipt_printer.profile import Completion
from drivers.receipt_printer.replies import ID_BYTES

LOOK_S = 1.0  #: how often a printer that has not confirmed is asked what is wrong
MOTOR_LOOK_S = 0.1
SILENCE_LOOK_S = 0.5
QUIET_LOOKS = 2  #: a motor that stands still in two looks running has stopped
SETTLE_S = 1.0  #: without any confirmation: how long after the last line a printer may still complain
SLOWEST_MM_S = 50.0  #: the slowest printing there is (unverified: makers promise 75 to 300)
NOISE_MAX = 256  #: bytes that are no reply, while one reply is waited for
OWED_S = 3.0  #: how long an answer owed by an earlier job is waited for before it counts as lost
#: GS ( H function 48: answer with this id once everything before has been printed. Source: Epson TM-T88, TM-T20III manuals.
GS_H = b"\x1d\x28\x48\x06\x00\x30\x30"
#: GS r 1: answer with the paper sensor's bits, in turn. Source: Epson manuals.
GS_R = b"\x1d\x72\x01"


NOTHING_SAID = PrinterStatus(PaperState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status`: what the printer said when it did not confirm; without faults: nothing."""

    confirmed: bool
    status: PrinterStatus = NOTHING_SAID


CONFIRMED = Verdict(confirmed=True)


class Ending(Protocol):
    """A way to know."""

    def begin(self, ticket_waiting: bool, length_mm: float) -> bytes:
        """A new job of so much paper: the bytes that go behind its slip. `ticket_waiting`: an old one is in the presenter."""

    def wait(self, until_s: float) -> Verdict:
        """All was sent. Raises PrinterGoneError."""

    def replugged(self) -> None:
        """The printer lost what it had: nothing is owed any more."""


class ById:
    """GS ( H: the answer carries the job's id; ids start at a random one, so an earlier process's are others."""

    def __init__(self, ear: Ear, asking: Asking, pace: Pace) -> None:
        self._ear, self._asking, self._pace = ear, asking, pace
        self._number = secrets.randbelow(95**ID_BYTES)
        self._id = b""

    def begin(self, ticket_waiting: bool, length_mm: float) -> bytes:
        del ticket_waiting, length_mm
        self._ear.forget()
        self._number = (self._number + 1) % 95**ID_BYTES
        self._id = bytes(0x20 + self._number // 95**place % 95 for place in range(ID_BYTES))
        return GS_H + self._id

    def wait(self, until_s: float) -> Verdict:
        return _wait(self, self._ear, self._asking, self._pace, until_s)

    def answered(self) -> bool:
        """Whether this very job was confirmed."""
        return self._id in self._ear.completed

    def replugged(self) -> None:
        self._ear.forget()


class ByFence:
    """GS r: answers come in order and carry no id, so one still owed by an earlier job is waited for first.

    Noise among them makes the count worthless.
    """

    def __init__(self, ear: Ear, asking: Asking, pace: Pace) -> None:
        self._ear, self._asking, self._pace = ear, asking, pace
        self._owed = 0

    def begin(self, ticket_waiting: bool, length_mm: float) -> bytes:
        del ticket_waiting, length_mm
        self._settle()
        self._ear.forget()
        self._owed = 1
        return GS_R

    def _settle(self) -> None:
        """The printer is ready and idle: an answer it still owed would come now. After that it is lost."""
        until_s = self._pace.now_s() + OWED_S
        self._count()
        while self._owed and self._pace.now_s() < until_s:
            self._ear.hear(until_s)
            self._count()
        self._owed = 0

    def _count(self) -> None:
        self._owed = max(0, self._owed - self._ear.fences)
        self._ear.fences = 0

    def wait(self, until_s: float) -> Verdict:
        return _wait(self, self._ear, self._asking, self._pace, until_s)

    def answered(self) -> bool:
        """Whether every fence was answered, ours last."""
        if self._ear.noise:
            return False
        self._count()
        return not self._owed

    def replugged(self) -> None:
        self._owed = 0
        self._ear.forget()


class _Answered(Protocol):
    def answered(self) -> bool: ...


def _wait(job: _Answered, ear: Ear, asking: Asking, pace: Pace, until_s: float) -> Verdict:
    """Until the answer is there or the printer names what keeps it from coming."""
    look_at_s = pace.now_s() + LOOK_S
    while pace.now_s() < until_s:
        if job.answered():
            return CONFIRMED
        if ear.noise > NOISE_MAX:
            return Verdict(confirmed=False, status=words.unknown(PrinterFault.GARBLED))
        ear.hear(until_s)
        if pace.now_s() >= look_at_s and not job.answered():
            status = asking.status(pace.now_s() + STATUS_S)
            if status.faults and not job.answered():
                return Verdict(confirmed=False, status=status)
            look_at_s = pace.now_s() + LOOK_S
    return CONFIRMED if job.answered() else Verdict(confirmed=False)


class ByMotor:
    """FULL STATUS: the drag motor ran and stands still, or a slip stands in the presenter that was empty before."""

    def __init__(self, asking: Asking, pace: Pace) -> None:
        self._asking, self._pace = asking, pace
        self._ticket_before = False

    def begin(self, ticket_waiting: bool, length_mm: float) -> bytes:
        del length_mm
        self._ticket_before = ticket_waiting
        return b""

    def wait(self, until_s: float) -> Verdict:
        ran, quiet = False, 0
        while self._pace.now_s() < until_s:
            try:
                frame = self._asking.full(self._pace.now_s() + STATUS_S)
            except BabbleError:
                frame = words.unknown(PrinterFault.GARBLED)
            status = frame if isinstance(frame, PrinterStatus) else words.decode_frame(frame, words.CUSTOM)
            if isinstance(frame, PrinterStatus) or status.faults:
                return Verdict(confirmed=False, status=status)
            ran = ran or bool(frame[1] & words.CUSTOM_MOTOR)
            moving = frame[1] & (words.CUSTOM_MOTOR | words.CUSTOM_SPOOLING)
            came_out = ran or (status.ticket_waiting and not self._ticket_before)
            quiet = quiet + 1 if came_out and not moving else 0
            if quiet >= QUIET_LOOKS:
                return CONFIRMED
            self._pace.sleep(MOTOR_LOOK_S)
        return Verdict(confirmed=False)

    def replugged(self) -> None:
        """Nothing is remembered between jobs."""


class BySilence:
    """The weakest: no complaint for a while after everything was sent."""

    def __init__(self, asking: Asking, pace: Pace) -> None:
        self._asking, self._pace = asking, pace
        self._settle_s = SETTLE_S

    def begin(self, ticket_waiting: bool, length_mm: float) -> bytes:
        del ticket_waiting
        self._settle_s = SETTLE_S + length_mm / SLOWEST_MM_S
        return b""

    def wait(self, until_s: float) -> Verdict:
        settled_at_s = self._pace.now_s() + self._settle_s
        while True:
            status = self._asking.status(self._pace.now_s() + STATUS_S)
            now_s = self._pace.now_s()
            if status.faults or now_s >= until_s:
                return Verdict(confirmed=False, status=status)
            if now_s >= settled_at_s:
                return CONFIRMED
            self._pace.sleep(SILENCE_LOOK_S)

    def replugged(self) -> None:
        """Nothing is remembered between jobs."""


def ending_for(method: Completion, ear: Ear, asking: Asking, pace: Pace) -> Ending:
    """The profile's way."""
    match method:
        case Completion.GS_H:
            return ById(ear, asking, pace)
        case Completion.GS_R_FENCE:
            return ByFence(ear, asking, pace)
        case Completion.MOTOR:
            return ByMotor(asking, pace)
        case Completion.NONE:
            return BySilence(asking, pace)
