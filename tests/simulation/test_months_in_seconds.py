"""Ninety days of two hundred visits, with everything that goes wrong in a kiosk's life. KIOSK_SEED and KIOSK_DAYS choose."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.months import live

SEED = int(os.environ.get("KIOSK_SEED", "20261123"))
DAYS = int(os.environ.get("KIOSK_DAYS", "90"))
VISITS_A_DAY = 200


@pytest.fixture
def folder():
    """In memory: lost writes are the crash tests' business."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    made = tempfile.mkdtemp(dir=memory)
    yield Path(made)
    shutil.rmtree(made)


def test_ninety_days_lose_nothing_and_double_nothing(folder, capsys):
    outcome = live(folder, SEED, DAYS, VISITS_A_DAY)
    tally = outcome.tally
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the run are what it is for
            f"\nseed {SEED}: {DAYS} days, {outcome.days_per_s:.1f} days a second, {outcome.rows} facts, {len(tally.paid)} "
            f"payments, {sum(box.total() for box in tally.taken.values())} notes collected in {len(tally.taken)} boxes, "
            f"{tally.cuts} cuts, {tally.silences} notes in doubt, {tally.outages} outages, {len(tally.claims)} claims"
        )
    assert outcome.wrong == []
    assert tally.cuts > DAYS
    assert tally.silences > DAYS / 10
    assert len(tally.paid) > 100 * DAYS


def test_the_same_seed_is_the_same_life(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = (live(tmp_path / name, SEED + 1, 2, 50) for name in ("one", "two"))
    assert one.head == two.head
    assert one.wrong == two.wrong == []
