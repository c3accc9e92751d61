"""Power is cut after every operation while a supervisor settles a case: it is settled once or not at all, and its slip follows.

Whatever the disk is left with, the next life has the case open or gone; whoever asks again does nothing twice. Money is in one
place, the aggregator learns of a claim once, with one body, and no slip that is no copy comes out twice.
"""

import random
import shutil
from collections import Counter
from dataclasses import replace

import pytest

from kiosk.domain import events
from kiosk.domain.case_words import Resolution
from kiosk.till.loop import Till
from kiosk.till.verify import verify
from tests.support.cases import open_cases, settle
from tests.support.cuts import physical_after
from tests.support.disk import RecordingDisk, as_written, image
from tests.support.play import Player
from tests.support.world import VirtualClock, World

SURVIVALS = ("synced", "all", "torn")
SEED = 20261125
ORPHAN = "orphan-1"


def before(folder):
    """A payment, and a note of nobody."""
    player = Player(folder / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.pay((5000, 2000))
    player.world.physical = replace(player.world.physical, box=(*player.world.physical.box, 500))
    player.say(events.NoteWentIn(500, "EUR"))
    player.settle()
    physical = player.world.physical
    player.close()
    return physical


def live(path, physical, resolution, *, vfs=None, log=None, till_type=Till):
    """One life: whoever comes settles what is still open. Returns the world at its end."""
    world = World(physical=physical, log=[] if log is None else log)
    player = Player(path, world, VirtualClock(now_s=9000.0), vfs=vfs, till_type=till_type)
    try:
        player.boot()
        player.wait(200)
        if ORPHAN in open_cases(player):
            settle(player, resolution)
        player.wait(60)
        return world
    finally:
        player.close()


def wrong_with(path, physical, resolution):
    verdict = verify(path)
    books = verdict.state.ledger
    account = {Resolution.TO_BUYER: "unallocated", Resolution.TO_OPERATOR: "operator"}[resolution]
    found = list(verdict.faults)
    if (books.total_of("orphan"), books.total_of(account)) != (0, -500):
        found.append(f"the note is in {books.balances}")
    claims = Counter(name for name, _ in set(physical.claims))
    expected = {"0001-000002-found": 1} if resolution is Resolution.TO_BUYER else {}
    found += [] if claims == expected else [f"the aggregator was told {claims}"]
    printed = Counter(slip for slip in physical.slips if "-k" in slip and "-c" not in slip)
    found += [f"{slip} came out {count} times" for slip, count in printed.items() if count > 1]
    if verdict.state.cases.open or len(verdict.state.cases.settled) != 1:
        found.append(f"it is not settled once: {verdict.state.cases}")
    return found


def cut_everywhere(tmp_path, resolution, till_type=Till):
    first = tmp_path / "first"
    first.mkdir()
    physical = before(first)
    log = as_written(first)
    base = len(log)
    log.append(physical)
    disk = RecordingDisk(f"case-{tmp_path.name}", log)
    live(first / "journal.sqlite", physical, resolution, vfs=disk.name, log=log, till_type=till_type)
    rng, wrong, tried = random.Random(SEED), [], 0
    for length in range(base + 1, len(log) + 1):
        for survive in SURVIVALS:
            tried += 1
            folder = tmp_path / f"cut-{tried}"
            folder.mkdir()
            image(log[:length], folder, survive, rng)
            path = folder / "journal.sqlite"
            world = live(path, physical_after(log[:length]), resolution)
            found = wrong_with(path, world.physical, resolution)
            wrong += [f"cut {length - base} ({survive}): {fault}" for fault in found]
            shutil.rmtree(folder)
    return tried, wrong


@pytest.mark.parametrize("resolution", [Resolution.TO_BUYER, Resolution.TO_OPERATOR])
def test_power_may_be_cut_anywhere_while_a_case_is_settled(tmp_path, resolution):
    tried, wrong = cut_everywhere(tmp_path, resolution)
    assert wrong == []
    assert tried > 60


class PrintsBeforeItRecords(Till):
    """The slip comes out while the journal does not know of it yet."""

    def _apply(self, decision):
        for fact in decision.happened:
            if type(fact).__name__ == "SlipIntended":
                physical = self._hands.physical
                self._hands.happen(replace(physical, slips=(*physical.slips, fact.slip_id)))
        super()._apply(decision)


def test_the_harness_catches_a_slip_that_comes_out_before_it_is_recorded(tmp_path):
    assert cut_everywhere(tmp_path, Resolution.TO_OPERATOR, PrintsBeforeItRecords)[1]
