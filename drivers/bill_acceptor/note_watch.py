"""The one note that may be between slot and box: asked about once, decided once, its outcome told once.

Answers for: one STACK gives at most one commanded Stacked, an outcome that stays open is told as open, a note that nobody wants
or can value goes back. Does not answer for: bytes, or how a protocol asks for a note to be kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from drivers.bill_acceptor.interface import (
    AcceptorEvent,
    Denomination,
    Escrowed,
    Rejected,
    RejectReason,
    Returned,
    Stacked,
    StackUnresolved,
)

LOOKS_BEFORE_REPEAT = 2  #: replies that must still say "escrow" before a decision whose answer was lost is sent again
OUTCOME_S = 30.0  #: after this a STACK without outcome is told as open; CCNET's figure, taken for the others


class Decision(StrEnum):
    STACK = "stack"
    RETURN = "return"


@dataclass
class Waiting:
    """A note in escrow. `sent`: how often the decision was; `looks`: replies since then that say it is still there."""

    note: Denomination | None
    since_s: float
    decision: Decision | None = None
    sent: int = 0
    looks: int = 0


class NoteWatch:
    """One unit's slot. Outcomes go to `tell`."""

    def __init__(self, tell: Callable[[AcceptorEvent], None]) -> None:
        self._tell = tell
        self.forget()

    def __repr__(self) -> str:
        return f"<note {self.waiting or self._note} stack_sent={self.stack_is_open}>"

    def forget(self) -> None:
        """The slot is empty."""
        self.waiting: Waiting | None = None
        self._note: Denomination | None = None
        self._stack_sent_s: float | None = None
        self._power_was_cut = False
        self._asked = self._is_new = self._rejected = False
        self.is_going_back = False

    @property
    def stack_is_open(self) -> bool:
        """A STACK was sent and nothing is known of it."""
        return self._stack_sent_s is not None

    @property
    def is_in_hand(self) -> bool:
        """The unit holds a note that the listener was asked about, or was to be."""
        return self.waiting is not None or self.stack_is_open

    def seen(self, note: Denomination | None, now_s: float, wanted: frozenset[Denomination], *, ask: bool) -> None:
        """A note is in escrow. The first sight asks the listener if it is among `wanted`; else it goes back unasked."""
        if self.waiting is not None:
            self.waiting.looks += 1
            return
        self.waiting = Waiting(note, now_s)
        self._note, self.is_going_back = note, False
        if ask and note is not None and note in wanted:
            self._asked = True
            self._tell(Escrowed(note))
            return
        self.waiting.decision = Decision.RETURN
        if ask:
            self.rejects(RejectReason.INHIBITED)

    def rejects(self, reason: RejectReason) -> None:
        """The unit refuses it, or we do in its stead: told once, it only has to come out."""
        self._rejected = True
        self._tell(Rejected(reason))

    def decide(self, decision: Decision) -> None:
        """The listener's word; the first one counts."""
        if self.waiting is not None and self.waiting.decision is None:
            self.waiting.decision = decision

    def due(self, now_s: float) -> Decision | None:
        """What must be sent now, if anything; counts it as sent."""
        waiting = self.waiting
        if waiting is None or waiting.decision is None:
            return None
        if waiting.sent and waiting.looks < LOOKS_BEFORE_REPEAT:
            return None
        waiting.sent, waiting.looks = waiting.sent + 1, 0
        if waiting.decision is Decision.STACK and self._stack_sent_s is None:
            self._stack_sent_s = now_s
        return waiting.decision

    def refused(self) -> None:
        """The unit takes no STACK. Only the first one's answer says so for certain: a second may follow one that worked."""
        if self.waiting is not None and self.waiting.decision is Decision.STACK and self.waiting.sent == 1:
            self._stack_sent_s = None
            self.waiting.decision, self.waiting.sent = Decision.RETURN, 0

    def moves_on(self) -> None:
        """It is no longer seen in escrow."""
        self.waiting = None

    def goes_back(self) -> None:
        """The unit shows that it moves towards the buyer."""
        self.waiting, self.is_going_back = None, True

    def comes_in(self) -> None:
        """A note is being read: whatever was in the slot before is not there any more."""
        if not self._is_new:
            self.at_rest()
            self._is_new = True

    def at_rest(self) -> None:
        """Nothing is in the slot: a note that was, and of which nothing else was told, went back."""
        waited, self.waiting = self.waiting is not None, None
        if self.is_going_back or (waited and not self.stack_is_open):
            self.returned()
        else:
            self.give_up()
            self.forget()

    def returned(self, note: Denomination | None = None) -> None:
        """It is out. A note that was seen coming in, and that the listener was not asked about, is none of its business."""
        if note is not None and self._note not in {None, note}:
            self.give_up()  # it is another note: of ours nothing is known
        note, own, rejected = note or self._note, self._asked or not self._is_new, self._rejected
        self.forget()
        if own:
            self._tell(Returned(note))
        elif not rejected:
            self._tell(Rejected(RejectReason.HOST))

    def stacked(self, note: Denomination | None) -> None:
        """It is in the box. `note`: what the unit says it is; without that, the one that was in escrow."""
        commanded = self.stack_is_open and not self._power_was_cut
        note = note or self._note
        self.forget()
        self._tell(Stacked(note, commanded))

    def power_was_cut(self) -> None:
        """What becomes of it is no longer the STACK's doing; the unit tells when it is up again, or comes to rest silent."""
        self.waiting, self.is_going_back, self._power_was_cut = None, False, True

    def give_up(self) -> None:
        """The outcome is open: told once, never resent; if it still waits in escrow the buyer gets it back."""
        if not self.stack_is_open:
            return
        self._stack_sent_s = None
        if self.waiting is not None:
            self.waiting.decision = Decision.RETURN
        self._tell(StackUnresolved(self._note))

    def watch(self, now_s: float) -> None:
        """Time passes."""
        if self._stack_sent_s is not None and now_s - self._stack_sent_s >= OUTCOME_S:
            self.give_up()
