"""Every screen for people with keys in every language and window: drawn, whole, and large enough to be touched."""

import os
from collections.abc import Iterator

import pytest

from kiosk.screen.app import KioskApp
from kiosk.screen.look import look
from kiosk.screen.scenes import in_language
from kiosk.screen.scenes.parts import LANGUAGES
from kiosk.screen.scenes.staff import STAFF
from tests.screen.harness import RecordingLink, crowded, lay_out, misfits, overlapping, running, small_targets

#: In every language where there is the least room, lying and upright; elsewhere in the one with the longest words.
SIZES = {(1024, 768): LANGUAGES, (1080, 1920): LANGUAGES, (1280, 1024): ("bg",), (1920, 1080): ("ru",)}
SHOWN = dict.fromkeys(SIZES, LANGUAGES) if os.environ.get("KIOSK_SCREENS") == "all" else SIZES


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def app(request: pytest.FixtureRequest) -> Iterator[KioskApp]:
    look.moves = False
    with running(RecordingLink(), request.param) as app:
        yield app
    look.moves = True


def test_every_screen_for_staff_shows_all_it_has_to_say(app: KioskApp) -> None:
    wrong: dict[str, list[str]] = {}
    for language in SHOWN[tuple(app.root.size)]:
        for name, scene in STAFF.items():
            lay_out(app, in_language(scene, language))
            wrong[f"{language} {name}"] = [*misfits(app), *crowded(app), *small_targets(app), *overlapping(app)]
    assert {name: faults for name, faults in wrong.items() if faults} == {}
