"""What can never happen, checked after a till died and started again; and the ways it may die.

Answers for: comparing the journal with physical truth. Does not answer for: choosing where to cut (the tests).
"""

import itertools
import os
import random
import shutil
from collections import Counter
from pathlib import Path

from kiosk.till import audit
from kiosk.till.journal import JournalError
from kiosk.till.loop import ProgrammingFaultError, Till
from tests.support.disk import RecordingDisk, image
from tests.support.play import Player, Shown
from tests.support.world import Physical, VirtualClock, World

SURVIVALS = ("synced", "all", "torn")
SEED = int(os.environ.get("KIOSK_SEED", "20261123"))

_names = itertools.count()


def record(
    folder: Path,
    notes=(5000, 5000),
    *,
    lose_replies=1,
    till_type=Till,
    physical=None,
    power_cut=True,
    log=None,
    visit=None,
):
    """A whole visit on a recording disk: the log of everything that happened, in order. Goes on from what is in `folder`."""
    log = [] if log is None else log
    disk = RecordingDisk(f"recording-{next(_names)}", log)
    world = World(physical=physical or Physical(), log=log, lose_replies=lose_replies, **(visit or {}))
    player = Player(folder / "journal.sqlite", world, VirtualClock(now_s=5000.0), vfs=disk.name, till_type=till_type)
    try:
        player.boot(power_cut=power_cut)
        player.pay(notes)
    finally:
        player.close()
    return log


def physical_after(log):
    return next((entry for entry in reversed(log) if isinstance(entry, Physical)), Physical())


def recover(log, folder: Path, survive: str, rng: random.Random, *, power_cut: bool, notes, till_type=Till, visit=None):
    """Start again after `log`, finish the visit, and return what is wrong, in words."""
    folder.mkdir()
    image(log, folder, survive, rng)
    try:
        return finish(folder / "journal.sqlite", physical_after(log), shown_in(log), power_cut, notes, till_type, visit)
    finally:
        shutil.rmtree(folder)


def finish(path: Path, physical: Physical, shown, power_cut: bool, notes, till_type=Till, visit=None):
    """A new life on what the last one left: what is wrong with it, in words."""
    world = World(physical=physical, **(visit or {}))
    try:
        player = Player(path, world, VirtualClock(now_s=9000.0), till_type=till_type)
    except JournalError as error:
        return [f"cannot open: {error}"]
    try:
        player.boot(power_cut=power_cut)
        wrong = not_on_disk(player, shown)
        player.pay(notes)
    except (JournalError, ProgrammingFaultError) as error:
        return [f"cannot recover: {error}"]
    finally:
        player.close()
    return wrong + violations(path, world.physical, may_be_unsure=power_cut)


def shown_in(log):
    return [entry for entry in log if isinstance(entry, Shown)]


def not_on_disk(player: Player, shown):
    """M4: what was shown as credit of the session that is still open must be there."""
    session = player.state.session
    promised = max((s.inserted_minor for s in shown if s.session_id and s.session_id == session.session_id), default=0)
    have = session.inserted_minor + session.under_review_minor
    return [f"shown {promised}, on disk {have}"] if have < promised else []


def violations(path: Path, physical: Physical, *, may_be_unsure: bool):
    """M1 to M7 against what is physically where, when everything has come to rest."""
    found = audit.summary(path)
    stacked = sum(int(value) * count for value, count in found["stacked"].items())
    unsure = found["suspense_minor"]
    wrong = [] if found["journal"]["ok"] else [found["journal"]["fault"]]
    in_boxes = sum(physical.box) + sum(map(sum, physical.taken))
    if not stacked <= in_boxes <= stacked + unsure:
        wrong.append(f"boxes {in_boxes}, journal {stacked} and {unsure} in suspense")
    if unsure and not may_be_unsure:
        wrong.append(f"{unsure} in suspense although the acceptor never lost power")
    wrong += _payments(found, physical)
    originals = [slip for slip in physical.slips if slip.endswith("-o")]
    if len(originals) != len(set(originals)):
        wrong.append(f"an original receipt came out twice: {originals}")
    paid = sum(p["amount_minor"] for p in found["payments"] if p["state"] != "refused")
    if stacked != paid + found["unallocated_minor"] + found["test_minor"] + found["settled_minor"]:
        wrong.append(f"stacked {stacked}, paid {paid}, unallocated {found['unallocated_minor']}")
    return wrong


def _payments(found, physical: Physical):
    """M3: every id once, with one body; the aggregator's and the journal's are the same; so are the claims."""
    wrong = []
    told = {
        "payment": physical.paid,
        "claim": physical.claims,
        "collection": physical.collections,
        "redemption": physical.redeemed,
    }
    for what, sent in told.items():
        bodies = Counter(key for key, _ in set(sent))
        wrong += [f"{what} {key} was sent with {count} bodies" for key, count in bodies.items() if count > 1]
    accepted = {p["id"] for p in found["payments"] if p["state"] == "accepted"}
    final = {p["id"] for p in found["payments"] if p["state"] in {"accepted", "refused"}}
    received = {key for key, _ in physical.paid}
    if not accepted <= received or len(found["payments"]) != len(final) or received != final:
        wrong.append(f"received {sorted(received)}, journal {found['payments']}")
    return wrong + _redemptions(found, physical)


def _redemptions(found, physical: Physical):
    """M3 for what is paid with a code: what the aggregator has taken is what the journal says, and nothing is left open."""
    states = {p["id"]: p["state"] for p in found["code_payments"]}
    accepted = {key for key, state in states.items() if state == "accepted"}
    received = {key for key, _ in physical.redeemed}
    agree = accepted == received and set(states.values()) <= {"accepted", "refused"}
    return [] if agree else [f"redeemed {sorted(received)}, journal {states}"]


def cut_everywhere(tmp_path, *, power_cut, notes=(5000, 5000), till_type=Till, stop_at_first=False, visit=None):
    """Every prefix, in every way the disk may be left. Returns (states tried, violations found)."""
    log = record(tmp_path, notes, till_type=till_type, visit=visit)
    how = {"power_cut": power_cut, "notes": notes, "till_type": till_type, "visit": visit}
    rng = random.Random(SEED)
    wrong, tried = [], 0
    for length in range(len(log) + 1):
        for survive in SURVIVALS if power_cut else ("all",):
            tried += 1
            folder = tmp_path / f"cut-{tried}"
            faults = recover(log[:length], folder, survive, rng, **how)
            wrong += [f"cut {length} of {len(log)} ({survive}, seed {SEED}): {fault}" for fault in faults]
            if wrong and stop_at_first:
                return tried, wrong
    return tried, wrong
