"""Receipts: which ones a visit has, which of them the buyer must take from the screen, and what their facts change.

Answers for: at most one original of a visit, every copy under the number of what it copies. Does not answer for: when one is
printed (`advance`), what stands on it (`Rules.freeze_slip`), printing.
"""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain import facts, moves
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.rules import Now, Rules
from kiosk.domain.session import Phase, Slip
from kiosk.domain.state import State, is_undisturbed

INTERRUPTED = "interrupted"  #: cause of a slip whose till died before the printer told

#: Outcomes after which a buyer has paper in hand.
IN_HAND = frozenset({SlipOutcome.PRINTED, SlipOutcome.TAKEN})


def slips_of(state: State) -> tuple[Slip, ...]:
    """The slips of the visit in `state`, oldest first."""
    return tuple(state.slips[slip_id] for slip_id in state.session.slip_ids if slip_id in state.slips)


def is_printing(state: State) -> bool:
    """Whether a slip is on its way, of this visit or of another."""
    return any(slip.outcome is None for slip in state.slips.values())


def why_printer_is_taken(state: State) -> str:
    """Why the printer may not be used for anything but a buyer's slip now, in words; empty when it may. A buyer's slip never
    waits: nothing else begins while a visit is on, and no offer is made before the printer has answered after what has begun.
    """
    if is_printing(state):
        return "a slip is being printed"
    if state.session.phase is Phase.NOTE_TEST:
        return "a technician is trying notes"
    if not is_undisturbed(state):
        return "somebody is paying at the kiosk"
    return ""


def receipt_on_screen(state: State) -> Slip | None:
    """The receipt a buyer has to take from the screen, because nobody knows of one that came out of the printer."""
    slips = slips_of(state)
    if any(slip.outcome is None or slip.outcome in IN_HAND for slip in slips):
        return None
    return slips[-1] if slips else state.session.shown


def first_receipt(visit: State) -> Slip | None:
    """What the visit's number was given to first, on whatever medium."""
    return visit.session.shown or next(iter(slips_of(visit)), None)


def original(state: State, now: Now, rules: Rules) -> facts.SlipIntended:
    """The one slip of the visit in `state` that is no copy."""
    return _intended(state, state, f"{state.session.session_id}-o", now, rules)


def copy(
    state: State, visit: State, now: Now, rules: Rules, asked_by: str = "", reason: str = ""
) -> facts.SlipIntended:
    """One more slip of the visit in `visit`, marked as a copy; `state` is the till's."""
    slip_id = f"{visit.session.session_id}-c{state.counters.copies + 1}"
    return _intended(state, visit, slip_id, now, rules, copied=True, asked_by=asked_by, reason=reason)


def _intended(
    state: State,
    visit: State,
    slip_id: str,
    now: Now,
    rules: Rules,
    *,
    copied: bool = False,
    asked_by: str = "",
    reason: str = "",
) -> facts.SlipIntended:
    session_id = visit.session.session_id
    slip = Slip(slip_id, session_id, _number(state, visit), copied, now.utc_us)
    body = rules.freeze_slip(visit, slip, now, rules)
    return facts.SlipIntended(slip_id, session_id, slip.number, copied, slip.at_us, asked_by, reason, body)


def shown(state: State, now: Now, rules: Rules) -> facts.ReceiptShown:
    """The receipt of the visit in `state` for its screen."""
    session_id, number = state.session.session_id, _number(state, state)
    slip = Slip(f"{session_id}-s", session_id, number, copy=False, at_us=now.utc_us)
    return facts.ReceiptShown(session_id, number, slip.at_us, rules.freeze_slip(state, slip, now, rules))


def _number(state: State, visit: State) -> int:
    first = first_receipt(visit)
    return first.number if first else state.counters.slips + 1


# --- what facts and moves change ----------------------------------------------------------------------------------


def slip_intended(state: State, fact: facts.SlipIntended) -> State:
    """Copies of earlier visits that are done with are forgotten by the next slip; until then it can be asked what became of
    them.
    """
    slip = Slip(fact.slip_id, fact.session_id, fact.number, fact.copy, fact.at_us, fact.body)
    session = state.session
    kept = {i: s for i, s in state.slips.items() if s.outcome is None or i in session.slip_ids}
    if fact.session_id and session.session_id == fact.session_id:
        session = replace(session, slip_ids=(*session.slip_ids, fact.slip_id))
    state = _numbered(state, fact.number)
    counters = replace(state.counters, copies=state.counters.copies + fact.copy)
    return replace(state, slips={**kept, fact.slip_id: slip}, session=session, counters=counters)


def slip_started(state: State, move: moves.SlipStarted) -> State:
    """Sent to the printer in this life."""
    return _with_slip(state, replace(state.slips[move.slip_id], started=True))


def slip_settled(state: State, fact: facts.SlipSettled) -> State:
    """Its fate is known, or known to be unknown."""
    return _with_slip(state, replace(state.slips[fact.slip_id], outcome=fact.outcome, cause=fact.cause))


def receipt_shown(state: State, fact: facts.ReceiptShown) -> State:
    """The number is given away, without paper."""
    slip = Slip(f"{fact.session_id}-s", fact.session_id, fact.number, copy=False, at_us=fact.at_us, body=fact.body)
    return replace(_numbered(state, fact.number), session=replace(state.session, shown=slip))


def printer_changed(state: State, fact: facts.PrinterChanged) -> State:
    """What a person should see to."""
    return replace(state, printer_trouble=fact.trouble)


def _with_slip(state: State, slip: Slip) -> State:
    slips: Mapping[str, Slip] = {**state.slips, slip.slip_id: slip}
    return replace(state, slips=slips)


def _numbered(state: State, number: int) -> State:
    return replace(state, counters=replace(state.counters, slips=max(state.counters.slips, number)))
