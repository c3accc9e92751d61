"""People with keys at the glass: real touches through Kivy's own input, from the hidden way in to the slip."""

import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from kivy.base import EventLoop
from kivy.clock import Clock
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.link import staff as s
from kiosk.screen import app as apps
from kiosk.screen.app import KioskApp
from kiosk.screen.finger import Finger
from kiosk.screen.scenes.parts import WELCOME, glass
from kiosk.screen.scenes.staff import (
    AT_PIN,
    COLLECTED,
    COLLECTION,
    NEW_BOX,
    NUMBER_KEYS,
    PIN_KEYS,
    PRINTING,
    REPORT,
    SEAL,
    SEAL_KEYS,
    TAKE,
    TECHNICIAN,
    collector,
)
from kiosk.screen.screens.staff_touch import TouchPicture
from kiosk.screen.staff import knock as knocks
from kiosk.screen.staff.service_key import KEY_CODES
from kiosk.screen.staff.touches import TOUCH_FIELDS
from kiosk.screen.views import EntryView, TilesView, WelcomeView
from tests.screen.harness import RecordingLink, running, settle, show, turn, turn_until

PIN = "408162"
HOLD_S = 0.3  #: in place of three seconds
F9, F10 = KEY_CODES["f9"], KEY_CODES["f10"]


@pytest.fixture(scope="module")
def link() -> RecordingLink:
    return RecordingLink()


@pytest.fixture(scope="module")
def running_app(link: RecordingLink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskApp]:
    with running(link, service_key="f9", shots=tmp_path_factory.mktemp("shots")) as app:
        yield app


@pytest.fixture
def app(running_app: KioskApp, link: RecordingLink, monkeypatch: pytest.MonkeyPatch) -> KioskApp:
    monkeypatch.setattr(knocks, "HOLD_S", HOLD_S)
    show(running_app, glass(WELCOME))
    settle()
    link.heard.clear()
    return running_app


def tap(app: KioskApp, argument: str) -> None:
    button = app.find_button(f"staff:{argument}")
    assert button is not None, argument
    app.tap(button)
    turn_until(lambda: app.root._held is None)
    settle()


def told(app: KioskApp, snapshot: m.Snapshot) -> None:
    app.take_snapshot(snapshot)
    turn()
    settle()


def knock(app: KioskApp, held_s: float) -> None:
    """Hold the terminal's number so long, then tap the opposite corner."""
    finger = Finger(30, 15)
    finger.put_down()
    until_s = Clock.get_time() + held_s
    turn_until(lambda: Clock.get_time() > until_s)
    finger.lift()
    turn()
    corner = Finger(app.root.width - 20, app.root.height - 20)
    corner.put_down()
    turn()
    corner.lift()
    turn()
    settle()


def is_at_the_door(app: KioskApp) -> bool:
    return app.glass.desk.form is not None


def test_the_number_held_and_the_corner_tapped_lead_to_the_sign_in(app: KioskApp, link: RecordingLink) -> None:
    knock(app, HOLD_S / 3)
    assert isinstance(app.current_view, WelcomeView)
    knock(app, HOLD_S * 1.2)
    assert isinstance(app.current_view, EntryView)
    assert link.heard == []


def test_a_buyer_who_taps_about_never_opens_it(app: KioskApp) -> None:
    chance = random.Random(3)
    for _ in range(150):
        finger = Finger(chance.uniform(0, app.root.width), chance.uniform(0, app.root.height))
        finger.put_down()
        turn()
        finger.lift()
        turn()
        assert not is_at_the_door(app)


def test_a_key_switch_opens_it_and_any_other_key_does_not(app: KioskApp) -> None:
    EventLoop.window.dispatch("on_key_down", F10, 0, None, [])
    assert not is_at_the_door(app)
    EventLoop.window.dispatch("on_key_down", F9, 0, None, [])
    assert is_at_the_door(app)


def test_a_key_switch_turned_while_somebody_pays_does_nothing(app: KioskApp) -> None:
    show(app, glass(replace(WELCOME, phase=m.Phase.PAYING)))
    EventLoop.window.dispatch("on_key_down", F9, 0, None, [])
    assert not is_at_the_door(app)


def test_number_and_pin_are_typed_by_fingers_and_the_pin_is_in_no_log(
    app: KioskApp, link: RecordingLink, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "send", lambda command, revision: bool(link.heard.append((command, revision))))
    app.open_door()
    settle()
    with caplog.at_level(logging.DEBUG):
        for argument in (*NUMBER_KEYS, "enter", *PIN_KEYS, "enter"):
            tap(app, argument)
    assert [command for command, _ in link.heard] == [s.SignIn("107", PIN)]
    assert "the till is away" in caplog.text
    assert PIN not in caplog.text
    assert PIN not in repr(app.current_view) + repr(app.glass)


def test_while_a_pin_is_typed_no_picture_is_taken(app: KioskApp, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Path] = []
    monkeypatch.setattr(app, "shot", taken.append)
    monkeypatch.setattr(apps, "PICTURE_AFTER_S", 0.0)
    show(app, AT_PIN)
    settle()
    assert taken == []
    show(app, TECHNICIAN["staff-board"])
    settle()
    assert len(taken) == 1


def test_who_walks_away_leaves_the_screen_to_buyers(app: KioskApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app.open_door()
    turn()
    app._beat(50.0)
    assert is_at_the_door(app)
    app._beat(11.0)
    turn()
    assert isinstance(app.current_view, WelcomeView)


def test_a_whole_collection_by_fingers_alone(app: KioskApp, link: RecordingLink) -> None:
    steps: list[tuple[s.CollectionView | None, tuple[str, ...]]] = [
        (None, ("page:collection", "begin")),
        (COLLECTION, ("go_on",)),
        (replace(TAKE, place=s.BoxPlace.OUT), ("go_on",)),
        (SEAL, (*SEAL_KEYS, "enter", "erase", "key:8", "enter")),
        (replace(NEW_BOX, place=s.BoxPlace.IN), ("put_in", "key:K", "key:7", "enter")),
        (PRINTING, ()),
        (COLLECTED, ("sheet:2", "finish")),
    ]
    for revision, (collection, arguments) in enumerate(steps, 100):
        told(app, replace(collector(cash=REPORT, collection=collection), revision=revision))
        for argument in arguments:
            tap(app, argument)
    assert link.heard == [
        (s.BeginCollection(), 100),
        (s.GoOn(), 101),
        (s.GoOn(), 102),
        (s.SealBox("BG-40017733", "K-0018"), 103),
        (s.InsertBox("K7"), 104),
        (s.PrintSheet(2), 106),
    ]
    assert isinstance(app.current_view, TilesView)


def test_before_the_box_is_out_nobody_can_say_that_it_is(app: KioskApp, link: RecordingLink) -> None:
    told(app, collector(collection=TAKE))
    tap(app, "go_on")
    assert link.heard == []


def picture_of(app: KioskApp) -> TouchPicture:
    show(app, TECHNICIAN["staff-touch"])
    settle()
    return next(layer for layer in app.root.children if isinstance(layer, TouchPicture))


def drag(picture: TouchPicture, fields: range) -> Finger:
    """A finger drawn over these fields, still on the glass."""
    finger = Finger(*picture.middle_of(fields[0]))
    finger.put_down()
    for field in fields:
        x_px, y_px = picture.middle_of(field)
        finger.move({"x": x_px / (picture.width - 1), "y": y_px / (picture.height - 1)})
        EventLoop.post_dispatch_input("update", finger)
    return finger


def test_a_finger_drawn_over_the_whole_window_reaches_every_field(app: KioskApp, link: RecordingLink) -> None:
    drag(picture_of(app), range(TOUCH_FIELDS)).lift()
    turn()
    assert [command for command, _ in link.heard] == [s.ScreenTested(TOUCH_FIELDS, 0)]
    assert not any(isinstance(layer, TouchPicture) for layer in app.root.children)


def test_a_field_held_ends_the_picture_and_tells_what_was_missed(app: KioskApp, link: RecordingLink) -> None:
    picture = picture_of(app)
    drag(picture, range(10)).lift()
    turn()
    finger = Finger(*picture.middle_of(30))
    finger.put_down()
    turn_until(lambda: link.heard)
    finger.lift()
    assert link.heard[-1][0] == s.ScreenTested(TOUCH_FIELDS, TOUCH_FIELDS - 11)
