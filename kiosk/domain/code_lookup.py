"""What a code on a slip stands for: our own journal and the aggregator together, for whoever has the slip in hand.

Answers for: that a mistyped code costs nobody a question, that codes cannot be tried out in number, what the buyer may be told,
and whether it can be paid with. Does not answer for: reading the journal and asking (the till), paying (`redemptions`).
Our own visits are told of even without a network; what can be paid with is the aggregator's word alone.
"""

from dataclasses import replace

from kiosk.domain import codes, events, moves, orders
from kiosk.domain.codes import CodeError
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.held_codes import CodeTold, CodeWord, Found, HeldCode, Whereabouts
from kiosk.domain.moves import Move, Notice
from kiosk.domain.paper import first_receipt
from kiosk.domain.rules import Rules
from kiosk.domain.session import Phase
from kiosk.domain.state import PayState, State

MINUTE_S = 60.0


def is_ours(code: codes.ClaimCode, rules: Rules) -> bool:
    """Whether this kiosk, with the key it has now, minted the code: nobody else can know one that it has not printed."""
    if code.terminal_number != rules.terminal_number or not code.serial:
        return False
    return codes.mint(code.terminal_number, code.serial, rules.sign) == code.text


# --- asking ---------------------------------------------------------------------------------------------------------


def asked(c: Context, text: str) -> Decision:
    """From ENTRY. A code whose check characters are wrong is nobody's: nobody is asked, and nothing is counted."""
    try:
        code = codes.parse(text)
    except CodeError:
        return happened(moves.CodeLookupStarted(""), moves.SteppedBack(Notice.CODE_MISTYPED))
    if len(_tries(c)) >= c.rules.code_tries_per_minute:
        return happened(moves.CodeLookupStarted(""), moves.SteppedBack(Notice.CODE_TOO_OFTEN))
    started = (moves.CodeLookupStarted(code.text), moves.CodeTried(c.now.mono_s))
    return Decision(started, (orders.LookUpCode(code.text, ours=is_ours(code, c.rules)),))


def _tries(c: Context) -> tuple[float, ...]:
    return tuple(at_s for at_s in c.state.devices.code_tries_s if at_s > c.now.mono_s - MINUTE_S)


# --- the answer -----------------------------------------------------------------------------------------------------


def answered(c: Context, e: events.CodeLookedUp) -> Decision:
    """What was found, or why nothing was; an answer about an earlier try comes too late."""
    session = c.state.session
    seen: tuple[Move, ...] = ()
    if e.told.word in {CodeWord.OPEN, CodeWord.UNKNOWN}:
        seen = (moves.NetworkSeen(up=True),)
    if session.phase is not Phase.CHECKING or not session.asked_code or session.asked_code != e.code:
        return happened(*seen) if seen else NOTHING
    if e.visit is not None:
        return happened(*seen, moves.CodeFound(_of_visit(e.code, e.visit, e.told, c.rules)))
    if e.told.word is CodeWord.OPEN and e.told.open_minor:
        return happened(*seen, moves.CodeFound(_of_elsewhere(e.code, e.told, c.rules)))
    return happened(*seen, moves.SteppedBack(NOTHING_FOUND[e.told.word]))


#: Why nothing was found where our journal knows nothing; OPEN with nothing left.
NOTHING_FOUND = {
    CodeWord.OPEN: Notice.CODE_SPENT,
    CodeWord.UNKNOWN: Notice.CODE_UNKNOWN,
    CodeWord.UNHEARD: Notice.NETWORK_DOWN,
    CodeWord.NOT_ASKED: Notice.CODE_UNKNOWN,
}


def _of_elsewhere(code: str, told: CodeTold, rules: Rules) -> Found:
    held = HeldCode(code, told.open_minor, told.currency)
    return Found(held, Whereabouts.KEPT, usable=_is_usable(held, told, rules))


def _is_usable(held: HeldCode, told: CodeTold, rules: Rules) -> bool:
    open_there = told.word is CodeWord.OPEN and bool(told.open_minor)
    return rules.codes and open_there and held.currency == rules.currency


def _of_visit(code: str, visit: State, told: CodeTold, rules: Rules) -> Found:
    session, payment, order = visit.session, visit.payment, visit.session.order
    assert order is not None
    open_minor = session.left_minor
    if told.word is CodeWord.OPEN and told.currency == order.currency:
        open_minor = told.open_minor
    held = HeldCode(code, open_minor, order.currency)
    paid = payment is not None and payment.state is not PayState.REFUSED
    receipt = first_receipt(visit)
    return Found(
        held,
        _whereabouts(visit, open_minor),
        payee=order.payee,
        paid_minor=payment.amount_minor if payment and paid else 0,
        under_review_minor=session.under_review_minor,
        at_us=receipt.at_us if receipt else 0,
        reference=session.payment_id or session.session_id,
        usable=_is_usable(held, told, rules),
    )


def _whereabouts(visit: State, open_minor: int) -> Whereabouts:
    """The one word for it; the first that is true."""
    session, payment = visit.session, visit.payment
    words = (
        (payment is not None and payment.is_open, Whereabouts.ON_ITS_WAY),
        (open_minor > 0, Whereabouts.KEPT),
        (session.leftover_minor > 0, Whereabouts.PAID_OUT),
        (payment is not None and payment.state is PayState.ACCEPTED, Whereabouts.PAID),
    )
    return next((word for is_true, word in words if is_true), Whereabouts.UNDER_REVIEW)


# --- paying with it -------------------------------------------------------------------------------------------------


def taken(c: Context, _e: events.PayWithCodeTapped) -> Decision:
    """From FOUND back to choosing, with the code in hand; or why not."""
    found = c.state.session.found
    if c.state.session.phase is not Phase.FOUND or found is None:
        return NOTHING
    if found.usable:
        return happened(moves.CodeHeld())
    spent = not found.held.open_minor
    other = found.held.currency != c.rules.currency
    notice = Notice.CODE_SPENT if spent else Notice.CODE_OTHER_CURRENCY if other else None
    return happened(moves.NoticeGiven(notice)) if notice else NOTHING


# --- what moves change ----------------------------------------------------------------------------------------------


def lookup_started(state: State, move: moves.CodeLookupStarted) -> State:
    """What is being looked up; whatever was in hand is put down."""
    session = replace(state.session, asked_code=move.code, code=None, found=None, order=None, notice=None)
    return replace(state, session=session)


def tried(state: State, move: moves.CodeTried) -> State:
    """Tries of the last minute are remembered, whoever stands there."""
    recent = tuple(at_s for at_s in state.devices.code_tries_s if at_s > move.at_s - MINUTE_S)
    return replace(state, devices=replace(state.devices, code_tries_s=(*recent, move.at_s)))


def found(state: State, move: moves.CodeFound) -> State:
    """It may be shown."""
    return replace(state, session=replace(state.session, found=move.found, asked_code=""))


def held(state: State, _move: moves.CodeHeld) -> State:
    """It pays for what is chosen now."""
    assert state.session.found is not None
    return replace(state, session=replace(state.session, code=state.session.found.held, found=None, notice=None))


def dropped(state: State, _move: moves.CodeDropped) -> State:
    """Nothing is in hand; who is here has all the time again."""
    return replace(state, session=replace(state.session, code=None, notice=None, deadline_s=None))


def notice_given(state: State, move: moves.NoticeGiven) -> State:
    """Where they are, with all the time again."""
    return replace(state, session=replace(state.session, notice=move.notice, deadline_s=None))
