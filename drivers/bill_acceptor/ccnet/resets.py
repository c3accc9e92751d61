"""How often a unit may be RESET: at once when it asks for it, then ever more rarely. Every RESET moves notes and motors.

Answers for: the waits between RESETs. Does not answer for: whether a RESET is safe now (the engine: never with a STACK open).
"""

from dataclasses import dataclass

FIRST_WAIT_S = 5.0  #: after a RESET, and between the first sight of a jam and its first RESET; observed: every 20 polls
MOST_WAIT_S = 300.0


@dataclass
class ResetPolicy:
    """One line's life. `settle` when the unit has come to rest: the next trouble starts afresh."""

    due_s: float = 0.0
    wait_s: float = FIRST_WAIT_S

    def owed(self, now_s: float) -> bool:
        """Whether one may be sent now."""
        return now_s >= self.due_s

    def sent(self, now_s: float) -> None:
        """One is on its way; the next waits twice as long as this one did."""
        self.due_s = now_s + self.wait_s
        self.wait_s = min(MOST_WAIT_S, self.wait_s * 2)

    def hold_off(self, now_s: float) -> None:
        """A fault was just seen: give hands and motors a moment first."""
        self.due_s = max(self.due_s, now_s + FIRST_WAIT_S)

    def settle(self) -> None:
        """The unit is at rest."""
        self.due_s, self.wait_s = 0.0, FIRST_WAIT_S
