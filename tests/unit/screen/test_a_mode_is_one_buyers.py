"""The accessible mode: on by one touch or one key, off with the visit, and the till gives time as long as it is on."""

import itertools

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen import ease
from kiosk.screen.mode import ACCESSIBLE, NORMAL, Mode
from kiosk.screen.scenes.parts import CASH, DONE, ENTRY, OFFER, WELCOME

LISTENING = Mode(large=True, contrast=True, low_reach=True, spoken=True)


def unhurried(snapshot: m.Snapshot) -> m.Snapshot:
    return replace(snapshot, unhurried=True)


def test_one_touch_turns_it_on_and_one_off() -> None:
    assert ease.by_touch(NORMAL) == ACCESSIBLE
    assert ease.by_touch(ACCESSIBLE) == NORMAL
    assert ease.by_touch(LISTENING) == NORMAL


def test_the_key_adds_the_voice_and_takes_all_of_it_back() -> None:
    assert ease.by_key(NORMAL) == LISTENING
    assert ease.by_key(ACCESSIBLE) == LISTENING
    assert ease.by_key(LISTENING) == NORMAL


def test_a_headset_brings_the_voice_and_takes_it_away_and_nothing_else() -> None:
    assert ease.by_headset(NORMAL, plugged=True) == LISTENING
    assert ease.by_headset(LISTENING, plugged=False) == ACCESSIBLE
    assert ease.by_headset(NORMAL, plugged=False) == NORMAL


@pytest.mark.parametrize("snapshot", [ENTRY, OFFER, CASH, DONE], ids=lambda snapshot: snapshot.phase)
def test_the_visits_end_is_the_modes_end(snapshot: m.Snapshot) -> None:
    assert ease.at_snapshot(LISTENING, unhurried(snapshot), WELCOME) == NORMAL


def test_a_mode_that_was_turned_on_before_the_visit_lasts_into_it() -> None:
    steps = [WELCOME, unhurried(WELCOME), unhurried(ENTRY), unhurried(OFFER), unhurried(CASH), unhurried(DONE)]
    mode = ACCESSIBLE
    for before, now in itertools.pairwise(steps):
        mode = ease.at_snapshot(mode, before, now)
    assert mode == ACCESSIBLE


def test_who_turned_it_on_and_left_is_forgotten_when_the_till_has_waited_in_vain() -> None:
    assert ease.at_snapshot(ACCESSIBLE, unhurried(WELCOME), WELCOME) == NORMAL


def test_a_screen_that_has_just_started_keeps_what_is_turned_on_before_its_first_snapshot() -> None:
    assert ease.at_snapshot(ACCESSIBLE, None, CASH) == ACCESSIBLE


@pytest.mark.parametrize(
    ("mode", "before", "now", "told"),
    [
        (ACCESSIBLE, unhurried(CASH), CASH, True),
        (ACCESSIBLE, None, CASH, True),
        (ACCESSIBLE, CASH, CASH, False),
        (ACCESSIBLE, unhurried(CASH), unhurried(CASH), False),
        (NORMAL, unhurried(CASH), CASH, False),
        (NORMAL, None, WELCOME, False),
    ],
)
def test_a_till_that_was_started_again_is_asked_for_time_again_and_only_once(mode, before, now, told) -> None:
    assert (ease.time_wanted(mode, before, now) == m.TakeYourTime(wanted=True)) is told
