"""Where the acceptor's words become the domain's: the only place in the till that knows both.

Answers for: translation and the unit's own table of denominations. Does not answer for: what a word means for money.
"""

from collections.abc import Awaitable, Callable, Mapping

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.interface import AcceptorEvent, AcceptorState, BillAcceptor, Denomination
from kiosk.domain import events
from kiosk.domain.events import Event
from kiosk.domain.moves import AcceptorCondition, NoteTrouble

#: None: the unit cannot say for a moment, what was known stays.
CONDITIONS: Mapping[AcceptorState, AcceptorCondition | None] = {
    AcceptorState.DISCONNECTED: AcceptorCondition.LOST,
    AcceptorState.INITIALIZING: AcceptorCondition.STARTING,
    AcceptorState.DISABLED: AcceptorCondition.DISABLED,
    AcceptorState.IDLE: AcceptorCondition.IDLE,
    AcceptorState.ACCEPTING: AcceptorCondition.MOVING,
    AcceptorState.ESCROW: AcceptorCondition.MOVING,
    AcceptorState.STACKING: AcceptorCondition.MOVING,
    AcceptorState.RETURNING: AcceptorCondition.MOVING,
    AcceptorState.REJECTING: AcceptorCondition.MOVING,
    AcceptorState.BUSY: None,
    AcceptorState.PAUSED: None,
    AcceptorState.FAULT: AcceptorCondition.FAULT,
}

WAKE_NOTES: Mapping[unit.PowerUpNote, events.WakeNote] = {
    unit.PowerUpNote.NONE: events.WakeNote.NONE,
    unit.PowerUpNote.HEAD: events.WakeNote.HEAD,
    unit.PowerUpNote.STACKER: events.WakeNote.STACKER,
}

#: What the buyer is told when the unit itself refuses a note; every other reason means it could not be read.
REFUSALS: Mapping[unit.RejectReason, NoteTrouble] = {
    unit.RejectReason.INHIBITED: NoteTrouble.NOT_ACCEPTED,
    unit.RejectReason.BARCODE: NoteTrouble.NOT_ACCEPTED,
    unit.RejectReason.SECOND_NOTE: NoteTrouble.ONE_AT_A_TIME,
}


class AcceptorSeam:
    """Listens to one acceptor and passes wishes on to it, by note value instead of wire number. `beside` is told of every word
    of the unit, whether or not there is anything to decide.
    """

    def __init__(
        self,
        acceptor: BillAcceptor,
        currency: str,
        heard: Callable[[Event], Awaitable[None]],
        beside: Callable[[AcceptorEvent], None] = lambda _: None,
    ) -> None:
        self._beside = beside
        self._acceptor = acceptor
        self._currency = currency
        self._heard = heard
        self._table: frozenset[Denomination] = frozenset()
        self._wanted_minor: frozenset[int] = frozenset()
        self._enabled: frozenset[Denomination] = frozenset()

    @property
    def worked_s(self) -> float:
        """When the line was last worked, by the loop's clock."""
        return self._acceptor.worked_s

    async def run(self) -> None:
        """Own the acceptor until cancelled."""
        await self._acceptor.run(self._listen)

    def accept(self, values_minor: frozenset[int]) -> None:
        """Take notes of these values of our currency, as far as the unit knows them. Idempotent."""
        self._wanted_minor = values_minor
        self._wish()

    def stack(self) -> None:
        """Stack the note in escrow."""
        self._acceptor.stack()

    def return_note(self) -> None:
        """Give the note in escrow back."""
        self._acceptor.return_note()

    def _wish(self) -> None:
        wanted = frozenset(
            row for row in self._table if row.currency == self._currency and row.value_minor in self._wanted_minor
        )
        if wanted == self._enabled:
            return
        self._enabled = wanted
        if wanted:
            self._acceptor.enable(wanted)
        else:
            self._acceptor.disable()

    async def _listen(self, event: AcceptorEvent) -> None:
        self._beside(event)
        if isinstance(event, unit.Identified):
            self._table = frozenset(event.denominations)
            self._wish()
        translated = in_domain_words(event)
        if translated is not None:
            await self._heard(translated)


def in_domain_words(event: AcceptorEvent) -> Event | None:
    """The domain's word for the unit's, or None where there is nothing to decide."""
    match event:
        case unit.Connected(state=state) | unit.StateChanged(state=state):
            condition = CONDITIONS[state]
            if state is AcceptorState.PAUSED:
                return events.NoteRefusedByUnit(NoteTrouble.ONE_AT_A_TIME)
            return None if condition is None else events.AcceptorCondensed(condition)
        case unit.Disconnected(detail=detail):
            return events.AcceptorCondensed(AcceptorCondition.LOST, detail)
        case unit.PoweredUp(note=note):
            return events.AcceptorWoke(WAKE_NOTES[note])
        case unit.Ready():
            return events.AcceptorCondensed(AcceptorCondition.DISABLED)
        case unit.Fault(reason=reason):
            return events.AcceptorCondensed(AcceptorCondition.FAULT, reason.value)
        case unit.FaultCleared():
            return events.AcceptorCondensed(AcceptorCondition.STARTING)
        case _:
            return _of_a_note(event)


def _of_a_note(event: AcceptorEvent) -> Event | None:
    match event:
        case unit.Escrowed(note=note):
            return events.NoteInEscrow(note.value_minor, note.currency)
        case unit.Stacked(note=unit.Denomination() as note):
            return events.NoteWentIn(note.value_minor, note.currency)
        case unit.Stacked():
            return events.UnnamedNoteWentIn()
        case unit.Returned(note=unit.Denomination() as note):
            return events.NoteWentBack(note.value_minor, note.currency)
        case unit.Returned():
            return events.NoteWentBack()
        case unit.Rejected(reason=reason):
            return events.NoteRefusedByUnit(REFUSALS.get(reason, NoteTrouble.UNREADABLE), reason.value)
        case unit.StackUnresolved():
            return events.StackSilent()
        case unit.Cheated():
            return events.FraudSuspected()
        case _:
            return None
