"""Every screen for people with keys in every language and window: drawn, whole, and large enough to be touched."""

from collections.abc import Iterator

import pytest

from kiosk.screen.app import KioskApp
from kiosk.screen.scenes import in_language
from kiosk.screen.scenes.parts import LANGUAGES
from kiosk.screen.scenes.staff import STAFF
from tests.screen.harness import RecordingLink, crowded, misfits, running, show, small_targets
from tests.screen.test_every_screen_fits import SIZES


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def app(request: pytest.FixtureRequest) -> Iterator[KioskApp]:
    with running(RecordingLink(), request.param) as app:
        yield app


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_for_staff_shows_all_it_has_to_say(app: KioskApp, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    for name, scene in STAFF.items():
        show(app, in_language(scene, language))
        wrong[name] = [*misfits(app), *crowded(app), *small_targets(app)]
    assert {name: faults for name, faults in wrong.items() if faults} == {}
