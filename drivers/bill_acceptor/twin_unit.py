"""The mechanics that simulated units share: where the note is, how long things take, hands and faults, a bad line.

Answers for: physical truth, time, the fault menu. Does not answer for: any byte of a protocol (each protocol's twin), ports and
processes (`twin_pty`). Shares nothing with the engines.

A unit tells of money by `physical.event`, which stays until the protocol's twin has seen it heard.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from typing import ClassVar

from drivers.bill_acceptor.ccnet.twin import Physical, Times

STACKED, RETURNED = 1, 2  #: first number of `Physical.event`
UNKNOWN_NOTE = -1


class At(StrEnum):
    """What the mechanics are doing; the words of `state`."""

    POWER_UP = "power up"
    INITIALIZING = "initializing"
    DISABLED = "disabled"
    IDLE = "idle"
    ACCEPTING = "accepting"
    ESCROW = "escrow"
    HOLDING = "holding"
    STACKING = "stacking"
    STACKED = "stacked"
    RETURNING = "returning"
    REJECTING = "rejecting"
    JAMMED = "jammed"
    CASSETTE_JAMMED = "cassette jammed"
    CASSETTE_OUT = "cassette out"
    FULL = "cassette full"
    FAILED = "failure"
    PAUSED = "paused"
    CHEATED = "cheated"


WAITING = frozenset({At.ESCROW, At.HOLDING})
STOPPED_BY = frozenset(
    {At.ACCEPTING, At.ESCROW, At.HOLDING}
)  #: a note that is not yet kept when acceptance is switched off

HELP = (
    "note VALUE [CURRENCY] | jam | unjam | cassette out | cassette in | cassette jam | full | empty | failure | reject REASON | "
    "cheat | pause | resume | lose ack [N] | crc [N] | noise [N] | dead | alive | echo on | echo off | slow init | serial TEXT | "
    "power cut head | power cut stacker | power cut | power on | state | help | quit"
)

REASONS = (
    "insertion",
    "magnetic",
    "remained",
    "conveying",
    "identification",
    "verification",
    "optic",
    "inhibited",
    "capacitance",
    "operation",
    "length",
)


class TwinUnit(ABC):
    """One simulated unit. `receive` bytes, `tick` time, `do` what a hand or a fault does. Time comes in as data."""

    values: ClassVar[Mapping[str, Sequence[int]]]  #: currency → minor value of each note kind it knows
    escrow_ends: bool = True  #: gives a note back that nobody decides on
    wakes_alone: bool = False  #: initialises at power-on without being told to
    stopped_by: frozenset[At] = STOPPED_BY  #: where a note goes back when acceptance is switched off
    state: At

    def __init__(
        self,
        currency: str,
        seed: int = 0,
        times: Times | None = None,
        physical: Physical | None = None,
        keep: Callable[[Physical], None] = lambda _: None,
    ) -> None:
        self.physical = physical or Physical()
        self._values = tuple(self.values[currency])
        self._currency = currency
        self._times = times or Times()
        self._keep = keep
        self._random = random.Random(seed)  # noqa: S311 - noise on a line, not a secret
        self._now_s = 0.0
        self._until_s: float | None = None
        self._taken: frozenset[int] = frozenset()
        self._inbox = bytearray()
        self._powered, self._cut_at = True, ""
        self._faults = {"lose ack": 0, "crc": 0, "noise": 0}
        self._dead = self._echo = self._slow = self._cheated = False
        self._reject, self._serial = "identification", "000000000001"
        self._wake()

    def __repr__(self) -> str:
        return f"<twin {self.told()}>"

    # --- the line -------------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Bytes from the host; what goes back on the line."""
        self.tick(now_s)
        answer = bytearray(data if self._echo else b"")
        if not self._powered or self._dead:
            return bytes(answer)
        self._inbox += data
        while self._inbox and (frame := self._take_frame()) is not None:
            answer += self._spoilt(self._reply(frame))
        return bytes(answer)

    @abstractmethod
    def _take_frame(self) -> bytes | None:
        """The next whole frame of the host out of the inbox, skipping what is none; None: need more."""

    @abstractmethod
    def _reply(self, frame: bytes) -> bytes:
        """The wire bytes of the answer; empty: none."""

    def _spoilt(self, frame: bytes) -> bytes:
        if not frame:
            return frame
        spoilt = bytearray(frame)
        if self._take_fault("crc"):
            spoilt[-1] ^= 0x55
        if self._take_fault("noise"):
            spoilt[:0] = bytes(self._random.randrange(256) for _ in range(7))
        return bytes(spoilt)

    def _take_fault(self, name: str) -> bool:
        due = self._faults[name] > 0
        self._faults[name] -= due
        return due

    # --- what a protocol may ask of the mechanics -----------------------------------------------------------------

    def _switch(self, kinds: frozenset[int]) -> None:
        """Take these kinds of notes, or none."""
        self._taken = kinds
        if self.state in {At.IDLE, At.DISABLED}:
            self._rest()
        elif not kinds and self.state in self.stopped_by:
            self._give_way()

    def _keep_note(self) -> None:
        self._set(position="stacker")
        self._go(At.STACKING, self._times.stack_s)
        if self._cut_at == "stacker":
            self._cut()

    def _give_way(self) -> None:
        self._go(At.RETURNING, self._times.return_s)

    def _hold(self) -> None:
        self._go(At.HOLDING, self._times.escrow_s)

    def _restart(self) -> None:
        """What RESET does, and a hand that mends: initialise, then finish with a note that is inside."""
        self._taken = frozenset()
        slow, self._slow = self._slow, False
        self._go(At.INITIALIZING, self._times.slow_initialize_s if slow else self._times.initialize_s)

    def _heard(self) -> None:
        """The host knows of the event."""
        self._set(event=None)

    # --- time -----------------------------------------------------------------------------------------------------

    def tick(self, now_s: float) -> None:
        """Time is `now_s`: finish what should be finished by then."""
        self._now_s = now_s
        while self._powered and self._until_s is not None and now_s >= self._until_s:
            self._until_s = None
            self._finish()

    def _go(self, state: At, seconds: float | None) -> None:
        self.state, self._until_s = state, None if seconds is None else self._now_s + seconds

    def _rest(self) -> None:
        self._go(At.IDLE if self._taken else At.DISABLED, None)

    def _finish(self) -> None:
        match self.state:
            case At.INITIALIZING:
                self._initialized()
            case At.ACCEPTING:
                self._judge()
            case At.ESCROW | At.HOLDING:
                self._give_way()
            case At.STACKING:
                self._arrive()
            case At.RETURNING:
                self._gone()
            case At.REJECTING:
                self._dropped()
            case _:
                self._rest()

    def _dropped(self) -> None:
        self._set(position="none", note_type=UNKNOWN_NOTE, rejected=self.physical.rejected + 1)
        self._rest()

    def _initialized(self) -> None:
        if self.physical.position == "stacker":
            self._arrive()
        elif self.physical.position == "head":
            self._give_way()
        else:
            self._rest()

    def _judge(self) -> None:
        kind = self.physical.note_type
        if kind not in self._taken:
            self._reject = "inhibited" if kind >= 0 else self._reject
            self._go(At.REJECTING, self._times.reject_s)
            return
        self._go(At.ESCROW, self._times.escrow_s if self.escrow_ends else None)
        if self._cut_at == "head":
            self._cut()

    def _arrive(self) -> None:
        kind = self.physical.note_type
        if kind >= 0:
            self._set(
                box=self._counted(self.physical.box), position="none", note_type=UNKNOWN_NOTE, event=(STACKED, kind)
            )
        self._rest()

    def _gone(self) -> None:
        kind = self.physical.note_type
        if kind >= 0:
            returned = self._counted(self.physical.returned)
            self._set(returned=returned, position="none", note_type=UNKNOWN_NOTE, event=(RETURNED, kind))
        else:
            self._set(position="none")
        self._rest()

    def _counted(self, counts: Mapping[str, int]) -> Mapping[str, int]:
        value = str(self._values[self.physical.note_type])
        return {**counts, value: counts.get(value, 0) + 1}

    def _set(self, **changes: object) -> None:
        self.physical = replace(self.physical, **changes)  # type: ignore[arg-type]  # names are the fields'
        self._keep(self.physical)

    def _cut(self) -> None:
        self._powered, self._cut_at, self._until_s = False, "", None

    def _wake(self) -> None:
        """Power is there."""
        self._powered, self._taken = True, frozenset()
        self._inbox.clear()
        self.state = At.POWER_UP
        self._until_s = None
        if self.wakes_alone:
            self._restart()

    # --- hands and faults -----------------------------------------------------------------------------------------

    def do(self, line: str, now_s: float) -> str:
        """One command of the fault menu; the answer is one line. Unknown words are answered with the menu."""
        self.tick(now_s)
        words = line.split()
        action = self._menu().get(" ".join(words))
        if action is not None:
            action()
            return "ok"
        if words[:1] == ["note"] and len(words) > 1:
            return self._note(words[1], words[2] if len(words) > 2 else self._currency)
        if self._verb(words):
            return "ok"
        return HELP if words == ["help"] else f"unknown: {line!r}; {HELP}"

    def _verb(self, words: list[str]) -> bool:
        """Commands with a word or a number of their own."""
        counted = bool(words) and words[-1].isdecimal()
        name, last = " ".join(words[:-1] if counted else words), words[-1] if words else ""
        if name in self._faults:
            self._faults[name] = int(last) if counted else 1
            return True
        if words[:1] == ["serial"] and len(words) == 2:
            self._serial = last
            return True
        if words[:1] == ["reject"] and last in REASONS:
            self._reject = last
            self._set(position="head", note_type=UNKNOWN_NOTE)
            self._go(At.REJECTING, self._times.reject_s)
            return True
        return False

    def _menu(self) -> Mapping[str, Callable[[], None]]:
        return {
            "jam": lambda: self._go(At.JAMMED, None),
            "unjam": self._restart,
            "cassette jam": lambda: self._go(At.CASSETTE_JAMMED, None),
            "cassette out": lambda: self._go(At.CASSETTE_OUT, None),
            "cassette in": self._restart,
            "full": lambda: self._go(At.FULL, None),
            "empty": self._restart,
            "failure": lambda: self._go(At.FAILED, None),
            "pause": lambda: self._go(At.PAUSED, None),
            "resume": self._rest,
            "cheat": self._cheat,
            "dead": lambda: setattr(self, "_dead", True),
            "alive": lambda: setattr(self, "_dead", False),
            "echo on": lambda: setattr(self, "_echo", True),
            "echo off": lambda: setattr(self, "_echo", False),
            "slow init": lambda: setattr(self, "_slow", True),
            "power cut": self._cut,
            "power cut head": lambda: self._cut_when("head"),
            "power cut stacker": lambda: self._cut_when("stacker"),
            "power on": self._wake,
        }

    def _cheat(self) -> None:
        self._cheated = True

    def _cut_when(self, place: str) -> None:
        """Now, if a note is there; else with the next one that gets there."""
        if self.physical.position == place and self.state in {*STOPPED_BY, At.STACKING}:
            self._cut()
        else:
            self._cut_at = place

    def _note(self, value: str, currency: str) -> str:
        if not value.isdecimal():
            return f"refused: {value!r} is not a note; say `note 50`"
        if not self._powered or self.state is not At.IDLE or self.physical.event is not None:
            return f"refused: {self.state if self._powered else 'no power'}"
        minor = int(value) * 100
        known = currency == self._currency and minor in self._values
        self._reject = "identification"
        self._set(position="head", note_type=self._values.index(minor) if known else UNKNOWN_NOTE)
        self._go(At.ACCEPTING, self._times.accept_s)
        return "ok"

    def told(self) -> dict[str, object]:
        """Everything a test, a demo or a curious person wants to know."""
        inside = {"head": ", note in head", "stacker": ", note in stacker"}.get(self.physical.position, "")
        state = f"{self.state}{inside if self.state is At.POWER_UP else ''}" if self._powered else "no power"
        return {"state": state, **asdict(self.physical), "currency": self._currency}
