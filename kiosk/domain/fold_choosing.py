"""The part of the fold that is about choosing what to pay for, before any cash.

Answers for: what each of these moves changes. Does not answer for: the session's phase (`fold`), what events mean (`quoting`).
"""

from dataclasses import replace

from kiosk.domain import lately, moves
from kiosk.domain.facts import Particulars
from kiosk.domain.session import Phase, Session
from kiosk.domain.state import State


def lookup_started(state: State, move: moves.LookupStarted) -> State:
    """What is being asked about; everything known of an earlier try is forgotten."""
    session = replace(
        state.session,
        order_number=move.order_number,
        service_id=move.service_id,
        particulars=Particulars(move.fields),
        order=None,
        notice=None,
    )
    return replace(state, session=session, devices=replace(state.devices, can_print=None))


def order_learnt(state: State, move: moves.OrderLearnt) -> State:
    """What would be paid, and what the buyer should check."""
    particulars = replace(state.session.particulars, details=move.details)
    return replace(state, session=replace(state.session, order=move.order, particulars=particulars, notice=move.notice))


def offered_again(state: State, move: moves.OfferedAgain) -> State:
    """The offer of the visit that has just ended, without its cash."""
    order = move.order
    session = Session(
        phase=state.session.phase,
        language=move.language,
        order_number=order.order_number,
        service_id=order.service_id,
        particulars=move.particulars,
        order=order,
    )
    return replace(state, session=session)


def catalogue_seen(state: State, move: moves.CatalogueSeen) -> State:
    """What can be offered."""
    popular = lately.most_paid(state.lately, move.catalogue)
    return replace(state, catalogue=move.catalogue, popular=popular)


def stepped_back(state: State, move: moves.SteppedBack) -> State:
    """One step towards the start; what was personal is forgotten. A code in hand stays there until the visit ends."""
    session = replace(
        state.session, order=None, particulars=Particulars(), notice=move.notice, asked_code="", found=None
    )
    if state.session.phase is Phase.ENTRY:
        session = Session(phase=Phase.ENTRY, notice=move.notice)
    return replace(state, session=session)
