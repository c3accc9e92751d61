"""The cash box: who may take it when, what is asked of them on the way, when its period is closed, when its slips come out.

Answers for: the collection as a procedure (its table is `box_book.STEPS`), a box that goes without anybody, and that a period is
closed exactly once, on disk before any paper. Does not answer for: rights (`staff`), amounts (`cash_slips`).
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from kiosk.domain import cash_slips, orders, paper
from kiosk.domain import collection_events as e
from kiosk.domain import collection_facts as f
from kiosk.domain.box_book import Collection, CollectionStep
from kiosk.domain.box_contents import currencies, holds_something
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.facts import Fact, SlipIntended
from kiosk.domain.moves import AcceptorCondition, DeadlineSet, SlipStarted
from kiosk.domain.people import Act, Role, StaffNotice
from kiosk.domain.receipts import Doubt, Person
from kiosk.domain.rules import Now, Rules
from kiosk.domain.session import Phase
from kiosk.domain.staff import MAY, Meaning, signed_in, staff_idle_s, told
from kiosk.domain.state import State, is_undisturbed

NAME_CHARACTERS_MAX = 32  #: of a bag, a seal, a box
NOTES_MAX = 100_000  #: of one denomination in one box
CASSETTE_OUT = "cassette_out"  #: as `drivers.bill_acceptor.interface.FaultReason` names it
JAMS = frozenset({"acceptor_jam", "cassette_jam"})
#: Nobody has put anything in.
MONEYLESS = frozenset({Phase.WELCOME, Phase.ENTRY, Phase.CHECKING, Phase.OFFER, Phase.SERVICE})


class BoxPlace(StrEnum):
    IN = "in"
    OUT = "out"
    UNTOLD = "untold"  #: nothing feels it, or it cannot be asked now


def place(state: State, rules: Rules) -> BoxPlace:
    """Where the box is, as far as the acceptor feels it."""
    devices = state.devices
    if not rules.collection.sensor:
        return BoxPlace.UNTOLD
    if devices.acceptor is AcceptorCondition.FAULT and devices.acceptor_fault == CASSETTE_OUT:
        return BoxPlace.OUT
    if devices.acceptor in {AcceptorCondition.DISABLED, AcceptorCondition.IDLE, AcceptorCondition.MOVING}:
        return BoxPlace.IN
    return BoxPlace.OUT if state.box.is_out else BoxPlace.UNTOLD


def why_no_note(state: State) -> str:
    """Why no note may go into the box there is, in words; empty when one may."""
    if state.box.is_frozen:
        return "a collection is under way"
    return "the box was taken, and its period is not closed yet" if state.box.alarm_us else ""


# --- what people do -----------------------------------------------------------------------------------------------


def _person(c: Context) -> Person:
    staff = signed_in(c.state)
    return Person(staff.person, staff.role)


def is_hidden(state: State, rules: Rules) -> bool:
    """Whether the sum is kept from who is signed in: from collectors where boxes are counted blind, from all while one is."""
    collection, staff = state.box.collection, state.staff
    counting = collection is not None and collection.blind
    return counting or (rules.collection.blind and staff is not None and staff.role is Role.COLLECTOR)


def _x_report(c: Context, _event: e.XReportAsked) -> Decision:
    if is_hidden(c.state, c.rules):
        return told(StaffNotice.NOT_ALLOWED)
    if not printer_is_free(c.state):
        return told(StaffNotice.NOT_NOW)
    return _printed(cash_slips.x_report(c.state, c.now, c.rules, _person(c)))


def _begin(c: Context, _event: e.CollectionAsked) -> Decision:
    """Between visits only: the box of a period is whole."""
    if why_no_note(c.state) or place(c.state, c.rules) is BoxPlace.OUT or not is_undisturbed(c.state):
        return told(StaffNotice.NOT_NOW)
    return happened(_begun(c.state, c.now, c.rules, _person(c)))


def _begun(state: State, now: Now, rules: Rules, person: Person) -> f.CollectionBegun:
    return f.CollectionBegun(state.period, now.utc_us, person, rules.collection.blind)


def _give_up(c: Context, _event: e.CollectionGivenUp) -> Decision:
    if _step(c.state) not in {CollectionStep.FROZEN, CollectionStep.TAKE}:
        return told(StaffNotice.NOT_NOW)
    return happened(f.CollectionAbandoned(c.state.period, c.now.utc_us, _person(c)))


def _go_on(c: Context, _event: e.CollectionGoesOn) -> Decision:
    """A box that is felt to be in its place was not taken, whoever says so."""
    step, period = _step(c.state), c.state.period
    if step is CollectionStep.FROZEN:
        return happened(f.BoxReleased(period, _person(c)))
    if step is CollectionStep.TAKE and place(c.state, c.rules) is not BoxPlace.IN:
        return happened(f.BoxRemoved(period, c.now.utc_us, _person(c)))
    return told(StaffNotice.NOT_NOW)


def _seal(c: Context, event: e.BoxWasSealed) -> Decision:
    policy, bag, box_id = c.rules.collection, _name(event.bag), _name(event.box_id)
    if _step(c.state) is not CollectionStep.SEAL:
        return told(StaffNotice.NOT_NOW)
    missing = (policy.bag_wanted and not bag) or (policy.box_id_wanted and not box_id)
    if missing or bag is None or box_id is None:
        return told(StaffNotice.INCOMPLETE)
    return happened(f.BoxSealed(c.state.period, bag, box_id, _person(c)))


def _put_in(c: Context, event: e.BoxWasPutIn) -> Decision:
    box_id = _name(event.box_id)
    if _step(c.state) is not CollectionStep.NEW_BOX or place(c.state, c.rules) is BoxPlace.OUT:
        return told(StaffNotice.NOT_NOW)
    if box_id is None or (c.rules.collection.box_id_wanted and not box_id):
        return told(StaffNotice.INCOMPLETE)
    return happened(f.BoxPutIn(c.state.period, box_id, _person(c)))


def _name(typed: str) -> str | None:
    """As it stands on the slip; None when it cannot."""
    name = " ".join(typed.split())
    return name if len(name) <= NAME_CHARACTERS_MAX and name.isprintable() else None


def _count(c: Context, event: e.BoxWasCountedBlind) -> Decision:
    """Of each currency that came in; one that is told again counts as told last."""
    if _step(c.state) is not CollectionStep.COUNT:
        return told(StaffNotice.NOT_NOW)
    values = [value for value, _ in event.notes]
    counts = all(0 <= count <= NOTES_MAX for _, count in event.notes)
    once = len(set(values)) == len(values) and all(value > 0 for value in values)
    if not (counts and once) or event.currency not in _held(c.state, c.rules):
        return told(StaffNotice.INCOMPLETE)
    notes = tuple(sorted(pair for pair in event.notes if pair[1]))
    return happened(f.BoxCountedBlind(c.state.period, event.currency, notes, _person(c)))


def _held(state: State, rules: Rules) -> tuple[str, ...]:
    return currencies(state, state.totals, rules.currency)


def _copy(c: Context, event: e.SheetAsked) -> Decision:
    last = c.state.box.last
    known = last is not None and any(s.sheet == event.sheet and s.outcome for s in last.sheets)
    if last is None or not known or not printer_is_free(c.state):
        return told(StaffNotice.NOT_NOW)
    return _printed(cash_slips.copy(last.slip, event.sheet, last.copies + 1, c.now, c.rules, _person(c)))


def _step(state: State) -> CollectionStep | None:
    return state.box.collection.step if state.box.collection else None


def printer_is_free(state: State) -> bool:
    """Whether a slip of staff may begin to come out."""
    busy = state.staff is not None and state.staff.busy
    return is_undisturbed(state) and not paper.is_printing(state) and not busy


def _printed(intended: SlipIntended) -> Decision:
    return Decision((intended, SlipStarted(intended.slip_id)), (orders.PrintSlip(intended.slip_id),))


#: What staff ask for → the act it is, and what it means.
ACTS: Mapping[type, tuple[Act, Meaning]] = {
    e.XReportAsked: (Act.SEE_CASH, _x_report),
    e.CollectionAsked: (Act.COLLECT, _begin),
    e.CollectionGivenUp: (Act.COLLECT, _give_up),
    e.CollectionGoesOn: (Act.COLLECT, _go_on),
    e.BoxWasSealed: (Act.COLLECT, _seal),
    e.BoxWasPutIn: (Act.COLLECT, _put_in),
    e.BoxWasCountedBlind: (Act.COLLECT, _count),
    e.SheetAsked: (Act.SEE_CASH, _copy),
}


# --- what follows by itself ---------------------------------------------------------------------------------------


def _felt(state: State, now: Now, rules: Rules) -> Decision:
    """The acceptor feels the box go, or come back. Whoever moves it is still there, if somebody is signed in."""
    seen, book = place(state, rules), state.box
    there = (DeadlineSet(now.mono_s + staff_idle_s(state, rules)),) if state.session.phase is Phase.SERVICE else ()
    if seen is BoxPlace.IN and book.is_out:
        return happened(f.BoxReturned(now.utc_us), *there)
    if seen is BoxPlace.OUT and not book.is_out:
        return happened(*_gone(state, now, rules), *there)
    return NOTHING


def _gone(state: State, now: Now, rules: Rules) -> Iterator[Fact]:
    """A collector who takes the box without a word is collecting; anybody else who takes it, or nobody, is not."""
    staff = state.staff if state.staff and state.staff.present else None
    person = Person(staff.person, staff.role) if staff else None
    may = staff is not None and Act.COLLECT in MAY[staff.role] and state.session.phase is Phase.SERVICE
    if person and may and not why_no_note(state) and holds_something(state):
        yield _begun(state, now, rules, person)
    yield f.BoxRemoved(state.period, now.utc_us, person)


def _close(state: State, now: Now, rules: Rules) -> Decision:
    """All that is asked is answered: the period is over."""
    collection = state.box.collection
    if collection is None or collection.step is not CollectionStep.COUNT or not _is_counted(state, collection, rules):
        return NOTHING
    return _closed(state, now, rules)


def _is_counted(state: State, collection: Collection, rules: Rules) -> bool:
    counted = {currency for currency, _ in collection.counted}
    return not collection.blind or counted.issuperset(_held(state, rules))


def _close_alone(state: State, now: Now, rules: Rules) -> Decision:
    """The notes are gone with the box, whoever has it. A visit that is on is finished first: it belongs to that box."""
    book = state.box
    pays = state.session.phase not in MONEYLESS or state.intent is not None
    if not book.alarm_us or book.collection is not None or pays:
        return NOTHING
    return _closed(state, now, rules) if holds_something(state) else NOTHING


def _closed(state: State, now: Now, rules: Rules) -> Decision:
    slip = cash_slips.collection_slip(state, now, rules)
    return happened(f.PeriodClosed(slip), *cash_slips.reports(slip, rules))


def _print(state: State, now: Now, rules: Rules) -> Decision:
    """Each original once, one after another. None that fails keeps anybody waiting: a copy can be asked for."""
    last = state.box.last
    sheet = next((sheet for sheet in last.sheets if not sheet.slip_id), None) if last else None
    if last is None or sheet is None or not printer_is_free(state):
        return NOTHING
    return _printed(cash_slips.original(last.slip, sheet.sheet, now, rules))


def _doubt(state: State, _now: Now, _rules: Rules) -> Decision:
    """What makes a sum worth counting, once for each period."""
    devices, intent = state.devices, state.intent
    woken = devices.head_note_expected or state.orphan_expected
    seen = (
        (devices.acceptor is AcceptorCondition.FAULT and devices.acceptor_fault in JAMS, Doubt.JAM),
        (woken or (intent is not None and not state.intent_commanded), Doubt.POWER_CUT),
        (intent is not None and devices.acceptor is AcceptorCondition.LOST, Doubt.LINE_LOST),
    )
    new = next((doubt for is_so, doubt in seen if is_so and doubt not in state.box.doubts), None)
    return happened(f.CountDoubted(state.period, new)) if new else NOTHING


#: In this order.
RULES: tuple[Callable[[State, Now, Rules], Decision], ...] = (_doubt, _felt, _close, _close_alone, _print)
