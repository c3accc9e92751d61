"""Signing in: right PINs open, wrong ones wait longer and longer, and neither restarts nor clocks make a wait shorter."""

import pytest

from kiosk.domain import events, sign_in, staff_events
from kiosk.domain.people import Act, Role, SignInState
from kiosk.domain.rules import MICROSECONDS
from kiosk.domain.session import Phase
from kiosk.domain.staff_facts import SignInFault
from kiosk.till.verify import verify
from kiosk.till.view import snapshot
from tests.support.play import Player
from tests.support.staff import FACE, sign_out
from tests.support.staff import sign_in as comes
from tests.support.world import RULES, VirtualClock, World

DAY_S = 86_400


class LyingClock(VirtualClock):
    """A wall clock that somebody sets; the steady one goes on, and starts anew with the machine."""

    off_s = 0.0

    def utc_us(self):
        return super().utc_us() + int(self.off_s * MICROSECONDS)


class Door:
    """Somebody before a kiosk at rest, with all the time there is."""

    def __init__(self, path):
        self.path, self.clock, self.tickets = path, LyingClock(), 0
        self.player = Player(path, World(), self.clock)
        self.player.boot()

    @property
    def state(self):
        return self.player.state

    @property
    def told(self):
        return snapshot(self.state, RULES, FACE, self.clock.mono_s(), 1).sign_in

    def tries(self, number="12", fault=SignInFault.PIN, **right):
        """Whether the PIN was looked at."""
        self.tickets += 1
        self.player.say(staff_events.SignInAsked(number, self.tickets))
        if self.state.door.ticket != self.tickets:
            return False
        self.player.say(staff_events.SignInChecked(number, self.tickets, fault, **right))
        self.player.settle()
        return True

    def is_let_in(self, number="12", code_step=0):
        self.tries(number, None, person="Ivan", role=Role.TECHNICIAN, code_step=code_step)
        return self.state.staff is not None

    def waits_out(self):
        self.player.wait(self.told.wait_s)

    def starts_anew(self, *, off_s=0.0):
        """The machine: its steady clock begins at nought, its wall clock is off by so much."""
        self.player.close()
        before_us = self.clock.utc_us()
        self.clock = LyingClock(now_s=1.0)
        self.clock.off_s = (before_us - self.clock.utc_us()) / MICROSECONDS + off_s
        self.player = Player(self.path, World(), self.clock)
        self.player.boot()

    def recorded(self, *names):
        return [row.fact for row in self.player.journal.replay() if row.name in names]


@pytest.fixture
def door(tmp_path):
    door = Door(tmp_path / "journal.sqlite")
    yield door
    door.player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


# --- in and out ---------------------------------------------------------------------------------------------------


def test_who_signs_in_and_out_is_recorded_by_number_and_name(door):
    assert door.is_let_in()
    sign_out(door.player)
    said = [type(fact).__name__ for fact in door.recorded("SignInTried", "SignedIn", "SignedOut")]
    assert said == ["SignInTried", "SignedIn", "SignedOut"]
    (signed_in,) = door.recorded("SignedIn")
    assert (signed_in.number, signed_in.person, signed_in.role) == ("12", "Ivan", Role.TECHNICIAN)


def test_nobody_signs_in_during_a_visit_and_the_visit_goes_on(door):
    door.player.go_to_cash()
    door.player.insert(5000)
    assert not door.is_let_in()
    assert door.told.state is SignInState.NOT_NOW
    assert door.recorded("SignInTried") == []
    door.player.insert(2000)
    door.player.wait(200)
    assert len(door.player.world.physical.paid) == 1


def test_a_buyer_who_comes_while_the_pin_is_compared_is_not_disturbed(door):
    door.player.say(staff_events.SignInAsked("12", 5))
    door.player.say(events.LanguageTapped("en"))
    door.player.say(staff_events.SignInChecked("12", 5, None, "Ivan", Role.TECHNICIAN))
    assert (door.state.staff, door.state.session.phase) == (None, Phase.ENTRY)
    assert [fact.fault for fact in door.recorded("SignInRefused")] == [SignInFault.NOT_NOW]


def test_of_two_people_who_try_at_once_the_second_is_not_looked_at(door):
    door.player.say(staff_events.SignInAsked("12", 1))
    door.player.say(staff_events.SignInAsked("23", 2))
    assert (door.state.door.ticket, door.told.state) == (1, SignInState.CHECKING)
    door.player.say(staff_events.SignInChecked("23", 2, None, "Maria", Role.COLLECTOR))
    assert door.state.staff is None
    door.player.say(staff_events.SignInChecked("12", 1, None, "Ivan", Role.TECHNICIAN))
    assert door.state.staff.person == "Ivan"
    door.player.say(staff_events.SignInAsked("23", 3))
    door.player.say(staff_events.SignInChecked("23", 3, None, "Maria", Role.COLLECTOR))
    assert door.state.staff.person == "Ivan", "nobody signs in over somebody else"


def test_an_answer_that_nobody_asked_for_opens_nothing(door):
    door.player.say(staff_events.SignInChecked("12", 0, None, "Ivan", Role.SUPERVISOR))
    door.player.say(staff_events.SignInChecked("12", 9, None, "Ivan", Role.SUPERVISOR))
    assert door.state.staff is None


def test_a_kiosk_that_knows_nobody_says_so(door):
    door.player.say(staff_events.SignInAsked("12", 1, known=False))
    assert door.told.state is SignInState.NOBODY
    door.player.wait(sign_in.TOLD_S + 1)
    assert door.told is None, "for the next who comes"


def test_silence_signs_out_with_a_countdown_and_a_touch_begins_it_anew(door):
    comes(door.player)
    door.player.wait(RULES.staff_idle_s - 10)
    assert snapshot(door.state, RULES, FACE, door.clock.mono_s(), 1).seconds_left == 10
    door.player.say(events.MoreTimeTapped())
    door.player.wait(RULES.staff_idle_s - 10)
    assert door.state.staff is not None
    door.player.say(staff_events.ActAsked(Act.DIAGNOSE, "a look", 1))
    door.player.wait(RULES.staff_idle_s - 10)
    assert door.state.staff is not None
    door.player.wait(20)
    assert (door.state.staff, door.state.session.phase) == (None, Phase.WELCOME)
    assert [fact.cause for fact in door.recorded("SignedOut")] == ["idle"]


def test_a_restart_signs_out_whoever_was_there(door):
    comes(door.player)
    door.starts_anew()
    assert (door.state.staff, door.state.session.phase) == (None, Phase.WELCOME)
    assert [fact.cause for fact in door.recorded("SignedOut")] == ["restarted"]
    door.player.pay()
    assert len(door.player.world.physical.paid) == 1


def test_a_restart_in_a_note_test_ends_the_test_first(door):
    comes(door.player)
    door.player.say(staff_events.NoteTestAsked(keep=True))
    door.player.settle()
    door.player.insert(5000)
    door.starts_anew()
    assert (door.state.staff, door.state.session.phase) == (None, Phase.WELCOME)
    assert [type(fact).__name__ for fact in door.recorded("NoteTestLeft", "SignedOut")] == ["NoteTestLeft", "SignedOut"]


# --- guessing -----------------------------------------------------------------------------------------------------


def test_after_three_wrong_pins_each_next_one_waits_twice_as_long_up_to_a_quarter_of_an_hour(door):
    waits = []
    for _ in range(12):
        assert door.tries()
        waits.append(door.told.wait_s)
        door.player.wait(waits[-1])
    assert waits[:7] == [0, 0, 30, 60, 120, 240, 480]
    assert waits[-1] == 900


def test_while_a_wait_lasts_not_even_the_right_pin_is_looked_at(door):
    for _ in range(3):
        door.tries()
    door.player.wait(29)
    rows = door.player.journal.seq
    assert not door.is_let_in()
    assert (door.told.state, door.told.wait_s) == (SignInState.WAIT, 1)
    assert door.player.journal.seq == rows, "and no try fills the disk"
    door.player.wait(1)
    assert door.is_let_in()


def test_a_right_pin_forgives_the_wrong_ones_of_its_number_and_no_others(door):
    for number in ("12", "12", "23", "23"):
        door.tries(number)
    assert door.is_let_in("12")
    sign_out(door.player)
    assert door.state.sign_ins.by_number.keys() == {"23"}
    assert door.state.sign_ins.in_all.count == 4


@pytest.mark.parametrize("numbers", [["12"], [str(n) for n in range(100, 1000)], [""]], ids=["one", "all", "none"])
def test_a_day_of_guessing_with_restarts_between_gets_a_few_hundred_tries(door, numbers):
    """Six digits are a million."""
    looked_at = 0
    until_us = door.clock.utc_us() + DAY_S * MICROSECONDS
    while door.clock.utc_us() < until_us:
        for _ in range(5):
            looked_at += door.tries(numbers[looked_at % len(numbers)])
        door.starts_anew()
        door.player.wait(60)
    assert looked_at < 350
    assert len(door.recorded("SignInTried")) == len(door.recorded("SignInRefused")) == looked_at


def test_whoever_guesses_with_a_key_of_their_own_is_held_up_as_well(door):
    """Signing in between guesses at others' numbers clears nothing but what was one's own."""
    looked_at = 0
    for round_ in range(60):
        looked_at += door.tries(str(100 + round_))
        if door.is_let_in("12"):
            sign_out(door.player)
        door.player.wait(1)
    assert looked_at <= sign_in.IN_ALL.free + 3


# --- restarts and clocks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off_s", [0.0, -10 * DAY_S, -30 * 365 * DAY_S], ids=["right", "ten days back", "1996"])
def test_a_restart_shortens_no_wait_whatever_the_clock_says(door, off_s):
    for _ in range(4):
        door.tries()
        door.waits_out()
    door.tries()
    assert door.told.wait_s == 120
    door.starts_anew(off_s=off_s)
    assert not door.is_let_in()
    assert door.told.wait_s == 120
    door.player.wait(119)
    assert not door.is_let_in()
    door.player.wait(1)
    assert door.is_let_in()


@pytest.mark.parametrize("off_s", [-3600.0, 3600.0, 10 * DAY_S], ids=["back", "an hour on", "ten days on"])
def test_a_clock_that_is_set_while_the_till_runs_changes_no_wait(door, off_s):
    for _ in range(3):
        door.tries()
    door.clock.off_s = off_s
    assert not door.is_let_in()
    assert door.told.wait_s == 30
    door.player.wait(30)
    assert door.is_let_in()


def test_a_machine_that_was_off_for_an_hour_has_waited_that_hour(door):
    for _ in range(3):
        door.tries()
    door.starts_anew(off_s=3600)
    assert door.is_let_in()


def test_a_try_counts_although_power_is_cut_before_it_was_compared(door):
    for ticket in range(1, 4):
        door.player.say(staff_events.SignInAsked("12", ticket))
        assert door.state.door.ticket == ticket
        door.starts_anew()
    door.tries()
    assert door.told.state is SignInState.WAIT


def test_waits_are_the_same_from_a_checkpoint(door):
    for _ in range(5):
        door.tries()
        door.waits_out()
    door.tries()
    book = door.state.sign_ins
    door.player.pay()
    door.starts_anew()
    assert door.state.sign_ins == book


# --- one-time codes -----------------------------------------------------------------------------------------------


def test_a_one_time_code_opens_once_and_none_before_it_ever_again(door):
    assert door.is_let_in(code_step=1000)
    sign_out(door.player)
    for step in (1000, 999):
        assert not door.is_let_in(code_step=step)
    assert [fact.fault for fact in door.recorded("SignInRefused")] == [SignInFault.CODE_USED] * 2
    door.starts_anew(off_s=-DAY_S)
    assert not door.is_let_in(code_step=1000)
    door.waits_out()
    assert door.is_let_in(code_step=1001)


def test_who_has_a_second_factor_is_asked_for_it_before_anything_is_compared(door):
    door.player.say(staff_events.SignInAsked("12", 1, code_wanted=True))
    assert door.told.state is SignInState.CODE_WANTED
    assert door.recorded("SignInTried") == []
