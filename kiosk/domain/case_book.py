"""What the till remembers of money that a person has to decide about.

Answers for: the shapes. Does not answer for: when a case opens and ends (`cases`), money (`ledger`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.case_words import CaseKind

SETTLED_MAX = 8  #: slips of cases that can be had once more


@dataclass(frozen=True, slots=True)
class Case:
    """Under one id it is always the same money. `amount_minor` is below zero where a count was short. `about`: the visit, payment
    or period it came from; `at_us`: 0 when unknown; `session_id`: of the visit, empty where there was none; `test`: a
    technician's note.
    """

    case_id: str
    kind: CaseKind
    amount_minor: int
    currency: str
    period: int
    at_us: int
    about: str
    session_id: str = ""
    test: bool = False


@dataclass(frozen=True, slots=True)
class CaseBook:
    """`open`: oldest first. `count`: how many cases were numbered here; `unwanted`: claims the aggregator will never take;
    `settled`: the last ones, newest last.
    """

    open: Mapping[str, Case] = field(default_factory=dict)
    count: int = 0
    unwanted: tuple[str, ...] = ()
    settled: tuple[CaseResolved, ...] = ()

    def opened(self, case: Case) -> "CaseBook":
        """With one more case."""
        return replace(self, open={**self.open, case.case_id: case})

    def ended(self, case_id: str) -> "CaseBook":
        """Without this one, if it was there."""
        if case_id not in self.open and case_id not in self.unwanted:
            return self
        rest = {name: case for name, case in self.open.items() if name != case_id}
        return replace(self, open=rest, unwanted=tuple(name for name in self.unwanted if name != case_id))
