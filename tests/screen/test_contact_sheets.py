"""`kiosk screens` as somebody at a shell uses it."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kiosk.screen.contact_sheet import CAPTION_PX, GAP_PX, sheets
from kiosk.screen.scenes import SCENES

PATIENCE_S = 60


def screens(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "screens", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def test_some_screens_come_out_as_pictures_and_on_a_sheet(tmp_path: Path) -> None:
    some = ("--scene", "offer", "--scene", "cash-s*", "--language", "ru", "--size", "1024x768", "--mode", "accessible")
    done = screens("--out", str(tmp_path / "sheets"), *some)
    assert (done.returncode, done.stderr) == (0, "")
    folder = tmp_path / "sheets" / "ru-1024x768-accessible"
    assert {file.stem for file in folder.iterdir()} == {"offer", "cash-some", "cash-still-there"}
    for file in folder.iterdir():
        with Image.open(file) as picture:
            assert picture.size == (1024, 768)
    with Image.open(f"{folder}-1.png") as sheet:
        assert sheet.size == (3 * (400 + GAP_PX) + GAP_PX, 300 + CAPTION_PX + 2 * GAP_PX)


def test_the_scenes_are_listed() -> None:
    assert screens("--list").stdout.splitlines() == list(SCENES)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--scene", "nothing-like-it"), "`kiosk screens --list` names all"),
        (("--size", "big"), "write WIDTHxHEIGHT"),
        (("--language", "xx"), "invalid choice: 'xx'"),
    ],
)
def test_what_cannot_be_drawn_is_told(tmp_path: Path, wrong: tuple[str, str], told: str) -> None:
    done = screens("--out", str(tmp_path), *wrong)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_sheet_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    Image.new("RGB", (40, 30)).save(file)
    found = list(sheets([("one", file)] * 5, width_px=20, columns=2, rows=2))
    assert [sheet.size for sheet in found] == [(88, 134), (52, 75)]
