"""What several folds share: posting, counting notes, keeping money under a code, moving it between places of a box.

Answers for: what each does to books and totals. Does not answer for: which fact does it (`fold`, `box_fold`, `cases`).
"""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain import ledger, totals
from kiosk.domain.box_contents import PLACES
from kiosk.domain.ledger import Transfer
from kiosk.domain.moves import NoteTrouble
from kiosk.domain.session import Note
from kiosk.domain.state import Claim, State
from kiosk.domain.totals import counted


def posted(state: State, *transfers: Transfer) -> State:
    """Balanced, as every transfer is."""
    return replace(state, ledger=state.ledger.post(*transfers))


def with_note(state: State, note: Note) -> State:
    """The session's list of notes with this one in its new fate, if the session is still that one."""
    session = state.session
    if note.session_id != session.session_id:
        return state
    kept = tuple(known for known in session.notes if known.note_id != note.note_id)
    return replace(state, session=replace(session, notes=(*kept, note), trouble=NoteTrouble.NONE, deadline_s=None))


def _bump(counts: Mapping[int, int], value_minor: int) -> Mapping[int, int]:
    return {**counts, value_minor: counts.get(value_minor, 0) + 1}


def stacked(state: State, value_minor: int, currency: str, period: int = 0, *, test: bool = False) -> State:
    """One more note in the box of a period (0: of this one), whoever it belongs to."""
    state = counted(state, f"stacked:{currency}:{value_minor}", period=period)
    if test:
        state = counted(state, f"test:{currency}:{value_minor}", period=period)
    ever = totals.plus(totals.plus(state.ever, f"notes:{currency}"), f"minor:{currency}", value_minor)
    return replace(state, stacked=_bump(state.stacked, value_minor), ever=ever)


def returned(state: State, value_minor: int, currency: str, period: int = 0) -> State:
    """One more note that is with whoever put it in."""
    state = counted(state, f"returned:{currency}:{value_minor}", period=period)
    return replace(state, returned=_bump(state.returned, value_minor))


def kept(state: State, claim: Claim) -> State:
    """Money of a visit becomes claimable under its code."""
    return claimable(counted(state, f"kept:{claim.currency}", claim.amount_minor, period=claim.period), claim)


def claimable(state: State, claim: Claim) -> State:
    """The aggregator is to be told of it. Where its place in the box was counted otherwise, nothing more is."""
    claims = {**state.claims, claim.claim_id: claim}
    return replace(state, claims=claims, unreported=(*state.unreported, claim.claim_id))


def unclaimable(state: State, claim_id: str) -> State:
    """Nobody can ask for it any more."""
    claims = {key: claim for key, claim in state.claims.items() if key != claim_id}
    unreported = tuple(name for name in state.unreported if name != claim_id)
    return replace(state, claims=claims, unreported=unreported)


def moved(state: State, transfer: Transfer, period: int) -> State:
    """What a transfer changes about the box of a period, in which the money came in where no account names one."""
    state = _moved(state, transfer.debit, -transfer.amount_minor, period)
    return _moved(state, transfer.credit, transfer.amount_minor, period)


def _moved(state: State, account: str, amount: int, period: int) -> State:
    """`amount` above zero: credited. Notes stand on the debit side."""
    kind, currency = ledger.kind_of(account), ledger.currency_of(account)
    if kind in PLACES:
        return counted(state, f"moved:{kind}:{currency}", amount, period=period)
    if kind == "cash_box":
        value_minor = int(account.split(":")[3])
        state = counted(state, f"stacked:{currency}:{value_minor}", -amount // value_minor, period=period)
        return counted(state, f"moved:cash_box:{currency}", -amount, period=period)
    if kind == "uncertain" and amount > 0:
        return counted(state, f"found:{currency}", period=period)
    return state
