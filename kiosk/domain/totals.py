"""What happened in a collection period, as a flat table of counts and sums: what a report and a collection slip are made of.

Answers for: the names. Does not answer for: where they are kept (`till.journal` keeps every period's), the books (`ledger`).

    sessions                   visits that reached cash
    stacked:<currency>:<value> notes in the box, by denomination      test:<currency>:<value>  of them a technician's
    returned:<currency>:<value> notes given back by our decision, or by the unit after an intent
    unresolved:<currency>      notes whose place is unknown           found:<currency>         of them told later
    captured:<currency>        minor units that became payments       payments                 how many
    accepted:<currency>        minor units confirmed                  refused:<currency>       minor units refused after cash
    kept:<currency>            minor units kept under codes           redeemed:<currency>      of them paid out
    orphan:<currency>          minor units nobody in session put in
    code_payments              payments with codes, no cash           by_code:<currency>       minor units of those accepted
"""

from collections.abc import Mapping


def plus(totals: Mapping[str, int], name: str, amount: int = 1) -> Mapping[str, int]:
    """Totals with `amount` more under `name`."""
    return {**totals, name: totals.get(name, 0) + amount}


def notes(totals: Mapping[str, int], kind: str, currency: str) -> dict[int, int]:
    """Value → count of one kind of note, e.g. `stacked`, ascending."""
    prefix = f"{kind}:{currency}:"
    found = {int(name[len(prefix) :]): count for name, count in totals.items() if name.startswith(prefix)}
    return dict(sorted(found.items()))
