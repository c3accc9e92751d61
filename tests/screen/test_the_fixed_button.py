"""One touch that needs nothing else: at the same place on every screen, large enough, and always awake."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.app import KioskApp
from kiosk.screen.look import look
from kiosk.screen.mode import ACCESSIBLE, NORMAL
from kiosk.screen.scenes import BUYERS
from kiosk.screen.scenes.parts import CASH, OFFER, SOME_CASH, WELCOME, glass
from tests.screen.harness import RecordingLink, running, settle, show, turn_until

TARGET_LEAST_MM = 20


@pytest.fixture(scope="module")
def link() -> RecordingLink:
    return RecordingLink()


@pytest.fixture(scope="module")
def app(link: RecordingLink) -> Iterator[KioskApp]:
    with running(link) as app:
        yield app


def tap(app: KioskApp, role: str) -> None:
    settle()
    settle()  # longer than a button takes two taps for one
    app.tap(app.find_button(role))
    turn_until(lambda: app.root._held is None)


def test_it_is_at_the_same_place_on_every_screen_of_a_buyer_and_large_enough(app: KioskApp) -> None:
    places = set()
    for name, scene in BUYERS.items():
        show(app, scene, turns=2)
        button = app.find_button("mode")
        assert button is not None, name
        assert not button.disabled, name
        assert min(button.size) >= TARGET_LEAST_MM * look.mm, name
        if app.current_view.dialog is None:
            places.add(
                (*(round(side) for side in button.to_window(*button.pos)), *(round(side) for side in button.size))
            )
    assert len(places) == 1
    ((_, y_px, _, height_px),) = places
    assert y_px + height_px <= app.root.height / 4


@pytest.mark.parametrize(
    "snapshot",
    [WELCOME, replace(WELCOME, availability=m.Availability.LATCHED), OFFER, replace(CASH, cash=SOME_CASH)],
    ids=["welcome", "out of service", "offer", "money in"],
)
def test_one_touch_makes_it_large_and_one_more_as_it_was(
    app: KioskApp, link: RecordingLink, snapshot: m.Snapshot
) -> None:
    show(app, glass(snapshot))
    link.heard.clear()
    tap(app, "mode")
    assert app.glass.mode == ACCESSIBLE
    tap(app, "mode")
    assert app.glass.mode == NORMAL
    assert [command for command, _ in link.heard] == [m.TakeYourTime(wanted=True), m.TakeYourTime(wanted=False)]
