"""What the box holds, as slips tell it: X report, collection slip; and what of it the aggregator is told.

Answers for: which facts they tell, frozen when they are made. Does not answer for: when that is (`collecting`), words
(`kiosk.slips`).
"""

from dataclasses import replace
from typing import Any

from kiosk.domain import box_contents, ledger
from kiosk.domain.box_fold import sheet_name
from kiosk.domain.facts import ReportKind, ReportQueued, SlipIntended
from kiosk.domain.receipts import BoxContents, CollectionSlip, Doubt, Person, XReport
from kiosk.domain.rules import Now, Rules
from kiosk.domain.state import State

X_REPORT = "X report"
COLLECTION = "collection"
COPY = "copy of a collection slip"


def x_report(state: State, now: Now, rules: Rules, person: Person) -> SlipIntended:
    """A look at the box on its way to the printer."""
    number = state.counters.slips + 1
    slip_id = f"{rules.terminal_number}-x{number:06d}"
    report = XReport(**_cash(state, now, rules, slip_id), people=(person,), box_id=state.box.box_id)
    return SlipIntended(slip_id, "", number, False, now.utc_us, person.name, X_REPORT, rules.write_slip(report))


def collection_slip(state: State, now: Now, rules: Rules) -> CollectionSlip:
    """All that every print of the slip of the period that goes on will say, were it closed now."""
    book = state.box
    collection, serial = book.collection, book.serial + 1
    cash = _cash(state, now, rules, f"{rules.terminal_number}-z{serial:05d}")
    if collection is not None:
        hand = {currency: _sum(notes) for currency, notes in collection.counted}
        cash["boxes"] = tuple(replace(box, counted_minor=hand.get(box.currency)) for box in cash["boxes"])
    away = (book.away_with,) if book.away_with else ()
    return CollectionSlip(
        **{**cash, "collections_ever": cash["collections_ever"] + 1},
        people=collection.people if collection else away,
        box_id=(collection.box_id if collection else "") or book.box_id,
        serial=serial,
        sheet=1,
        sheets=rules.collection.sheets,
        until_us=collection.taken_us if collection else book.alarm_us,
        attended=collection is not None,
        bag=collection.bag if collection else "",
        new_box_id=collection.new_box_id if collection else "",
        previous_hash=book.last_hash,
    )


def _cash(state: State, now: Now, rules: Rules, slip_id: str) -> dict[str, Any]:
    """What X and Z share."""
    return {
        "slip_id": slip_id,
        "copy": False,
        "language": state.session.language or rules.languages[0],
        "terminal_number": rules.terminal_number,
        "terminal_name": rules.place.name,
        "terminal_address": rules.place.address,
        "support_phone": rules.place.support_phone,
        "slip_number": state.counters.slips + 1,
        "at_us": now.utc_us,
        "time_zone": rules.place.time_zone,
        "journal_seq": now.journal_seq,
        "journal_head": now.journal_head,
        "period": state.period,
        "since_us": state.box.since_us,
        "boxes": box_contents.current(state, rules.currency),
        **traffic(state),
        "collections_ever": state.period - 1,
        "doubts": doubts(state),
    }


def traffic(state: State) -> dict[str, int]:
    """How many came, and with what, in the period that goes on."""
    counted = state.totals
    answered = counted.get("accepted_payments", 0) + counted.get("refused_payments", 0)
    return {
        "visits": counted.get("sessions", 0),
        "payments": counted.get("payments", 0),
        "queued_payments": counted.get("payments", 0) - answered,
        "returned_notes": sum(count for name, count in counted.items() if name.startswith("returned:")),
    }


def doubts(state: State) -> tuple[Doubt, ...]:
    """Why the box of this period has to be counted before its sum is believed."""
    in_doubt = any(ledger.currency_period(name)[1] == state.period for name in state.ledger.under("uncertain:"))
    known = {*state.box.doubts, Doubt.NOTE_IN_DOUBT} if in_doubt else set(state.box.doubts)
    return tuple(doubt for doubt in Doubt if doubt in known)


def _sum(notes: tuple[tuple[int, int], ...]) -> int:
    return sum(value_minor * count for value_minor, count in notes)


def report_id(slip: CollectionSlip, box: BoxContents) -> str:
    """Under which the aggregator is told of one currency of a collection: the first is the kiosk's own."""
    own = box.currency == slip.boxes[0].currency
    return f"{slip.terminal_number}-z{slip.serial:05d}{'' if own else f'-{box.currency}'}"


def reports(slip: CollectionSlip, rules: Rules) -> tuple[ReportQueued, ...]:
    """What the aggregator is told: frozen with the close, a report for each currency."""
    if ReportKind.COLLECTION not in rules.reports:
        return ()
    told = ((report_id(slip, box), box) for box in slip.boxes)
    return tuple(
        ReportQueued(name, ReportKind.COLLECTION, rules.freeze_collection(name, slip, box)) for name, box in told
    )


def original(slip: CollectionSlip, sheet: int, now: Now, rules: Rules) -> SlipIntended:
    """A sheet that is no copy."""
    return _sheet(slip, sheet, sheet_name(slip, sheet), now, rules, slip.people[-1].name if slip.people else "")


def copy(slip: CollectionSlip, sheet: int, count: int, now: Now, rules: Rules, person: Person) -> SlipIntended:
    """The `count`th copy of a slip, of that sheet."""
    slip_id = f"{sheet_name(slip, sheet)}-c{count}"
    return _sheet(replace(slip, copy=True), sheet, slip_id, now, rules, person.name)


def _sheet(slip: CollectionSlip, sheet: int, slip_id: str, now: Now, rules: Rules, asked_by: str) -> SlipIntended:
    body = rules.write_slip(replace(slip, slip_id=slip_id, sheet=sheet))
    reason = COPY if slip.copy else COLLECTION
    return SlipIntended(slip_id, "", slip.slip_number, slip.copy, now.utc_us, asked_by, reason, body)
