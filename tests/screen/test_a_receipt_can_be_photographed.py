"""The receipt on the screen, as a phone sees it: the rendered window is read by a decoder that knows nothing of us."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from kiosk.link import messages as m
from kiosk.screen.app import KioskApp
from kiosk.screen.scenes import SCENES, in_language
from kiosk.screen.scenes.parts import DONE, LANGUAGES, QR, RESULT, glass
from kiosk.screen.widgets.qr import modules_of
from kiosk.slips.plain import TEXT_BYTES_MAX
from tests.screen.harness import RecordingLink, running, settle, show, turn_until
from tests.screen.test_every_screen_fits import SIZES

MODULE_PX_MIN = 4  #: about a millimetre on the displays these sizes belong to
PHOTOS = sorted(name for name in SCENES if name.startswith("photo"))
LARGEST = ("Щ" * TEXT_BYTES_MAX)[: TEXT_BYTES_MAX // 2]


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def app(request: pytest.FixtureRequest) -> Iterator[KioskApp]:
    with running(RecordingLink(), request.param) as app:
        yield app


def codes_on(app: KioskApp, path: Path) -> list[zxingcpp.Barcode]:
    app.shot(str(path))
    with Image.open(path) as picture:
        return list(zxingcpp.read_barcodes(picture.convert("RGB")))


def without_paper(text: str) -> m.Snapshot:
    return replace(DONE, result=replace(RESULT, receipt=m.ReceiptView.NONE, receipt_qr=text))


@pytest.mark.parametrize("name", PHOTOS)
def test_a_phone_reads_the_receipt_from_the_screen(app: KioskApp, tmp_path: Path, name: str) -> None:
    show(app, in_language(SCENES[name], LANGUAGES[0]))
    (found,) = codes_on(app, tmp_path / "screen.png")
    assert found.text == QR


def test_the_largest_receipt_there_can_be_is_still_drawn_in_modules_a_phone_can_tell_apart(
    app: KioskApp, tmp_path: Path
) -> None:
    show(app, glass(without_paper(LARGEST)))
    (found,) = codes_on(app, tmp_path / "screen.png")
    assert found.text == LARGEST
    side_px = found.position.top_right.x - found.position.top_left.x
    assert side_px >= MODULE_PX_MIN * 73 - 2


def test_a_receipt_in_hand_needs_no_code(app: KioskApp, tmp_path: Path) -> None:
    show(app, glass(DONE))
    assert codes_on(app, tmp_path / "screen.png") == []


def test_the_code_goes_with_the_visit_and_another_ones_takes_its_place(app: KioskApp, tmp_path: Path) -> None:
    for text in ("first", "second"):
        show(app, glass(without_paper(text)))
        assert [found.text for found in codes_on(app, tmp_path / "screen.png")] == [text]
    show(app, SCENES["welcome"])
    assert codes_on(app, tmp_path / "screen.png") == []


def test_a_buyer_who_needs_longer_touches_more_time(app: KioskApp) -> None:
    show(app, glass(without_paper(QR)))
    settle()
    app.tap(app.find_button("more_time"))
    turn_until(lambda: app.root._held is None)
    assert app._link.heard[-1][0] == m.MoreTime()


def test_the_code_has_its_white_rim_whatever_stands_around_it() -> None:
    rows = modules_of("text")
    rim = (*rows[:4], *rows[-4:], *(row[:4] for row in rows), *(row[-4:] for row in rows))
    assert not any(any(part) for part in rim)
    assert rows[4][4]
