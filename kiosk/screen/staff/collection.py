"""A collection, one decision a screen: sum, take out, seal, new box, count, slip. Pure.

Answers for: what to do with the hands in plain words, and how far it is. Does not answer for: the order of the steps, sums, the
slip: the till's.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from kiosk.link.messages import ReceiptView
from kiosk.link.staff import BoxPlace, BoxView, CollectionStep, CollectionView
from kiosk.link.staff import SheetView as SheetState
from kiosk.screen.chrome import button
from kiosk.screen.keyboards import COLUMNS
from kiosk.screen.seen import Seen
from kiosk.screen.staff import typing
from kiosk.screen.staff.around import around, dialog, staff_of, told
from kiosk.screen.staff.cash import NO_NUMBER, columns, counters, heading, note_column, trust
from kiosk.screen.staff.desk import is_under_way
from kiosk.screen.staff.keys import digits, seal_keys
from kiosk.screen.staff.phrases import BOX_PUT_IN, BOX_TAKEN, COLLECTION_STEPS, SHEETS
from kiosk.screen.staff.views import ColumnView, HandsView, SheetView
from kiosk.screen.views import BannerView, ButtonView, Chrome, EntryView, Pair, StatusView, Tone, TypingView

AnyView = SheetView | HandsView | TypingView | EntryView | StatusView


def collection_page(seen: Seen) -> AnyView:
    """Wherever it is; before it begins, what it will be. One that ended for somebody else is none."""
    collection = staff_of(seen).collection
    if collection is None or not (is_under_way(collection) or seen.glass.desk.follows):
        return _before(seen)
    return _STEPS[collection.step](seen, collection)


def way(seen: Seen, collection: CollectionView) -> tuple[tuple[str, ...], int]:
    """The steps there are, and which of them this is. Counting is one only where it has to be done."""
    counted = collection.blind or bool(collection.to_count) or collection.step is CollectionStep.COUNT
    steps = [step for step in CollectionStep if step is not CollectionStep.DONE]
    steps = [step for step in steps if step is not CollectionStep.COUNT or counted]
    here = CollectionStep.PRINTING if collection.step is CollectionStep.DONE else collection.step
    return tuple(seen.say(COLLECTION_STEPS[step]) for step in steps), steps.index(here)


def _frame(
    seen: Seen,
    collection: CollectionView,
    primary: ButtonView | None,
    secondary: ButtonView | None = None,
    hint: str = "",
) -> Chrome:
    """With the way of the collection, and the way back: it can be given up as long as nothing was taken; later it waits for
    whoever signs in next.
    """
    steps, step = way(seen, collection)
    gives_up = _give_up(seen) if collection.can_abandon else None
    return around(seen, primary=primary, secondary=secondary or gives_up, hint=hint, steps=steps, step=step)


def _give_up(seen: Seen) -> ButtonView:
    return button("staff:ask:abandon", seen.say("Give up"))


def _banner(seen: Seen, collection: CollectionView) -> BannerView | None:
    """What became of the last act; otherwise that this collection has a story."""
    if collection.attended:
        return told(seen)
    unattended = BannerView(Tone.BAD, seen.say("The cash box was taken out while nobody was signed in."))
    return told(seen) or unattended


# --- begin, sum ---------------------------------------------------------------------------------------------------


def _before(seen: Seen) -> HandsView:
    say = seen.say
    return HandsView(
        chrome=around(seen, primary=button("staff:begin", say("Begin"))),
        dialog=dialog(seen),
        title=say("Collection"),
        steps=(
            say("The kiosk takes no more banknotes."),
            say("You take the box, seal it, and put in an empty one."),
            say("The slip is printed in two copies: one goes with the money."),
        ),
        sensor=None,
        banner=told(seen),
    )


def _frozen(seen: Seen, collection: CollectionView) -> SheetView | HandsView:
    """What the box should hold; blind, only what will be done."""
    say, report = seen.say, collection.report
    primary = button("staff:go_on", say("Next"))
    if collection.blind or report is None:
        return HandsView(
            chrome=_frame(seen, collection, primary),
            dialog=dialog(seen),
            title=say("The kiosk takes no more banknotes"),
            steps=(
                say("The box is counted by hand before its sum is shown."),
                say("Next: take the box out."),
            ),
            sensor=None,
            banner=_banner(seen, collection),
        )
    return SheetView(
        chrome=_frame(seen, collection, primary, hint=counters(seen, report)),
        dialog=dialog(seen),
        title=say("This should be in the box"),
        text=heading(seen, report),
        columns=columns(seen, report.boxes[:1]),
        actions=(),
        banner=_banner(seen, collection) or trust(seen, report),
    )


# --- hands --------------------------------------------------------------------------------------------------------


def _take(seen: Seen, collection: CollectionView) -> HandsView:
    say = seen.say
    tone, text = BOX_TAKEN[collection.place]
    out = collection.place is not BoxPlace.IN
    return HandsView(
        chrome=_frame(seen, collection, button("staff:go_on", say("The box is out"), enabled=out)),
        dialog=dialog(seen),
        title=say("Take the cash box out"),
        steps=(say("Open the cabinet."), say("Unlock the box and pull it out."), say("Keep it closed.")),
        sensor=BannerView(tone, say(text)),
        banner=_banner(seen, collection),
    )


def _seal(seen: Seen, collection: CollectionView) -> TypingView:
    """The seal first, then which box it is."""
    say, desk = seen.say, seen.glass.desk
    if desk.collecting.bag is None:
        return _typed(
            seen, collection, say("Number of the seal or bag"), say("Close the box with it and type the number.")
        )
    back = button("staff:back", say("Back"))
    return _typed(seen, collection, say("Number of the box you took"), _on_the_box(seen, collection), back)


def _on_the_box(seen: Seen, collection: CollectionView) -> str:
    """Where to find its number."""
    if collection.box_id_wanted:
        return seen.say("It stands on the box.")
    return seen.say("It stands on the box. Without a number, leave the field empty.")


def _new_box(seen: Seen, collection: CollectionView) -> TypingView | HandsView:
    """The hands first, then its number."""
    say = seen.say
    if typing.names_new_box(seen.glass.desk, collection):
        back = button("staff:back", say("Back"))
        return _typed(seen, collection, say("Number of the box you put in"), _on_the_box(seen, collection), back)
    tone, text = BOX_PUT_IN[collection.place]
    there = collection.place is not BoxPlace.OUT
    return HandsView(
        chrome=_frame(seen, collection, button("staff:put_in", say("The box is in"), enabled=there)),
        dialog=dialog(seen),
        title=say("Put the empty box in"),
        steps=(
            say("Push it in until it clicks."),
            say("Lock the box and close the cabinet."),
        ),
        sensor=BannerView(tone, say(text)),
        banner=_banner(seen, collection),
    )


def _typed(
    seen: Seen, collection: CollectionView, title: str, where: str, secondary: ButtonView | None = None
) -> TypingView:
    say, desk = seen.say, seen.glass.desk
    primary = button("staff:enter", say("Next"), enabled=typing.is_ready(desk, staff_of(seen)))
    return TypingView(
        chrome=_frame(seen, collection, primary, secondary),
        dialog=dialog(seen),
        title=title,
        where=where,
        number=desk.text,
        placeholder=say("number"),
        banner=told(seen),
        rows=seal_keys(say, desk.text, partial(typing.fits, desk, staff_of(seen))),
        columns=COLUMNS,
    )


# --- counting -----------------------------------------------------------------------------------------------------


def _count(seen: Seen, collection: CollectionView) -> EntryView | SheetView | StatusView:
    """One denomination after another, then all of it once more."""
    say, desk = seen.say, seen.glass.desk
    if not collection.to_count:
        return StatusView(_frame(seen, collection, None), dialog(seen), Tone.BUSY, say("One moment, please"), "")
    value = typing.asked_value(desk, collection)
    currency, notes = typing.counted_notes(desk, collection)
    back = button("staff:back", say("Back")) if desk.collecting.counts else None
    if value is None:
        return SheetView(
            chrome=_frame(seen, collection, button("staff:enter", say("Book the count")), back),
            dialog=dialog(seen),
            title=say("Is this what you counted?"),
            text="",
            columns=(note_column(seen, currency, notes, say("Counted by hand")),),
            actions=(),
            banner=_banner(seen, collection),
        )
    return EntryView(
        chrome=_frame(seen, collection, button("staff:enter", say("Next")), back),
        dialog=dialog(seen),
        about=say("Counted by hand"),
        title=say("How many notes of {note}?", note=seen.note(value, currency)),
        where=say("None? Leave it empty."),
        number=desk.text,
        placeholder="0",
        banner=_banner(seen, collection),
        keys=digits(say, desk.text),
    )


# --- slip ---------------------------------------------------------------------------------------------------------


def _slip(seen: Seen, collection: CollectionView) -> SheetView:
    """The period is closed whatever the printer does; the sheets are looked after here."""
    say, done = seen.say, collection.step is CollectionStep.DONE
    title = say("Collection {number} is booked", number=collection.serial)
    primary = button("staff:finish", say("Finish"), enabled=done)
    return SheetView(
        chrome=_frame(seen, collection, primary, hint="" if done else say("The slips are being printed…")),
        dialog=dialog(seen),
        title=title,
        text=_what(seen, collection),
        columns=(*_taken(seen, collection), _sheets(seen, collection)),
        actions=_reprints(seen, collection),
        banner=_banner(seen, collection) or _sheets_banner(seen, collection),
    )


def _what(seen: Seen, collection: CollectionView) -> str:
    say = seen.say
    parts = (
        say("Seal {number}", number=collection.bag or NO_NUMBER),
        say("Box {number}", number=collection.box_id or NO_NUMBER),
        say("New box {number}", number=collection.new_box_id or NO_NUMBER),
    )
    return " · ".join(parts)


def _taken(seen: Seen, collection: CollectionView) -> tuple[ColumnView, ...]:
    """What was taken, once it may be seen; where it was counted, what counting found."""
    say, report = seen.say, collection.report
    if report is None or not report.boxes:
        return ()
    return tuple(ColumnView(say("Taken"), tuple(_sums(seen, box)), _over_short(seen, box)) for box in report.boxes[:1])


def _sums(seen: Seen, box: BoxView) -> Iterator[Pair]:
    say = seen.say
    yield Pair(say("Banknotes"), str(sum(count for _, count in box.notes)))
    yield Pair(say("By the kiosk"), seen.amount(box.stacked_minor, box.currency))
    if box.counted_minor is not None:
        yield Pair(say("Counted by hand"), seen.amount(box.counted_minor, box.currency))


def _over_short(seen: Seen, box: BoxView) -> Pair | None:
    """What counting found; None where nobody counted."""
    if box.counted_minor is None:
        return None
    found = box.counted_minor - box.stacked_minor
    label = seen.say("Over") if found > 0 else seen.say("Short") if found < 0 else seen.say("It agrees")
    return Pair(label, seen.amount(abs(found), box.currency))


def _sheets(seen: Seen, collection: CollectionView) -> ColumnView:
    say = seen.say
    return ColumnView(
        say("Slip"),
        tuple(
            Pair(say("Copy {number}", number=sheet.sheet), say(SHEETS[_state(sheet)][1])) for sheet in collection.sheets
        ),
    )


def _state(sheet: SheetState) -> ReceiptView:
    return ReceiptView(sheet.outcome)


def _reprints(seen: Seen, collection: CollectionView) -> tuple[ButtonView, ...]:
    """Each that is not being printed can be had once more."""
    say, free = seen.say, all(_state(sheet) is not ReceiptView.PRINTING for sheet in collection.sheets)
    return tuple(
        button(f"staff:sheet:{sheet.sheet}", say("Print copy {number} again", number=sheet.sheet), enabled=free)
        for sheet in collection.sheets
    )


def _sheets_banner(seen: Seen, collection: CollectionView) -> BannerView | None:
    """What to do about the worst of them."""
    say, states = seen.say, {_state(sheet) for sheet in collection.sheets}
    if ReceiptView.FAILED in states or ReceiptView.RETRACTED in states:
        return BannerView(Tone.WARN, say("Booked all the same. Look after the printer and print that copy again."))
    if ReceiptView.UNKNOWN in states:
        return BannerView(Tone.WARN, say("Look whether both slips came out whole; if not, print that copy again."))
    if states == {ReceiptView.PRINTED}:
        return BannerView(Tone.GOOD, say("Put one slip with the money and keep the other."))
    return None


_STEPS: Mapping[CollectionStep, Callable[[Seen, CollectionView], AnyView]] = {
    CollectionStep.FROZEN: _frozen,
    CollectionStep.TAKE: _take,
    CollectionStep.SEAL: _seal,
    CollectionStep.NEW_BOX: _new_box,
    CollectionStep.COUNT: _count,
    CollectionStep.PRINTING: _slip,
    CollectionStep.DONE: _slip,
}
