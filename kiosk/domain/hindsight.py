"""What became of a visit that is over: what its receipt would say had it been made now.

Answers for: later answers of the aggregator, notes found later, money paid out later. Does not answer for: finding the
visit (`till.past_visits`).
"""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.facts import ResultKind
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.session import Fate, Note
from kiosk.domain.state import PayState, State

#: What a final answer makes of a result that was known before it came.
FINAL: Mapping[PayState, ResultKind] = {PayState.ACCEPTED: ResultKind.ACCEPTED, PayState.REFUSED: ResultKind.REFUSED}


def hindsight(visit: State) -> State:
    """`visit`: all facts of a visit folded, but for its end. The result as it stands now, in the words of that day's screen."""
    session, payment = visit.session, visit.payment or visit.redemption
    result = FINAL.get(payment.state, session.result) if payment and session.result else session.result
    found = [claim for claim in visit.claims.values() if claim.reason == UnallocatedReason.FOUND.value]
    in_box = {claim.claim_id.removeprefix(f"{session.session_id}-") for claim in found}
    kept_minor = session.leftover_minor + sum(claim.amount_minor for claim in found)
    notes = tuple(_stacked(note) if note.note_id in in_box else note for note in session.notes)
    return replace(visit, session=replace(session, result=result, leftover_minor=kept_minor, notes=notes))


def paid_out(visit: State, amount_minor: int) -> State:
    """Of what the visit left behind, so much is with its owner. The claim stays: the receipt tells of both."""
    paid_out_minor = visit.session.paid_out_minor + amount_minor
    return replace(visit, session=replace(visit.session, paid_out_minor=paid_out_minor))


def _stacked(note: Note) -> Note:
    return replace(note, fate=Fate.STACKED)
