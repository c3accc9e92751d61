"""The till's whole state and the one fold that makes it, at boot from the journal and then from every fact and move.

Answers for: what is true now. Does not answer for: what to do about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain import facts, ledger, moves
from kiosk.domain.facts import CreditUnallocated, Fact, SlipOutcome
from kiosk.domain.ledger import Ledger, Transfer
from kiosk.domain.moves import AcceptorCondition, Move, NoteTrouble
from kiosk.domain.session import TRANSITIONS, Fate, Note, Phase, Session, next_phase

NOTES_REMEMBERED_MAX = 8  #: unresolved notes an acceptor may still tell about


class PayState(StrEnum):
    """A payment after capture. Only the aggregator's final answer ends it."""

    CAPTURED = "captured"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Payment:
    """`in_flight` is of this process life: exactly one request per id is under way at a time."""

    payment_id: str
    session_id: str
    amount_minor: int
    currency: str
    body: bytes = field(repr=False)
    captured_at_us: int
    state: PayState = PayState.CAPTURED
    attempt: int = 0
    next_at_us: int = 0
    reference: str = ""
    in_flight: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in {PayState.CAPTURED, PayState.WAITING}


@dataclass(frozen=True, slots=True)
class Slip:
    slip_id: str
    session_id: str
    number: int
    copy: bool
    outcome: SlipOutcome | None = None
    cause: str = ""
    started: bool = False


@dataclass(frozen=True, slots=True)
class Devices:
    """What is known of the world in this process life."""

    acceptor: AcceptorCondition = AcceptorCondition.UNKNOWN
    acceptor_fault: str = ""
    head_note_expected: bool = False
    can_print: bool | None = None
    network_up: bool | None = None


@dataclass(frozen=True, slots=True)
class Counters:
    """How many of each the journal has seen: the next name is never one that was used."""

    sessions: int = 0
    notes: int = 0
    slips: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """`intent`: the note that may be going in now, `intent_commanded` whether this life sent its STACK.

    `last_stacked` is the newest booked note and `first_look` says that the acceptor has not been seen at rest since the
    line came up: together they tell a repeated event from a new note.
    """

    ledger: Ledger = field(default_factory=Ledger)
    session: Session = field(default_factory=Session)
    payments: Mapping[str, Payment] = field(default_factory=dict)
    slips: Mapping[str, Slip] = field(default_factory=dict)
    intent: Note | None = None
    intent_commanded: bool = False
    intent_deadline_s: float | None = None
    unresolved: tuple[Note, ...] = ()
    last_stacked: tuple[int, str] | None = None
    orphan_expected: bool = False
    latched: str = ""
    stacked: Mapping[int, int] = field(default_factory=dict)
    returned: Mapping[int, int] = field(default_factory=dict)
    counters: Counters = field(default_factory=Counters)
    devices: Devices = field(default_factory=Devices)
    first_look: bool = True

    def __repr__(self) -> str:
        """One line that says the whole state; shared by log, debugger and test."""
        open_payments = sorted(p.payment_id for p in self.payments.values() if p.is_open)
        return (
            f"<till {self.session.phase} in={self.session.inserted_minor} due={self.session.due_minor} "
            f"intent={self.intent.value_minor if self.intent else '-'} acceptor={self.devices.acceptor} "
            f"latched={self.latched or '-'} outbox={open_payments}>"
        )

    @property
    def payment(self) -> Payment | None:
        """The payment of the session on the screen."""
        return self.payments.get(self.session.payment_id)


def fold(state: State, happened: Fact | Move) -> State:
    """The state after one more fact or move. Raises IllegalTransitionError or LedgerError, and then nothing changed."""
    apply = _APPLY.get(type(happened))
    folded = apply(state, happened) if apply else state
    if any(type(happened) in row for row in TRANSITIONS.values()):
        phase = next_phase(state.session.phase, happened)
        moved = phase is not state.session.phase
        session = replace(folded.session, phase=phase, deadline_s=None if moved else folded.session.deadline_s)
        folded = replace(folded, session=session)
    return folded


def _with_note(state: State, note: Note) -> State:
    """The session's list of notes with this one in its new fate, if the session is still that one."""
    session = state.session
    if note.session_id != session.session_id:
        return state
    kept = tuple(known for known in session.notes if known.note_id != note.note_id)
    return replace(state, session=replace(session, notes=(*kept, note), trouble=NoteTrouble.NONE, deadline_s=None))


def _bump(counts: Mapping[int, int], value_minor: int) -> Mapping[int, int]:
    return {**counts, value_minor: counts.get(value_minor, 0) + 1}


def _session_opened(state: State, fact: facts.SessionOpened) -> State:
    session = Session(
        phase=state.session.phase,
        language=fact.language,
        session_id=fact.session_id,
        order_number=fact.order.order_number,
        order=fact.order,
        without_receipt=fact.without_receipt,
    )
    return replace(state, session=session, counters=replace(state.counters, sessions=state.counters.sessions + 1))


def _note_intended(state: State, fact: facts.NoteIntended) -> State:
    note = Note(fact.note_id, fact.session_id, fact.value_minor, fact.currency, Fate.INTENDED)
    transfer = Transfer(ledger.cash_box(fact.currency, fact.value_minor), ledger.buyer(fact.currency), fact.value_minor)
    state = replace(
        state,
        ledger=state.ledger.reserve(fact.note_id, transfer),
        intent=note,
        intent_commanded=False,
        intent_deadline_s=None,
        counters=replace(state.counters, notes=state.counters.notes + 1),
    )
    return _with_note(state, note)


def _resolve(state: State, note_id: str, fate: Fate) -> tuple[State, Note]:
    """Close the open intent. Raises LedgerError when it is not this note that is open."""
    if state.intent is None or state.intent.note_id != note_id:
        raise ledger.LedgerError(f"note {note_id} is not the intended one")
    note = replace(state.intent, fate=fate)
    books = state.ledger.resolve(note_id, posted=fate is Fate.STACKED)
    state = replace(state, ledger=books, intent=None, intent_commanded=False, intent_deadline_s=None)
    return _with_note(state, note), note


def _note_stacked(state: State, fact: facts.NoteStacked) -> State:
    state, note = _resolve(state, fact.note_id, Fate.STACKED)
    return replace(
        state, stacked=_bump(state.stacked, note.value_minor), last_stacked=(note.value_minor, note.currency)
    )


def _note_returned(state: State, fact: facts.NoteReturned) -> State:
    state, note = _resolve(state, fact.note_id, Fate.RETURNED)
    return replace(state, returned=_bump(state.returned, note.value_minor))


def _note_unresolved(state: State, fact: facts.NoteUnresolved) -> State:
    state, note = _resolve(state, fact.note_id, Fate.UNRESOLVED)
    books = state.ledger.post(
        Transfer(ledger.uncertain(note.currency), ledger.suspense(note.currency), note.value_minor)
    )
    return replace(state, ledger=books, unresolved=(*state.unresolved, note)[-NOTES_REMEMBERED_MAX:])


def _suspense_settled(state: State, fact: facts.SuspenseSettled) -> State:
    note = next(note for note in state.unresolved if note.note_id == fact.note_id)
    books = state.ledger.post(
        Transfer(ledger.suspense(note.currency), ledger.uncertain(note.currency), note.value_minor)
    )
    state = replace(state, unresolved=tuple(n for n in state.unresolved if n.note_id != fact.note_id))
    if not fact.stacked:
        state = replace(state, ledger=books, returned=_bump(state.returned, note.value_minor))
        return _with_note(state, replace(note, fate=Fate.RETURNED))
    same = state.session.session_id == note.session_id and state.session.phase in {Phase.CASH, Phase.CLOSING}
    owner = ledger.buyer(note.currency) if same else ledger.unallocated(note.currency)
    books = books.post(Transfer(ledger.cash_box(note.currency, note.value_minor), owner, note.value_minor))
    state = replace(state, ledger=books, stacked=_bump(state.stacked, note.value_minor))
    state = replace(state, last_stacked=(note.value_minor, note.currency))
    return _with_note(state, replace(note, fate=Fate.STACKED)) if same else state


def _note_handed_back(state: State, fact: facts.NoteHandedBack) -> State:
    return replace(state, returned=_bump(state.returned, fact.value_minor))


def _orphan_expected(state: State, _fact: facts.OrphanExpected) -> State:
    return replace(state, orphan_expected=True)


def _orphan_stacked(state: State, fact: facts.OrphanStacked) -> State:
    books = state.ledger.post(
        Transfer(ledger.cash_box(fact.currency, fact.value_minor), ledger.unallocated(fact.currency), fact.value_minor)
    )
    return replace(
        state,
        ledger=books,
        orphan_expected=False,
        stacked=_bump(state.stacked, fact.value_minor),
        last_stacked=(fact.value_minor, fact.currency),
    )


def _payment_captured(state: State, fact: facts.PaymentCaptured) -> State:
    books = state.ledger.post(Transfer(ledger.buyer(fact.currency), ledger.payable(fact.currency), fact.amount_minor))
    payment = Payment(
        fact.payment_id, fact.session_id, fact.amount_minor, fact.currency, fact.body, fact.captured_at_us
    )
    return replace(
        state,
        ledger=books,
        payments={**state.payments, fact.payment_id: payment},
        session=replace(state.session, payment_id=fact.payment_id),
    )


def _credit_unallocated(state: State, fact: CreditUnallocated) -> State:
    transfer = Transfer(ledger.buyer(fact.currency), ledger.unallocated(fact.currency), fact.amount_minor)
    state = replace(state, ledger=state.ledger.post(transfer))
    leftover = state.session.leftover_minor + fact.amount_minor
    return replace(state, session=replace(state.session, leftover_minor=leftover))


def _with_payment(till: State, payment: Payment) -> State:
    return replace(till, payments={**till.payments, payment.payment_id: payment})


def _payment_deferred(state: State, fact: facts.PaymentDeferred) -> State:
    payment = replace(
        state.payments[fact.payment_id],
        state=PayState.WAITING,
        attempt=fact.attempt,
        next_at_us=fact.next_at_us,
        in_flight=False,
    )
    return _with_payment(state, payment)


def _move_payable(state: State, payment_id: str, account: Callable[[str], str]) -> State:
    payment = state.payments[payment_id]
    transfer = Transfer(ledger.payable(payment.currency), account(payment.currency), payment.amount_minor)
    return replace(state, ledger=state.ledger.post(transfer))


def _payment_accepted(state: State, fact: facts.PaymentAccepted) -> State:
    state = _move_payable(state, fact.payment_id, ledger.settled)
    payment = replace(
        state.payments[fact.payment_id], state=PayState.ACCEPTED, reference=fact.reference, in_flight=False
    )
    return _with_payment(state, payment)


def _payment_refused(state: State, fact: facts.PaymentRefused) -> State:
    payment = state.payments[fact.payment_id]
    state = _move_payable(state, fact.payment_id, ledger.unallocated)
    if payment.session_id == state.session.session_id:
        leftover = state.session.leftover_minor + payment.amount_minor
        state = replace(state, session=replace(state.session, leftover_minor=leftover))
    return _with_payment(state, replace(payment, state=PayState.REFUSED, in_flight=False))


def _result_known(state: State, fact: facts.ResultKnown) -> State:
    return replace(state, session=replace(state.session, result=fact.kind))


def _slip_intended(state: State, fact: facts.SlipIntended) -> State:
    slip = Slip(fact.slip_id, fact.session_id, fact.number, fact.copy)
    session = state.session
    if session.session_id == fact.session_id:
        session = replace(session, slip_ids=(*session.slip_ids, fact.slip_id))
    return replace(
        state,
        slips={**state.slips, fact.slip_id: slip},
        session=session,
        counters=replace(state.counters, slips=max(state.counters.slips, fact.number)),
    )


def _slip_settled(state: State, fact: facts.SlipSettled) -> State:
    slip = replace(state.slips[fact.slip_id], outcome=fact.outcome, cause=fact.cause)
    return replace(state, slips={**state.slips, fact.slip_id: slip})


def _session_ended(state: State, _fact: facts.SessionEnded) -> State:
    """Forget what is finished: only open payments and unsettled slips outlive their session."""
    payments = {i: p for i, p in state.payments.items() if p.is_open}
    slips = {i: s for i, s in state.slips.items() if s.outcome is None}
    return replace(state, session=Session(phase=state.session.phase), payments=payments, slips=slips)


def _latched(state: State, fact: facts.AcceptanceLatched) -> State:
    return replace(state, latched=fact.reason)


def _resumed(state: State, _fact: facts.AcceptanceResumed) -> State:
    return replace(state, latched="")


def _in_session(**fields: str) -> Callable[[State, object], State]:
    """A fold that copies fields of the move (values) into fields of the session (keys)."""

    def apply(state: State, move: object) -> State:
        changes = {name: getattr(move, source) for name, source in fields.items()}
        return replace(state, session=replace(state.session, **changes))

    return apply


def _in_devices(**fields: str) -> Callable[[State, object], State]:
    def apply(state: State, move: object) -> State:
        changes = {name: getattr(move, source) for name, source in fields.items()}
        return replace(state, devices=replace(state.devices, **changes))

    return apply


def _lookup_started(state: State, move: moves.LookupStarted) -> State:
    session = replace(state.session, order_number=move.order_number, order=None, notice=None)
    return replace(state, session=session, devices=replace(state.devices, can_print=None))


def _stepped_back(state: State, move: moves.SteppedBack) -> State:
    session = replace(state.session, order=None, notice=move.notice)
    if state.session.phase is Phase.ENTRY:
        session = Session(phase=Phase.ENTRY, notice=move.notice)
    return replace(state, session=session)


def _cash_reopened(state: State, _move: moves.CashReopened) -> State:
    return replace(state, session=replace(state.session, cancelled=False, notice=None))


def _stack_commanded(state: State, _move: moves.StackCommanded) -> State:
    return replace(state, intent_commanded=True)


def _intent_deadline(state: State, move: moves.IntentDeadlineSet) -> State:
    return replace(state, intent_deadline_s=move.at_s)


def _acceptor_seen(state: State, move: moves.AcceptorSeen) -> State:
    devices = replace(state.devices, acceptor=move.condition, acceptor_fault=move.fault)
    if move.condition is AcceptorCondition.LOST:
        first_look = True
    else:
        first_look = state.first_look and move.condition not in {AcceptorCondition.DISABLED, AcceptorCondition.IDLE}
    return replace(state, devices=devices, first_look=first_look)


def _post_started(state: State, move: moves.PostStarted) -> State:
    return _with_payment(state, replace(state.payments[move.payment_id], in_flight=True))


def _slip_started(state: State, move: moves.SlipStarted) -> State:
    slip = replace(state.slips[move.slip_id], started=True)
    return replace(state, slips={**state.slips, move.slip_id: slip})


#: One small function per word; a fact or move without one changes the session's phase at most.
_APPLY: Mapping[type, Callable[..., State]] = {
    facts.SessionOpened: _session_opened,
    facts.NoteIntended: _note_intended,
    facts.NoteStacked: _note_stacked,
    facts.NoteReturned: _note_returned,
    facts.NoteUnresolved: _note_unresolved,
    facts.SuspenseSettled: _suspense_settled,
    facts.NoteHandedBack: _note_handed_back,
    facts.OrphanExpected: _orphan_expected,
    facts.OrphanStacked: _orphan_stacked,
    facts.PaymentCaptured: _payment_captured,
    facts.CreditUnallocated: _credit_unallocated,
    facts.PaymentDeferred: _payment_deferred,
    facts.PaymentAccepted: _payment_accepted,
    facts.PaymentRefused: _payment_refused,
    facts.ResultKnown: _result_known,
    facts.SlipIntended: _slip_intended,
    facts.SlipSettled: _slip_settled,
    facts.SessionEnded: _session_ended,
    facts.AcceptanceLatched: _latched,
    facts.AcceptanceResumed: _resumed,
    moves.LanguageChosen: _in_session(language="language"),
    moves.LookupStarted: _lookup_started,
    moves.OrderLearnt: _in_session(order="order"),
    moves.SteppedBack: _stepped_back,
    moves.CashFreezing: _in_session(cancelled="cancelled"),
    moves.CashReopened: _cash_reopened,
    moves.DeadlineSet: _in_session(deadline_s="at_s"),
    moves.StackCommanded: _stack_commanded,
    moves.IntentDeadlineSet: _intent_deadline,
    moves.AcceptorSeen: _acceptor_seen,
    moves.HeadNoteSeen: _in_devices(head_note_expected="expected"),
    moves.TroubleSeen: _in_session(trouble="trouble"),
    moves.PrinterSeen: _in_devices(can_print="can_print"),
    moves.NetworkSeen: _in_devices(network_up="up"),
    moves.PostStarted: _post_started,
    moves.SlipStarted: _slip_started,
}
