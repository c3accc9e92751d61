"""Power is cut after every operation of a collection, of the disk and of the world alike, and then again in the recovery.

Whatever the disk is left with, the next life stands at the step that was recorded last, and somebody with a key ends it: the
period is closed once, with what was physically in its box, the aggregator is told once, no original comes out twice, slips follow
on each other. The same for a box that goes with nobody signed in.
"""

import random
import shutil
from collections import Counter

import msgspec
import pytest

from kiosk import terminal_api as api
from kiosk.domain.box_book import CollectionStep
from kiosk.domain.decide import why_closed
from kiosk.domain.receipts import collection_hash
from kiosk.till.loop import Till
from kiosk.till.verify import verify
from tests.support.collectors import collect, slips_of, step_of
from tests.support.cuts import physical_after
from tests.support.disk import RecordingDisk, as_written, image
from tests.support.play import Player
from tests.support.world import Physical, VirtualClock, World

SURVIVALS = ("synced", "all", "torn")
SEED = 20261123


def before(folder):
    """A collection that is over, then visits: one paid and confirmed, one queued, one that leaves something under its code."""
    player = Player(folder / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.pay((5000, 2000))
    collect(player)
    player.pay((5000, 5000))
    player.world.line(up=False)
    player.pay((5000, 2000))
    physical = player.world.physical
    player.close()
    return physical


def attended(player):
    """Maria comes and goes through all of it, or through what is left of it."""
    if player.state.period == 2 or player.state.box.is_frozen:
        collect(player)
    player.wait(30)


def alone(player):
    """Somebody takes the box; later an empty one is in."""
    if player.state.period == 2 and not player.state.box.alarm_us:
        player.world.take_box()
        player.settle()
        player.wait(30)
    player.world.put_box_in()
    player.settle()
    player.wait(30)


def live(path, physical, deed, *, vfs=None, log=None, till_type=Till):
    """One life, until the collection is over and everything is told. Returns what is wrong with how it began, and the world."""
    world = World(physical=physical, log=[] if log is None else log)
    player = Player(path, world, VirtualClock(now_s=9000.0), vfs=vfs, till_type=till_type)
    try:
        player.boot()
        step = step_of(player.state)
        if player.state.box.collection is not None and why_closed(player.state) != "maintenance":
            return [f"open to buyers in step {step}"], world
        deed(player)
        world.line(up=True)
        player.settle()
        player.wait(400)
        return ([] if step_of(player.state) is CollectionStep.DONE else [f"it ends in {step_of(player.state)}"]), world
    finally:
        player.close()


def wrong_with(path, physical):
    player = Player(path, World(), VirtualClock(now_s=9999.0))
    slips = slips_of(player)
    player.close()
    found = [] if [slip.period for slip in slips] == [1, 2] else [f"closed {[slip.period for slip in slips]}"]
    chain = [(slip.serial, slip.previous_hash) for slip in slips]
    expected = [(serial, before) for serial, before in enumerate(["0" * 64, *map(collection_hash, slips[:-1])], 1)]
    found += [] if chain == expected else ["the chain of slips is broken"]
    for slip, really in zip(slips, physical.taken, strict=False):
        if Counter(dict(slip.boxes[0].notes)) != Counter(really) or slip.boxes[0].difference_minor:
            found.append(f"slip {slip.serial} says {slip.boxes}, in the box {really}")
    told = Counter(name for name, _ in set(physical.collections))
    found += [] if set(told.values()) == {1} and len(told) == 2 else [f"the aggregator was told {told}"]
    reports = [msgspec.json.decode(body, type=api.CollectionReport) for _, body in dict(physical.collections).items()]
    if sorted(report.slip_hash for report in reports) != sorted(map(collection_hash, slips)):
        found.append("it was told something else than the slips say")
    originals = Counter(slip for slip in physical.slips if "-z" in slip and "-c" not in slip)
    found += [f"{slip} came out {count} times" for slip, count in originals.items() if count > 1]
    return found + verify(path).faults


def cut_everywhere(tmp_path, deed, till_type=Till):
    """Returns (moments tried, what went wrong in any of them)."""
    first = tmp_path / "first"
    first.mkdir()
    physical = before(first)
    log = as_written(first)
    base = len(log)
    log.append(physical)
    disk = RecordingDisk(f"box-{tmp_path.name}", log)
    live(first / "journal.sqlite", physical, deed, vfs=disk.name, log=log, till_type=till_type)
    rng, wrong, tried = random.Random(SEED), [], 0
    for length in range(base + 1, len(log) + 1):
        for survive in SURVIVALS:
            tried += 1
            found = recover(log[:length], tmp_path / f"cut-{tried}", survive, rng, deed, till_type)
            wrong += [f"cut {length - base} ({survive}): {fault}" for fault in found]
    return tried, wrong


def recover(log, folder, survive, rng, deed, till_type=Till):
    folder.mkdir()
    image(log, folder, survive, rng)
    path = folder / "journal.sqlite"
    wrong, world = live(path, physical_after(log), deed, till_type=till_type)
    wrong += wrong_with(path, world.physical)
    shutil.rmtree(folder)
    return wrong


@pytest.mark.parametrize("deed", [attended, alone])
def test_power_may_be_cut_anywhere_while_a_box_is_taken(tmp_path, deed):
    tried, wrong = cut_everywhere(tmp_path, deed)
    assert wrong == []
    assert tried > (150 if deed is attended else 60)


@pytest.mark.parametrize("deed", [attended, alone])
def test_power_may_be_cut_again_anywhere_in_the_recovery(tmp_path, deed):
    """Some first cuts, by seed; after each, every third moment of the life that recovers from it."""
    first = tmp_path / "first"
    first.mkdir()
    physical = before(first)
    log = as_written(first)
    base = len(log)
    log.append(physical)
    disk = RecordingDisk(f"again-{tmp_path.name}", log)
    live(first / "journal.sqlite", physical, deed, vfs=disk.name, log=log)
    rng, wrong, tried = random.Random(SEED), [], 0
    for length in sorted(rng.sample(range(base + 1, len(log)), 4)):
        folder = tmp_path / f"first-{length}"
        folder.mkdir()
        image(log[:length], folder, rng.choice(SURVIVALS), rng)
        second = as_written(folder)
        begins = len(second)
        second.append(physical_after(log[:length]))
        again = RecordingDisk(f"again-{tmp_path.name}-{length}", second)
        live(folder / "journal.sqlite", physical_after(log[:length]), deed, vfs=again.name, log=second)
        for cut in range(begins + 1, len(second) + 1, 3):
            tried += 1
            found = recover(second[:cut], tmp_path / f"again-{tried}", rng.choice(SURVIVALS), rng, deed)
            wrong += [f"cut {length - base}, then {cut - begins}: {fault}" for fault in found]
    assert wrong == []
    assert tried > 30


# --- the harness catches what it is for ---------------------------------------------------------------------------


class PrintsBeforeItCloses(Till):
    """The first sheet goes to the printer while its period is not on disk yet."""

    def _apply(self, decision):
        closing = [fact for fact in decision.happened if type(fact).__name__ == "PeriodClosed"]
        if closing:
            physical = self._hands.physical
            slip = closing[0].slip
            name = f"{slip.terminal_number}-z{slip.serial:05d}-1"
            self._hands.happen(type(physical)(**{**vars_of(physical), "slips": (*physical.slips, name)}))
        super()._apply(decision)


def vars_of(physical: Physical):
    return {name: getattr(physical, name) for name in physical.__dataclass_fields__}


def test_the_harness_catches_a_slip_printed_before_its_period_is_closed(tmp_path):
    assert cut_everywhere(tmp_path, attended, PrintsBeforeItCloses)[1]
