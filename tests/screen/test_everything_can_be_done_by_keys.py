"""A whole visit without touching the glass: real key events, as SDL hands them to Kivy's window."""

from collections.abc import Iterator
from dataclasses import replace as with_glass
from pathlib import Path

import pytest
from kivy.base import EventLoop
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.link.client import LinkClient
from kiosk.screen import app as apps
from kiosk.screen.app import KioskApp
from kiosk.screen.keys import BACKSPACE, DOWN, ENTER, ESCAPE, FUNCTION_KEYS, LEFT, NO_CODE, RIGHT, TAB, UP
from kiosk.screen.mode import ACCESSIBLE, NORMAL
from kiosk.screen.run import LateLink
from kiosk.screen.scenes import BUYERS, SCENES
from kiosk.screen.scenes.parts import CASH, DONE, ENTRY, OFFER, SOME_CASH, WELCOME, glass
from tests.screen.fake_till import FakeTill
from tests.screen.harness import RecordingLink, running, settle, show, turn, turn_until

F8 = FUNCTION_KEYS["f8"]
LISTENING = with_glass(ACCESSIBLE, spoken=True)


@pytest.fixture(scope="module")
def link() -> RecordingLink:
    return RecordingLink()


@pytest.fixture(scope="module")
def running_app(link: RecordingLink) -> Iterator[KioskApp]:
    with running(link) as app:
        yield app


@pytest.fixture
def app(running_app: KioskApp, link: RecordingLink) -> KioskApp:
    running_app._keyboard.forget()
    show(running_app, glass(WELCOME))
    link.heard.clear()
    return running_app


def meet(app: KioskApp, snapshot: m.Snapshot, typed: str = "") -> None:
    show(app, glass(snapshot, typed))
    settle()


def hold(code: int) -> None:
    """As window_sdl2 does for a key that goes down, or that SDL repeats."""
    window = EventLoop.window
    if not window.dispatch("on_key_down", code, 0, None, []):
        window.dispatch("on_keyboard", code, 0, None, [])


def strike(*codes: int, turns: bool = True) -> None:
    for code in codes:
        hold(code)
        EventLoop.window.dispatch("on_key_up", code, 0)
        if turns:
            turn()


def write(text: str) -> None:
    for character in text:
        hold(ord(character))
        EventLoop.window.dispatch("on_textinput", character)
        EventLoop.window.dispatch("on_key_up", ord(character), 0)
        turn()


def write_slowly(app: KioskApp, text: str) -> None:
    """As fingers do: the pauses between the keys are longer than a scanner's."""
    for character in text:
        write(character)
        app._keyboard._run = with_glass(app._keyboard._run, first_s=app._keyboard._run.first_s - 1)


def focused(app: KioskApp) -> list[str]:
    return [widget.role for widget in app.root.walk(restrict=True) if getattr(widget, "focused", False) is True]


def go_to(app: KioskApp, role: str, key: int = TAB) -> None:
    for _ in range(60):
        if focused(app) == [role]:
            return
        strike(key)
    raise AssertionError(f"{role} cannot be reached from {focused(app)}")


# --- the focus ----------------------------------------------------------------------------------------------------


def test_there_is_no_ring_until_a_key_asks_for_one(app: KioskApp) -> None:
    meet(app, OFFER)
    assert focused(app) == []
    strike(TAB)
    assert len(focused(app)) == 1


def test_every_control_of_every_screen_can_be_reached_and_one_has_the_ring(app: KioskApp) -> None:
    for name, scene in SCENES.items():
        show(app, scene, turns=0)
        wanted = [stop.role for stop in app.root.stops()]
        reached = []
        for _ in wanted:
            strike(TAB, turns=False)
            reached += focused(app)
        assert (name, sorted(reached)) == (name, sorted(wanted))


def test_a_question_has_the_keys_for_itself(app: KioskApp) -> None:
    meet(app, replace(OFFER, seconds_left=9))
    for _ in range(4):
        strike(TAB)
        assert focused(app) == ["more_time"]


def test_arrows_go_up_and_down_the_keypad(app: KioskApp) -> None:
    meet(app, ENTRY, "4")
    go_to(app, "key:5")
    strike(UP)
    assert focused(app) == ["key:2"]
    strike(DOWN, DOWN)
    assert focused(app) == ["key:8"]
    strike(RIGHT)
    assert focused(app) == ["key:9"]
    strike(LEFT)
    assert focused(app) == ["key:8"]


def test_the_ring_stays_where_it_was_while_the_screen_stays_the_same(app: KioskApp) -> None:
    meet(app, OFFER)
    go_to(app, "cancel")
    app.take_snapshot(replace(OFFER, seconds_left=58))
    turn()
    assert focused(app) == ["cancel"]


# --- what keys do -------------------------------------------------------------------------------------------------


def test_digits_type_and_backspace_erases(app: KioskApp) -> None:
    meet(app, ENTRY)
    write_slowly(app, "4829")
    strike(BACKSPACE)
    assert app.typed == "482"
    assert focused(app) == ["next"]


def test_escape_is_the_screens_own_way_back(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    strike(ESCAPE)
    assert link.heard == [(m.Cancel(), OFFER.revision)]


def test_escape_never_finishes_a_payment(app: KioskApp, link: RecordingLink) -> None:
    show(app, glass(replace(CASH, cash=SOME_CASH), finishing=True))
    settle()
    strike(ESCAPE)
    assert link.heard == []
    assert not app.glass.finishing
    strike(ESCAPE)
    assert link.heard == []


def test_a_key_that_is_held_down_chooses_once_and_nothing_on_the_next_screen(
    app: KioskApp, link: RecordingLink
) -> None:
    meet(app, ENTRY, "482915")
    go_to(app, "next")
    for _ in range(5):
        hold(ENTER)
        turn()
    app.take_snapshot(replace(OFFER, revision=8))
    turn()
    settle()
    for _ in range(5):
        hold(ENTER)
        turn()
    EventLoop.window.dispatch("on_key_up", ENTER, 0)
    assert [command for command, _ in link.heard] == [m.LookUpOrder("482915")]


def test_the_second_half_of_a_double_stroke_does_not_confirm_the_next_screen(
    app: KioskApp, link: RecordingLink
) -> None:
    meet(app, OFFER)
    go_to(app, "confirm")
    app.take_snapshot(replace(ENTRY, revision=8))
    turn()
    app.take_snapshot(replace(OFFER, revision=9))
    turn()
    strike(ENTER)
    assert link.heard == []


def test_a_scan_types_nothing(app: KioskApp, link: RecordingLink) -> None:
    meet(app, ENTRY, "7")
    for number, character in enumerate("482915000"):
        app._keyboard.struck(NO_CODE, character, 100 + number / 100)
    assert app.typed == "7482915000"
    app._keyboard.struck(ENTER, "", 100.1)
    assert app.typed == "7"
    assert link.heard == [(m.Scanned("482915000"), ENTRY.revision)]


@pytest.mark.parametrize("code", [282, 285, 303, 306, 308, 319, 101, 301], ids=lambda code: f"key {code}")
def test_no_other_key_leaves_the_screen_or_does_anything(app: KioskApp, link: RecordingLink, code: int) -> None:
    meet(app, OFFER)
    window = EventLoop.window
    assert window.dispatch("on_key_down", code, 0, None, ["ctrl", "alt"])
    assert window.dispatch("on_keyboard", code, 0, None, ["ctrl", "alt"])
    assert window.dispatch("on_key_up", code, 0)
    turn()
    assert link.heard == []
    assert app.root is not None
    assert not app.open_settings()


# --- the mode -----------------------------------------------------------------------------------------------------


def test_the_fixed_key_works_on_every_screen_of_a_buyer(app: KioskApp) -> None:
    for name, scene in BUYERS.items():
        show(app, scene, turns=0)
        strike(F8, turns=False)
        assert (name, app.glass.mode, len(focused(app))) == (name, LISTENING, min(1, len(list(app.root.stops()))))
        strike(F8, turns=False)
        assert (name, app.glass.mode) == (name, NORMAL)


def test_the_till_is_asked_for_time_with_the_mode_and_told_when_it_is_over(app: KioskApp, link: RecordingLink) -> None:
    meet(app, OFFER)
    strike(F8, F8)
    assert [command for command, _ in link.heard] == [m.TakeYourTime(wanted=True), m.TakeYourTime(wanted=False)]


def test_the_next_buyer_finds_the_screen_as_it_is_for_everybody(app: KioskApp) -> None:
    meet(app, OFFER)
    strike(F8)
    app.take_snapshot(replace(WELCOME, revision=9))
    turn()
    assert app.glass.mode == NORMAL
    assert focused(app) == []


# --- a whole visit ------------------------------------------------------------------------------------------------


def test_a_visit_from_the_language_to_the_end_by_keys_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps, "AWAY_AFTER_S", 0.2)
    path, late = tmp_path / "till.sock", LateLink()
    with FakeTill(path) as till, running(late) as app:
        late.client = LinkClient(path, app.take_snapshot, app.take_away)
        late.client.start()
        try:
            till.wait_for_client()
            steps = [
                (WELCOME, lambda: (go_to(app, "language:en"), strike(ENTER)), m.ChooseLanguage("en")),
                (ENTRY, lambda: (write_slowly(app, "482915"), strike(ENTER)), m.LookUpOrder("482915")),
                (OFFER, lambda: (go_to(app, "confirm", LEFT), strike(ENTER)), m.ConfirmOffer()),
                (
                    replace(CASH, cash=SOME_CASH),
                    lambda: (go_to(app, "finish"), strike(ENTER), settle(), go_to(app, "finish"), strike(ENTER)),
                    m.FinishCash(),
                ),
                (DONE, lambda: (go_to(app, "leave"), strike(ENTER)), m.Leave()),
            ]
            for number, (snapshot, act, command) in enumerate(steps, 1):
                shown = replace(snapshot, revision=number, language="en")
                till.say(*([m.Welcome()] if number == 1 else []), shown)
                turn_until(lambda shown=shown: app.snapshot == shown)
                settle()
                act()
                assert till.hear() == m.CommandFrame(command, number)
        finally:
            late.client.close()
