#!/usr/bin/env python3
"""Make docs/pictures/service.png: screens for people with keys, drawn by the screen's own code, in three languages.

Run from the checkout's root with the project's Python, then look at what came out: `.venv/bin/python scripts/service_picture.py`.
It takes some seconds.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from kiosk.screen.contact_sheet import sheets

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "service.png"
WIDTH, COLUMNS, ROWS, COLOURS = 560, 3, 3, 64

#: In the order of the picture: what it is, a scene of `kiosk screens`, its language.
SCREENS = (
    ("All parts at a glance", "staff-board-faulty", "bg"),
    ("One part, and what to do", "staff-part-faulty", "ru"),
    ("Trying banknotes", "staff-notes-tried", "en"),
    ("X report", "staff-cash", "en"),
    ("Collection: take the box", "staff-collection-take-out", "ru"),
    ("Collection: seal it", "staff-collection-seal-typed", "en"),
    ("Collection: the slips", "staff-collection-done", "bg"),
    ("A case: what was found out", "staff-case-of-suspense", "ru"),
    ("A case: before it is booked", "staff-case-confirm-in_box", "bg"),
)


def draw(folder: Path, scene: str, language: str) -> Path:
    """One screen, and the file it is in."""
    size = "1280x1024"
    options = ("--scene", scene, "--language", language, "--size", size, "--mode", "normal", "--out", str(folder))
    subprocess.run([sys.executable, "-m", "kiosk", "screens", *options], cwd=ROOT, check=True)  # noqa: S603 - our own command
    return folder / f"{language}-{size}-normal" / f"{scene}.png"


def main() -> int:
    """Draw and write."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = [(f"{what} ({language})", draw(Path(folder), scene, language)) for what, scene, language in SCREENS]
        (sheet,) = sheets(pictures, WIDTH, COLUMNS, ROWS)
        sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
