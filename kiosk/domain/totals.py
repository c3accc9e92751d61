"""What happened in a collection period, as a flat table of counts and sums: what a report and a collection slip are made of.

Answers for: the names, and which period a count belongs to. Does not answer for: where they are kept (`till.journal` keeps every
period's), the books (`ledger`), what they say about a box (`box_contents`).
A visit, a note and whatever becomes of their money later belong to the period in which the note came in: a payment of March that
is confirmed in April is counted in March, though March's box is long gone.

    sessions                   visits that reached cash
    stacked:<currency>:<value> notes in the box, by denomination      test:<currency>:<value>  of them a technician's
    returned:<currency>:<value> notes given back by our decision, or by the unit after an intent
    unresolved:<currency>      notes whose place is unknown           found:<currency>         of them settled later
    captured:<currency>        minor units that became payments       payments                 how many
    accepted:<currency>        minor units confirmed                  accepted_payments        how many
    refused:<currency>         minor units refused after cash         refused_payments         how many
    kept:<currency>            minor units kept under codes           redeemed:<currency>      of them paid out
    orphan:<currency>          minor units nobody in session put in
    moved:<kind>:<currency>    minor units a person moved to (above zero) or from accounts of a kind
    rejected:<reason>          notes of buyers the unit itself refused, by the driver's word for why
    code_payments              payments with codes, no cash           by_code:<currency>       minor units of those accepted
"""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.state import State

#: Goes up whenever another name or another period is counted under: totals kept by another rule are counted again.
RULE = 2


def plus(totals: Mapping[str, int], name: str, amount: int = 1) -> Mapping[str, int]:
    """Totals with `amount` more under `name`."""
    return {**totals, name: totals.get(name, 0) + amount}


def counted(state: State, name: str, amount: int = 1, *, period: int = 0) -> State:
    """The state with `amount` more under `name` in `period`; 0: the one that goes on."""
    if period in {0, state.period}:
        return replace(state, totals=plus(state.totals, name, amount))
    return replace(state, late=(*state.late, (period, name, amount)))


def notes(totals: Mapping[str, int], kind: str, currency: str) -> dict[int, int]:
    """Value → count of one kind of note, e.g. `stacked`, ascending."""
    prefix = f"{kind}:{currency}:"
    found = {int(name[len(prefix) :]): count for name, count in totals.items() if name.startswith(prefix)}
    return dict(sorted(found.items()))


def changed(before: State, after: State) -> dict[tuple[int, str], int]:
    """(period, name) → what a single fold, the one from `before` to `after`, has added under it."""
    added: dict[tuple[int, str], int] = {}
    for period, name, amount in after.late:
        added[period, name] = added.get((period, name), 0) + amount
    if after.totals is not before.totals:
        old = before.totals if after.period == before.period else {}
        new = ((name, amount - old.get(name, 0)) for name, amount in after.totals.items())
        added |= {(after.period, name): amount for name, amount in new if amount}
    return added


def summed(one: Mapping[tuple[int, str], int], other: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """Both together."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
