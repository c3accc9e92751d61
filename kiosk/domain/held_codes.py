"""What is known of a code of money that stayed behind: what the buyer may be shown of it, and what they hold to pay with.

Answers for: the shapes. Does not answer for: looking it up (`code_lookup`), paying (`redemptions`), how a code is written
(`codes`). A code is worth money: it is in no log.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Whereabouts(StrEnum):
    """Where the money of a visit is now."""

    PAID = "paid"  #: the payee has it
    ON_ITS_WAY = "on_its_way"  #: taken, and not confirmed yet
    KEPT = "kept"  #: nothing, or not all of it, went to a payee: the rest is kept under the code
    PAID_OUT = "paid_out"  #: what was kept has been paid out, or was paid with
    UNDER_REVIEW = "under_review"  #: staff have to look for a note


class CodeWord(StrEnum):
    """What the aggregator says of a code."""

    OPEN = "open"  #: it knows it, and how much is left under it
    UNKNOWN = "unknown"  #: no terminal has registered it
    UNHEARD = "unheard"  #: no usable answer
    NOT_ASKED = "not_asked"  #: this dialect knows no codes


@dataclass(frozen=True, slots=True)
class CodeTold:
    """`open_minor` of `currency` only with OPEN."""

    word: CodeWord
    open_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class HeldCode:
    """What the buyer pays with. `open_minor`: what was under it when the aggregator was asked."""

    code: str = field(repr=False)
    open_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a code stands for. `paid_minor` to `payee`; `open_minor` under the code; `usable`: the aggregator knows of the latter,
    in our currency, so that it can be paid with. `at_us`: of the visit, 0 where only the aggregator knows it.
    """

    held: HeldCode
    whereabouts: Whereabouts
    payee: str = ""
    paid_minor: int = 0
    under_review_minor: int = 0
    at_us: int = 0
    reference: str = ""
    usable: bool = False
