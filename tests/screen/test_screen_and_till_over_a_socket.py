"""The app with its real link, on a real AF_UNIX socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kivy.base import EventLoop
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.link.client import LinkClient
from kiosk.screen import app as apps
from kiosk.screen.app import KioskApp
from kiosk.screen.run import LateLink
from kiosk.screen.scenes.parts import ENTRY, OFFER, WELCOME
from kiosk.screen.views import EntryView, OfferView, StatusView, WelcomeView
from tests.screen.fake_till import FakeTill
from tests.screen.harness import running, settle, turn_until


@contextmanager
def screen_at(path: Path) -> Iterator[KioskApp]:
    link = LateLink()
    with running(link) as app:
        link.client = LinkClient(path, app.take_snapshot, app.take_away)
        link.client.start()
        try:
            yield app
        finally:
            link.client.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.sock"


def test_a_window_on_a_desk_may_be_closed_and_a_kiosk_in_its_cabinet_may_not() -> None:
    with running(LateLink(), may_close=True):
        assert not EventLoop.window.dispatch("on_request_close", source="keyboard")
    with running(LateLink(), may_close=False):
        assert EventLoop.window.dispatch("on_request_close", source="keyboard")


def shows(app: KioskApp, view: type) -> None:
    turn_until(lambda: isinstance(app.current_view, view))


def test_before_there_is_a_till_the_screen_asks_for_patience(path: Path) -> None:
    with screen_at(path) as app:
        assert isinstance(app.current_view, StatusView)
        assert app.snapshot is None


def test_one_snapshot_is_enough_to_show_the_right_screen(path: Path) -> None:
    with FakeTill(path) as till, screen_at(path) as app:
        till.wait_for_client()
        till.say(m.Welcome(), OFFER)
        shows(app, OfferView)
        assert app.snapshot == OFFER


def test_a_tap_answers_the_snapshot_on_the_screen(path: Path) -> None:
    with FakeTill(path) as till, screen_at(path) as app:
        till.wait_for_client()
        till.say(m.Welcome(), replace(WELCOME, revision=41))
        shows(app, WelcomeView)
        settle()
        app.tap(app.find_button("language:bg"))
        turn_until(lambda: app.root._held is None)
        assert till.hear() == m.CommandFrame(m.ChooseLanguage("bg"), 41)


def test_a_till_that_stays_away_is_noticed_and_its_return_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "AWAY_AFTER_S", 0.2)
    with FakeTill(path) as till, screen_at(path) as app:
        till.wait_for_client()
        till.say(m.Welcome(), ENTRY)
        shows(app, EntryView)
        till.hang_up()
        shows(app, StatusView)
        till.wait_for_client()
        till.say(m.Welcome(), replace(ENTRY, revision=1))
        shows(app, EntryView)


def test_a_till_that_is_back_at_once_was_never_missed(path: Path) -> None:
    with FakeTill(path) as till, screen_at(path) as app:
        till.wait_for_client()
        till.say(m.Welcome(), ENTRY)
        shows(app, EntryView)
        till.hang_up()
        turn_until(lambda: app._away is not None)
        assert isinstance(app.current_view, EntryView)
        till.wait_for_client()
        till.say(m.Welcome(), OFFER)
        shows(app, OfferView)
        assert app._away is None


@pytest.mark.parametrize("garbage", [b"\xff" * 64, b"\x00\x00\x00\x02{}"], ids=["no frame", "no message"])
def test_garbage_from_the_till_harms_nothing(path: Path, garbage: bytes) -> None:
    with FakeTill(path) as till, screen_at(path) as app:
        till.wait_for_client()
        till.say(m.Welcome(), ENTRY)
        shows(app, EntryView)
        till.say_bytes(garbage)
        till.wait_for_client()
        till.say(m.Welcome(), OFFER)
        shows(app, OfferView)
