"""Every screen in every language and window: drawn, whole, and large enough to be touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.screen.app import KioskApp
from kiosk.screen.scenes import BUYERS, SCENES, in_language
from kiosk.screen.scenes.parts import LANGUAGES
from tests.screen.harness import RecordingLink, crowded, misfits, running, show, small_targets

SIZES = [(1280, 1024), (1024, 768), (1920, 1080), (1080, 1920)]


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def app(request: pytest.FixtureRequest) -> Iterator[KioskApp]:
    with running(RecordingLink(), request.param) as app:
        yield app


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_shows_all_it_has_to_say(app: KioskApp, language: str) -> None:
    wrong: dict[str, list[str]] = {}
    for name, scene in BUYERS.items():
        show(app, in_language(scene, language))
        wrong[name] = [*misfits(app), *crowded(app), *small_targets(app)]
    assert {name: faults for name, faults in wrong.items() if faults} == {}


def test_a_screen_can_be_pictured(app: KioskApp, tmp_path: Path) -> None:
    show(app, SCENES["welcome"])
    app.shot(str(tmp_path / "welcome.png"))
    with Image.open(tmp_path / "welcome.png") as picture:
        assert picture.size == tuple(app.root.size)
        colours = picture.convert("RGB").getcolors(maxcolors=1_000_000)
    assert len(colours) > 50
