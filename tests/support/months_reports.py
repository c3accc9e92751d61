"""Reports of a simulated life against what really happened in it.

Answers for: that each report adds up to the world's notes, payments and boxes. Does not answer for: living (`months`).
"""

from collections import Counter

from kiosk.till.reconciling import UNEXPLAINED, reconcile
from kiosk.till.reports import REPORTS, Wanted

#: What counts found and no supervisor has come for yet: nobody can explain it so far, and the report says so.
NOT_SETTLED = frozenset({"counted_over", "counted_short"})


def wrong_with_reports(book, life) -> list[str]:
    """In words."""
    told = {name: report.make(book, Wanted()) for name, report in REPORTS.items()}
    rows = reconcile(book, "EUR")
    wrong = [f"reconcile: {row}" for row in rows if row["state"] == UNEXPLAINED and row["kind"] not in NOT_SETTLED]
    return (
        wrong + _notes(told["cash"], life) + _payments(told["payments"], life.tally) + _boxes(told["collections"], life)
    )


def _notes(rows, life) -> list[str]:
    """By denomination all notes there are, but for those in doubt."""
    said: Counter = Counter()
    for row in rows:
        said[row["value_minor"]] += row["notes"]
    doubt_minor = -life.player.state.ledger.total_of("suspense")
    missing_minor = sum(value * count for value, count in (life.all_notes() - said).items())
    too_many = said - life.all_notes()
    return [] if missing_minor <= doubt_minor and not too_many else [f"cash: {said}, really {life.all_notes()}"]


def _payments(rows, tally) -> list[str]:
    said = {row["state"]: row["payments"] for row in rows}
    really = {"accepted": len(tally.paid), "refused": len(tally.refused)}
    return (
        []
        if said == {state: count for state, count in really.items() if count}
        else [f"payments: {said}, really {really}"]
    )


def _boxes(rows, life) -> list[str]:
    """What was counted in a box is what was in it, and beyond the slip by just what is called over."""
    wrong = [] if len(rows) == len(life.tally.taken) else [f"collections: {len(rows)} of {len(life.tally.taken)}"]
    for row in rows:
        really = sum(value * count for value, count in life.tally.taken[row["period"]].items())
        counted_minor, over_minor = row["counted_minor"], row["over_minor"]
        if counted_minor is not None and (counted_minor, over_minor) != (really, really - row["amount_minor"]):
            wrong.append(f"collection {row}, really {really}")
    return wrong
