"""What came into the box in one period, by currency, and where each unit of it is now: totals and books → `BoxContents`.

Answers for: the arithmetic. Does not answer for: gathering (`totals`, `fold`), keeping totals of past periods (`till.journal`).
Places come from what became of payments and claims, notes from the acceptor, `open` from the books: three sources that have to
agree.
"""

from collections.abc import Iterable, Mapping

from kiosk.domain import ledger, totals
from kiosk.domain.receipts import BoxContents
from kiosk.domain.state import State

#: Kinds of accounts that a correction may move money of a box to or from, each of which has a place on the slip. What goes
#: anywhere else has left the box's books: it counts as paid out.
PLACES = ("payable", "unallocated", "orphan", "test")


def holds_something(state: State) -> bool:
    """Whether anything came, or may have come, into the box in the period that goes on."""
    notes = (count for name, count in state.totals.items() if name.startswith("stacked:"))
    doubtful = (ledger.currency_period(account)[1] for account in state.ledger.under("uncertain:"))
    return any(notes) or state.period in doubtful


def currencies(state: State, period_totals: Mapping[str, int], own: str) -> tuple[str, ...]:
    """What came in during a period; the kiosk's own currency first, also when none did."""
    found = {name.split(":")[1] for name in period_totals if name.startswith(("stacked:", "unresolved:"))}
    return (own, *sorted((found | _open_currencies(state)) - {own}))


def _open_currencies(state: State) -> set[str]:
    return {ledger.currency_of(account) for account in state.ledger.under("buyer:")}


def in_period(
    state: State, period: int, period_totals: Mapping[str, int], wanted: Iterable[str]
) -> tuple[BoxContents, ...]:
    """Of the period that goes on or of a past one, whose totals the journal keeps; a box for each currency wanted."""
    return tuple(_box(state, period, period_totals, currency) for currency in wanted)


def current(state: State, own: str) -> tuple[BoxContents, ...]:
    """What the box holds now."""
    return in_period(state, state.period, state.totals, currencies(state, state.totals, own))


def _box(state: State, period: int, counted: Mapping[str, int], currency: str) -> BoxContents:
    def of(name: str) -> int:
        return counted.get(f"{name}:{currency}", 0)

    doubtful_minor = state.ledger.balances.get(ledger.uncertain(currency, period), 0)
    tests = totals.notes(counted, "test", currency)
    moved_in = sum(of(f"moved:{kind}") for kind in PLACES)
    return BoxContents(
        currency=currency,
        notes=tuple((value, count) for value, count in totals.notes(counted, "stacked", currency).items() if count),
        confirmed_minor=of("accepted"),
        queued_minor=of("captured") - of("accepted") - of("refused") + of("moved:payable"),
        unallocated_minor=of("kept") - of("redeemed") + of("moved:unallocated"),
        redeemed_minor=of("redeemed") + of("moved:cash_box") - moved_in,
        orphan_minor=of("orphan") + of("moved:orphan"),
        test_minor=sum(value * count for value, count in tests.items()) + of("moved:test"),
        open_minor=state.ledger.credit_of(ledger.buyer(currency)) if period == state.period else 0,
        suspense_minor=doubtful_minor,
        suspense_notes=of("unresolved") - of("found") if doubtful_minor else 0,
        ever_notes=state.ever.get(f"notes:{currency}", 0),
        ever_minor=state.ever.get(f"minor:{currency}", 0),
    )
