import subprocess
import sys
from pathlib import Path

import pytest

from drivers.bill_acceptor.registry import PROTOCOLS

ROOT = Path(__file__).parents[3]


def test_the_diagrams_in_the_docs_are_drawn_from_the_tables():
    """Otherwise: `.venv/bin/python scripts/diagrams.py` draws them again."""
    done = subprocess.run(
        [sys.executable, "scripts/diagrams.py", "--check"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"not current: {done.stdout.split()}"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_has_its_diagram(protocol):
    assert "stateDiagram-v2" in (ROOT / "docs" / "acceptors" / f"{protocol}.md").read_text()
