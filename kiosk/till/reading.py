"""Rows → state: the one way a journal is read back, at boot, for an audit, for a full verification.

Answers for: folding, and the running totals of every period. Does not answer for: the chain (`journal`), what is concluded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kiosk.domain import totals
from kiosk.domain.facts import Fact
from kiosk.domain.fold import fold
from kiosk.domain.ledger import LedgerError
from kiosk.domain.moves import Move
from kiosk.domain.session import IllegalTransitionError
from kiosk.domain.state import State
from kiosk.till.journal import JournalError, Row


@dataclass
class Reading:
    """The state after every row told so far. `totals`: of all periods."""

    state: State = field(default_factory=State)
    totals: dict[tuple[int, str], int] = field(default_factory=dict)

    def note(self, row: Row) -> None:
        """One more row. Raises JournalError when it is not possible after those before it."""
        try:
            after = fold(self.state, row.fact)
        except (IllegalTransitionError, LedgerError, KeyError, StopIteration) as error:
            raise JournalError(f"row {row.seq} ({row.name}) cannot follow those before it: {error}") from error
        self._count(totals.changed(self.state, after))
        self.state = after

    def _count(self, added: dict[tuple[int, str], int]) -> None:
        for key, amount in added.items():
            self.totals[key] = self.totals.get(key, 0) + amount


def read_all(lines: Iterable[Row], state: State, progress: Callable[[int], None] | None = None) -> Reading:
    """What `lines` make of `state` before them. `progress` hears of every row's number. Raises JournalError."""
    reading = Reading(state)
    for row in lines:
        reading.note(row)
        if progress is not None:
            progress(row.seq)
    return reading


def folded(state: State, happened: Iterable[Fact | Move]) -> tuple[State, dict[tuple[int, str], int]]:
    """The state after a decision, and what it has added to totals. Raises IllegalTransitionError or LedgerError."""
    added: dict[tuple[int, str], int] = {}
    for item in happened:
        after = fold(state, item)
        added = totals.summed(added, totals.changed(state, after))
        state = after
    return state, added
