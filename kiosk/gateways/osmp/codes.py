"""The result codes of OSMP providers and what they mean for money, as data.

Codes 0, 1, 4, 5, 7, 31, 32, 79: QIWI's provider protocol. 8, 90, 241, 242, 243, 300: two or more third parties that agree.
10, 40: extensions of single vendors. A code that is not here is Unknown: after cash nothing may be guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.terminal_api import ProblemCode


class Verdict(StrEnum):
    """What a code says about a payment."""

    DONE = "done"  #: if the id and the sum are echoed
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Code:
    """`fatal`: the provider will answer the same for ever. `problem`: what a buyer is told before cash; None: that nothing can
    be said now.

    A fatal code is not Refused where the fault is in our own configuration: somebody mends it, and the money waits.
    """

    meaning: str
    fatal: bool
    verdict: Verdict
    problem: ProblemCode | None = None


OK = 0

CODES: Mapping[int, Code] = {
    OK: Code("ok", False, Verdict.DONE),
    1: Code("temporary, repeat later", False, Verdict.LATER),
    4: Code("the account is not of the right form", True, Verdict.REFUSED, ProblemCode.FIELD_INVALID),
    5: Code("the account is not found", True, Verdict.REFUSED, ProblemCode.ACCOUNT_UNKNOWN),
    7: Code("forbidden by the provider", True, Verdict.REFUSED, ProblemCode.SHOP_INACTIVE),
    8: Code("forbidden for technical reasons", True, Verdict.REFUSED, ProblemCode.SHOP_INACTIVE),
    10: Code("the signature is wrong", True, Verdict.UNKNOWN),
    31: Code("an extra parameter is wrong", True, Verdict.REFUSED, ProblemCode.FIELD_INVALID),
    32: Code("the rate of exchange has changed", True, Verdict.REFUSED, ProblemCode.CURRENCY_MISMATCH),
    40: Code("the currency is wrong", True, Verdict.REFUSED, ProblemCode.CURRENCY_MISMATCH),
    79: Code("the account is not active", True, Verdict.REFUSED, ProblemCode.ACCOUNT_UNKNOWN),
    90: Code("not finished", False, Verdict.LATER),
    241: Code("the sum is too small", True, Verdict.REFUSED, ProblemCode.AMOUNT_OUT_OF_RANGE),
    242: Code("the sum is too big", True, Verdict.REFUSED, ProblemCode.AMOUNT_OUT_OF_RANGE),
    243: Code("the state of the account cannot be checked", True, Verdict.REFUSED, ProblemCode.ACCOUNT_UNKNOWN),
    300: Code("another error of the provider", True, Verdict.REFUSED),
}

#: What is said of an order instead, where the account is its number.
OF_ORDERS: Mapping[int, ProblemCode] = {
    4: ProblemCode.ORDER_NOT_FOUND,
    5: ProblemCode.ORDER_NOT_FOUND,
    79: ProblemCode.ORDER_EXPIRED,
}


def with_vendor(own: Mapping[str, str]) -> Mapping[int, Code]:
    """The table with a vendor's own codes in it (`"215": "unknown"`). None of them can mean success."""
    table = dict(CODES)
    for text, word in own.items():
        number = int(text)
        meaning = CODES[number].meaning if number in CODES else "as configured"
        table[number] = Code(meaning, word == "refused", Verdict(word))
    return table
