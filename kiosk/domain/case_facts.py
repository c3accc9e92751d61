"""The fact of a case that a person settled, and its words.

Answers for: the durable words and their units, as `facts` does for money. Does not answer for: which cases there are (`cases`),
who may settle them (`resolving`). Amounts are minor units; times are UTC microseconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ledger import Transfer
from kiosk.domain.receipts import Person


class CaseKind(StrEnum):
    """Money whose place in the books a person has to decide."""

    SUSPENSE = "suspense"  #: a note that may or may not be in the box
    ORPHAN = "orphan"  #: a note nobody in session put in
    REFUSED = "refused"  #: a payment refused after cash, kept under a code
    OVER_SHORT = "over_short"  #: what counting found beyond or below the books


class Resolution(StrEnum):
    IN_BOX = (
        "in_box"  #: the note was found: it becomes the visitor's, under their code; a technician's stays test money
    )
    NOT_IN_BOX = "not_in_box"  #: the note never came in
    TO_BUYER = "to_buyer"  #: kept for a buyer under a code: a new one, or where there is one already that one once more
    PAID_OUT = "paid_out"  #: given to the buyer over the desk, out of the operator's own money
    TO_OPERATOR = "to_operator"  #: nobody will come for it; what is short, the operator bears


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
