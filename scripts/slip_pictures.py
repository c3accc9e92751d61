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

from drivers.receipt_printer.paper import DESK  # noqa: E402 - found only from here on
from kiosk.cli import main as cli  # noqa: E402
from tests.support.slips import paper, sample_of  # noqa: E402

PICTURES = ROOT / "docs" / "slips"
GOLDEN = ROOT / "tests" / "unit" / "slips" / "golden"
SCALE = 0.4
COLOURS = 32

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
    desk = Image.new("RGB", (sum(paper.width for paper in papers), max(paper.height for paper in papers)), DESK)
    left = 0
    for one in papers:
        desk.paste(one, (left, 0))
        left += one.width
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
