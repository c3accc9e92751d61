"""The focus: one after another and round again, up and down where there are rows, never lost."""

import pytest

from kiosk.screen.focus import Stop, climbed, kept, stepped


def row(y_px: float, *roles: str) -> tuple[Stop, ...]:
    return tuple(Stop(role, 100 * number, y_px, 90, 40) for number, role in enumerate(roles))


KEYPAD = (*row(150, "1", "2", "3"), *row(100, "4", "5", "6"), *row(50, "7", "8", "9"), *row(0, "back", "0", "next"))


def test_reading_on_comes_to_every_control_and_begins_again() -> None:
    roles, role = [], "1"
    for _ in KEYPAD:
        roles.append(role)
        role = stepped(KEYPAD, role, 1)
    assert roles == [stop.role for stop in KEYPAD]
    assert role == "1"
    assert stepped(KEYPAD, "1", -1) == "next"


@pytest.mark.parametrize(
    ("role", "direction", "there"),
    [("5", 1, "2"), ("5", -1, "8"), ("9", -1, "next"), ("1", 1, "next"), ("next", -1, "1")],
)
def test_up_and_down_go_to_the_nearest_of_the_next_row(role: str, direction: int, there: str) -> None:
    assert climbed(KEYPAD, role, direction) == there


def test_a_wide_control_is_reached_from_below() -> None:
    stops = (Stop("wide", 0, 100, 500, 40), *row(0, "left", "middle", "right"))
    assert {climbed(stops, role, 1) for role in ("left", "middle", "right")} == {"wide"}


def test_what_is_still_there_keeps_the_focus_and_what_is_gone_gives_it_to_the_first() -> None:
    assert kept(KEYPAD, "8") == "8"
    assert kept(KEYPAD, "confirm") == "1"
    assert kept((), "8") == ""


@pytest.mark.parametrize("move", [stepped, climbed])
def test_moving_from_a_control_that_is_gone_begins_at_the_first(move) -> None:
    assert move(KEYPAD, "confirm", 1) == "1"
    assert move((), "confirm", 1) == ""
