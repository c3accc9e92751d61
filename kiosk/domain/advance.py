"""advance(state, now, rules): what follows from the state alone, one step at a time, until nothing more does.

It runs after every event and at boot, so a session cut anywhere is finished by the same rules that would have finished
it without the cut. The first rule that has something to say speaks; the caller records, folds and asks again.
"""

from collections.abc import Callable
from typing import cast, get_args

from kiosk.domain import (
    codes,
    collecting,
    facts,
    moves,
    orders,
    paper,
    patience,
    redemptions,
    registers,
    remote_orders,
    sign_in,
    staff,
)
from kiosk.domain.decide import phase_seconds, why_closed
from kiosk.domain.decision import NOTHING, Decision
from kiosk.domain.facts import Fact, ReportKind, ResultKind, SlipOutcome
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.moves import AcceptorCondition, Move, Notice
from kiosk.domain.overpay import credited_minor, fits, is_full
from kiosk.domain.rules import MICROSECONDS, ClaimToFreeze, Now, Rules, ToFreeze, new_id
from kiosk.domain.session import Fate, Phase, Slip
from kiosk.domain.state import Claim, Payment, PayState, Redemption, Report, State, is_at_rest

STEPS_MAX = 64  #: rules that follow each other for ever are a programming fault
IN_FLIGHT_MAX = 8  #: requests to the aggregator at once; one per id
DAY_US = 86_400 * MICROSECONDS
COPY_WITHIN_US = (
    120 * MICROSECONDS
)  #: a slip that was cut is copied while its buyer may still be there; later it lies about


def advance(state: State, now: Now, rules: Rules) -> Decision:
    """The next step, or NOTHING when all is said for this moment."""
    for rule in RULES:
        decision = rule(state, now, rules)
        if decision is not NOTHING:
            return decision
    return NOTHING


def acceptable_minor(state: State, rules: Rules) -> frozenset[int]:
    """Which note values the acceptor should take right now: none unless a session that is on disk wants cash."""
    wanted = state.session.phase in {Phase.CASH, Phase.NOTE_TEST}
    stopped = state.latched or collecting.why_no_note(state)
    ready = wanted and not stopped and state.devices.has_room is not False
    return rules.denominations_minor if ready else frozenset()


def fitting_minor(state: State, rules: Rules) -> tuple[int, ...]:
    """Note values that would be kept now, ascending: what the screen may promise."""
    session = state.session
    if session.order is None:
        return ()
    values = sorted(rules.denominations_minor)
    return tuple(value for value in values if fits(session.order, session.inserted_minor, value, rules))


def next_wake_s(state: State, now: Now) -> float | None:
    """Monotonic second at which something becomes due by itself, or None."""
    door_s = state.door.until_s if state.door.state else None
    due = [at_s for at_s in (state.session.deadline_s, state.intent_deadline_s, door_s) if at_s is not None]
    if state.devices.network_up is not False and _in_flight(state) < IN_FLIGHT_MAX:
        waiting = (posting.next_at_us for posting in state.outbox if not posting.in_flight)
        due.extend(now.mono_s + max(0, next_at_us - now.utc_us) / MICROSECONDS for next_at_us in waiting)
    return min(due, default=None)


def _in_flight(state: State) -> int:
    return sum(posting.in_flight for posting in state.outbox)


def _is_due(deadline_s: float | None, now: Now) -> bool:
    return deadline_s is not None and now.mono_s >= deadline_s


def _interrupted_slip(state: State, _now: Now, _rules: Rules) -> Decision:
    """A slip that an earlier life sent: nobody saw it come out, nobody may claim it did."""
    for slip in state.slips.values():
        if slip.outcome is None and not slip.started:
            return Decision((facts.SlipSettled(slip.slip_id, SlipOutcome.UNKNOWN, paper.INTERRUPTED),))
    return NOTHING


def _intent_clock(state: State, now: Now, rules: Rules) -> Decision:
    intent = state.intent
    if intent is None:
        return NOTHING
    if state.intent_deadline_s is None:
        return Decision((moves.IntentDeadlineSet(now.mono_s + rules.intent_wait_s),))
    if not _is_due(state.intent_deadline_s, now):
        return NOTHING
    unresolved = facts.NoteUnresolved(intent.note_id, "no word from the acceptor", now.utc_us)
    return Decision((unresolved, facts.AcceptanceLatched("a note's place is unknown")))


def _phase_clock(state: State, now: Now, rules: Rules) -> Decision:
    seconds = phase_seconds(state, rules)
    if state.session.deadline_s is not None or seconds is None:
        return NOTHING
    return Decision((patience.deadline(state, seconds, now),))


def _rested(state: State, _now: Now, _rules: Rules) -> Decision:
    """Told, heard and over: from now on the same value means another note, also after a restart."""
    resting = state.devices.acceptor in {AcceptorCondition.DISABLED, AcceptorCondition.IDLE}
    over = (state.last_stacked is not None or state.handed_back) and resting and state.intent is None
    return Decision((facts.AcceptorRested(),)) if over else NOTHING


def _offer(state: State, _now: Now, _rules: Rules) -> Decision:
    session = state.session
    ready = session.phase is Phase.CHECKING and session.order and state.devices.can_print is not None
    return Decision((moves.OfferMade(),)) if ready else NOTHING


def _walked_away(state: State, now: Now, _rules: Rules) -> Decision:
    if not _is_due(state.session.deadline_s, now):
        return NOTHING
    if state.session.phase in {Phase.ENTRY, Phase.CHECKING, Phase.FOUND, Phase.OFFER}:
        return Decision((moves.SteppedBack(Notice.TIMED_OUT if state.session.phase is Phase.ENTRY else None),))
    if state.session.phase is Phase.WELCOME:
        return Decision((moves.PaceChosen(unhurried=False),))
    return NOTHING


def _enough(state: State, now: Now, rules: Rules) -> Decision:
    """Stop taking notes: nothing more is wanted, silence, the quote runs out, the box is gone. Silence with money in means
    settle.
    """
    session = state.session
    if session.phase is not Phase.CASH or session.order is None:
        return NOTHING
    expired = now.utc_us >= session.order.expires_at_us - patience.CLOSE_BEFORE_EXPIRY_US
    over = expired or _is_due(session.deadline_s, now) or bool(collecting.why_no_note(state))
    if is_full(session.order, session.inserted_minor, rules) or over:
        return Decision((moves.CashFreezing(cancelled=not session.inserted_minor),))
    return NOTHING


def _paper_gone(state: State, _now: Now, _rules: Rules) -> Decision:
    """The printer gave up after the buyer agreed to the offer and before any cash was in: they are asked again."""
    session = state.session
    untouched = not (session.inserted_minor or session.under_review_minor or state.intent)
    if session.phase is not Phase.CASH or session.without_receipt or state.devices.can_print is not False:
        return NOTHING
    return Decision((moves.CashFreezing(cancelled=True, offer_again=True),)) if untouched else NOTHING


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
    return Decision((closed, *_not_paid(state), *_asked_again(state, now)))


def _capture(state: State, now: Now, rules: Rules) -> tuple[Fact, ...]:
    session, order = state.session, state.session.order
    assert order is not None
    amount = credited_minor(order, session.inserted_minor)
    payment_id = new_id(rules.terminal_number, now.utc_us, state.counters.sessions)
    counts: dict[int, int] = {}
    for note in session.notes:
        if note.fate is Fate.STACKED:
            counts[note.value_minor] = counts.get(note.value_minor, 0) + 1
    cash = tuple(sorted(counts.items()))
    frozen = ToFreeze(
        payment_id,
        order,
        amount,
        cash,
        now.utc_us,
        now.journal_seq,
        now.journal_head,
        session.particulars.fields,
    )
    captured = facts.PaymentCaptured(
        payment_id,
        session.session_id,
        amount,
        order.currency,
        rules.gateway,
        now.utc_us,
        rules.freeze(frozen),
    )
    return (captured, *_unallocated(state, session.inserted_minor - amount, UnallocatedReason.LEFTOVER))


def _not_paid(state: State) -> tuple[Fact, ...]:
    session = state.session
    if session.inserted_minor:
        kept = _unallocated(state, session.inserted_minor, UnallocatedReason.NOT_ENOUGH)
        return (*kept, facts.ResultKnown(session.session_id, ResultKind.NOT_ENOUGH))
    if session.under_review_minor:
        return (facts.ResultKnown(session.session_id, ResultKind.NOTE_UNDER_REVIEW),)
    return (facts.SessionEnded(session.session_id),)


def _asked_again(state: State, now: Now) -> tuple[Move, ...]:
    """The same offer, if it can still be taken up."""
    session, order = state.session, state.session.order
    assert order is not None
    nothing_in = not session.inserted_minor and not session.under_review_minor
    lasts = order.expires_at_us > now.utc_us and not why_closed(state)
    again = session.offer_again and nothing_in and lasts
    return (moves.OfferedAgain(session.language, order, session.particulars, session.unhurried),) if again else ()


def _unallocated(state: State, amount_minor: int, reason: UnallocatedReason) -> tuple[Fact, ...]:
    if not amount_minor:
        return ()
    session = state.session
    assert session.order is not None
    return (facts.CreditUnallocated(session.session_id, amount_minor, session.order.currency, reason),)


def _outbox(state: State, now: Now, rules: Rules) -> Decision:
    """Send what is due, oldest first, several ids at once. While the line is known to be down nothing is tried: its coming
    back wakes everything.
    """
    if state.devices.network_up is False or _in_flight(state) >= IN_FLIGHT_MAX:
        return NOTHING
    for posting in state.outbox:
        if posting.in_flight or not _is_time(posting.next_at_us, posting.woken, now, rules):
            continue
        return _sent(posting)
    return NOTHING


def _sent(posting: Payment | Redemption | Report) -> Decision:
    match posting:
        case Payment(payment_id=name):
            return Decision((moves.PostStarted(name),), (orders.PostPayment(name),))
        case Redemption(redemption_id=name):
            return Decision((moves.RedemptionStarted(name),), (orders.PostRedemption(name),))
        case Report(report_id=name):
            return Decision((moves.ReportStarted(name),), (orders.PostReport(name),))


def _is_time(next_at_us: int, woken: bool, now: Now, rules: Rules) -> bool:
    """A `next_at` past now + cap comes from a clock that was wrong and is due at once."""
    wrong_clock = next_at_us > now.utc_us + int(rules.outbox_cap_s * MICROSECONDS)
    return woken or wrong_clock or next_at_us <= now.utc_us


def _claim(state: State, now: Now, rules: Rules) -> Decision:
    """Whatever is kept for somebody is made known to the aggregator, which alone pays it out."""
    if not state.unreported or ReportKind.CLAIM not in rules.reports:
        return NOTHING
    claim = state.claims[state.unreported[0]]
    body = rules.freeze_claim(claim_to_freeze(claim, state.public_key, now, rules))
    return Decision((facts.ReportQueued(claim.claim_id, ReportKind.CLAIM, body),))


def claim_to_freeze(claim: Claim, public_key: str, now: Now, rules: Rules) -> ClaimToFreeze:
    """The claim with its code and the till's signed word for it."""
    code = claim_code(claim.session_id, rules)
    issued_s = now.utc_us // MICROSECONDS
    statement = codes.statement(code, claim.amount_minor, claim.currency, issued_s, rules.sign)
    return ClaimToFreeze(claim.claim_id, code, claim.reason, claim.amount_minor, claim.currency, statement, public_key)


def has_claim(state: State) -> bool:
    """Whether some of the visit's money is neither with the payee nor with the buyer, who so needs its code. A visit that is paid
    with another's code has no money of its own.
    """
    session = state.session
    if state.redemption is not None:
        return False
    settled = session.result not in {None, ResultKind.ACCEPTED_FOR_LATER}
    over = settled and not session.left_minor and not session.under_review_minor
    return bool(session.session_id) and not over


def claim_code(session_id: str, rules: Rules) -> str:
    """The code of a visit, the same whenever it is asked for."""
    return codes.of_visit(session_id, rules.sign)


def _erase(state: State, now: Now, rules: Rules) -> Decision:
    """Once a day, when the clock is known to be right: what is personal and old goes, except what is still open."""
    before_us = now.utc_us - int(rules.keep_personal_s * MICROSECONDS)
    due = before_us >= state.erased_before_us + DAY_US
    if not due or not state.devices.clock_trusted or not is_at_rest(state):
        return NOTHING
    return Decision((facts.PersonalErased(before_us, state.open_ids),))


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


def _slip(state: State, now: Now, rules: Rules) -> Decision:
    """One original per visit. A buyer who agreed to no paper gets the receipt on the screen, and paper all the same once the
    printer can. If nobody knows whether the original came out because power went meanwhile, one copy follows, marked as such,
    if it follows at once: later it would lie there for anybody.
    """
    session, slips = state.session, paper.slips_of(state)
    if session.phase is not Phase.DONE:
        return NOTHING
    if not slips and (not session.without_receipt or state.devices.can_print):
        return _printed(paper.original(state, now, rules))
    if not slips and session.shown is None:
        return Decision((paper.shown(state, now, rules),))
    return _printed(paper.copy(state, state, now, rules)) if _was_cut_just_now(slips, now) else NOTHING


def _printed(intended: facts.SlipIntended) -> Decision:
    return Decision((intended, moves.SlipStarted(intended.slip_id)), (orders.PrintSlip(intended.slip_id),))


def _was_cut_just_now(slips: tuple[Slip, ...], now: Now) -> bool:
    cut = len(slips) == 1 and slips[0].outcome is SlipOutcome.UNKNOWN and slips[0].cause == paper.INTERRUPTED
    return cut and 0 <= now.utc_us - slips[0].at_us <= COPY_WITHIN_US


def _good_bye(state: State, now: Now, _rules: Rules) -> Decision:
    session = state.session
    printing = any(slip.outcome is None for slip in paper.slips_of(state))
    if session.phase is not Phase.DONE or printing or not _is_due(session.deadline_s, now):
        return NOTHING
    return Decision((facts.SessionEnded(session.session_id),))


#: In this order: settle what an earlier life left, start clocks, then move the session and the outbox.
RULES: tuple[Callable[[State, Now, Rules], Decision], ...] = (
    _interrupted_slip,
    _intent_clock,
    _rested,
    *collecting.RULES,
    _offer,
    _paper_gone,
    _enough,
    _total_final,
    _result,
    redemptions.result,
    _slip,
    _claim,
    _outbox,
    _walked_away,
    _good_bye,
    staff.note_test_over,
    staff.left_alone,
    sign_in.forgotten,
    _erase,
    remote_orders.obey,
    registers.wanted,
    _phase_clock,
)


FACT_TYPES: frozenset[type] = frozenset(get_args(Fact))


def without_moves(happened: tuple[Fact | Move, ...]) -> tuple[Fact, ...]:
    """What of a decision goes to disk."""
    return cast("tuple[Fact, ...]", tuple(item for item in happened if type(item) in FACT_TYPES))
