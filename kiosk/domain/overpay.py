"""Which notes may still be taken: the payee's overpay policy against the notes this kiosk knows.

Answers for: that what is taken can always be finished, so that no policy strands a buyer half way. Does not answer for: why
else a note may come back (`decide`).
"""

from functools import lru_cache
from math import gcd

from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import Rules


def credits_all(order: Order) -> bool:
    """Whether the payee is credited all that is put in."""
    return order.open_amount or order.overpay is OverpayPolicy.CREDIT_ALL


def credited_minor(order: Order, inserted_minor: int) -> int:
    """What of enough money the payee is credited; what is over stays behind."""
    if not credits_all(order):
        return order.amount_minor
    return min(inserted_minor, order.max_minor) if order.max_minor else inserted_minor


def most_credited_minor(order: Order, rules: Rules) -> int:
    """Most that may be put in where all of it is credited."""
    return min(order.max_minor or rules.session_limit_minor, rules.session_limit_minor)


def most_over_minor(order: Order, rules: Rules) -> int:
    """How much more than due may be in the box at the end."""
    if credits_all(order):
        return most_credited_minor(order, rules) - order.amount_minor
    over = 0 if order.overpay is OverpayPolicy.EXACT else rules.leftover_limit_minor
    return min(over, rules.session_limit_minor - order.amount_minor)


def is_payable(order: Order, rules: Rules) -> bool:
    """Whether some set of this kiosk's notes pays the order. Asked before any cash is taken."""
    return _finishable(order, 0, rules)


def fits(order: Order, inserted_minor: int, value_minor: int, rules: Rules) -> bool:
    """Whether one more note may be kept: it is not too much, and what is then left can still be paid."""
    return _finishable(order, inserted_minor + value_minor, rules)


def is_full(order: Order, inserted_minor: int, rules: Rules) -> bool:
    """Whether cash ends by itself: what is due is in; where the buyer decides, not before nothing more can be put in."""
    if inserted_minor < order.amount_minor or not order.open_amount:
        return inserted_minor >= order.amount_minor
    return not any(fits(order, inserted_minor, value, rules) for value in rules.denominations_minor)


def _finishable(order: Order, total_minor: int, rules: Rules) -> bool:
    least = order.amount_minor - total_minor
    return _can_add(max(0, least), least + most_over_minor(order, rules), rules.denominations_minor)


@lru_cache(maxsize=256)
def _can_add(least_minor: int, most_minor: int, values_minor: frozenset[int]) -> bool:
    """Whether notes of these values, any number of each, sum to something from `least_minor` to `most_minor`."""
    if most_minor < least_minor or most_minor < 0 or not values_minor:
        return False
    if not least_minor or most_minor - least_minor >= min(values_minor) - 1:
        return True
    unit = gcd(*values_minor)
    least, most = -(-least_minor // unit), most_minor // unit
    sums, mask = 1, (1 << (most + 1)) - 1  # bit n: n units can be made
    for value in values_minor:
        step = value // unit
        while step <= most:
            sums |= (sums << step) & mask
            step *= 2
    return sums >> least != 0
