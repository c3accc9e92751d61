"""Whether a journal may be thrown away: nothing waits, nobody is owed, no cash is unaccounted for.

Answers for: naming what is not settled. Does not answer for: settling it. Pure.
"""

from collections.abc import Iterator, Mapping

from kiosk.domain.ledger import kind_of
from kiosk.domain.money import format_major
from kiosk.domain.state import State, is_at_rest

#: Accounts that must be empty, and what it means when one is not. `payable` waits in the outbox, `settled` is the aggregator's.
OPEN: Mapping[str, str] = {
    "cash_box": "in the cash box, not collected",
    "uncertain": "of notes whose place is in doubt",
    "in_transit": "collected and not counted",
    "buyer": "of a visit that did not end",
    "unallocated": "kept for buyers under codes",
    "orphan": "of notes that nobody in session put in",
    "over_short": "counted over or short, which nobody has settled",
}


def unsettled(state: State) -> Iterator[str]:
    """What still has to happen, a sentence each; nothing where all is settled."""
    if not is_at_rest(state):
        yield "a visit is not over"
    if state.outbox:
        yield f"{len(state.outbox)} payments and reports have not reached the aggregator"
    sums: dict[tuple[str, str], int] = {}
    for account, amount_minor in state.ledger.balances.items():
        key = (kind_of(account), account.split(":")[1])
        sums[key] = sums.get(key, 0) + amount_minor
    for (kind, currency), amount_minor in sorted(sums.items()):
        if kind in OPEN and amount_minor:
            yield f"{format_major(abs(amount_minor), currency)} {currency} {OPEN[kind]}"
