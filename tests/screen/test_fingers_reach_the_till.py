"""Touches through Kivy's own input: what is covered, disabled or too early gets none."""

from collections.abc import Iterator

import pytest
from kivy.base import EventLoop
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.app import KioskApp
from kiosk.screen.finger import Finger
from kiosk.screen.scenes.letters import filling_in
from kiosk.screen.scenes.parts import BASE, CASH, DONE, ENTRY, OFFER, SOME_CASH, WELCOME, glass
from kiosk.screen.scenes.services import CHOOSING, CUSTOMER_KEYS, OPEN_SOME, SERVICE_CASH, SERVICE_OFFER
from kiosk.screen.scenes.stock import OFFERED
from tests.screen.harness import RecordingLink, running, settle, show, turn, turn_until


@pytest.fixture(scope="module")
def link() -> RecordingLink:
    return RecordingLink()


@pytest.fixture(scope="module")
def running_app(link: RecordingLink) -> Iterator[KioskApp]:
    with running(link) as app:
        yield app


@pytest.fixture
def app(running_app: KioskApp, link: RecordingLink) -> KioskApp:
    show(running_app, glass(WELCOME))
    link.heard.clear()
    return running_app


def meet(app: KioskApp, snapshot: m.Snapshot, typed: str = "") -> None:
    show(app, glass(snapshot, typed))
    settle()


def told(app: KioskApp, snapshot: m.Snapshot) -> None:
    """As the link tells it, and until it can be touched."""
    app.take_snapshot(snapshot)
    turn()
    settle()


def finger_on(app: KioskApp, role: str) -> Finger:
    button = app.find_button(role)
    assert button is not None
    return Finger(*button.to_window(*button.center))


def tap(app: KioskApp, role: str) -> None:
    """As a finger would, and wait until it is lifted and may tap again."""
    button = app.find_button(role)
    assert button is not None
    app.tap(button)
    turn_until(lambda: app.root._held is None)
    settle()


def test_from_the_language_to_the_end_every_command_goes_out(app: KioskApp, link: RecordingLink) -> None:
    for snapshot, roles in [
        (replace(WELCOME, revision=1), ["language:en"]),
        (replace(ENTRY, revision=2), ["key:4", "key:8", "erase", "key:0", "key:2", "next"]),
        (replace(OFFER, revision=3), ["confirm"]),
        (replace(CASH, revision=4, cash=SOME_CASH), ["finish", "finish"]),
        (replace(DONE, revision=5), ["more_time", "leave"]),
    ]:
        meet(app, snapshot)
        for role in roles:
            tap(app, role)
    assert link.heard == [
        (m.ChooseLanguage("en"), 1),
        (m.LookUpOrder("402"), 2),
        (m.ConfirmOffer(without_receipt=False), 3),
        (m.FinishCash(), 4),
        (m.MoreTime(), 5),
        (m.Leave(), 5),
    ]


def test_a_service_is_chosen_filled_in_and_paid_by_fingers_alone(app: KioskApp, link: RecordingLink) -> None:
    app.take_catalogue(OFFERED)
    for snapshot, roles in [
        (replace(CHOOSING, revision=2), ["services", "group:home", "group:net", "service:internet"]),
        (replace(CHOOSING, revision=2), [*CUSTOMER_KEYS, "erase", "key:7", "next", "choice:12"]),
        (replace(SERVICE_OFFER, revision=3), ["confirm"]),
        (replace(SERVICE_CASH, revision=4, cash=OPEN_SOME), ["finish"]),
    ]:
        told(app, snapshot)
        for role in roles:
            tap(app, role)
    assert link.heard == [
        (m.LookUpService("internet", (("customer", "1234567"), ("months", "12"))), 2),
        (m.ConfirmOffer(without_receipt=False), 3),
        (m.FinishCash(), 4),
    ]


def test_the_second_half_of_a_double_tap_opens_nothing_on_the_next_shelf(app: KioskApp, link: RecordingLink) -> None:
    app.take_catalogue(OFFERED)
    told(app, replace(CHOOSING, revision=2))
    tap(app, "services")
    first, second = finger_on(app, "group:home"), finger_on(app, "group:home")
    first.put_down()
    first.lift()
    turn()
    second.put_down()
    second.lift()
    turn()
    assert app.find_button("service:water") is not None
    assert link.heard == []


def test_the_digits_are_there_to_be_read_while_they_are_typed(app: KioskApp) -> None:
    meet(app, ENTRY)
    for key in "48291":
        tap(app, f"key:{key}")
    assert app.typed == "48291"
    assert app.current_view.number == "482\u00a091"


def test_a_disabled_button_does_nothing(app: KioskApp, link: RecordingLink) -> None:
    meet(app, ENTRY)
    button = app.find_button("next")
    assert button is not None
    assert button.disabled
    tap(app, "next")
    assert link.heard == []


def test_a_button_under_a_question_is_out_of_reach(app: KioskApp, link: RecordingLink) -> None:
    meet(app, replace(ENTRY, seconds_left=9), "482915")
    tap(app, "next")
    assert link.heard == []
    tap(app, "more_time")
    assert link.heard == [(m.MoreTime(), ENTRY.revision)]


def test_two_fingers_on_one_button_are_one_tap(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    fingers = [finger_on(app, "confirm"), finger_on(app, "confirm")]
    for finger in fingers:
        finger.put_down()
    for finger in fingers:
        finger.lift()
    turn()
    assert len(link.heard) == 1


def test_a_tap_right_after_a_tap_is_the_same_tap(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    for _ in range(3):
        finger = finger_on(app, "confirm")
        finger.put_down()
        finger.lift()
        turn()
    assert len(link.heard) == 1


def test_a_finger_that_slides_off_a_button_changes_its_mind(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    finger = finger_on(app, "confirm")
    finger.put_down()
    finger.move({"x": 0.5, "y": 0.5})
    EventLoop.post_dispatch_input("update", finger)
    finger.lift()
    turn()
    assert link.heard == []


def test_the_second_half_of_a_double_tap_does_not_confirm_the_next_screen(app: KioskApp, link: RecordingLink) -> None:
    meet(app, ENTRY, "482915")
    first, second = finger_on(app, "next"), finger_on(app, "next")
    first.put_down()
    first.lift()
    show(app, glass(OFFER, "482915"), turns=0)
    assert app.find_button("confirm") is not None
    second.put_down()
    second.lift()
    turn()
    assert link.heard == [(m.LookUpOrder("482915"), ENTRY.revision)]


def test_a_right_click_is_no_finger(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    finger = finger_on(app, "confirm")
    finger.button = "right"
    finger.put_down()
    finger.lift()
    turn()
    assert link.heard == []


def test_keys_of_a_keyboard_do_nothing(app: KioskApp) -> None:
    escape, f1 = 27, 282
    window = EventLoop.window
    for key in (escape, f1):
        assert window.dispatch("on_keyboard", key, 0, None, [])


def scan(text: str) -> list[bool]:
    """As a scanner that poses as a keyboard; which of its keys were swallowed."""
    window = EventLoop.window
    return [
        *(window.dispatch("on_textinput", letter) for letter in text),
        window.dispatch("on_key_down", 13, 40, None, []),
    ]


def test_a_scanner_that_poses_as_a_keyboard_is_heard_and_its_keys_go_no_further(
    app: KioskApp, link: RecordingLink
) -> None:
    meet(app, ENTRY)
    assert all(scan("KIOSKO1*1000000017"))
    assert link.heard == [(m.Scanned("KIOSKO1*1000000017"), ENTRY.revision)]
    meet(app, OFFER)
    scan("KIOSKO1*1000000017")
    assert len(link.heard) == 1


def test_a_name_is_typed_on_the_glass_in_letters(app: KioskApp, link: RecordingLink) -> None:
    show(app, filling_in("name"))
    settle()
    for role in ("key:И", "key:В", "layout:en", "key:I", "key:V", "key: ", "erase", "next"):
        tap(app, role)
    assert link.heard == [(m.LookUpService("with-name", (("name", "ИВIV"),)), CHOOSING.revision)]


def test_a_held_key_stays_held_while_the_keyboard_shows_something_else(app: KioskApp) -> None:
    show(app, filling_in("name"))
    settle()
    key = app.find_button("key:И")
    show(app, filling_in("name", "key:А"))
    assert app.find_button("key:И") is key


def test_a_button_that_is_not_on_this_screen_is_not_found(app: KioskApp) -> None:
    meet(app, replace(BASE, phase=m.Phase.PAYING))
    assert [role for role in ("confirm", "cancel", "key:1", "leave") if app.find_button(role)] == []
