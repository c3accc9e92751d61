"""The cash box as people with keys may see it: what it should hold, and how far its collection is.

Answers for: that a box which is counted blind shows no sum before it was counted. Does not answer for: who may look
(`staff_view`), amounts (`domain.cash_slips`), words and looks (the screen).
"""

from kiosk.domain import cash_slips, collecting, paper
from kiosk.domain.box_book import Closed, CollectionStep, Sheet
from kiosk.domain.box_contents import current
from kiosk.domain.box_fold import sheet_name
from kiosk.domain.receipts import BoxContents, CashReport
from kiosk.domain.rules import Rules
from kiosk.domain.state import State
from kiosk.link import staff as m


def cash(state: State, rules: Rules) -> m.CashReportView | None:
    """What the box should hold now."""
    return None if collecting.is_hidden(state, rules) else _now(state, rules)


def collection(state: State, rules: Rules) -> m.CollectionView | None:
    """The one under way; else the last one since whoever looks has signed in."""
    book = state.box
    if book.collection is None:
        done = book.last if book.last and _is_theirs(state, book.last) else None
        return _over(state, rules, done) if done else None
    under_way = book.collection
    return m.CollectionView(
        step=m.CollectionStep(under_way.step.value),
        place=m.BoxPlace(collecting.place(state, rules).value),
        attended=True,
        blind=under_way.blind,
        report=None if under_way.blind else _now(state, rules),
        bag=under_way.bag,
        box_id=under_way.box_id or book.box_id,
        new_box_id=under_way.new_box_id,
        can_abandon=under_way.step in {CollectionStep.FROZEN, CollectionStep.TAKE},
        to_count=_to_count(state, rules) if under_way.blind else (),
        bag_wanted=rules.collection.bag_wanted,
        box_id_wanted=rules.collection.box_id_wanted,
    )


def _to_count(state: State, rules: Rules) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Of the kiosk's own currency every note it takes is asked for, so that the questions do not tell what came in."""
    counted = {currency for currency, _ in state.box.collection.counted} if state.box.collection else set()
    came_in = {box.currency: {value for value, _ in box.notes} for box in current(state, rules.currency)}
    came_in[rules.currency] = came_in.get(rules.currency, set()) | rules.denominations_minor
    return tuple((currency, tuple(sorted(values))) for currency, values in came_in.items() if currency not in counted)


def _is_theirs(state: State, last: Closed) -> bool:
    """Its slips are still coming out, or it was closed since whoever looks has signed in."""
    since_us = state.staff.since_us if state.staff else 0
    return last.step is CollectionStep.PRINTING or last.slip.at_us >= since_us


def _over(state: State, rules: Rules, last: Closed) -> m.CollectionView:
    slip = last.slip
    return m.CollectionView(
        step=m.CollectionStep(last.step.value),
        place=m.BoxPlace(collecting.place(state, rules).value),
        attended=slip.attended,
        blind=any(box.counted_minor is not None for box in slip.boxes),
        report=_of_slip(slip, slip.until_us),
        bag=slip.bag,
        box_id=slip.box_id,
        new_box_id=slip.new_box_id,
        serial=slip.serial,
        sheets=tuple(m.SheetView(sheet.sheet, _outcome(state, last, sheet)) for sheet in last.sheets),
    )


def _outcome(state: State, last: Closed, sheet: Sheet) -> str:
    """As link.messages.ReceiptView: of its last print, or that it is on its way."""
    name = sheet_name(last.slip, sheet.sheet)
    printing = any(s.slip_id.startswith(name) for s in state.slips.values() if s.outcome is None)
    outcome = sheet.copied if sheet.copied in paper.IN_HAND else sheet.outcome
    if printing or outcome is None:
        return "printing"
    return "printed" if outcome in paper.IN_HAND else outcome.value


def _now(state: State, rules: Rules) -> m.CashReportView:
    counted = cash_slips.traffic(state)
    last = state.box.last
    return m.CashReportView(
        period=state.period,
        since_us=state.box.since_us,
        boxes=tuple(_box(box) for box in current(state, rules.currency)),
        doubts=cash_slips.doubts(state),
        box_id=state.box.box_id,
        last_at_us=last.slip.until_us if last else 0,
        **counted,
    )


def _of_slip(slip: CashReport, last_at_us: int) -> m.CashReportView:
    return m.CashReportView(
        period=slip.period,
        since_us=slip.since_us,
        boxes=tuple(_box(box) for box in slip.boxes),
        visits=slip.visits,
        payments=slip.payments,
        queued_payments=slip.queued_payments,
        returned_notes=slip.returned_notes,
        doubts=slip.doubts,
        box_id=slip.box_id,
        last_at_us=last_at_us,
    )


def _box(box: BoxContents) -> m.BoxView:
    return m.BoxView(
        currency=box.currency,
        notes=box.notes,
        stacked_minor=box.stacked_minor,
        confirmed_minor=box.confirmed_minor,
        queued_minor=box.queued_minor,
        unallocated_minor=box.unallocated_minor,
        redeemed_minor=box.redeemed_minor,
        orphan_minor=box.orphan_minor,
        test_minor=box.test_minor,
        suspense_minor=box.suspense_minor,
        suspense_notes=box.suspense_notes,
        counted_minor=box.counted_minor,
    )
