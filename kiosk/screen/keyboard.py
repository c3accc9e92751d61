"""What keys do on this screen: move the focus, choose, type, erase, step back; a scanner's keys make a scan. Without Kivy.

Answers for: the focus, and that a key that is held, or struck twice, chooses nothing on the next screen. Does not answer for:
which key is which (`keys`), what a scan is (`scanner_keys`), what choosing means (`glass`), the ring (`stage`).
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.screen.focus import Stop, climbed, kept, stepped
from kiosk.screen.glass import Glass
from kiosk.screen.keys import KeyChoices, KeyMeaning, meaning
from kiosk.screen.mode import NORMAL
from kiosk.screen.scanner_keys import NO_RUN, scan_of, struck

HELD_S = 1.0  #: a key that comes again within this without having been let go is held down (SDL repeats after 0.5 s)

#: What keeps doing something while it is held down.
MOVES: Mapping[KeyMeaning, Callable[[tuple[Stop, ...], str], str]] = {
    KeyMeaning.FORWARD: lambda stops, role: stepped(stops, role, 1),
    KeyMeaning.BACKWARD: lambda stops, role: stepped(stops, role, -1),
    KeyMeaning.ABOVE: lambda stops, role: climbed(stops, role, 1),
    KeyMeaning.BELOW: lambda stops, role: climbed(stops, role, -1),
}


class Board(Protocol):
    """The screen as keys meet it."""

    @property
    def glass(self) -> Glass:
        """What the screen knows."""

    def stops(self) -> tuple[Stop, ...]:
        """Controls that can be chosen now, in reading order."""

    def is_settled(self) -> bool:
        """Whether what is shown has been there long enough to be meant."""

    def ways_out(self) -> tuple[str, ...]:
        """Roles that lead a step back, the best first."""

    def primary(self) -> str:
        """Role of the one action this screen is for, if it can be chosen; else empty."""

    def pressed(self, role: str) -> None:
        """A control was chosen."""

    def scanned(self, text: str) -> None:
        """Something was scanned."""

    def put_back(self, glass: Glass) -> None:
        """What was typed since was a scanner's."""

    def focus_moved(self) -> None:
        """Another control has the focus."""


class Keyboard:
    """`focus`: role of the control that has it, or empty. It is there once a key has asked for it, or while the screen speaks."""

    def __init__(self, board: Board, choices: KeyChoices) -> None:
        self._board = board
        self._choices = choices
        self._is_used = False
        self._role = ""
        self._run = NO_RUN
        self._before: tuple[Glass, str, bool] | None = None
        self._down_s: dict[int, float] = {}
        #: What does something once, however long it is held down.
        self._acts: Mapping[KeyMeaning, Callable[[float], None]] = {
            KeyMeaning.END: self._end,
            KeyMeaning.STEP_BACK: self._step_back,
            KeyMeaning.MODE: self._mode,
            KeyMeaning.PLUGGED: self._plugged,
            KeyMeaning.UNPLUGGED: self._unplugged,
        }

    @property
    def focus(self) -> str:
        """Where the focus is on the screen that is shown now."""
        if not (self._is_used or self._board.glass.mode.spoken):
            return ""
        self._role = kept(self._board.stops(), self._role)
        return self._role

    def forget(self) -> None:
        """The visit is over."""
        self._is_used, self._role = False, ""

    def lifted(self, code: int) -> None:
        """A key was let go."""
        self._down_s.pop(code, None)

    def struck(self, code: int, text: str, now_s: float) -> None:
        """A key was struck, or is held and came again."""
        held = code in self._down_s and now_s - self._down_s[code] < HELD_S
        if code:
            self._down_s[code] = now_s
        means = meaning(code, text, self._choices)
        if means in MOVES:
            self._move(means)
        elif means is KeyMeaning.CHARACTER:
            self._type(text, now_s)
        elif means is KeyMeaning.ERASE:
            self._choose("erase")
        elif not held:
            self._act_once(means, now_s)

    def _act_once(self, means: KeyMeaning, now_s: float) -> None:
        act = self._acts.get(means)
        if act is not None:
            act(now_s)

    def _move(self, means: KeyMeaning) -> None:
        before = self.focus
        self._is_used = True
        self._role = MOVES[means](self._board.stops(), before) if before else self.focus
        self._board.focus_moved()

    def _type(self, character: str, now_s: float) -> None:
        """Into what is shown, at once; if it turns out to be a scanner's, it is taken back."""
        run = struck(self._run, character, now_s)
        if run.text == character:
            self._before = (self._board.glass, self._role, self._is_used)
        self._run = run
        for wanted in (character, character.upper(), character.lower()):
            if self._choose(f"key:{wanted}"):
                self._is_used, self._role = True, self._board.primary() or self._role
                self._board.focus_moved()
                return

    def _choose(self, role: str) -> bool:
        """Press a control, if it is there and can be pressed."""
        there = any(stop.role == role for stop in self._board.stops())
        if there:
            self._board.pressed(role)
        return there

    def _end(self, now_s: float) -> None:
        scan, self._run = scan_of(self._run, now_s), NO_RUN
        if scan and self._before is not None:
            glass, self._role, self._is_used = self._before
            self._board.put_back(glass)
            self._board.scanned(scan)
        elif self._board.is_settled():
            self._choose(self.focus)

    def _step_back(self, _now_s: float) -> None:
        if self._board.is_settled():
            next((role for role in self._board.ways_out() if self._choose(role)), None)

    def _mode(self, _now_s: float) -> None:
        self._board.pressed("spoken")

    def _plugged(self, _now_s: float) -> None:
        self._board.pressed("headset:in")

    def _unplugged(self, _now_s: float) -> None:
        if self._board.glass.mode != NORMAL:
            self._board.pressed("headset:out")
