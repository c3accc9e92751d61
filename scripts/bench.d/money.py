"""Benchmarks of the money core: durable commits, the way to the screen, starting, reports, idling.

Figures are ratios to a floor measured in the same run on the same disk; milliseconds are printed to be read beside them.
Usage: scripts/bench money [--facts 1000 100000 1000000] [--folder DIR]
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.domain import events, facts
from kiosk.domain.facts import ResultKind, SlipOutcome
from kiosk.domain.session import Phase
from kiosk.domain.state import State
from kiosk.link import codec
from kiosk.link.messages import TerminalView
from kiosk.till import checkpoints
from kiosk.till.journal import Journal
from kiosk.till.link_server import LinkServer
from kiosk.till.loop import Mailbox, Till
from kiosk.till.reading import folded
from kiosk.till.view import Face
from tests.support.scene import scene
from tests.support.world import KEY, ORDER, RULES, VirtualClock, World, taps_until_cash

COMMITS = 1500
NOTES = 40
FACTS_PER_COLLECTION = 5000
ROW = b"x" * 220  #: about a fact's size


def percentiles(samples: list[float]) -> tuple[float, float]:
    """p50 and p99 in seconds."""
    ordered = sorted(samples)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.99)]


def timed(deed: Callable[[], object], count: int) -> list[float]:
    """Seconds each of `count` runs took."""
    samples = []
    for _ in range(count):
        started = time.perf_counter()
        deed()
        samples.append(time.perf_counter() - started)
    return samples


def say(name: str, value: str, goal: str = "") -> None:
    print(f"  {name:<58} {value:>28}   {goal}".rstrip())


def commits(folder: Path) -> float:
    """A durable commit against an append and fdatasync on the same disk, turn by turn. Returns the floor's p50."""
    plain = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    journal = Journal(folder / "commits.sqlite")
    fact = facts.NoteStacked("0001-0000001")
    floor, commit = [], []
    for _ in range(COMMITS):
        floor += timed(lambda: (os.write(plain, ROW), os.fdatasync(plain)), 1)
        commit += timed(lambda: journal.append([fact], 1, "b", {(1, "stacked:EUR:5000"): journal.seq}), 1)
    os.close(plain)
    journal.close()
    (floor50, floor99), (commit50, commit99) = percentiles(floor), percentiles(commit)
    say("commit p50 / (append + fdatasync) p50", f"{commit50 / floor50:.2f}  ({commit50 * 1e3:.3f} ms)", "goal <= 2")
    say("commit p99 / (append + fdatasync) p99", f"{commit99 / floor99:.2f}  ({commit99 * 1e3:.3f} ms)", "goal <= 2")
    return floor50


async def to_the_screen(folder: Path, floor_s: float) -> None:
    """From the acceptor's word in the mailbox to the snapshot in a client's hand."""
    journal, world, mailbox = Journal(folder / "screen.sqlite"), World(), Mailbox()
    rules = replace(RULES, session_limit_minor=10**7)
    world_order = replace(ORDER, amount_minor=10**7, overpay=facts.OverpayPolicy.EXACT)
    link = LinkServer(
        folder / "l.sock", rules, Face(TerminalView("0001", "", "", ""), ("en",), lambda _body: ""), mailbox.post
    )
    till = Till(mailbox, journal, rules, VirtualClock(), world, link.publish, KEY)
    till.recover()
    till.process(events.Booted("b", "bench", KEY.public_key))
    world.wake()
    await link.start()
    reader, writer = await asyncio.open_unix_connection(str(folder / "l.sock"))
    frames = codec.FrameReader()
    samples = []
    while (tap := taps_until_cash(till.state, world.wants)) is not None or world.queue:
        while world.queue:
            event = world.queue.popleft()
            till.process(replace(event, order=world_order) if isinstance(event, events.OrderQuoted) else event)
        if tap is not None:
            till.process(tap)
    assert till.state.session.phase is Phase.CASH
    for number in range(1, NOTES + 1):
        till.process(events.NoteInEscrow(500, "EUR"))
        world.queue.clear()
        started = time.perf_counter()
        till.process(events.NoteWentIn(500, "EUR"))
        while True:
            shown = [codec.decode_to_screen(frame) for frame in frames.feed(await reader.read(65_536))]
            cash = getattr(shown[-1], "cash", None) if shown else None
            if cash is not None and cash.inserted_minor == 500 * number:
                break
        samples.append(time.perf_counter() - started)
    writer.close()
    await link.close()
    journal.close()
    p50, p99 = percentiles(samples)
    say("stacked -> snapshot at the screen, p50 / commit floor", f"{p50 / floor_s:.1f}  ({p50 * 1e3:.2f} ms)")
    say("stacked -> snapshot at the screen, p99 / commit floor", f"{p99 / floor_s:.1f}  ({p99 * 1e3:.2f} ms)")


def a_visit(number: int) -> list[facts.Fact]:
    """The ten facts of a paid order."""
    session, payment = f"0001-{number:06d}", f"{number:018d}"
    notes = [f"0001-{2 * number + k:07d}" for k in (0, 1)]
    return [
        facts.SessionOpened(session, "en", ORDER, without_receipt=False),
        facts.NoteIntended(notes[0], session, 5000, "EUR"),
        facts.NoteStacked(notes[0]),
        facts.NoteIntended(notes[1], session, 2000, "EUR"),
        facts.NoteStacked(notes[1]),
        facts.CashClosed(session, 7000),
        facts.PaymentCaptured(payment, session, 7000, "EUR", "bench", 1, b"{}"),
        facts.PaymentAccepted(payment, "A"),
        facts.ResultKnown(session, ResultKind.ACCEPTED),
        facts.SlipIntended(f"{session}-o", session, number, copy=False),
        facts.SlipSettled(f"{session}-o", SlipOutcome.PRINTED, ""),
        facts.SessionEnded(session),
    ]


def grown(path: Path, rows: int) -> None:
    """A journal of about `rows` facts, with collections, and the checkpoint a till would have left."""
    journal, state, number = Journal(path), State(), 0
    first: list[facts.Fact] = [facts.TillStarted("b", "bench"), facts.KeyChosen(KEY.public_key)]
    while journal.seq < rows:
        batch = first if number == 0 else a_visit(number)
        if number % (FACTS_PER_COLLECTION // 12) == 0 and number:
            batch = [*batch, facts.BoxTaken(state.period, "bench", "", exact=True)]
        state, totals = folded(state, batch)
        journal.append(batch, number, "b", totals)
        number += 1
    journal.keep(checkpoints.make(state, journal.seq, journal.head, KEY))
    for visit in range(number, number + 20):
        state, totals = folded(state, a_visit(visit))
        journal.append(a_visit(visit), number, "b", totals)
    journal.close()


START = """
import json, resource, sys, time
from pathlib import Path
from kiosk.till.journal import Journal
from kiosk.till.recovery import recover
from tests.support.world import KEY
started = time.perf_counter()
journal = Journal(Path(sys.argv[1]))
state = recover(journal, KEY).state
elapsed = time.perf_counter() - started
reports = []
for _ in range(200):
    at = time.perf_counter(); journal.period_totals(max(1, state.period - 1)); reports.append(time.perf_counter() - at)
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([elapsed, kilobytes / 1024, sorted(reports)[len(reports) // 2], journal.seq]))
"""


def starts(folder: Path, sizes: list[int]) -> None:
    """Open and recover, in a process of its own; a report of a closed period from it."""
    first_s = 0.0
    for rows in sizes:
        path = folder / f"grown-{rows}.sqlite"
        made = time.perf_counter()
        grown(path, rows)
        made = time.perf_counter() - made
        out = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", START, str(path)], check=True, capture_output=True, text=True
        )
        elapsed, megabytes, report, seq = json.loads(out.stdout)
        first_s = first_s or elapsed
        size = path.stat().st_size / 2**20
        say(
            f"start at {seq} facts ({size:.0f} MB, grown in {made:.0f} s)",
            f"{elapsed * 1e3:.0f} ms, {megabytes:.0f} MB",
            "goal: flat, <= 2 s",
        )
        say("   / start at the smallest", f"{elapsed / first_s:.2f}")
        say("   report of one period", f"{report * 1e3:.3f} ms", "goal <= 1 ms")
        path.unlink()


async def idle(folder: Path, seconds: float) -> None:
    """The real till beside real twins, doing nothing."""
    async with scene(folder / "idle") as stage:
        till = await stage.start_till()
        await asyncio.sleep(3)
        before = cpu_s(till.pid)
        await asyncio.sleep(seconds)
        used = cpu_s(till.pid) - before
        resident = int(Path(f"/proc/{till.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        await stage.end_till(till)
    say("idle till: share of a core, polling every 50 ms", f"{100 * used / seconds:.1f} %")
    say("idle till: memory", f"{resident:.0f} MB")


def cpu_s(pid: int) -> float:
    """Seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, nargs="+", default=[1000, 100_000, 1_000_000], help="sizes of journals")
    parser.add_argument("--folder", type=Path, help="on which disk; a new folder is made in it")
    parser.add_argument("--idle", type=float, default=10.0, metavar="SECONDS")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=args.folder))
    try:
        floor_s = commits(folder)
        asyncio.run(to_the_screen(folder, floor_s))
        starts(folder, args.facts)
        asyncio.run(idle(folder, args.idle))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
