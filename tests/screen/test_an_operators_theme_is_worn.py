"""An operator's theme on the screen itself: its colours and logo, and every screen whole at the limits of its numbers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kiosk.screen import theme
from kiosk.screen.app import KioskApp
from kiosk.screen.look import look
from kiosk.screen.mode import ACCESSIBLE
from kiosk.screen.scenes import BUYERS, in_mode
from kiosk.screen.theme import DAY, OURS, TYPE_MM, TYPE_SHARES, Colour, Theme
from kiosk.screen.widgets.frame import Logo
from tests.screen.harness import RecordingLink, crowded, lay_out, misfits, overlapping, running, show, small_targets

WIDEST = replace(
    OURS,
    type_mm={step: size * TYPE_SHARES[1] for step, size in TYPE_MM.items()},
    gap_mm=5.0,
    margin_mm=12.0,
    radius_mm=8.0,
)
VIOLET = theme.colour("#301040")


@pytest.fixture(scope="module")
def app() -> Iterator[KioskApp]:
    look.moves = False
    with running(RecordingLink()) as app:
        yield app
    look.moves = True


@pytest.fixture
def wear(app: KioskApp) -> Iterator[KioskApp]:
    yield app
    look.use(OURS)
    look.wear()


def corner(app: KioskApp, path: Path) -> Colour:
    """The colour of the header, top left."""
    app.shot(str(path))
    with Image.open(path) as picture:
        red, green, blue = picture.convert("RGB").getpixel((3, 3))
    return (red / 255, green / 255, blue / 255, 1.0)


def test_its_colours_are_worn_but_for_high_contrast(wear: KioskApp, tmp_path: Path) -> None:
    look.use(replace(OURS, colours=replace(DAY, night=VIOLET)))
    show(wear, BUYERS["offer"])
    assert corner(wear, tmp_path / "normal.png") == VIOLET
    show(wear, in_mode(BUYERS["offer"], ACCESSIBLE))
    assert corner(wear, tmp_path / "accessible.png") == theme.NIGHT.night


def test_its_logo_stands_in_the_header_of_every_screen_and_crowds_nobody(wear: KioskApp, tmp_path: Path) -> None:
    Image.new("RGBA", (600, 150), "#ffcc00").save(tmp_path / "logo.png")
    look.use(replace(OURS, logo=str(tmp_path / "logo.png")))
    wrong = {}
    for name, scene in BUYERS.items():
        lay_out(wear, scene)
        logo = next(widget for widget in wear.root.walk(restrict=True) if isinstance(widget, Logo))
        assert logo.width == pytest.approx(46 * look.mm)
        if faults := [*misfits(wear), *overlapping(wear)]:
            wrong[name] = faults
    assert wrong == {}


@pytest.mark.parametrize("worn", [WIDEST], ids=["all at their largest"])
def test_every_screen_is_whole_at_the_limits_of_a_theme(wear: KioskApp, worn: Theme) -> None:
    look.use(worn)
    wrong = {}
    for name, scene in BUYERS.items():
        lay_out(wear, scene)
        if faults := [*misfits(wear), *crowded(wear), *small_targets(wear)]:
            wrong[name] = faults
    assert wrong == {}
