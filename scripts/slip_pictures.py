#!/usr/bin/env python3
"""Make the pictures of docs/slips/ and the golden texts of tests/unit/slips/golden/ from sample data.

Run from the checkout's root with the project's Python, then look at what came out: `.venv/bin/python scripts/slip_pictures.py`.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kiosk.cli import main as cli  # noqa: E402 - found only from here on
from tests.support.slips import paper, sample_of  # noqa: E402

PICTURES = ROOT / "docs" / "slips"
GOLDEN = ROOT / "tests" / "unit" / "slips" / "golden"
GAP_PX = 24
DESK = (96, 96, 100)
SCALE = 0.5
COLOURS = 8

#: picture → slips side by side: kind, language, columns.
SHEETS = {
    "buyer": (("payment_accepted", "en", 42), ("payment_later", "bg", 42), ("not_enough", "ru", 32)),
    "operator": (("collection", "bg", 42), ("x_report", "ru", 42), ("service_report", "en", 42)),
}
GOLDEN_SLIPS = (
    ("payment_accepted", "en", 48),
    ("payment_later", "bg", 42),
    ("not_enough", "ru", 32),
    ("collection", "bg", 42),
    ("x_report", "en", 32),
    ("service_report", "ru", 48),
)


def picture_of(folder: Path, kind: str, language: str, columns: int) -> Image.Image:
    """The paper of one sample, as `kiosk receipt render` draws it."""
    out = folder / f"{kind}-{language}-{columns}.png"
    done = cli.main(["receipt", "render", kind, "--language", language, "--columns", str(columns), "--out", str(out)])
    if done:
        raise SystemExit(done)
    with Image.open(out) as image:
        return image.convert("RGB")


def sheet(papers: list[Image.Image]) -> Image.Image:
    """Papers side by side on a desk, small enough for a page."""
    width = sum(paper.width + GAP_PX for paper in papers) + GAP_PX
    desk = Image.new("RGB", (width, max(paper.height for paper in papers) + 2 * GAP_PX), DESK)
    left = GAP_PX
    for one in papers:
        desk.paste(one, (left, GAP_PX))
        left += one.width + GAP_PX
    small = desk.resize((int(desk.width * SCALE), int(desk.height * SCALE)), Image.Resampling.LANCZOS)
    return small.quantize(COLOURS)


def main() -> int:
    """Write everything."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, slips in SHEETS.items():
            sheet([picture_of(Path(folder), *slip) for slip in slips]).save(PICTURES / f"{name}.png", optimize=True)
    for kind, language, columns in GOLDEN_SLIPS:
        text = "\n".join(paper(sample_of(kind, language), columns)) + "\n"
        (GOLDEN / f"{kind}-{language}-{columns}.txt").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
