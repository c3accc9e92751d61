"""Words of money whose place a person has to decide: what it can be, and how it can be settled.

Answers for: the words, which stand in the journal for ever. Does not answer for: which case may be settled how (`cases`).
"""

from enum import StrEnum


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
