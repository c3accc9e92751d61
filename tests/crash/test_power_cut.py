"""Power is cut after every single operation of a visit, of the disk and of the world alike, and the till starts again.

One log holds both kinds of operation. Every prefix of it is a moment in which the kiosk may die; each is recovered from what
the disk may then hold, finished, and checked against what can never happen (README).
"""

import itertools
import random
import shutil
from dataclasses import replace

import pytest

from kiosk.domain.facts import NoteIntended
from kiosk.till import audit, journal, loop
from kiosk.till.journal import JournalError
from kiosk.till.loop import Till
from tests.support.disk import RecordingDisk, image
from tests.support.play import Player, Shown
from tests.support.world import Physical, VirtualClock, World

SURVIVALS = ("synced", "all", "torn")
_names = itertools.count()


def record(folder, notes=(5000, 5000), *, lose_replies=1, till_type=Till):
    """A whole visit on a recording disk: the log of everything that happened, in order."""
    log: list[object] = []
    disk = RecordingDisk(f"recording-{next(_names)}", log)
    player = Player(
        folder / "journal.sqlite",
        World(log=log, lose_replies=lose_replies),
        VirtualClock(),
        vfs=disk.name,
        till_type=till_type,
    )
    player.boot()
    player.pay(notes)
    player.close()
    return log


def physical_after(prefix):
    return next((entry for entry in reversed(prefix) if isinstance(entry, Physical)), Physical())


def recover(prefix, folder, survive, rng, *, power_cut, notes, till_type=Till):
    """Start again after `prefix`, finish the visit, and return what is wrong, in words."""
    folder.mkdir()
    image(prefix, folder, survive, rng)
    path = folder / "journal.sqlite"
    world = World(physical=physical_after(prefix))
    shown = [entry for entry in prefix if isinstance(entry, Shown)]
    try:
        player = Player(path, world, VirtualClock(now_s=5000.0), till_type=till_type)
        player.boot(power_cut=power_cut)
        wrong = not_on_disk(player, shown)
        player.pay(notes)
        player.close()
        return wrong + violations(path, world.physical, may_be_unsure=power_cut)
    except (JournalError, loop.ProgrammingFaultError) as error:
        return [f"cannot recover: {error}"]
    finally:
        shutil.rmtree(folder)


def not_on_disk(player, shown):
    """M4: what was shown as credit of the session that is still open must be there."""
    session = player.state.session
    promised = max((s.inserted_minor for s in shown if s.session_id and s.session_id == session.session_id), default=0)
    have = session.inserted_minor + session.under_review_minor
    return [f"shown {promised}, on disk {have}"] if have < promised else []


def violations(path, physical, *, may_be_unsure):
    """What can never happen, checked against what is physically where."""
    found = audit.summary(path)
    stacked = sum(int(value) * count for value, count in found["stacked"].items())
    unsure = found["suspense_minor"]
    wrong = [] if found["journal"]["ok"] else [found["journal"]["fault"]]
    if not stacked <= sum(physical.box) <= stacked + unsure:
        wrong.append(f"box {sum(physical.box)}, journal {stacked} and {unsure} in suspense")
    if unsure and not may_be_unsure:
        wrong.append(f"{unsure} in suspense although the acceptor never lost power")
    by_id: dict[str, set[bytes]] = {}
    for payment_id, body in physical.paid:
        by_id.setdefault(payment_id, set()).add(body)
    wrong += [f"{payment_id} was sent with {len(b)} different bodies" for payment_id, b in by_id.items() if len(b) > 1]
    accepted = {p["id"] for p in found["payments"] if p["state"] == "accepted"}
    if accepted != set(by_id) or len(found["payments"]) != len(accepted):
        wrong.append(f"paid {sorted(by_id)}, journal {found['payments']}")
    originals = [slip for slip in physical.slips if slip.endswith("-o")]
    if len(originals) != len(set(originals)):
        wrong.append(f"an original receipt came out twice: {originals}")
    paid = sum(p["amount_minor"] for p in found["payments"])
    if stacked != paid + found["unallocated_minor"]:
        wrong.append(f"stacked {stacked}, paid {paid}, unallocated {found['unallocated_minor']}")
    return wrong


def cut_everywhere(tmp_path, *, power_cut, notes=(5000, 5000), till_type=Till):
    """Every prefix, in every way the disk may be left. Returns (states tried, violations found)."""
    log = record(tmp_path, notes, till_type=till_type)
    seed = 20261123
    rng = random.Random(seed)
    wrong, tried = [], 0
    for length in range(len(log) + 1):
        for survive in SURVIVALS if power_cut else ("all",):
            tried += 1
            faults = recover(
                log[:length],
                tmp_path / f"cut-{tried}",
                survive,
                rng,
                power_cut=power_cut,
                notes=notes,
                till_type=till_type,
            )
            wrong += [f"cut {length} of {len(log)} ({survive}, seed {seed}): {fault}" for fault in faults]
    return tried, wrong


@pytest.mark.parametrize("notes", [(5000, 2000), (5000, 5000), (2000,)], ids=["exact", "leftover", "not enough"])
def test_power_may_be_cut_anywhere(tmp_path, notes):
    tried, wrong = cut_everywhere(tmp_path, power_cut=True, notes=notes)
    assert wrong == []
    assert tried > 100


def test_the_till_may_be_killed_anywhere(tmp_path):
    tried, wrong = cut_everywhere(tmp_path, power_cut=False)
    assert wrong == []
    assert tried > 40


def test_the_harness_catches_a_missing_fsync(tmp_path, monkeypatch):
    careless = tuple(p.replace("synchronous=FULL", "synchronous=NORMAL") for p in journal._PRAGMAS)
    monkeypatch.setattr(journal, "_PRAGMAS", careless)
    _, wrong = cut_everywhere(tmp_path, power_cut=True)
    assert wrong


def test_the_harness_catches_a_missing_intent(tmp_path, monkeypatch):
    honest = loop.without_moves
    monkeypatch.setattr(loop, "without_moves", lambda h: tuple(f for f in honest(h) if not isinstance(f, NoteIntended)))
    _, wrong = cut_everywhere(tmp_path, power_cut=True)
    assert wrong


class DoesBeforeItRecords(Till):
    def _apply(self, decision):
        early = replace(decision, orders=())
        for order in decision.orders:
            if type(order).__name__ == "StackNote":
                self._hands.perform(order, self.state)
                super()._apply(early)
                return
        super()._apply(decision)


def test_the_harness_catches_a_stack_before_the_intent_is_on_disk(tmp_path):
    _, wrong = cut_everywhere(tmp_path, power_cut=True, till_type=DoesBeforeItRecords)
    assert wrong
