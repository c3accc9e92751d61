"""Money whose place a person has to decide: which cases there are, how each may be settled, what settling one changes.

Answers for: that a case is the same money under the same id until it is gone, and that what may be chosen for it leaves the books
right. Does not answer for: who may (`resolving`), how it is shown (`till.case_view`).

    suspense    in_box       the visitor's, under their code (or test money); where its box was counted over, that is it
                not_in_box   out of the books: nobody put anything in
    orphan      to_buyer     kept under a code of its own; paid_out, to_operator: the operator's
    refused     to_buyer     stays where it is: its code once more. The aggregator pays out what it knows of, and nobody else does
                paid_out, to_operator   only of what the aggregator will never know of
    over_short  paid_out, to_operator   what is over; what is short, the operator bears

A note in doubt becomes a case once its unit can tell of it no more (`state.unresolved`): nothing is settled by two.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.domain import bookings, facts, ledger
from kiosk.domain.case_book import SETTLED_MAX, Case
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.facts import ReportKind
from kiosk.domain.ledger import Transfer, UnallocatedReason
from kiosk.domain.rules import Rules
from kiosk.domain.session import Fate, Note
from kiosk.domain.state import Claim, State
from kiosk.domain.totals import counted

SHOWN_MAX = 50  #: cases that are shown at once, the oldest


@dataclass(frozen=True, slots=True)
class Open:
    """A case and how it may be settled, at least one way."""

    case: Case
    resolutions: tuple[Resolution, ...]


# --- what there is, and how it may be settled ---------------------------------------------------------------------


def open_cases(state: State, rules: Rules) -> tuple[Open, ...]:
    """Those that can be settled now, the oldest first, so many that they can be shown."""
    found = []
    for case in state.cases.open.values():
        if ways := resolutions(state, case, rules):
            found.append(Open(case, ways))
        if len(found) == SHOWN_MAX:
            break
    return tuple(found)


def resolutions(state: State, case: Case, rules: Rules) -> tuple[Resolution, ...]:
    """How it may be settled, empty while it cannot be."""
    return tuple(way for way in _WAYS[case.kind](state, case, rules) if not _spoils(state, transfers(state, case, way)))


def _spoils(state: State, wanted: tuple[Transfer, ...]) -> bool:
    return bool(ledger.faults(state.ledger.post(*wanted)))


def _ways_of_suspense(state: State, case: Case, _rules: Rules) -> tuple[Resolution, ...]:
    unit_may_tell = any(note.note_id == case.case_id for note in state.unresolved)
    return () if unit_may_tell else (Resolution.IN_BOX, Resolution.NOT_IN_BOX)


def _ways_of_orphan(_state: State, _case: Case, _rules: Rules) -> tuple[Resolution, ...]:
    return (Resolution.TO_BUYER, Resolution.PAID_OUT, Resolution.TO_OPERATOR)


def _ways_of_refused(state: State, case: Case, rules: Rules) -> tuple[Resolution, ...]:
    never_told = case.case_id in state.unreported and ReportKind.CLAIM not in rules.reports
    if never_told or case.case_id in state.cases.unwanted:
        return (Resolution.PAID_OUT, Resolution.TO_OPERATOR)
    return (Resolution.TO_BUYER,)


def _ways_of_over_short(_state: State, case: Case, _rules: Rules) -> tuple[Resolution, ...]:
    return (Resolution.PAID_OUT, Resolution.TO_OPERATOR) if case.amount_minor > 0 else (Resolution.TO_OPERATOR,)


_WAYS: Mapping[CaseKind, Callable[[State, Case, Rules], tuple[Resolution, ...]]] = {
    CaseKind.SUSPENSE: _ways_of_suspense,
    CaseKind.ORPHAN: _ways_of_orphan,
    CaseKind.REFUSED: _ways_of_refused,
    CaseKind.OVER_SHORT: _ways_of_over_short,
}

#: Where money goes that a person gives away.
_TAKERS: Mapping[Resolution, Callable[[str], str]] = {
    Resolution.TO_BUYER: ledger.unallocated,
    Resolution.PAID_OUT: ledger.paid_out,
    Resolution.TO_OPERATOR: ledger.operator,
}
#: Where it comes from.
SOURCES: Mapping[CaseKind, Callable[[str], str]] = {
    CaseKind.ORPHAN: ledger.orphan,
    CaseKind.REFUSED: ledger.unallocated,
    CaseKind.OVER_SHORT: ledger.over_short,
}


def transfers(state: State, case: Case, resolution: Resolution) -> tuple[Transfer, ...]:
    """What the resolution moves; nothing where the money stays."""
    if case.kind is CaseKind.SUSPENSE:
        return _of_doubt(state, case, in_box=resolution is Resolution.IN_BOX)
    source, taker = SOURCES[case.kind](case.currency), _TAKERS[resolution](case.currency)
    if source == taker:
        return ()
    if case.amount_minor < 0:
        source, taker = taker, source
    return (Transfer(source, taker, abs(case.amount_minor)),)


def _of_doubt(state: State, case: Case, *, in_box: bool) -> tuple[Transfer, ...]:
    currency, value_minor = case.currency, case.amount_minor
    certain = Transfer(ledger.suspense(currency), ledger.uncertain(currency, case.period), value_minor)
    owner = ledger.test(currency) if case.test else ledger.unallocated(currency)
    return (certain, Transfer(_box_of(state, case), owner, value_minor)) if in_box else (certain,)


def _box_of(state: State, case: Case) -> str:
    """In a box that was counted over, the note is what was over."""
    over = _of_count(state, case.period, case.currency)
    if over is not None and over.amount_minor >= case.amount_minor:
        return ledger.over_short(case.currency)
    if case.period != state.period:
        return ledger.in_transit(case.currency, case.period)
    return ledger.cash_box(case.currency, case.period, case.amount_minor)


def _of_count(state: State, period: int, currency: str) -> Case | None:
    found = (c for c in state.cases.open.values() if c.kind is CaseKind.OVER_SHORT)
    return next((case for case in found if (case.period, case.currency) == (period, currency)), None)


# --- what opens and ends them -------------------------------------------------------------------------------------


def doubted(state: State, note: Note, at_us: int) -> State:
    """Nobody can say where the note is."""
    value = (note.value_minor, note.currency, note.period)
    case = Case(note.note_id, CaseKind.SUSPENSE, *value, at_us, note.session_id, note.session_id, note.test)
    return replace(state, cases=state.cases.opened(case))


def ended(state: State, case_id: str) -> State:
    """It settled itself, if there was such a case."""
    return replace(state, cases=state.cases.ended(case_id))


def orphaned(state: State, fact: facts.OrphanStacked) -> State:
    """A note in the box that belongs to nobody."""
    return _numbered(
        state, CaseKind.ORPHAN, fact.value_minor, fact.currency, state.period, fact.at_us, str(state.period)
    )


def _numbered(
    state: State, kind: CaseKind, amount_minor: int, currency: str, period: int, at_us: int, about: str
) -> State:
    book = replace(state.cases, count=state.cases.count + 1)
    case = Case(f"{kind}-{book.count}", kind, amount_minor, currency, period, at_us, about)
    return replace(state, cases=book.opened(case))


def refused(state: State, claim: Claim, payment_id: str, at_us: int) -> State:
    """A payment nobody took: its money is kept under the visit's code."""
    value = (claim.amount_minor, claim.currency, claim.period)
    case = Case(claim.claim_id, CaseKind.REFUSED, *value, at_us, payment_id, claim.session_id)
    return replace(state, cases=state.cases.opened(case))


def report_refused(state: State, fact: facts.ReportRefused) -> State:
    """A claim that the aggregator will never take is nobody's to pay out but ours."""
    if fact.report_id not in state.claims:
        return state
    return replace(state, cases=replace(state.cases, unwanted=(*state.cases.unwanted, fact.report_id)))


def differed(state: State, period: int, currency: str, over_minor: int, at_us: int) -> State:
    """So much more was counted; together with what counts of that box found before, it is another case, or none."""
    before = _of_count(state, period, currency)
    total = over_minor + (before.amount_minor if before else 0)
    state = ended(state, before.case_id) if before and over_minor else state
    if not over_minor or not total:
        return state
    return _numbered(state, CaseKind.OVER_SHORT, total, currency, period, at_us, str(period))


# --- what settling one changes ------------------------------------------------------------------------------------


def resolved(state: State, fact: CaseResolved) -> State:
    """The books, the box of its period, what is kept for whom; the case is gone."""
    case = state.cases.open[fact.case_id]
    state = bookings.posted(state, *fact.transfers)
    state = _doubt_settled(state, case, fact) if case.kind is CaseKind.SUSPENSE else _given(state, case, fact)
    book = state.cases.ended(case.case_id)
    counters = replace(
        state.counters,
        corrections=state.counters.corrections + 1,
        slips=max(state.counters.slips, fact.slip_number),
        sessions=state.counters.sessions + needs_code(case, fact.resolution),
    )
    return replace(state, counters=counters, cases=replace(book, settled=(*book.settled, fact)[-SETTLED_MAX:]))


def needs_code(case: Case, resolution: Resolution) -> bool:
    """Whether a code has to be made for it, under the number of a visit that never was."""
    return resolution is Resolution.TO_BUYER and not case.session_id


def _doubt_settled(state: State, case: Case, fact: CaseResolved) -> State:
    value = (case.amount_minor, case.currency, case.period)
    state = counted(state, f"found:{case.currency}", period=case.period)
    if fact.resolution is not Resolution.IN_BOX:
        note = Note(case.case_id, case.session_id, *value, case.test, Fate.RETURNED)
        return bookings.with_note(bookings.returned(state, *value), note)
    state = bookings.stacked(state, *value, test=case.test)
    if any(transfer.debit == ledger.over_short(case.currency) for transfer in fact.transfers):
        state = differed(state, case.period, case.currency, -case.amount_minor, fact.at_us)
    return state if case.test else bookings.kept(state, _claim(case, fact))


def _given(state: State, case: Case, fact: CaseResolved) -> State:
    for transfer in fact.transfers:
        state = bookings.moved(state, transfer, case.period)
    if case.kind is CaseKind.REFUSED and fact.transfers:
        return bookings.unclaimable(state, case.case_id)
    return bookings.claimable(state, _claim(case, fact)) if fact.claim_id else state


def _claim(case: Case, fact: CaseResolved) -> Claim:
    reason = UnallocatedReason.FOUND.value
    return Claim(fact.claim_id, fact.session_id, case.amount_minor, case.currency, reason, case.period)
