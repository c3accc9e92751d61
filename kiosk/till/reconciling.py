"""Three things that have to agree: the cash boxes, what became of the money in them, and the aggregator's register.

Answers for: that every unit of money stands in exactly one row, that whatever is left over is called unexplained. Does not
answer for: mending anything.

    box and payments       notes that were stacked = payments, kept, settled, without owner, test money, of the present buyer
    box and counts         the same notes = in the box, on their way, counted, less what counts found beyond them
    payments and register  payments accepted = agreed, awaited, from before registers were compared, or in a named difference
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kiosk.domain import box_contents
from kiosk.domain.case_words import CaseKind
from kiosk.domain.operation_facts import DifferenceKind
from kiosk.domain.receipts import BoxContents
from kiosk.till.report_book import Payment, ReportBook

COLUMNS = ("between", "kind", "items", "currency", "amount_minor", "state", "about")
BOX_PAYMENTS, BOX_COUNTS, REGISTER = "box and payments", "box and counts", "payments and register"

EXPLAINED, OPEN, UNEXPLAINED = "explained", "open", "unexplained"

#: What a register says of a payment that was accepted here, where that is no trouble.
AGREE: Mapping[str, str] = {
    "agreed": EXPLAINED,
    "awaited": OPEN,
    "before_registers": EXPLAINED,
    DifferenceKind.STILL_WAITING.value: EXPLAINED,
    DifferenceKind.NOT_COMPARED.value: OPEN,
}

Row = dict[str, Any]


def reconcile(book: ReportBook, own: str) -> list[Row]:
    """`own`: the kiosk's currency, which has its rows also when nothing came in."""
    currencies = sorted({own} | {account.split(":")[1] for account in book.state.ledger.balances} | _counted(book))
    found: list[Row] = []
    for currency in currencies:
        found += _box_and_payments(book, currency)
        found += _box_and_counts(book, currency)
        found += _payments_and_register(book, currency)
    return [*found, *_beside(book, own)]


def is_explained(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody has to look into any of it."""
    return all(row["state"] != UNEXPLAINED for row in rows)


def _counted(book: ReportBook) -> set[str]:
    return {counted.name.split(":")[1] for counted in book.counts if counted.name.startswith("stacked:")}


def _row(between: str, kind: str, currency: str, amount_minor: int, state: str, items: int = 0, about: str = "") -> Row:
    values = (between, kind, items or None, currency, amount_minor, state, about)
    return dict(zip(COLUMNS, values, strict=True))


def _notes(book: ReportBook, currency: str) -> tuple[int, int]:
    """How many notes ever came into boxes, and what they are worth."""
    counts = [c for c in book.counts if c.name.startswith(f"stacked:{currency}:")]
    return sum(c.amount for c in counts), sum(c.amount * int(c.name.split(":")[2]) for c in counts)


def _rest(between: str, currency: str, left_minor: int) -> Iterator[Row]:
    if left_minor:
        yield _row(between, "unexplained", currency, left_minor, UNEXPLAINED)


def _box_and_payments(book: ReportBook, currency: str) -> Iterator[Row]:
    """Places, as slips of all periods together would tell them."""
    notes, stacked_minor = _notes(book, currency)
    yield _row(BOX_PAYMENTS, "notes_stacked", currency, stacked_minor, EXPLAINED, notes)
    boxes = [_box(book, period, currency) for period in range(1, book.state.period + 1)]
    places = (
        ("confirmed", sum(box.confirmed_minor for box in boxes), EXPLAINED),
        ("queued", sum(box.queued_minor for box in boxes), OPEN),
        ("kept_under_codes", sum(box.unallocated_minor for box in boxes), OPEN),
        ("paid_out_or_settled", sum(box.redeemed_minor for box in boxes), EXPLAINED),
        ("without_owner", sum(box.orphan_minor for box in boxes), OPEN),
        ("test_money", sum(box.test_minor for box in boxes), EXPLAINED),
        ("of_present_buyer", sum(box.open_minor for box in boxes), OPEN),
    )
    for kind, amount_minor, state in places:
        if amount_minor:
            yield _row(BOX_PAYMENTS, kind, currency, amount_minor, state)
    yield from _rest(BOX_PAYMENTS, currency, stacked_minor - sum(amount for _, amount, _ in places))
    if in_doubt := sum(box.suspense_minor for box in boxes):
        items = sum(box.suspense_notes for box in boxes)
        yield _row(BOX_PAYMENTS, "beside_the_sum_in_doubt", currency, in_doubt, OPEN, items)


def _box(book: ReportBook, period: int, currency: str) -> BoxContents:
    of_period = {name: amount for (key, name), amount in book.reading.totals.items() if key == period}
    (box,) = box_contents.in_period(book.state, period, of_period, (currency,))
    return box


def _box_and_counts(book: ReportBook, currency: str) -> Iterator[Row]:
    """Where the notes are. What a count found is explained once a person has settled it with a reason."""
    books = book.state.ledger
    places = (
        ("in_the_box", sum(books.under(f"cash_box:{currency}:").values()), EXPLAINED),
        ("on_its_way", sum(books.under(f"in_transit:{currency}:").values()), OPEN),
        ("counted", books.balances.get(f"cash_desk:{currency}", 0), EXPLAINED),
    )
    for kind, amount_minor, state in places:
        if amount_minor:
            yield _row(BOX_COUNTS, kind, currency, amount_minor, state)
    over_minor = book.over.get(currency, 0)
    _, stacked_minor = _notes(book, currency)
    yield from _over_short(book, currency, over_minor)
    yield from _rest(BOX_COUNTS, currency, sum(amount for _, amount, _ in places) - over_minor - stacked_minor)


def _over_short(book: ReportBook, currency: str, over_minor: int) -> Iterator[Row]:
    """What is still open by period, the rest in all."""
    lives = (life.case for life in book.cases.values() if life.state == OPEN)
    still = [case for case in lives if case.kind is CaseKind.OVER_SHORT and case.currency == currency]
    for case in still:
        kind = "counted_over" if case.amount_minor > 0 else "counted_short"
        yield _row(BOX_COUNTS, kind, currency, -case.amount_minor, UNEXPLAINED, about=f"period {case.period}")
    if settled := over_minor - sum(case.amount_minor for case in still):
        kind = "over_and_settled" if settled > 0 else "short_and_settled"
        yield _row(BOX_COUNTS, kind, currency, -settled, EXPLAINED)


def _payments_and_register(book: ReportBook, currency: str) -> Iterator[Row]:
    found: dict[str, list[int]] = {}
    for name, payment in book.payments.items():
        if payment.state == "accepted" and payment.currency == currency and not payment.by_code:
            found.setdefault(_register_word(book, name, payment), []).append(payment.amount_minor)
    for kind, amounts in sorted(found.items()):
        state = AGREE.get(kind, UNEXPLAINED)
        yield _row(REGISTER, kind, currency, sum(amounts), state, len(amounts))
    accepted = sum(amount for (_, name), amount in book.reading.totals.items() if name == f"accepted:{currency}")
    yield from _rest(REGISTER, currency, accepted - sum(map(sum, found.values())))


def _register_word(book: ReportBook, name: str, payment: Payment) -> str:
    if payment.register:
        return payment.register
    return "awaited" if name in book.state.registers.awaited else "before_registers"


def _beside(book: ReportBook, own: str) -> Iterator[Row]:
    """What registers name that is no accepted payment of ours, each by itself."""
    for day, difference in book.differences:
        payment = book.payments.get(difference.name)
        if payment is not None and payment.state == "accepted":
            continue
        waits = payment is not None and difference.kind is DifferenceKind.STILL_WAITING
        currency = difference.their_currency or difference.our_currency
        amount_minor = difference.theirs_minor or difference.ours_minor
        state, about = OPEN if waits else UNEXPLAINED, f"{difference.name}, register of {day}"
        yield _row(REGISTER, difference.kind.value, currency, amount_minor, state, 1, about)
    if book.untold:
        yield _row(REGISTER, "not_named", own, 0, UNEXPLAINED, book.untold)
