"""advance(state, now, rules): what follows from the state alone, one step at a time, until nothing more does.

It runs after every event and at boot, so a session cut anywhere is finished by the same rules that would have finished
it without the cut. The first rule that has something to say speaks; the caller records, folds and asks again.
"""

from collections.abc import Callable
from typing import cast, get_args

from kiosk.domain import facts, moves, orders
from kiosk.domain.decide import NOTHING, Decision, phase_seconds
from kiosk.domain.facts import Fact, ResultKind, SlipOutcome, UnallocatedReason
from kiosk.domain.moves import AcceptorCondition, Move, Notice
from kiosk.domain.rules import EPOCH_2020_S, MICROSECONDS, Now, Rules, ToFreeze
from kiosk.domain.session import Fate, Phase
from kiosk.domain.state import PayState, State

CLOSE_BEFORE_EXPIRY_US = 5 * MICROSECONDS  #: cash ends this long before the quote does
STEPS_MAX = 64  #: rules that follow each other for ever are a programming fault


def advance(state: State, now: Now, rules: Rules) -> Decision:
    """The next step, or NOTHING when all is said for this moment."""
    for rule in RULES:
        decision = rule(state, now, rules)
        if decision is not NOTHING:
            return decision
    return NOTHING


def acceptable_minor(state: State, rules: Rules) -> frozenset[int]:
    """Which note values the acceptor should take right now: none unless a session that is on disk wants cash."""
    ready = state.session.phase is Phase.CASH and not state.latched
    return rules.denominations_minor if ready else frozenset()


def fitting_minor(state: State, rules: Rules) -> tuple[int, ...]:
    """Note values that would be kept now, ascending: what the screen may promise."""
    session = state.session
    room = min(
        rules.session_limit_minor - session.inserted_minor,
        session.due_minor + rules.leftover_limit_minor - session.inserted_minor,
    )
    return tuple(sorted(value for value in rules.denominations_minor if value <= room))


def next_wake_s(state: State, now: Now) -> float | None:
    """Monotonic second at which something becomes due by itself, or None."""
    due = [deadline for deadline in (state.session.deadline_s, state.intent_deadline_s) if deadline is not None]
    waiting = (payment for payment in state.payments.values() if payment.is_open and not payment.in_flight)
    due.extend(now.mono_s + max(0, payment.next_at_us - now.utc_us) / MICROSECONDS for payment in waiting)
    return min(due, default=None)


def _is_due(deadline_s: float | None, now: Now) -> bool:
    return deadline_s is not None and now.mono_s >= deadline_s


def _interrupted_slip(state: State, _now: Now, _rules: Rules) -> Decision:
    """A slip that an earlier life sent: nobody saw it come out, nobody may claim it did."""
    for slip in state.slips.values():
        if slip.outcome is None and not slip.started:
            return Decision((facts.SlipSettled(slip.slip_id, SlipOutcome.UNKNOWN, "interrupted"),))
    return NOTHING


def _intent_clock(state: State, now: Now, rules: Rules) -> Decision:
    intent = state.intent
    if intent is None:
        return NOTHING
    if state.intent_deadline_s is None:
        return Decision((moves.IntentDeadlineSet(now.mono_s + rules.intent_wait_s),))
    if not _is_due(state.intent_deadline_s, now):
        return NOTHING
    unresolved = facts.NoteUnresolved(intent.note_id, "no word from the acceptor")
    return Decision((unresolved, facts.AcceptanceLatched("a note's place is unknown")))


def _phase_clock(state: State, now: Now, rules: Rules) -> Decision:
    seconds = phase_seconds(state, rules)
    if state.session.deadline_s is not None or seconds is None:
        return NOTHING
    return Decision((moves.DeadlineSet(now.mono_s + seconds),))


def _offer(state: State, _now: Now, _rules: Rules) -> Decision:
    session = state.session
    ready = session.phase is Phase.CHECKING and session.order and state.devices.can_print is not None
    return Decision((moves.OfferMade(),)) if ready else NOTHING


def _walked_away(state: State, now: Now, _rules: Rules) -> Decision:
    if not _is_due(state.session.deadline_s, now):
        return NOTHING
    if state.session.phase in {Phase.ENTRY, Phase.CHECKING, Phase.OFFER}:
        return Decision((moves.SteppedBack(Notice.TIMED_OUT if state.session.phase is Phase.ENTRY else None),))
    return NOTHING


def _enough(state: State, now: Now, _rules: Rules) -> Decision:
    """Stop taking notes: paid in full, silence, or the quote runs out. Silence with money in means settle."""
    session = state.session
    if session.phase is not Phase.CASH or session.order is None:
        return NOTHING
    expired = now.utc_us >= session.order.expires_at_us - CLOSE_BEFORE_EXPIRY_US
    if session.inserted_minor >= session.due_minor or expired or _is_due(session.deadline_s, now):
        return Decision((moves.CashFreezing(cancelled=not session.inserted_minor),))
    return NOTHING


AT_REST = frozenset({AcceptorCondition.DISABLED, AcceptorCondition.LOST, AcceptorCondition.FAULT})


def _total_final(state: State, now: Now, rules: Rules) -> Decision:
    """No open intent and the acceptor at rest (or silent for too long: without our STACK it keeps nothing)."""
    session = state.session
    at_rest = state.devices.acceptor in AT_REST or _is_due(session.deadline_s, now)
    if session.phase is not Phase.CLOSING or state.intent or not at_rest or session.order is None:
        return NOTHING
    inserted = session.inserted_minor
    if session.cancelled and inserted and not state.latched:
        return Decision((moves.CashReopened(),))
    closed = facts.CashClosed(session.session_id, inserted)
    if inserted >= session.due_minor:
        return Decision((closed, *_capture(state, now, rules)))
    return Decision((closed, *_not_paid(state)))


def _capture(state: State, now: Now, rules: Rules) -> tuple[Fact, ...]:
    session, order = state.session, state.session.order
    assert order is not None
    payment_id = new_payment_id(state, now, rules)
    counts: dict[int, int] = {}
    for note in session.notes:
        if note.fate is Fate.STACKED:
            counts[note.value_minor] = counts.get(note.value_minor, 0) + 1
    cash = tuple(sorted(counts.items()))
    frozen = ToFreeze(payment_id, order, cash, now.utc_us, now.journal_seq, now.journal_head)
    captured = facts.PaymentCaptured(
        payment_id,
        session.session_id,
        order.amount_minor,
        order.currency,
        rules.gateway,
        rules.freeze(frozen),
        now.utc_us,
    )
    leftover = session.inserted_minor - order.amount_minor
    return (captured, *_unallocated(state, leftover, UnallocatedReason.LEFTOVER))


def new_payment_id(state: State, now: Now, rules: Rules) -> str:
    """18 digits: terminal (4), seconds since 2020 (9), session count (5): unique even if the clock steps back."""
    seconds = max(0, now.utc_us // MICROSECONDS - EPOCH_2020_S) % 10**9
    return f"{rules.terminal_number}{seconds:09d}{state.counters.sessions % 10**5:05d}"


def _not_paid(state: State) -> tuple[Fact, ...]:
    session = state.session
    if session.inserted_minor:
        kept = _unallocated(state, session.inserted_minor, UnallocatedReason.NOT_ENOUGH)
        return (*kept, facts.ResultKnown(session.session_id, ResultKind.NOT_ENOUGH))
    if session.under_review_minor:
        return (facts.ResultKnown(session.session_id, ResultKind.NOTE_UNDER_REVIEW),)
    return (facts.SessionEnded(session.session_id),)


def _unallocated(state: State, amount_minor: int, reason: UnallocatedReason) -> tuple[Fact, ...]:
    if not amount_minor:
        return ()
    session = state.session
    assert session.order is not None
    return (facts.CreditUnallocated(session.session_id, amount_minor, session.order.currency, reason),)


def _outbox(state: State, now: Now, rules: Rules) -> Decision:
    """Send what is due. A `next_at` past now + cap comes from a clock that was wrong and is due at once."""
    for payment in state.payments.values():
        if not payment.is_open or payment.in_flight:
            continue
        wrong_clock = payment.next_at_us > now.utc_us + int(rules.outbox_cap_s * MICROSECONDS)
        if payment.next_at_us <= now.utc_us or wrong_clock:
            return Decision((moves.PostStarted(payment.payment_id),), (orders.PostPayment(payment.payment_id),))
    return NOTHING


def _result(state: State, now: Now, _rules: Rules) -> Decision:
    session, payment = state.session, state.payment
    if session.phase is not Phase.PAYING or payment is None:
        return NOTHING
    if payment.state is PayState.ACCEPTED:
        return Decision((facts.ResultKnown(session.session_id, ResultKind.ACCEPTED),))
    if payment.state is PayState.REFUSED:
        return Decision((facts.ResultKnown(session.session_id, ResultKind.REFUSED),))
    if _is_due(session.deadline_s, now):
        return Decision((facts.ResultKnown(session.session_id, ResultKind.ACCEPTED_FOR_LATER),))
    return NOTHING


def _slip(state: State, _now: Now, _rules: Rules) -> Decision:
    """One original per session; a marked copy once if nobody knows whether the original came out."""
    session = state.session
    if session.phase is not Phase.DONE or session.without_receipt:
        return NOTHING
    slips = [state.slips[slip_id] for slip_id in session.slip_ids if slip_id in state.slips]
    lost = len(slips) == 1 and slips[0].outcome is SlipOutcome.UNKNOWN and slips[0].cause == "interrupted"
    if slips and not lost:
        return NOTHING
    number = state.counters.slips + 1
    slip_id = f"{session.session_id}-{'c' if slips else 'o'}"
    intended = facts.SlipIntended(slip_id, session.session_id, number, copy=bool(slips))
    return Decision((intended, moves.SlipStarted(slip_id)), (orders.PrintSlip(slip_id),))


def _good_bye(state: State, now: Now, _rules: Rules) -> Decision:
    session = state.session
    printing = any(state.slips[s].outcome is None for s in session.slip_ids if s in state.slips)
    if session.phase is not Phase.DONE or printing or not _is_due(session.deadline_s, now):
        return NOTHING
    return Decision((facts.SessionEnded(session.session_id),))


#: In this order: settle what an earlier life left, start clocks, then move the session and the outbox.
RULES: tuple[Callable[[State, Now, Rules], Decision], ...] = (
    _interrupted_slip,
    _intent_clock,
    _offer,
    _enough,
    _total_final,
    _result,
    _slip,
    _outbox,
    _walked_away,
    _good_bye,
    _phase_clock,
)


FACT_TYPES: frozenset[type] = frozenset(get_args(Fact))


def without_moves(happened: tuple[Fact | Move, ...]) -> tuple[Fact, ...]:
    """What of a decision goes to disk."""
    return cast("tuple[Fact, ...]", tuple(item for item in happened if type(item) in FACT_TYPES))
