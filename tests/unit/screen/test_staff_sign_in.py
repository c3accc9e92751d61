"""Signing in as data: what is typed, what the till is told, and when a PIN is forgotten."""

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.link.staff import SignIn, SignInState, SignInView
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.mode import ACCESSIBLE, NORMAL
from kiosk.screen.presenter import present
from kiosk.screen.scenes.parts import CASH, ENTRY, WELCOME, glass
from kiosk.screen.scenes.staff import (
    AT_PIN,
    CODE_WANTED,
    DOOR,
    NUMBER_KEYS,
    PIN_KEYS,
    SENT,
    acting,
    answered,
    in_staff_language,
    technician,
    told,
)
from kiosk.screen.staff.desk import NOBODY, is_secret
from kiosk.screen.staff.signing import IDLE_S, PIN_DIGITS_MAX, Wanted
from kiosk.screen.views import EntryView, StatusView, WelcomeView

PIN = "408162"


def sent(now: Glass, argument: str) -> m.Command | None:
    return glasses.touched(now, f"staff:{argument}")[1]


def entry(now: Glass) -> EntryView:
    view = present(in_staff_language(now, "en"))
    assert isinstance(view, EntryView)
    return view


def banner(now: Glass) -> str:
    view = entry(now)
    assert view.banner is not None
    return view.banner.text


def test_number_then_pin_then_the_till_is_asked() -> None:
    assert sent(AT_PIN, "enter") == SignIn("107", PIN)
    assert isinstance(present(SENT), StatusView)


def test_a_pin_is_dots_on_the_glass_and_nothing_in_a_repr() -> None:
    assert entry(AT_PIN).number == "●" * len(PIN)
    for shown in (AT_PIN, SENT, CODE_WANTED, present(AT_PIN), sent(AT_PIN, "enter")):
        assert PIN not in repr(shown)


def test_which_key_is_pressed_is_in_no_picture() -> None:
    assert [is_secret(now.desk) for now in (DOOR, AT_PIN, CODE_WANTED)] == [False, True, True]
    assert not is_secret(NOBODY)


def test_the_pin_is_kept_for_the_one_time_code_alone() -> None:
    assert entry(CODE_WANTED).title == "Type your one-time code"
    assert sent(acting(CODE_WANTED, "key:3", "key:1"), "enter") == SignIn("107", PIN, "31")


@pytest.mark.parametrize("state", sorted(set(SignInState) - {SignInState.CHECKING, SignInState.CODE_WANTED}))
def test_any_other_answer_forgets_the_pin_and_keeps_the_number(state: SignInState) -> None:
    form = answered(state, 30).desk.form
    assert form is not None
    assert (form.number, form.pin, form.code, form.wanted) == ("107", "", "", Wanted.NUMBER)


def test_an_answer_that_is_told_again_takes_nothing_away_that_is_being_typed() -> None:
    refused = answered(SignInState.REFUSED)
    again = acting(refused, "enter", *PIN_KEYS)
    assert refused.snapshot is not None
    assert told(again, refused.snapshot).desk == again.desk


def test_a_refusal_is_read_until_something_else_is_typed() -> None:
    refused = answered(SignInState.REFUSED)
    assert banner(refused) == "Number, PIN or code is wrong."
    assert entry(acting(refused, "erase")).banner is None


def test_an_answer_to_somebody_before_is_not_shown_to_the_next() -> None:
    stale = replace(WELCOME, sign_in=SignInView(SignInState.REFUSED))
    assert entry(acting(glass(stale), "open", *NUMBER_KEYS)).banner is None


def test_a_wait_is_counted_down_and_nothing_can_be_typed_before_its_end() -> None:
    waits = answered(SignInState.WAIT, 30)
    assert banner(waits) == "Too many wrong tries. The next one is possible in 30 s."
    assert not any(key.enabled for key in entry(waits).keys)
    assert sent(waits, "enter") is None
    later = glasses.waited(acting(waits, "stay"), 12.0)
    assert "in 18 s" in banner(later)
    over = glasses.waited(acting(later, "stay"), 20.0)
    assert entry(over).banner is None
    assert any(key.enabled for key in entry(over).keys)


def test_back_leads_from_the_pin_to_the_number_and_then_to_the_buyers() -> None:
    at_number = acting(AT_PIN, "back")
    assert entry(at_number).number == "107"
    assert at_number.desk.form is not None
    assert at_number.desk.form.pin == ""
    assert isinstance(present(acting(at_number, "back")), WelcomeView)


def test_who_stands_still_is_asked_and_then_the_buyers_have_their_screen_back() -> None:
    assert entry(AT_PIN).dialog is None
    asked = glasses.waited(AT_PIN, IDLE_S - 15)
    dialog = entry(asked).dialog
    assert dialog is not None
    assert dialog.text == "This screen will close in 15 s."
    assert entry(acting(asked, "stay")).dialog is None
    assert glasses.waited(asked, 15.0).desk == NOBODY


def test_any_touch_begins_the_time_anew() -> None:
    now = DOOR
    for _ in range(5):
        now = glasses.waited(acting(now, "key:1", "erase"), IDLE_S - 1)
    assert now.desk.form is not None


@pytest.mark.parametrize("snapshot", [ENTRY, CASH, technician()], ids=["a buyer", "cash", "signed in"])
def test_whatever_else_is_shown_the_form_is_gone(snapshot: m.Snapshot) -> None:
    assert told(AT_PIN, snapshot).desk.form is None


def test_a_till_that_goes_away_takes_the_pin_with_it() -> None:
    assert glasses.lost(AT_PIN).desk.form is None


@pytest.mark.parametrize("availability", list(m.Availability))
def test_the_door_opens_whether_the_kiosk_is_open_or_not(availability: m.Availability) -> None:
    assert acting(glass(replace(WELCOME, availability=availability)), "open").desk.form is not None


@pytest.mark.parametrize("phase", sorted(set(m.Phase) - {m.Phase.WELCOME}))
def test_the_door_does_not_open_while_anybody_is_here(phase: m.Phase) -> None:
    assert acting(glass(replace(WELCOME, phase=phase)), "open").desk == NOBODY


def test_no_more_digits_are_taken_than_a_pin_may_have_and_nothing_but_digits() -> None:
    form = acting(AT_PIN, "key:A", *["key:7"] * 20).desk.form
    assert form is not None
    assert len(form.pin) == PIN_DIGITS_MAX
    assert form.pin.isdigit()


def test_the_language_of_the_staff_is_theirs_alone() -> None:
    bulgarian = acting(DOOR, "language:bg")
    assert bulgarian.snapshot is DOOR.snapshot
    signed_in = told(bulgarian, technician(parts=()))
    assert present(signed_in).chrome.heading == "Ivan Petrov · техник"
    assert told(signed_in, WELCOME).desk == NOBODY


def test_the_mode_of_a_buyer_before_ends_at_the_door_and_none_begins_behind_it() -> None:
    before, _ = glasses.touched(glass(WELCOME), "mode")
    assert before.mode == ACCESSIBLE
    door, command = glasses.touched(before, "staff:open")
    assert (door.mode, command) == (NORMAL, m.TakeYourTime(wanted=False))
    assert door.desk.form is not None
    for role in ("mode", "spoken", "headset:in"):
        assert glasses.touched(door, role) == (door, None)
