"""The hidden way in as data: one way opens it, and nothing that buyers do."""

import random

import pytest

from kiosk.screen.staff import knock as knocks
from kiosk.screen.staff.knock import CORNER_MM, HOLD_MAX_S, HOLD_S, QUIET, TAP_WITHIN_S, Spot

WIDE_MM, HIGH_MM = 300.0, 228.0


def spot(x_mm: float, y_mm: float) -> Spot:
    return Spot(x_mm, y_mm, WIDE_MM, HIGH_MM)


NUMBER, CORNER, MIDDLE = spot(20, 5), spot(WIDE_MM - 5, HIGH_MM - 5), spot(150, 110)


def knocked(first: Spot, held_s: float, lifted: Spot, wait_s: float, then: Spot) -> bool:
    knock, whole = knocks.pressed(QUIET, first, 100.0)
    assert not whole
    knock = knocks.lifted(knock, lifted, 100.0 + held_s)
    return knocks.pressed(knock, then, 100.0 + held_s + wait_s)[1]


def test_the_number_held_and_the_corner_tapped_open_the_door() -> None:
    assert knocked(NUMBER, HOLD_S, NUMBER, 1.0, CORNER)


@pytest.mark.parametrize(
    ("first", "held_s", "lifted", "wait_s", "then"),
    [
        (NUMBER, HOLD_S - 0.1, NUMBER, 1.0, CORNER),
        (NUMBER, HOLD_MAX_S + 0.1, NUMBER, 1.0, CORNER),
        (NUMBER, HOLD_S, NUMBER, TAP_WITHIN_S + 0.1, CORNER),
        (NUMBER, HOLD_S, NUMBER, 1.0, MIDDLE),
        (NUMBER, HOLD_S, MIDDLE, 1.0, CORNER),
        (MIDDLE, HOLD_S, NUMBER, 1.0, CORNER),
        (CORNER, HOLD_S, CORNER, 1.0, NUMBER),
        (NUMBER, HOLD_S, NUMBER, 1.0, spot(WIDE_MM - CORNER_MM - 1, HIGH_MM - 1)),
    ],
    ids=["too short", "leaning", "too late", "elsewhere", "slid off", "began elsewhere", "the other way", "beside it"],
)
def test_anything_else_does_not(first: Spot, held_s: float, lifted: Spot, wait_s: float, then: Spot) -> None:
    assert not knocked(first, held_s, lifted, wait_s, then)


def test_a_tap_between_makes_it_begin_again() -> None:
    knock = knocks.lifted(knocks.pressed(QUIET, NUMBER, 0.0)[0], NUMBER, HOLD_S)
    knock, whole = knocks.pressed(knock, MIDDLE, HOLD_S + 0.5)
    assert not whole
    assert not knocks.pressed(knocks.lifted(knock, MIDDLE, HOLD_S + 0.6), CORNER, HOLD_S + 1.0)[1]


def test_a_hundred_thousand_taps_of_somebody_impatient_open_nothing() -> None:
    chance, knock, now_s = random.Random(7), QUIET, 0.0
    for _ in range(100_000):
        where = spot(chance.uniform(0, WIDE_MM), chance.uniform(0, HIGH_MM))
        knock, whole = knocks.pressed(knock, where, now_s)
        assert not whole
        now_s += chance.uniform(0.03, 2.5)  #: a tap, or a finger that rests for a while
        knock = knocks.lifted(knock, where, now_s)
        now_s += chance.uniform(0.05, 1.0)
