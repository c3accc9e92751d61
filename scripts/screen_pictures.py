#!/usr/bin/env python3
"""Make docs/pictures/screens.png and service.png: screens for buyers and for people with keys, drawn by the screen's own code.

Run from the checkout's root with the project's Python, then look at what came out: `.venv/bin/python scripts/screen_pictures.py`.
It takes some seconds.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from kiosk.screen.contact_sheet import sheets

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDTH, COLUMNS, ROWS, COLOURS = 560, 3, 3, 64
SIZE = "1280x1024"

#: In the order of the picture: what it is, a scene of `kiosk screens`, its language, its mode.
SHEETS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "screens": (
        ("Choose a language", "welcome-services", "bg", "normal"),
        ("Choose what to pay for", "home-with-code", "en", "normal"),
        ("Letters", "code-without-services", "ru", "normal"),
        ("Is it all right?", "offer-bill", "bg", "normal"),
        ("Banknotes", "cash-some", "ru", "normal"),
        ("Paid", "done", "en", "normal"),
        ("Large and clear: what to pay for", "home", "bg", "accessible"),
        ("Large and clear: banknotes", "cash-some", "en", "accessible"),
        ("Large and clear: paid", "done", "ru", "accessible"),
    ),
    "service": (
        ("All parts at a glance", "staff-board-faulty", "bg", "normal"),
        ("One part, and what to do", "staff-part-faulty", "ru", "normal"),
        ("Trying banknotes", "staff-notes-tried", "en", "normal"),
        ("X report", "staff-cash", "en", "normal"),
        ("Collection: take the box", "staff-collection-take-out", "ru", "normal"),
        ("Collection: seal it", "staff-collection-seal-typed", "en", "normal"),
        ("Collection: the slips", "staff-collection-done", "bg", "normal"),
        ("A case: what was found out", "staff-case-of-suspense", "ru", "normal"),
        ("A case: before it is booked", "staff-case-confirm-in_box", "bg", "normal"),
    ),
}


def draw(folder: Path, scene: str, language: str, mode: str) -> Path:
    """One screen, and the file it is in."""
    options = ("--scene", scene, "--language", language, "--size", SIZE, "--mode", mode, "--out", str(folder))
    subprocess.run([sys.executable, "-m", "kiosk", "screens", *options], cwd=ROOT, check=True)  # noqa: S603 - our own command
    return folder / f"{language}-{SIZE}-{mode}" / f"{scene}.png"


def main() -> int:
    """Draw and write."""
    for name, screens in SHEETS.items():
        with tempfile.TemporaryDirectory() as folder:
            pictures = [
                (f"{what} ({language})", draw(Path(folder), scene, language, mode))
                for what, scene, language, mode in screens
            ]
            (sheet,) = sheets(pictures, WIDTH, COLUMNS, ROWS)
            sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
