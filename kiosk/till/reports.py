"""Reports of one kiosk, as rows: cash, payments, leftovers, suspense, collections, uptime, rejects.

Answers for: what is counted into which row. Does not answer for: reading the journal (`report_book`), agreement (`reconciling`),
how a table is written (`cli.tables`). Columns are named as `cli.tables` wants them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.domain.receipts import BoxContents, CollectionSlip
from kiosk.domain.rules import MICROSECONDS
from kiosk.till.report_book import Counted, ReportBook, Span

PER_THOUSAND = 1000

Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a journal. `period` 0: every one; moments from `from_us` on and before `until_us`, 0: without end."""

    period: int = 0
    from_us: int = 0
    until_us: int = 0

    def has(self, at_us: int, period: int) -> bool:
        """Whether something of this moment and period is wanted."""
        in_time = at_us >= self.from_us and (not self.until_us or at_us < self.until_us)
        return in_time and self.period in {0, period}


CASH = ("period", "currency", "value_minor", "notes", "of_them_test", "amount_minor")
PAYMENTS = ("service", "by", "state", "payments", "currency", "amount_minor")
LEFTOVERS = ("reason", "state", "claims", "currency", "amount_minor")
SUSPENSE = (
    "case", "kind", "opened_us", "period", "about", "currency", "amount_minor", "state", "settled_us", "person", "reason",
)  # fmt: skip
COLLECTIONS = (
    "serial", "period", "since_us", "taken_us", "attended", "people", "bag", "box", "currency", "notes", "amount_minor",
    "suspense_minor", "doubts", "counted_minor", "over_minor", "counted_by", "count_reason",
)  # fmt: skip
UPTIME = ("what", "from_us", "until_us", "seconds", "reason")
REJECTS = ("by", "reason", "notes", "per_thousand_offered")


def cash(book: ReportBook, wanted: Wanted) -> Lines:
    """Notes that are, or were, in the box, by denomination."""
    found: dict[tuple[int, str, int], list[int]] = {}
    for counted in _of(book, wanted, "stacked", "test"):
        kind, currency, value = counted.name.split(":")
        notes = found.setdefault((counted.period, currency, int(value)), [0, 0])
        notes[kind == "test"] += counted.amount
    return [
        dict(zip(CASH, (period, currency, value, notes, tests, value * notes), strict=True))
        for (period, currency, value), (notes, tests) in sorted(found.items())
        if notes or tests
    ]


def _of(book: ReportBook, wanted: Wanted, *kinds: str) -> Iterator[Counted]:
    for counted in book.counts:
        if counted.name.partition(":")[0] in kinds and wanted.has(counted.at_us, counted.period):
            yield counted


def _grouped(columns: Sequence[str], found: Iterable[tuple[tuple[str, ...], str, int]]) -> Lines:
    """(key, currency, amount) → a row for each key and currency, with how many and how much."""
    sums: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for key, currency, amount_minor in found:
        line = sums.setdefault((key, currency), [0, 0])
        line[0] += 1
        line[1] += amount_minor
    return [
        dict(zip(columns, (*key, count, currency, amount_minor), strict=True))
        for (key, currency), (count, amount_minor) in sorted(sums.items())
    ]


def payments(book: ReportBook, wanted: Wanted) -> Lines:
    """By service and state: an order by its number is `order`."""
    found = (p for p in book.payments.values() if wanted.has(p.at_us, p.period))
    keyed = (
        ((p.service or "order", "code" if p.by_code else "cash", p.state), p.currency, p.amount_minor) for p in found
    )
    return _grouped(PAYMENTS, keyed)


def leftovers(book: ReportBook, wanted: Wanted) -> Lines:
    """Money kept under codes, by why and what became of it."""
    found = (kept for kept in book.kept.values() if wanted.has(kept.at_us, kept.claim.period))
    return _grouped(LEFTOVERS, (((k.claim.reason, k.state), k.claim.currency, k.claim.amount_minor) for k in found))


def suspense(book: ReportBook, wanted: Wanted) -> Lines:
    """Every case that a person had or has to settle, the oldest first."""
    lives = [life for life in book.cases.values() if wanted.has(life.at_us, life.case.period)]
    return [
        {
            "case": life.case.case_id,
            "kind": life.case.kind.value,
            "opened_us": life.at_us,
            "period": life.case.period,
            "about": life.case.about,
            "currency": life.case.currency,
            "amount_minor": life.case.amount_minor,
            "state": life.state,
            "settled_us": life.settled_us,
            "person": life.person,
            "reason": life.reason,
        }
        for life in lives
    ]


def collections(book: ReportBook, wanted: Wanted) -> Lines:
    """Boxes that were taken, a row for each currency; what was counted later stands beside what the slip says."""
    slips = (slip for slip in book.slips if wanted.has(slip.until_us, slip.period))
    return [_collection(book, slip, box) for slip in slips for box in slip.boxes]


def _collection(book: ReportBook, slip: CollectionSlip, box: BoxContents) -> dict[str, Any]:
    later = [one for one in book.hand_counts if (one.period, one.currency) == (slip.period, box.currency)]
    counted_minor = later[-1].counted_minor if later else box.counted_minor
    return {
        "serial": slip.serial,
        "period": slip.period,
        "since_us": slip.since_us,
        "taken_us": slip.until_us,
        "attended": slip.attended,
        "people": ", ".join(person.name for person in slip.people),
        "bag": slip.bag,
        "box": slip.box_id,
        "currency": box.currency,
        "notes": box.note_count,
        "amount_minor": box.stacked_minor,
        "suspense_minor": box.suspense_minor,
        "doubts": ", ".join(doubt.value for doubt in slip.doubts),
        "counted_minor": counted_minor,
        "over_minor": None if counted_minor is None else counted_minor - box.stacked_minor,
        "counted_by": later[-1].person if later else "",
        "count_reason": later[-1].reason if later else "",
    }


def uptime(book: ReportBook, wanted: Wanted) -> Lines:
    """What the journal proves, in the order it began: a till wrote rows; nobody knows; no note was taken, and why."""
    spans = sorted((*_lives(book), *book.spans), key=lambda span: span.from_us)
    seen = ((span, span.until_us or book.last_us) for span in spans)
    return [_span(span, until_us) for span, until_us in seen if _overlaps(wanted, span.from_us, until_us)]


def _overlaps(wanted: Wanted, from_us: int, until_us: int) -> bool:
    return until_us >= wanted.from_us and (not wanted.until_us or from_us < wanted.until_us)


def _lives(book: ReportBook) -> Iterator[Span]:
    """Rows prove a till at work; between its last row and the next start it may have been idle, or off."""
    for at, life in enumerate(book.lives):
        yield Span("at_work", life.from_us, life.last_us, life.software)
        if at + 1 < len(book.lives):
            yield Span("not_known", life.last_us, book.lives[at + 1].from_us, "idle or off until the next start")


def _span(span: Span, until_us: int) -> dict[str, Any]:
    """What still goes on has no end, and lasted until the last row."""
    seconds = (until_us - span.from_us) // MICROSECONDS
    reason = span.reason if seconds >= 0 else f"{span.reason}; the clock was set back meanwhile".lstrip("; ")
    return dict(zip(UPTIME, (span.what, span.from_us, span.until_us, max(seconds, 0), reason), strict=True))


def rejects(book: ReportBook, wanted: Wanted) -> Lines:
    """Notes that did not stay, by who gave them back and why, and how many that is of all that were offered."""
    counts: dict[tuple[str, str], int] = {}
    for rejected in book.rejected:
        if wanted.has(rejected.at_us, rejected.period):
            key = (rejected.by, rejected.reason)
            counts[key] = counts.get(key, 0) + 1
    offered = sum(counts.values()) + sum(counted.amount for counted in _of(book, wanted, "stacked"))
    return [
        dict(zip(REJECTS, (by, reason, notes, PER_THOUSAND * notes // offered), strict=True))
        for (by, reason), notes in sorted(counts.items())
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """`what` it is, for `--help`."""

    what: str
    columns: tuple[str, ...]
    make: Callable[[ReportBook, Wanted], Lines]


REPORTS: Mapping[str, Report] = {
    "cash": Report("notes in the box, by period and denomination", CASH, cash),
    "payments": Report("payments by service, means and state", PAYMENTS, payments),
    "leftovers": Report("money kept under codes: open, paid out, settled", LEFTOVERS, leftovers),
    "suspense": Report("what a person had or has to settle, and how it was settled", SUSPENSE, suspense),
    "collections": Report("boxes that were taken, and what was counted", COLLECTIONS, collections),
    "uptime": Report("when the till was at work, when nobody knows, when it took no note", UPTIME, uptime),
    "rejects": Report("notes that did not stay, by whom and why", REJECTS, rejects),
}
