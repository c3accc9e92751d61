"""The bench panel draws: every note and fault has a button, and all of them fit into its window."""

import subprocess
import sys

from PIL import Image

from kiosk.demo.cast import CASH

MARGIN_PX = 12
MOST_NOTES = max((cash.denominations_minor for cash in CASH.values()), key=len)


def test_the_panel_draws_without_a_display(tmp_path):
    shot = tmp_path / "bench.png"
    sockets = ["--acceptor", "/none/a", "--printer", "/none/p", "--demo", "/none/d"]
    notes = ",".join(str(note // 100) for note in MOST_NOTES)
    what = ["--notes", notes, "--currency", "RUB", "--order", "1000000016", "--customer", "1000000017"]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.demo.bench", *sockets, *what, "--shot", str(shot)],
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    with Image.open(shot) as picture:
        assert len(picture.getcolors(100_000)) > 20
        for edge in ((0, 0, picture.width, MARGIN_PX), (0, picture.height - MARGIN_PX, picture.width, picture.height)):
            assert len(picture.crop(edge).getcolors()) == 1, "something is cut off"
