"""Power is cut after every operation of a night in which a register is compared, a claim is paid out and orders are obeyed.

Whatever the disk is left with, the next life makes up for it: the claim moves once, each order is obeyed at most once, each day
is compared once.
"""

import random
import shutil
from collections import Counter

from kiosk.domain import ledger, orders
from kiosk.domain.order_book import StandingOrder
from kiosk.domain.register_book import Listed, PaidOut, Register, day_of
from kiosk.till import journal
from kiosk.till.journal_file import closed_journal
from kiosk.till.loop import RestartAskedError, Till
from kiosk.till.verify import verify
from tests.support.disk import RecordingDisk, as_written, image
from tests.support.play import Player
from tests.support.world import VirtualClock, World

DAY_S = 86_400.0
SURVIVALS = ("synced", "all", "torn")
SEED = 20261123


class Night(World):
    """Restarts stand in the log of everything, by the id of their order."""

    def perform(self, order, state):
        if isinstance(order, orders.Restart):
            self.log.append(order.order_id)
        super().perform(order, state)


def before(folder):
    """A visit that left money under its code; what the aggregator says of it afterwards."""
    clock = VirtualClock()
    player = Player(folder / "journal.sqlite", World(), clock)
    player.boot()
    player.pay((5000, 5000))
    (claim,) = player.state.claims.values()
    ((payment_id, _body),) = player.world.physical.paid
    paid = Listed(payment_id, 7000, "EUR", clock.utc_us())
    redeemed = PaidOut(claim.claim_id, "C1", claim.amount_minor, claim.currency)
    player.close()
    day = day_of(clock.utc_us())
    return {day: Register(day, True, (paid,), (redeemed,))}


def live(path, registers, restarts, *, vfs=None, log=None, till_type=Till):
    """Nights until nothing is left to do: booting, hearing, obeying, being restarted. Returns the last state."""
    clock = VirtualClock(now_s=1000.0 + DAY_S)
    expires_us = clock.utc_us() + 3_600_000_000
    standing = tuple(
        StandingOrder(name, kind, expires_us) for name, kind in (("a", "lock"), ("b", "restart"), ("c", "unlock"))
    )
    world = Night(registers=registers, standing=standing, log=[] if log is None else log)
    for _ in range(5):
        player = Player(path, world, clock, vfs=vfs, till_type=till_type)
        try:
            player.boot()
            for _ in range(5):
                world.beat(player.state)
                player.settle()
        except RestartAskedError as asked:
            restarts[str(asked)] += 1
            world.queue.clear()
            world.accepting, world.awake = frozenset(), False
        else:
            return player.state
        finally:
            player.close()
    raise AssertionError("it is restarted for ever")


def wrong_with(path, state, restarts):
    with closed_journal(path) as connection:
        names = Counter(row.name for row in journal.rows(connection, 0, journal.GENESIS))
    found = [f"restarted {restarts}"] if restarts["b"] > 1 else []
    once = {"RegisterCompared": 1, "ClaimRedeemed": 1, "RemoteOrderReceived": 3, "RemoteOrderEnded": 3}
    found += [f"{name}: {names[name]}" for name, count in once.items() if names[name] != count]
    found += [] if names["RemoteOrderTold"] == 3 else [f"told {names['RemoteOrderTold']}"]
    kept = state.ledger.credit_of(ledger.unallocated("EUR"))
    found += [f"{kept} still kept"] if kept else []
    found += ["still locked"] if state.remote.is_closing else []
    return found + verify(path).faults


def cut_everywhere(tmp_path, till_type=Till):
    """Returns (moments tried, what went wrong in any of them)."""
    first = tmp_path / "first"
    first.mkdir()
    registers = before(first)
    log = as_written(first)
    base = len(log)
    disk = RecordingDisk(f"night-{tmp_path.name}", log)
    restarts_once = Counter()
    live(first / "journal.sqlite", registers, restarts_once, vfs=disk.name, log=log, till_type=till_type)
    rng, wrong, tried = random.Random(SEED), [], 0
    for length in range(base, len(log) + 1):
        for survive in SURVIVALS:
            tried += 1
            folder = tmp_path / f"cut-{tried}"
            folder.mkdir()
            image(log[:length], folder, survive, rng)
            restarts = Counter(entry for entry in log[:length] if isinstance(entry, str))
            state = live(folder / "journal.sqlite", registers, restarts, till_type=till_type)
            wrong += [
                f"cut {length - base} ({survive}): {fault}"
                for fault in wrong_with(folder / "journal.sqlite", state, restarts)
            ]
            shutil.rmtree(folder)
    return tried, wrong


def test_power_may_be_cut_anywhere_while_registers_are_compared_and_orders_obeyed(tmp_path):
    tried, wrong = cut_everywhere(tmp_path)
    assert wrong == []
    assert tried > 60


# --- the harness catches what it is for ---------------------------------------------------------------------------


class ObeysBeforeItRecords(Till):
    def _apply(self, decision):
        for order in decision.orders:
            if isinstance(order, orders.Restart):
                self._hands.perform(order, self.state)
        super()._apply(decision)


def test_the_harness_catches_a_restart_before_it_is_recorded(tmp_path):
    try:
        wrong = cut_everywhere(tmp_path, ObeysBeforeItRecords)[1]
    except AssertionError as error:
        wrong = [str(error)]
    assert wrong
