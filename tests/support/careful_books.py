"""What a careful listener writes down about notes: an intent before STACK, then where the note went. Outlives its host.

Kept apart from the till on purpose: it says what the acceptor's interface promises is enough to keep right books.
"""

from dataclasses import dataclass, field

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.interface import Denomination


@dataclass
class Books:
    """`credited`, `orphans`, `unresolved`: notes, as they stand. `boot` at every start of a host."""

    credited: list[Denomination] = field(default_factory=list)
    orphans: list[Denomination | None] = field(default_factory=list)
    unresolved: list[Denomination] = field(default_factory=list)
    intent: Denomination | None = None
    first_look: bool = False
    orphan_expected: bool = False
    repeats: int = 0
    newer_note: bool = False  #: seen since an outcome was left open: what goes back now is not that note

    def boot(self):
        self.first_look = True

    def hear(self, event):
        match event:
            case unit.Escrowed(note=note):
                self.intent, self.first_look = note, False
            case unit.Stacked(note=note):
                self._stacked(note)
                self.first_look = self.orphan_expected = False
            case unit.Returned(note=note):
                self._returned(note)
                self.first_look = False
            case unit.StackUnresolved():
                self._unresolve()
            case unit.Connected(state=state) | unit.StateChanged(state=state):
                self.newer_note = self.newer_note or state is unit.AcceptorState.ACCEPTING
            case unit.PoweredUp(note=place):
                self.orphan_expected = place is unit.PowerUpNote.STACKER
            case unit.Ready():
                self._unresolve()
                self.first_look = False
            case _:
                pass

    def _stacked(self, note):
        if self.intent is not None and note in {None, self.intent}:
            self.credited.append(self.intent)
            self.intent = None
            return
        if self.unresolved and note in {None, self.unresolved[-1]}:
            self.credited.append(self.unresolved.pop())
        elif self.first_look and self.credited and not self.orphan_expected and note in {None, self.credited[-1]}:
            self.repeats += 1  # recorded by the host that died, which could not acknowledge it any more
        else:
            self.orphans.append(note)

    def _returned(self, note):
        if self.intent is not None:
            self.intent = None
        elif self.unresolved and note == self.unresolved[-1] and not self.newer_note:
            self.unresolved.pop()  # a note nobody names may be any

    def _unresolve(self):
        if self.intent is not None:
            self.unresolved.append(self.intent)
            self.newer_note = False
            self.intent = None
