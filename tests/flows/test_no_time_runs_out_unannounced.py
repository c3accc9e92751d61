"""Time is the buyer's: whatever the till does by itself in silence is announced, and can be put off."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.domain import codes, events
from kiosk.domain.facts import ResultKind, SlipOutcome
from kiosk.domain.patience import STAFFED, TIMED
from kiosk.domain.session import Phase
from kiosk.link import messages as m
from kiosk.till.view import Face, snapshot
from tests.support.play import Player
from tests.support.world import KEY, ORDER, RULES, STARTED_US, TERMINAL, VirtualClock, World

FACE = Face(m.TerminalView(TERMINAL.number, TERMINAL.name, "", ""), TERMINAL.languages, lambda body: body.hex())
MACHINES = {Phase.CHECKING, Phase.CLOSING, Phase.SETTLED, Phase.PAYING}
HOURS_S = 3 * 3600
CODE = codes.mint("0007", 41, KEY.sign)


@pytest.fixture
def player(tmp_path) -> Iterator[Player]:
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()


def seen(player: Player) -> m.Snapshot:
    return snapshot(player.state, RULES, FACE, player.clock.mono_s(), 1)


def silence(player: Player, at_most_s: int = HOURS_S) -> list[int]:
    """Nobody moves until the till does something by itself: what the screen could tell of it, second by second."""
    before, told = player.state.session, []
    for _ in range(at_most_s):
        told.append(seen(player).seconds_left)
        player.wait(1)
        now = player.state.session
        if (now.phase, now.unhurried) != (before.phase, before.unhurried):
            return told
    raise AssertionError(f"nothing happens by itself in {before.phase}")


def to_entry(player: Player) -> None:
    player.say(events.LanguageTapped("en"))
    player.settle()


def to_found(player: Player) -> None:
    to_entry(player)
    player.world.open_codes[CODE] = 5000
    player.say(events.CodeAsked(CODE))
    player.settle()
    assert player.state.session.phase is Phase.FOUND


def to_offer(player: Player) -> None:
    to_entry(player)
    player.say(events.OrderTyped(ORDER.order_number))
    player.settle()


def to_cash(player: Player) -> None:
    player.go_to_cash()


def to_money(player: Player) -> None:
    player.go_to_cash()
    player.insert(5000)


def to_result(player: Player) -> None:
    player.go_to_cash()
    player.insert(5000, 2000)


def to_photo(player: Player) -> None:
    player.world.printer_outcome = SlipOutcome.FAILED
    to_result(player)


WAYS = {
    Phase.ENTRY: to_entry,
    Phase.FOUND: to_found,
    Phase.OFFER: to_offer,
    Phase.CASH: to_cash,
    "money": to_money,
    Phase.DONE: to_result,
    "photo": to_photo,
}
USUAL_S = {
    Phase.ENTRY: RULES.idle_s,
    Phase.FOUND: RULES.idle_s,
    Phase.OFFER: RULES.idle_s,
    Phase.CASH: RULES.cash_idle_s,
    "money": RULES.cash_idle_s,
    Phase.DONE: RULES.result_s,
    "photo": RULES.photo_s,
}


def test_every_phase_is_either_the_buyers_time_or_the_staffs_or_a_machines() -> None:
    assert sorted([*TIMED, *STAFFED, *MACHINES]) == sorted(Phase)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("unhurried", [False, True])
def test_the_end_of_the_time_is_announced_long_enough(player: Player, way, unhurried: bool) -> None:
    player.say(events.TimeWanted(unhurried))
    WAYS[way](player)
    told = silence(player)
    warned = [seconds for seconds in told if 0 <= seconds <= RULES.warn_s]
    assert len(warned) >= RULES.warn_s
    assert warned == sorted(warned, reverse=True)
    assert -1 not in told


@pytest.mark.parametrize("way", WAYS)
def test_who_asked_for_time_has_ten_times_as_much(player: Player, way) -> None:
    player.say(events.TimeWanted(wanted=True))
    WAYS[way](player)
    assert len(silence(player)) >= 10 * USUAL_S[way]


@pytest.mark.parametrize("way", WAYS)
def test_time_can_be_asked_for_until_the_last_second_and_more_than_ten_times(player: Player, way) -> None:
    WAYS[way](player)
    phase = player.state.session.phase
    for _ in range(11):
        player.wait(math.floor(USUAL_S[way]) - 1)
        assert player.state.session.phase is phase
        player.say(events.MoreTimeTapped())
    assert seen(player).seconds_left == USUAL_S[way]


def test_silence_of_who_asked_for_time_still_pays_with_what_is_in(player: Player) -> None:
    player.say(events.TimeWanted(wanted=True))
    player.go_to_cash()
    player.insert(5000)
    silence(player)
    player.settle()
    assert player.state.session.result is ResultKind.NOT_ENOUGH
    assert player.state.session.inserted_minor == 5000


def test_the_pace_lasts_from_the_welcome_to_the_end_of_the_visit_and_not_longer(player: Player) -> None:
    player.say(events.TimeWanted(wanted=True))
    assert seen(player).unhurried
    player.go_to_cash()
    assert seen(player).unhurried
    player.insert(5000, 2000)
    assert seen(player).unhurried
    player.say(events.LeaveTapped())
    assert player.state.session.phase is Phase.WELCOME
    assert not seen(player).unhurried


def test_who_asked_for_time_and_left_is_forgotten_after_a_warning(player: Player) -> None:
    player.say(events.TimeWanted(wanted=True))
    told = silence(player)
    assert len([seconds for seconds in told if 0 <= seconds <= RULES.warn_s]) >= RULES.warn_s
    assert player.state.session.phase is Phase.WELCOME
    assert not player.state.session.unhurried
    assert seen(player).seconds_left == -1


def test_asking_for_time_in_the_middle_starts_the_clock_anew_and_giving_it_back_too(player: Player) -> None:
    to_money(player)
    player.wait(RULES.cash_idle_s - 5)
    player.say(events.TimeWanted(wanted=True))
    assert seen(player).seconds_left == 10 * RULES.cash_idle_s
    player.say(events.TimeWanted(wanted=False))
    assert seen(player).seconds_left == RULES.cash_idle_s


def test_a_machines_wait_is_not_stretched_by_a_buyers_wish(player: Player) -> None:
    player.world.network_up = False
    to_result(player)
    assert player.state.session.phase is Phase.PAYING
    deadline_s = player.state.session.deadline_s
    player.say(events.TimeWanted(wanted=True))
    assert player.state.session.deadline_s == deadline_s


def test_an_offer_that_ends_sooner_than_the_buyers_time_is_announced_as_the_last_call(player: Player) -> None:
    lasts_s = 100
    ends_us = STARTED_US + int((player.clock.now_s + lasts_s) * 1_000_000)
    player.say(events.TimeWanted(wanted=True))
    to_entry(player)
    player.say(events.OrderTyped(ORDER.order_number))
    player.world.queue.clear()
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(ORDER, expires_at_us=ends_us)))
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    assert seen(player).last_call
    told = silence(player)
    assert len([seconds for seconds in told if 0 <= seconds <= RULES.warn_s]) >= RULES.warn_s
    assert len(told) < lasts_s


def test_more_time_does_not_reach_past_the_offer(player: Player) -> None:
    player.go_to_cash()
    assert not seen(player).last_call
    player.say(events.MoreTimeTapped())
    assert seen(player).seconds_left == RULES.cash_idle_s
