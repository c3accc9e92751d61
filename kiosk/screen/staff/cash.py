"""What the box should hold, on the screen: notes by denomination, and where each unit of it is in the books. Pure.

Answers for: that both columns end in a sum that can be compared. Does not answer for: the till's sums; it only adds them up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.link.staff import BoxView, CashReportView
from kiosk.screen.chrome import button
from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import around, dialog, staff_of, told
from kiosk.screen.staff.moments import moment_text
from kiosk.screen.staff.phrases import DOUBTS
from kiosk.screen.staff.views import ColumnView, SheetView
from kiosk.screen.views import BannerView, Pair, StatusView, Tone

NO_NUMBER = "—"
DOUBTS_MAX = 2  #: one is reason enough to count


def cash_page(seen: Seen) -> SheetView | StatusView:
    """The X report: a look, nothing is closed."""
    say, report = seen.say, staff_of(seen).cash
    if report is None:
        text = say("The till does not tell it now: the box is counted before its sum is shown.")
        return StatusView(around(seen), dialog(seen), Tone.PLAIN, say("What is in the box"), text)
    turned = seen.glass.desk.turned % max(1, len(report.boxes))
    others = [box.currency for box in (*report.boxes[turned + 1 :], *report.boxes[:turned])]
    made = around(seen, primary=button("staff:x_report", say("Print")), hint=counters(seen, report))
    return SheetView(
        chrome=replace(made, languages=tuple(button(f"staff:turn:{n}", code) for n, code in enumerate(others, 1))),
        dialog=dialog(seen),
        title=say("What should be in the box"),
        text=heading(seen, report),
        columns=columns(seen, report.boxes[turned : turned + 1]),
        actions=(),
        banner=told(seen) or trust(seen, report),
    )


def heading(seen: Seen, report: CashReportView) -> str:
    """Which period, since when, which box."""
    say = seen.say
    parts = (
        say("Period {number}", number=report.period),
        say("since {time}", time=moment_text(report.since_us, say.language)),
        say("Box {number}", number=report.box_id or NO_NUMBER),
    )
    return " · ".join(parts)


def counters(seen: Seen, report: CashReportView) -> str:
    """How many visits that was."""
    say = seen.say
    parts = (
        say("Visits: {count}", count=report.visits),
        say("Payments: {count}", count=report.payments),
        say("Returned notes: {count}", count=report.returned_notes),
    )
    return " · ".join(parts)


def columns(seen: Seen, boxes: Sequence[BoxView]) -> tuple[ColumnView, ...]:
    """Notes on the left, the books on the right; an empty box has nothing but a nought on either side."""
    if not boxes:
        return (ColumnView(seen.say("Banknotes"), (), Pair(seen.say("The box is empty"), "0")),)
    return _notes(seen, boxes[0]), _places(seen, boxes[0])


def note_rows(seen: Seen, currency: str, notes: Sequence[tuple[int, int]]) -> tuple[Pair, ...]:
    """50 € × 12, and what they are worth."""
    return tuple(
        Pair(f"{seen.note(value, currency)} × {count}", seen.amount(value * count, currency)) for value, count in notes
    )


def note_column(seen: Seen, currency: str, notes: Sequence[tuple[int, int]], label: str) -> ColumnView:
    """Notes, how many they are, what they are worth."""
    total = Pair(
        seen.say("Notes: {count}", count=sum(count for _, count in notes)),
        seen.amount(sum(value * count for value, count in notes), currency),
    )
    return ColumnView(label, note_rows(seen, currency, notes), total)


def _notes(seen: Seen, box: BoxView) -> ColumnView:
    return note_column(seen, box.currency, box.notes, seen.say("Banknotes"))


def _places(seen: Seen, box: BoxView) -> ColumnView:
    rows = tuple(_placed(seen, box))
    return ColumnView(
        seen.say("In the books"), rows, Pair(seen.say("Together"), seen.amount(placed_minor(box), box.currency))
    )


def _placed(seen: Seen, box: BoxView) -> Iterator[Pair]:
    """Payments always; the rest where there is any."""
    say = seen.say
    yield Pair(say("Paid and confirmed"), seen.amount(box.confirmed_minor, box.currency))
    yield Pair(say("Paid, on its way"), seen.amount(box.queued_minor, box.currency))
    rest = (
        (say("Kept for buyers"), box.unallocated_minor),
        (say("Paid out to buyers"), box.redeemed_minor),
        (say("Notes without a visitor"), box.orphan_minor),
        (say("Test money"), box.test_minor),
    )
    yield from (Pair(label, seen.amount(minor, box.currency)) for label, minor in rest if minor)


def placed_minor(box: BoxView) -> int:
    """What the books say the notes are (as domain.receipts.BoxContents.placed_minor; nobody is paying now)."""
    kept = box.unallocated_minor + box.redeemed_minor
    return box.confirmed_minor + box.queued_minor + kept + box.orphan_minor + box.test_minor


def trust(seen: Seen, report: CashReportView) -> BannerView:
    """Whether the sum can be believed without counting, and if not, why."""
    say = seen.say
    for box in report.boxes:
        if box.stacked_minor != placed_minor(box):
            differs = seen.amount(abs(box.stacked_minor - placed_minor(box)), box.currency)
            return BannerView(Tone.BAD, say("Notes and books differ by {amount}. Count the box.", amount=differs))
    doubtful = [box for box in report.boxes if box.suspense_notes]
    if doubtful:
        amount = ", ".join(seen.amount(box.suspense_minor, box.currency) for box in doubtful)
        return BannerView(Tone.WARN, say("In doubt, beside the sum: {amount}. Count the box.", amount=amount))
    if report.doubts:
        why = ", ".join(say(DOUBTS[doubt]) for doubt in report.doubts[:DOUBTS_MAX])
        return BannerView(Tone.WARN, say("Count the box: {why}.", why=why))
    return BannerView(Tone.GOOD, say("Every note is accounted for. Both sums agree."))
