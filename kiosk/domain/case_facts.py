"""The fact of a case that a person settled.

Answers for: the durable word and its units, as `facts` does for money. Does not answer for: which cases there are (`cases`),
who may settle them (`resolving`). Amounts are minor units; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass

from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.ledger import Transfer
from kiosk.domain.receipts import Person


@dataclass(frozen=True, slots=True)
class CaseResolved:
    """A person settled a case by `transfers`, balanced and new: the past stays. Durable before its slip is printed.

    `period`: in which the money came in. `session_id`: of the visit under whose code some of it is kept from now on, empty where
    none is; `claim_id`: under which the aggregator is told, empty where it is not told anew. `slip_number`: of its slip.
    """

    resolution_id: str
    case_id: str
    kind: CaseKind
    resolution: Resolution
    transfers: tuple[Transfer, ...]
    amount_minor: int
    currency: str
    period: int
    session_id: str
    claim_id: str
    person: Person
    reason: str
    at_us: int
    slip_number: int
