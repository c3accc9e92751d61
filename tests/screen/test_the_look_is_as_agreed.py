"""Golden pictures: what people have looked at and found good, to the pixel or nearly so.

`pytest tests/screen/test_the_look_is_as_agreed.py --update-goldens` draws them anew; look at each before it is committed.
Glyphs come from the library inside the pinned Kivy, so the same pictures come out on any machine that draws in software.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from kivy.graphics.opengl import GL_RENDERER, glGetString
from PIL import Image, ImageChops

from kiosk.screen.app import KioskApp
from kiosk.screen.look import look
from kiosk.screen.mode import ACCESSIBLE, MODES
from kiosk.screen.scenes import SCENES, in_language, in_mode
from tests.screen.harness import RecordingLink, running, show

GOLDENS = Path(__file__).parent / "goldens"
ACTUAL = Path(__file__).parents[2] / "out" / "goldens"  #: what came out instead, and where it differs
FAR, NEAR = 16, 2  #: of 255: no pixel may differ more than the one, few may differ more than the other
NEAR_SHARE_MAX = 0.0005

#: By window, small ones of the shapes there are: scene, language, mode. Every kind of screen, every language, both modes.
PICTURES: Mapping[tuple[int, int], tuple[tuple[str, str, str], ...]] = {
    (800, 600): (
        ("welcome-services", "bg", "normal"),
        ("home", "ru", "normal"),
        ("entry-order_not_found", "bg", "normal"),
        ("offer", "en", "normal"),
        ("cash-over_limit", "bg", "normal"),
        ("done-refused", "ru", "normal"),
        ("cash-still-there", "en", "normal"),
        ("field-empty", "bg", "accessible"),
        ("offer-bill", "ru", "accessible"),
        ("cash-some", "bg", "accessible"),
    ),
    (540, 960): (
        ("shelf-many", "bg", "normal"),
        ("photo-later", "en", "normal"),
        ("entry-typed", "ru", "accessible"),
        ("done", "bg", "accessible"),
    ),
}


@pytest.fixture(scope="module", params=PICTURES, ids=lambda size: f"{size[0]}x{size[1]}")
def app(request: pytest.FixtureRequest) -> Iterator[KioskApp]:
    look.moves = False
    with running(RecordingLink(), request.param) as app:
        renderer = glGetString(GL_RENDERER).decode()
        if "llvmpipe" not in renderer:
            pytest.skip(f"pictures are of the software renderer, and this is {renderer}")
        yield app
    look.wear()
    look.moves = True


def too_different(golden: Image.Image, actual: Image.Image) -> str:
    """What is wrong with `actual`, or nothing."""
    if golden.size != actual.size:
        return f"it is {actual.size}, not {golden.size}"
    counts = _largest_of_channels(golden, actual).histogram()
    far, near = sum(counts[FAR + 1 :]), sum(counts[NEAR + 1 :])
    if far or near > NEAR_SHARE_MAX * golden.width * golden.height:
        return f"{near} pixels differ, {far} of them much"
    return ""


def _largest_of_channels(one: Image.Image, other: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def test_every_picture_is_as_agreed(app: KioskApp, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    wrong: dict[str, str] = {}
    for scene, language, mode in PICTURES[tuple(app.root.size)]:
        name = f"{scene}-{language}-{mode}.png"
        show(app, in_mode(in_language(SCENES[scene], language), MODES[mode]))
        app.shot(str(tmp_path / name))
        with Image.open(tmp_path / name) as picture:
            actual = picture.convert("RGB")
        if request.config.getoption("--update-goldens"):
            actual.save(GOLDENS / name, optimize=True)
        with Image.open(GOLDENS / name) as golden:
            if fault := too_different(golden, actual):
                wrong[name] = fault
                _keep(name, golden, actual)
    assert wrong == {}, f"look at {ACTUAL}"


def _keep(name: str, golden: Image.Image, actual: Image.Image) -> None:
    ACTUAL.mkdir(parents=True, exist_ok=True)
    actual.save(ACTUAL / name)
    if golden.size == actual.size:
        difference = _largest_of_channels(golden, actual).point(lambda value: 255 if value > NEAR else 0)
        difference.save(ACTUAL / f"difference-{name}")


def test_every_golden_picture_is_looked_at() -> None:
    named = {f"{'-'.join(picture)}.png" for pictures in PICTURES.values() for picture in pictures}
    assert {file.name for file in GOLDENS.iterdir()} == named


def test_a_picture_is_told_from_one_that_is_hardly_different() -> None:
    one = Image.new("RGB", (100, 100), "#808080")
    moved, faint, few = one.copy(), one.copy(), one.copy()
    moved.putpixel((5, 5), (0x80, 0x80, 0xFF))
    faint.paste("#858080", (0, 0, 3, 3))
    few.paste("#858080", (0, 0, 2, 2))
    assert [bool(too_different(one, other)) for other in (moved, faint, few, one)] == [True, True, False, False]


def test_the_mode_of_one_buyer_leaves_no_trace_on_the_next(app: KioskApp, tmp_path: Path) -> None:
    pictures = []
    for mode in (MODES["normal"], ACCESSIBLE, MODES["normal"]):
        show(app, in_mode(SCENES["offer"], mode))
        app.shot(str(tmp_path / "offer.png"))
        with Image.open(tmp_path / "offer.png") as picture:
            pictures.append(picture.convert("RGB"))
    first, accessible, again = pictures
    assert too_different(first, accessible)
    assert not too_different(first, again)
