"""Which PINs are too easy to guess to be anybody's.

Answers for: the rules. Does not answer for: hashing, comparing (`till.people_file`).
"""

import re
from itertools import pairwise

PIN_DIGITS_MAX = 12
DIFFERENT_DIGITS_MIN = 3
YEARS = range(1900, 2100)
DAYS, MONTHS = range(1, 32), range(1, 13)

#: Walks over a keypad that people think of first.
WALKS = (
    "147258369",
    "147852369",
    "159753",
    "159357",
    "741852963",
    "789456123",
    "321654987",
    "987456321",
    "142536",
    "123654",
)


def fault(pin: str, digits_min: int) -> str:
    """What is wrong with a PIN, for whoever chose it; empty when it may be used."""
    if not re.fullmatch(r"[0-9]*", pin) or not digits_min <= len(pin) <= PIN_DIGITS_MAX:
        return f"must be {digits_min} to {PIN_DIGITS_MAX} digits"
    if len(set(pin)) < DIFFERENT_DIGITS_MIN or _is_run(pin) or _is_repeated(pin) or _is_walk(pin):
        return "is among the first that anybody tries; choose another"
    return "looks like a date; choose another" if _is_date(pin) else ""


def _is_run(pin: str) -> bool:
    """Each digit as far from the one before it as the next: 123456, 97531, 890123."""
    return len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1


def _is_repeated(pin: str) -> bool:
    """123123, 121212, and each digit twice or more in a run: 112233."""
    halves = any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1) if not len(pin) % size)
    doubled = re.sub(r"(.)\1+", r"\1", pin)
    return halves or (len(doubled) * 2 <= len(pin) and _is_run(doubled))


def _is_walk(pin: str) -> bool:
    return any(pin in walk or pin in walk[::-1] for walk in WALKS)


def _is_date(pin: str) -> bool:
    """Day, month and year of a birthday in any usual order, the year in two digits or four."""
    numbers = {
        6: ((pin[:2], pin[2:4]), (pin[2:4], pin[:2]), (pin[4:], pin[2:4])),
        8: ((pin[:2], pin[2:4], pin[4:]), (pin[2:4], pin[:2], pin[4:]), (pin[6:], pin[4:6], pin[:4])),
    }
    return any(_is_day(*map(int, found)) for found in numbers.get(len(pin), ()))


def _is_day(day: int, month: int, year: int = 2000) -> bool:
    return day in DAYS and month in MONTHS and year in YEARS
