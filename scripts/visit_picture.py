#!/usr/bin/env python3
"""Make docs/pictures/visit.png from three visits of the demo's scripted buyer, one in each language.

Run from the checkout's root with the project's Python, then look at what came out: `.venv/bin/python scripts/visit_picture.py`.
It takes about a minute.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "visit.png"
WIDTH, GAP, COLUMNS, COLOURS = 640, 12, 4, 64

TOP_UP = ("--service", "mobile-top-up", "--field", "phone=881234567", "--notes", "20,10")

#: visit → what the demo is told
VISITS = {
    "order": ("--language", "bg"),
    "service": ("--language", "ru", *TOP_UP),
    "english": ("--language", "en", *TOP_UP),
}
#: In the order of the picture: a visit, a screen of it, and which of those with that name.
SCREENS = (
    ("order", "welcome", -1),
    ("english", "home", 0),
    ("service", "shelf", 0),
    ("english", "field", -1),
    ("order", "order", -1),
    ("order", "offer", 0),
    ("order", "cash", 1),
)


def play(folder: Path, options: tuple[str, ...]) -> Path:
    """A visit, and the folder it left."""
    command = [sys.executable, "-m", "kiosk", "demo", "--headless", "--out", str(folder), *options]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return folder


def screen(folder: Path, name: str, which: int) -> Image.Image:
    """One picture of a visit, small."""
    files = sorted((folder / "screens").glob(f"*-{name}.png"))
    with Image.open(files[which]) as image:
        return image.convert("RGB").resize((WIDTH, WIDTH * image.height // image.width), Image.Resampling.LANCZOS)


def slip(folder: Path, height: int) -> Image.Image:
    """The receipt on a page as large as a screen."""
    page = Image.new("RGB", (WIDTH, height), "white")
    with Image.open(folder / "receipt.png") as image:
        paper = image.convert("RGB").resize((image.width * height // image.height, height), Image.Resampling.LANCZOS)
    page.paste(paper, ((WIDTH - paper.width) // 2, 0))
    return page


def sheet(pages: list[Image.Image]) -> Image.Image:
    """Pages in rows."""
    width, height = pages[0].size
    rows = -(-len(pages) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (width + GAP) - GAP, rows * (height + GAP) - GAP), "white")
    for at, page in enumerate(pages):
        whole.paste(page, (at % COLUMNS * (width + GAP), at // COLUMNS * (height + GAP)))
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> int:
    """Play and write."""
    with tempfile.TemporaryDirectory() as folder:
        visits = {name: play(Path(folder) / name, options) for name, options in VISITS.items()}
        screens = [screen(visits[visit], name, which) for visit, name, which in SCREENS]
        sheet([*screens, slip(visits["order"], screens[0].height)]).save(PICTURE, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
