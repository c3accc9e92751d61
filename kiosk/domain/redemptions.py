"""Paying with a code: a whole quote out of money that stayed behind earlier. No cash moves by it, here or later.

Answers for: that what is offered is covered, that a redemption is on disk before its first byte is sent and goes out under one id
until the aggregator's final word, what the buyer is told. Does not answer for: what a code stands for (`code_lookup`), when it is
sent (`advance` has one outbox), our books: what was kept here moves when a register says that it was paid out (`registers`).
"""

from dataclasses import replace

from kiosk.domain import events, lately, moves, totals
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.events import PostResult
from kiosk.domain.facts import Order, ResultKind, ResultKnown
from kiosk.domain.held_codes import HeldCode
from kiosk.domain.hindsight import FINAL
from kiosk.domain.moves import Notice
from kiosk.domain.overpay import is_payable
from kiosk.domain.redemption_facts import (
    RedemptionAccepted,
    RedemptionCaptured,
    RedemptionDeferred,
    RedemptionRefused,
    Sealed,
)
from kiosk.domain.retrying import known_us, next_at_us
from kiosk.domain.rules import Now, RedemptionToFreeze, Rules, new_id
from kiosk.domain.session import Phase, Session
from kiosk.domain.state import PayState, Redemption, State

# --- the offer ------------------------------------------------------------------------------------------------------


def shortfall(code: HeldCode, order: Order) -> Notice | None:
    """Why a code cannot pay an order; None when it can."""
    if code.currency != order.currency:
        return Notice.CODE_OTHER_CURRENCY
    return Notice.CODE_TOO_SMALL if code.open_minor < order.amount_minor else None


def offered(c: Context, order: Order, details: tuple[tuple[str, str], ...]) -> Decision:
    """A quote to a buyer who holds a code: one that does not cover it may still be dropped, if notes can pay instead."""
    code = c.state.session.code
    assert code is not None
    notice = shortfall(code, order)
    if notice and not is_payable(order, c.rules):
        return happened(moves.NetworkSeen(up=True), moves.SteppedBack(notice))
    return happened(moves.NetworkSeen(up=True), moves.OrderLearnt(order, details, notice))


def dropped(c: Context, _e: events.CodeDropTapped) -> Decision:
    """Cash after all, if the offer on the screen can be paid so."""
    session = c.state.session
    if session.code is None or session.phase not in {Phase.ENTRY, Phase.OFFER}:
        return NOTHING
    if session.phase is Phase.OFFER and session.order and not is_payable(session.order, c.rules):
        return happened(moves.CodeDropped(), moves.SteppedBack(Notice.NOT_PAYABLE_HERE))
    return happened(moves.CodeDropped())


def confirmed(c: Context, order: Order, *, without_receipt: bool) -> Decision:
    """The buyer pays with their code: it is captured, and everything about it is frozen."""
    session, serial = c.state.session, c.state.counters.sessions + 1
    code = session.code
    assert code is not None
    if shortfall(code, order) or not c.rules.codes:
        return NOTHING
    redemption_id = new_id(c.rules.terminal_number, c.now.utc_us, serial)
    body = c.rules.freeze_redemption(RedemptionToFreeze(redemption_id, code.code, order))
    captured = RedemptionCaptured(
        redemption_id,
        f"{c.rules.terminal_number}-{serial:06d}",
        session.language,
        replace(order, open_amount=False, max_minor=0),
        without_receipt,
        c.rules.gateway,
        code.open_minor,
        c.now.utc_us,
        Sealed(code.code, body, session.particulars),
    )
    return happened(captured)


# --- the answer -----------------------------------------------------------------------------------------------------


def answered(c: Context, e: events.RedemptionAnswered) -> Decision:
    """Only the aggregator's final word ends it; a word that comes twice changes nothing."""
    redemption = c.state.redemptions.get(e.redemption_id)
    if redemption is None or not redemption.is_open:
        return NOTHING
    if e.result is PostResult.ACCEPTED:
        accepted = RedemptionAccepted(e.redemption_id, e.detail, e.left_minor, known_us(c))
        return happened(moves.NetworkSeen(up=True), accepted)
    if e.result is PostResult.REFUSED:
        refused = RedemptionRefused(e.redemption_id, e.detail, e.reason, known_us(c))
        return happened(moves.NetworkSeen(up=True), refused)
    attempt = redemption.attempt + 1
    deferred = RedemptionDeferred(e.redemption_id, attempt, e.detail, next_at_us(c, attempt, e.not_before_s))
    if e.result is PostResult.NOT_SENT:
        return happened(deferred, moves.NetworkSeen(up=False))
    return happened(deferred)


def result(state: State, now: Now, _rules: Rules) -> Decision:
    """What the buyer at the screen is told: the final word, or that it will be paid later."""
    session, redemption = state.session, state.redemption
    if session.phase is not Phase.PAYING or redemption is None:
        return NOTHING
    kind = FINAL.get(redemption.state)
    if kind is None and session.deadline_s is not None and now.mono_s >= session.deadline_s:
        kind = ResultKind.ACCEPTED_FOR_LATER
    return happened(ResultKnown(session.session_id, kind)) if kind else NOTHING


def left_minor(redemption: Redemption) -> int:
    """What is under the code after it: as told once it was accepted, as before when it was refused, else as it will be."""
    after = {PayState.ACCEPTED: redemption.left_minor, PayState.REFUSED: redemption.open_minor}
    return after.get(redemption.state, redemption.open_minor - redemption.amount_minor)


# --- what facts and moves change ------------------------------------------------------------------------------------


def captured(state: State, fact: RedemptionCaptured) -> State:
    """The visit as it stands from here on; a restart finds it so."""
    order, sealed = fact.order, fact.sealed
    session = Session(
        phase=state.session.phase,
        language=fact.language,
        session_id=fact.session_id,
        order_number=order.order_number,
        service_id=order.service_id,
        particulars=sealed.particulars,
        order=order,
        without_receipt=fact.without_receipt,
        payment_id=fact.redemption_id,
        code=HeldCode(sealed.code, fact.open_minor, order.currency),
    )
    redemption = Redemption(
        fact.redemption_id,
        fact.session_id,
        order.amount_minor,
        order.currency,
        fact.gateway,
        sealed.body,
        fact.captured_at_us,
        fact.open_minor,
    )
    counters = replace(state.counters, sessions=state.counters.sessions + 1)
    counted = totals.plus(state.totals, "code_payments")
    state = replace(state, session=session, counters=counters, totals=counted)
    return lately.paid_for(_with(state, redemption), order.service_id)


def deferred(state: State, fact: RedemptionDeferred) -> State:
    """It goes again."""
    waiting = replace(
        state.redemptions[fact.redemption_id],
        state=PayState.WAITING,
        attempt=fact.attempt,
        next_at_us=fact.next_at_us,
        in_flight=False,
        woken=False,
    )
    return _with(state, waiting)


def accepted(state: State, fact: RedemptionAccepted) -> State:
    """The payee has it."""
    redemption = state.redemptions[fact.redemption_id]
    counted = totals.plus(state.totals, f"by_code:{redemption.currency}", redemption.amount_minor)
    final = replace(
        redemption, state=PayState.ACCEPTED, reference=fact.reference, left_minor=fact.left_minor, in_flight=False
    )
    return _with(replace(state, totals=counted), final)


def refused(state: State, fact: RedemptionRefused) -> State:
    """Nothing was taken."""
    redemption = state.redemptions[fact.redemption_id]
    return _with(state, replace(redemption, state=PayState.REFUSED, in_flight=False))


def started(state: State, move: moves.RedemptionStarted) -> State:
    """One request under way."""
    return _with(state, replace(state.redemptions[move.redemption_id], in_flight=True))


def _with(state: State, redemption: Redemption) -> State:
    return replace(state, redemptions={**state.redemptions, redemption.redemption_id: redemption})
