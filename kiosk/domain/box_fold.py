"""What facts make of the cash box: its notes leave with it, its period ends, its slip is printed, what was counted differs.

Answers for: the box's part of the fold. Does not answer for: when any of it happens (`collecting`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kiosk.domain import cases, facts, ledger
from kiosk.domain import collection_facts as c
from kiosk.domain.bookings import moved, posted
from kiosk.domain.box_book import STEPS, BoxBook, Closed, Collection, CollectionStep, Sheet
from kiosk.domain.box_contents import holds_something
from kiosk.domain.ledger import LedgerError, Transfer
from kiosk.domain.receipts import CollectionSlip, Doubt, Person, collection_hash
from kiosk.domain.session import IllegalTransitionError
from kiosk.domain.state import State


def till_started(state: State, fact: facts.TillStarted) -> State:
    """The first period begins with the first start."""
    return _with_box(state, since_us=state.box.since_us or fact.at_us)


def _with_box(state: State, **changes: object) -> State:
    return replace(state, box=replace(state.box, **changes))  # type: ignore[arg-type]


# --- a collection, step by step -----------------------------------------------------------------------------------


def _begun(state: State, fact: c.CollectionBegun) -> State:
    if state.box.collection is not None:
        raise IllegalTransitionError("a collection is under way")
    return _with_box(state, collection=Collection(CollectionStep.FROZEN, fact.blind, (fact.person,)))


def _stepped(book: BoxBook, fact: c.CollectionFact, person: Person | None, **changes: object) -> Collection | None:
    """The collection after one of its facts. Raises IllegalTransitionError where the table has no such entry."""
    now = book.collection
    if now is None or type(fact) not in STEPS[now.step]:
        where = now.step if now else "none"
        raise IllegalTransitionError(f"{type(fact).__name__} is not possible in step {where} of a collection")
    step = STEPS[now.step][type(fact)]
    if step is None:
        return None
    people = now.people if person is None or person in now.people else (*now.people, person)
    return replace(now, step=step, people=people, **changes)  # type: ignore[arg-type]


def _abandoned(state: State, fact: c.CollectionAbandoned) -> State:
    return _with_box(state, collection=_stepped(state.box, fact, None))


def _released(state: State, fact: c.BoxReleased) -> State:
    return _with_box(state, collection=_stepped(state.box, fact, fact.person))


def _removed(state: State, fact: c.BoxRemoved) -> State:
    """Out of a collection, or with nobody signed in: then its period is to be closed as soon as nobody pays."""
    book = state.box
    state = _with_box(state, is_out=True)
    if fact.person is None:
        state = _with_box(state, doubts=_and(book.doubts, Doubt.BOX_AWAY))
    if book.collection is None:
        return _with_box(state, alarm_us=fact.at_us, away_with=fact.person)
    taken_us = book.collection.taken_us or fact.at_us
    return _with_box(state, collection=_stepped(book, fact, fact.person, taken_us=taken_us))


def _returned(state: State, fact: c.BoxReturned) -> State:
    """What had been in it when it went out alone still has to be closed, though a box is back."""
    alarm_us = state.box.alarm_us if holds_something(state) else 0
    state = _with_box(state, is_out=False, alarm_us=alarm_us)
    if state.box.collection is None:
        return state
    return _with_box(state, collection=_stepped(state.box, fact, None))


def _sealed(state: State, fact: c.BoxSealed) -> State:
    sealed = _stepped(state.box, fact, fact.person, bag=fact.bag, box_id=fact.box_id)
    return _with_box(state, collection=sealed)


def _put_in(state: State, fact: c.BoxPutIn) -> State:
    return _with_box(state, collection=_stepped(state.box, fact, fact.person, new_box_id=fact.box_id))


def _counted_blind(state: State, fact: c.BoxCountedBlind) -> State:
    assert state.box.collection is not None
    others = tuple(pair for pair in state.box.collection.counted if pair[0] != fact.currency)
    all_counted = (*others, (fact.currency, fact.notes))
    return _with_box(state, collection=_stepped(state.box, fact, fact.person, counted=all_counted))


def doubted(state: State, fact: c.CountDoubted) -> State:
    """Once for each reason."""
    return _with_box(state, doubts=_and(state.box.doubts, fact.doubt))


def _and(doubts: tuple[Doubt, ...], doubt: Doubt) -> tuple[Doubt, ...]:
    return doubts if doubt in doubts else (*doubts, doubt)


# --- the end of a period ------------------------------------------------------------------------------------------


def box_taken(state: State, fact: facts.BoxTaken) -> State:
    """Of before slips: the next period starts from nothing all the same."""
    return replace(posted(state, *_on_its_way(state, fact.period)), period=fact.period + 1, totals={})


def _on_its_way(state: State, period: int) -> Iterator[Transfer]:
    for account, amount in state.ledger.under("cash_box:").items():
        _, currency, of_period, _ = account.split(":")
        if int(of_period) == period:
            yield Transfer(ledger.in_transit(currency, period), account, amount)


def _closed(state: State, fact: c.PeriodClosed) -> State:
    """Every note of the period is on its way; the next period starts from nothing, with whatever box is there now."""
    slip, book = fact.slip, state.box
    if slip.period != state.period:
        raise LedgerError(f"period {slip.period} is closed while {state.period} goes on")
    collection = _stepped(book, fact, None) if slip.attended else book.collection
    state = posted(state, *_on_its_way(state, slip.period))
    for box in slip.boxes:
        if box.counted_minor is not None:
            state = _differing(state, slip.period, box.currency, box.counted_minor, slip.at_us)
    counters = replace(state.counters, slips=max(state.counters.slips, slip.slip_number))
    next_book = BoxBook(
        since_us=slip.until_us,
        box_id=slip.new_box_id,
        is_out=book.is_out,
        doubts=() if slip.attended else (Doubt.BOX_AWAY,),
        collection=collection,
        last=Closed(slip, collection_hash(slip), tuple(Sheet(number + 1) for number in range(slip.sheets))),
    )
    return replace(state, period=slip.period + 1, totals={}, counters=counters, box=next_book)


def _differing(state: State, period: int, currency: str, counted_minor: int, at_us: int) -> State:
    """Over or short, which a person has to settle; what was counted stays on its way."""
    transit, differs = ledger.in_transit(currency, period), ledger.over_short(currency)
    over_minor = counted_minor - state.ledger.balances.get(transit, 0)
    if over_minor < 0:
        state = posted(state, Transfer(differs, transit, -over_minor))
    if over_minor > 0:
        state = posted(state, Transfer(transit, differs, over_minor))
    return cases.differed(state, period, currency, over_minor, at_us)


def box_counted(state: State, fact: facts.BoxCounted) -> State:
    """The counted money leaves the kiosk's books; what differs is over or short."""
    state = _differing(state, fact.period, fact.currency, fact.counted_minor, fact.at_us)
    if not fact.counted_minor:
        return state
    transit = ledger.in_transit(fact.currency, fact.period)
    return posted(state, Transfer(ledger.cash_desk(fact.currency), transit, fact.counted_minor))


# --- corrections --------------------------------------------------------------------------------------------------


def corrected(state: State, fact: facts.Corrected) -> State:
    """A balanced transfer, and what it changes about the box of its period."""
    transfer = Transfer(fact.debit, fact.credit, fact.amount_minor)
    period = _period_of(fact.debit) or _period_of(fact.credit) or fact.period
    state = moved(posted(state, transfer), transfer, period)
    return replace(state, counters=replace(state.counters, corrections=state.counters.corrections + 1))


def _period_of(account: str) -> int:
    parts = account.split(":")
    return int(parts[2]) if len(parts) > 2 else 0


# --- its slips ----------------------------------------------------------------------------------------------------


def sheet_name(slip: CollectionSlip, sheet: int) -> str:
    """Id of one original; a copy's is this with a number behind it."""
    return f"{slip.terminal_number}-z{slip.serial:05d}-{sheet}"


def sheet_intended(state: State, fact: facts.SlipIntended) -> State:
    """A sheet is on its way to the printer."""
    last = state.box.last
    sheet = _sheet_of(last, fact.slip_id)
    if last is None or sheet is None:
        return state
    if fact.copy:
        return _with_box(state, last=replace(last, copies=last.copies + 1))
    return _with_sheet(state, replace(sheet, slip_id=fact.slip_id))


def sheet_settled(state: State, fact: facts.SlipSettled) -> State:
    """Its fate, or its copy's."""
    sheet = _sheet_of(state.box.last, fact.slip_id)
    if sheet is None:
        return state
    is_original = sheet.slip_id == fact.slip_id
    told = replace(sheet, outcome=fact.outcome) if is_original else replace(sheet, copied=fact.outcome)
    return _with_sheet(state, told)


def _sheet_of(last: Closed | None, slip_id: str) -> Sheet | None:
    sheets = last.sheets if last else ()
    names = ((sheet, sheet_name(last.slip, sheet.sheet)) for sheet in sheets if last)
    return next((sheet for sheet, name in names if slip_id == name or slip_id.startswith(f"{name}-c")), None)


def _with_sheet(state: State, changed: Sheet) -> State:
    last = state.box.last
    assert last is not None
    sheets = tuple(changed if sheet.sheet == changed.sheet else sheet for sheet in last.sheets)
    return _with_box(state, last=replace(last, sheets=sheets))


APPLY: Mapping[type, Callable[..., State]] = {
    c.CollectionBegun: _begun,
    c.CollectionAbandoned: _abandoned,
    c.BoxReleased: _released,
    c.BoxRemoved: _removed,
    c.BoxReturned: _returned,
    c.BoxSealed: _sealed,
    c.BoxPutIn: _put_in,
    c.BoxCountedBlind: _counted_blind,
    c.CountDoubted: doubted,
    c.PeriodClosed: _closed,
}
