"""A listener that keeps books as the till does: intents before STACK, credits, orphans, open outcomes. They outlive its death."""

from collections import Counter
from dataclasses import dataclass, field

from drivers.bill_acceptor import interface as unit
from tests.support.bench import Host

AT_REST = {unit.AcceptorState.IDLE, unit.AcceptorState.DISABLED}


@dataclass
class Books:
    """What is on disk, in minor values."""

    intent: int | None = None
    credited: list[int] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    unresolved: list[int] = field(default_factory=list)
    last: int | None = None
    orphan_expected: bool = False
    latched: bool = False
    newer_note: bool = False  #: seen since the last outcome was left open: what comes back now is not that one

    def agree_with(self, box):
        """Every note in the box is booked, and nothing is booked that is not in it; open outcomes may be either."""
        booked, held = Counter(self.credited + self.orphans), Counter(box)
        missing = held - booked
        return not booked - held and not missing - Counter(self.unresolved)


class Bookkeeper(Host):
    """One life of a till that wants every note."""

    def __init__(self, books, decide="stack") -> None:
        super().__init__(decide)
        self.books = books
        self.first_look = True
        self.head_expected = self.commanded = False

    async def listen(self, event):
        match event:
            case unit.Disconnected():
                self.first_look = True
            case unit.PoweredUp(note=note):
                self.woke(note)
            case unit.Escrowed(note=note) if self.decide == "stack":
                self.books.intent, self.commanded = note.value_minor, True
            case unit.Connected(state=state) | unit.StateChanged(state=state):
                self.books.newer_note = self.books.newer_note or state is unit.AcceptorState.ACCEPTING
                if state in AT_REST:
                    self.rest()
            case unit.Ready():
                self.rest()
            case _:
                self.follow(event)
        await super().listen(event)

    def follow(self, event):
        match event:
            case unit.Stacked(note=note):
                self.book(note and note.value_minor)
            case unit.Returned(note=note):
                self.came_back(note and note.value_minor)
            case unit.StackUnresolved():
                self.leave_open()

    def woke(self, place):
        if place is unit.PowerUpNote.HEAD:
            self.head_expected = True
        if place is unit.PowerUpNote.STACKER and self.books.intent is None:
            self.books.orphan_expected = True

    def book(self, value):
        books = self.books
        if books.intent is not None and value in {None, books.intent}:
            books.credited.append(books.intent)
            books.last, books.intent = books.intent, None
        elif value in books.unresolved:
            books.unresolved.remove(value)
            books.credited.append(value)
        elif self.first_look and books.last is not None and not books.orphan_expected and value in {None, books.last}:
            pass  # told again
        elif value is None:
            books.latched = True  # which note, a person must find out
        else:
            books.orphans.append(value)
            books.last, books.orphan_expected = value, False

    def came_back(self, value):
        """Which of the open notes it was, if it was one. (The till does not compare values here; it is told none.)"""
        books = self.books
        if books.intent is not None and value in {None, books.intent}:
            books.intent = None
        elif value in books.unresolved and not books.newer_note:
            books.unresolved.remove(value)
        else:
            self.head_expected = False

    def leave_open(self):
        if self.books.intent is not None:
            self.books.unresolved.append(self.books.intent)
            self.books.newer_note = False
            self.books.intent = None

    def rest(self):
        if self.books.intent is not None and not (self.commanded and not self.first_look):
            self.came_back(None) if self.head_expected else self.leave_open()
        self.first_look = self.head_expected = False
