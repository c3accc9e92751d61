"""What a watcher of an acceptor writes down: one record for each thing that happens, in words that do not change.

Answers for: events → records, and which notes it stacks. Does not answer for: printing, ports, money (there is no ledger here).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.interface import AcceptorEvent, AcceptorState, BillAcceptor, Denomination


class Happened(StrEnum):
    """The closed set of record kinds."""

    CONNECTED = "connected"
    STATE = "state"
    ESCROW = "escrow"
    STACKED = "stacked"
    RETURNED = "returned"
    REJECTED = "rejected"
    ORPHAN_STACKED = "orphan_stacked"  #: a note went in that this watcher had not asked for
    FAULT = "fault"
    CASH_BOX = "cash_box"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Record:
    """`detail` holds further named facts (identity and denominations with the first state after they are known)."""

    event: Happened
    state: AcceptorState
    at_s: float
    note: Denomination | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Every key is always there; `note` and `reason` are null where there is none."""
        note = self.note and {"currency": self.note.currency, "value_minor": self.note.value_minor}
        return {
            "event": self.event.value,
            "state": self.state.value,
            "note": note,
            "reason": self.reason or None,
            "at_s": round(self.at_s, 3),
            **self.detail,
        }


class Watcher:
    """Listens to one acceptor, takes every note it knows, and stacks `to_stack` of them (None: all); the others go back."""

    def __init__(
        self,
        acceptor: BillAcceptor,
        to_stack: int | None,
        write: Callable[[Record], None],
        clock: Callable[[], float],
    ) -> None:
        self._acceptor = acceptor
        self._to_stack = to_stack
        self._write = write
        self._clock = clock
        self._since_s = clock()
        self.state = AcceptorState.DISCONNECTED
        self.was_connected = False
        self._identified: unit.Identified | None = None
        self._told_lost = False

    async def run(self) -> None:
        """Own the acceptor until cancelled."""
        await self._acceptor.run(self.listen)

    @property
    def at_rest(self) -> bool:
        """No note is on its way."""
        return self.state in {AcceptorState.DISABLED, AcceptorState.DISCONNECTED, AcceptorState.FAULT}

    async def listen(self, event: AcceptorEvent) -> None:
        """Write down what happened, then answer it."""
        self._follow(event)
        record = self._record(event)
        if record is not None:
            self._write(record)
        match event:
            case unit.Identified(denominations=denominations):
                self._acceptor.enable(frozenset(denominations))
            case unit.Escrowed():
                self._answer_escrow()
            case _:
                pass

    def _answer_escrow(self) -> None:
        if self._to_stack == 0:
            self._acceptor.return_note()
            return
        if self._to_stack is not None:
            self._to_stack -= 1
        self._acceptor.stack()

    def _follow(self, event: AcceptorEvent) -> None:
        match event:
            case unit.Connected(state=state) | unit.StateChanged(state=state):
                self.was_connected = True
                self.state = state
            case unit.Disconnected():
                self.state = AcceptorState.DISCONNECTED
            case unit.Fault():
                self.state = AcceptorState.FAULT
            case unit.PoweredUp() | unit.FaultCleared():
                self.state = AcceptorState.INITIALIZING
            case unit.Ready():
                self.state = AcceptorState.DISABLED
            case _:
                pass

    def _record(self, event: AcceptorEvent) -> Record | None:
        match event:
            case unit.Connected():
                self._told_lost = False
                return self._of(Happened.CONNECTED)
            case unit.Disconnected(detail=detail):
                happened = Happened.STATE if self._told_lost else Happened.DISCONNECTED
                self._told_lost = True
                return self._of(happened, reason=detail)  # a second cause of the same loss is no second loss
            case unit.StateChanged() | unit.Ready():
                return self._of(Happened.STATE)
            case unit.PoweredUp(note=note):
                return self._of(Happened.STATE, reason=f"powered up, note in {note.value}")
            case unit.Identified():
                return self._of_identity(event)
            case unit.CashBoxSeen(condition=condition):
                return self._of(Happened.CASH_BOX, reason=condition.value)
            case _:
                return self._of_a_note(event) or self._of_a_fault(event)

    def _of_identity(self, event: unit.Identified) -> Record | None:
        """Who it is, once: a unit is asked again after every reset, and most often it is the same one."""
        known, self._identified = self._identified, event
        return None if event == known else self._of(Happened.STATE, detail=_identification(event))

    def _of_a_note(self, event: AcceptorEvent) -> Record | None:
        match event:
            case unit.Escrowed(note=note):
                return self._of(Happened.ESCROW, note)
            case unit.Stacked(note=note, commanded=commanded):
                return self._of(Happened.STACKED if commanded else Happened.ORPHAN_STACKED, note)
            case unit.Returned(note=note):
                return self._of(Happened.RETURNED, note)
            case unit.Rejected(reason=reason):
                return self._of(Happened.REJECTED, reason=reason.value)
            case unit.StackUnresolved(note=note):
                return self._of(Happened.FAULT, note, reason="stack unresolved: look whether the note is in the box")
            case _:
                return None

    def _of_a_fault(self, event: AcceptorEvent) -> Record | None:
        match event:
            case unit.Fault(reason=reason, code=code):
                detail = {"code": code, "severity": event.severity.value}
                return self._of(Happened.FAULT, reason=reason.value, detail=detail)
            case unit.Cheated():
                return self._of(Happened.FAULT, reason="cheated")
            case _:
                return None  # FaultCleared: the state that follows says it

    def _of(
        self,
        happened: Happened,
        note: Denomination | None = None,
        *,
        reason: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Record:
        return Record(happened, self.state, self._clock() - self._since_s, note, reason, detail or {})


def _identification(event: unit.Identified) -> dict[str, Any]:
    identity = event.identity
    return {
        "identity": {
            "protocol": identity.protocol,
            "model": identity.model,
            "serial": identity.serial,
            "firmware": identity.firmware,
        },
        "denominations": [
            {"note_type": row.note_type, "currency": row.currency, "value_minor": row.value_minor}
            for row in sorted(event.denominations, key=lambda row: row.note_type)
        ],
    }


async def finish(watcher: Watcher, acceptor: BillAcceptor, wait: Callable[[], Awaitable[None]], waits_max: int) -> None:
    """Take no further note and give the one on its way time to arrive."""
    acceptor.disable()
    for _ in range(waits_max):
        if watcher.at_rest:
            return
        await wait()
