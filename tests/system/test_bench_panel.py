"""The bench panel draws: every note and fault has a button."""

import subprocess
import sys

from PIL import Image


def test_the_panel_draws_without_a_display(tmp_path):
    shot = tmp_path / "bench.png"
    sockets = ["--acceptor", "/none/a", "--printer", "/none/p", "--demo", "/none/d"]
    options = ["--notes", "5,10,20", "--currency", "EUR", "--order", "1000000016", "--shot", str(shot)]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.demo.bench", *sockets, *options], timeout=60, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    with Image.open(shot) as picture:
        assert len(picture.getcolors(100_000)) > 20
