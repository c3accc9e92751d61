"""`kill -9` of the till at random moments of a run, each followed by --resume: no unit of money lost or doubled."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

SEED = int(os.environ.get("KIOSK_SEED", "20261123"))
KILLS = 10
RUN_S = 90.0  #: far more than a run takes; a hang fails


def demo(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "demo", "--headless", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_till(folder: Path) -> bool:
    """SIGKILL to whoever is the till now; False when nobody is."""
    with suppress(OSError, ValueError, KeyError):
        os.kill(json.loads((folder / "pids.json").read_text())["till"], signal.SIGKILL)
        return True
    return False


def play_with_kills(folder: Path, rng: random.Random, kills: int) -> int:
    """Play one order to its end, cutting the till down to `kills` times. Returns how many hit."""
    hits, running = 0, demo("--out", folder, "--seed", rng.randrange(1000))
    while True:
        said, code = "", None
        if hits < kills:
            with suppress(subprocess.TimeoutExpired):
                said, _ = running.communicate(timeout=rng.uniform(1.5, 9.0))
                code = running.returncode
        struck = code is None and hits < kills and kill_till(folder)
        if code is None:
            said, _ = running.communicate(timeout=RUN_S)
            code = running.returncode
        if code == 0:
            return hits
        assert code == 3, f"exit {code} after {hits} kills (seed {SEED}):\n{said}"
        assert "--resume" in said
        hits += struck
        running = demo("--resume", folder)


def violations(folder: Path) -> list[str]:
    """What the physical box, the journal, the aggregator and the merchant do not agree on."""
    result = json.loads((folder / "result.json").read_text())
    box = Counter(json.loads((folder / "acceptor.json").read_text())["box"])
    stacked = Counter(result["stacked"])
    wrong = []
    in_box = sum(int(value) * count for value, count in box.items())
    booked = sum(int(value) * count for value, count in stacked.items())
    if box != stacked or result["suspense_minor"]:
        wrong.append(f"box {dict(box)}, journal {dict(stacked)}, suspense {result['suspense_minor']}")
    paid = [p for p in result["payments"] if p["state"] == p["aggregator_state"] == "accepted"]
    if len(paid) != 1 or len(result["payments"]) != 1:
        wrong.append(f"payments {result['payments']}")
    if sum(p["amount_minor"] for p in paid) + result["unallocated_minor"] != in_box:
        wrong.append(f"in the box {in_box}, booked {booked}, unallocated {result['unallocated_minor']}, paid {paid}")
    told = [line for book in folder.glob("merchant/*/notifications.jsonl") for line in book.read_text().splitlines()]
    if len(told) != 1:
        wrong.append(f"the merchant was not told exactly once: {told}")
    if not result["journal"]["ok"]:
        wrong.append(str(result["journal"]))
    return wrong


def test_a_killed_till_loses_and_doubles_nothing(tmp_path):
    """As many orders as ten kills take; each ends paid, told and printed for."""
    rng = random.Random(SEED)
    hits = orders = 0
    while hits < KILLS:
        orders += 1
        folder = tmp_path / f"out-{orders}"
        hits += play_with_kills(folder, rng, KILLS - hits)
        assert violations(folder) == [], f"seed {SEED}, order {orders}, after {hits} kills"


TOP_UP = ("--service", "mobile-top-up", "--field", "phone=881234567", "--notes", "20,10")
#: What the story tells when the till is cut: while choosing, with a note on its way, when enough is in, after the payment.
MOMENTS = ("chooses the service", "puts in a note", "inserted 30 EUR", "receipt printing")


def play_cut_at(folder: Path, moments: tuple[str, ...]) -> None:
    """Pay for a service; the till is cut once at each moment, and the demo resumed."""
    left, running = list(moments), demo("--out", folder, *TOP_UP)
    while True:
        said = []
        with running:
            for line in running.stdout:  # a buyer who gets no further leaves, so this ends
                said.append(line)
                if left and left[0] in line and kill_till(folder):
                    left.pop(0)
        if running.returncode == 0:
            assert left == [], "".join(said)
            return
        assert running.returncode == 3, "".join(said)
        running = demo("--resume", folder)


def test_a_service_is_paid_once_wherever_the_till_is_cut(tmp_path):
    folder = tmp_path / "out"
    play_cut_at(folder, MOMENTS)
    assert violations(folder) == []
    (payment,) = json.loads((folder / "result.json").read_text())["payments"]
    assert (payment["service"], payment["amount_minor"], payment["operation_state"]) == ("mobile-top-up", 3000, 100)
