"""Every protocol's real engine, under the real driver, against its twin through the fault menu, in virtual time.

Money is counted by books kept as the till keeps them.
"""

import asyncio
import random

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.twin import Times
from drivers.bill_acceptor.ebds.engine import EbdsEngine
from drivers.bill_acceptor.ebds.twin import EbdsTwin
from drivers.bill_acceptor.id003.engine import Id003Engine
from drivers.bill_acceptor.id003.twin import Id003Twin
from drivers.bill_acceptor.ssp.engine import SspEngine
from drivers.bill_acceptor.ssp.twin import SspTwin
from drivers.bill_acceptor.twin_unit import At
from tests.support.bench import bench, now
from tests.support.books import Bookkeeper, Books
from tests.support.virtual_time import run

ROOMS = {"id003": (Id003Engine, Id003Twin), "ssp": (SspEngine, SspTwin), "ebds": (EbdsEngine, EbdsTwin)}


@pytest.fixture(params=sorted(ROOMS))
def room(request):
    return request.param


class Story:
    """One unit, one set of books, as many hosts as it takes."""

    def __init__(self, room, decide="stack", **twin_options) -> None:
        self.make_engine, make_twin = ROOMS[room]
        self.twin = make_twin("EUR", **twin_options)
        self.books = Books()
        self.decide = decide

    def host(self):
        self.keeper = Bookkeeper(self.books, self.decide)
        return bench(self.twin, self.keeper, self.make_engine)

    def do(self, *lines):
        for line in lines:
            assert self.twin.do(line, now()) == "ok", line

    async def insert(self, value="50"):
        answer = "refused"
        async with asyncio.timeout(60):
            while answer.startswith("refused"):
                answer = self.twin.do(f"note {value}", now())
                await asyncio.sleep(0.1)
        assert answer == "ok"

    @property
    def box(self):
        return [int(value) for value, count in self.twin.physical.box.items() for _ in range(count)]

    def settled(self, *values):
        """Everything is booked as a credit and lies in the box."""
        assert sorted(self.books.credited) == sorted(self.box) == sorted(values)
        assert (self.books.orphans, self.books.unresolved, self.books.intent) == ([], [], None)


def test_a_note_is_stacked_and_told_once(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            stacked = await host.until(unit.Stacked)
            await host.until_state(unit.AcceptorState.IDLE)
            await story.insert("20")
            await host.until(unit.Stacked, 2)
        assert stacked.commanded
        story.settled(5000, 2000)

    run(play())


def test_the_unit_says_who_it_is_and_what_it_knows(room):
    async def play():
        story = Story(room)
        story.twin.do("serial 4711", 0.0)
        async with story.host() as host:
            await host.until(unit.Ready)
        told = host.of(unit.Identified)[-1]
        assert told.identity.protocol == room
        assert told.identity.serial == "4711"
        assert [row.value_minor for row in told.denominations] == [500, 1000, 2000, 5000, 10000, 20000, 50000]
        assert {row.currency for row in told.denominations} == {"EUR"}

    run(play())


def test_first_contact_is_told_first_and_power_up_before_readiness(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
        kinds = [type(event).__name__ for event in host.told if not isinstance(event, unit.StateChanged)]
        assert kinds == ["Connected", "PoweredUp", "Identified", "Ready"]
        assert host.of(unit.PoweredUp) == [unit.PoweredUp(unit.PowerUpNote.NONE)]

    run(play())


def test_a_note_nobody_wants_goes_back(room):
    async def play():
        story = Story(room, "return")
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            returned = await host.until(unit.Returned)
            await host.until_state(unit.AcceptorState.IDLE)
        assert returned.note.value_minor == 5000
        assert story.twin.physical.returned == {"5000": 1}
        story.settled()

    run(play())


def test_a_note_that_was_not_enabled_never_stays(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            host.driver.enable(frozenset(row for row in host.table if row.value_minor == 2000))
            await host.until_state(unit.AcceptorState.IDLE)
            await asyncio.sleep(1)
            await story.insert("50")
            rejected = await host.until(unit.Rejected)
            await story.insert("20")
            await host.until(unit.Stacked)
        assert rejected.reason is unit.RejectReason.INHIBITED
        story.settled(2000)

    run(play())


def test_an_undecided_note_is_held_past_the_units_own_time_out(room):
    async def play():
        story = Story(room, "wait")
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await host.until(unit.Escrowed)
            await asyncio.sleep(25)
            story.books.intent = 5000
            host.driver.stack()
            await host.until(unit.Stacked)
        story.settled(5000)

    run(play())


def test_a_lost_acknowledgement_doubles_nothing(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            story.do("lose ack 3")
            await story.insert()
            await host.until(unit.Stacked)
            await story.insert("20")
            await host.until(unit.Stacked, 2)
            await asyncio.sleep(2)
        story.settled(5000, 2000)

    run(play())


@pytest.mark.parametrize("fault", ["crc 3", "noise", "crc 1"])
def test_a_bad_line_loses_and_doubles_nothing(room, fault):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            for _ in range(20):
                story.do(fault)
                await asyncio.sleep(0.1)
            await host.until(unit.Stacked)
        story.settled(5000)

    run(play())


def test_a_note_in_the_head_at_power_cut_comes_back(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            story.do("power cut head")
            await story.insert()
            await host.until(unit.Disconnected)
            story.do("power on")
            await host.until(unit.Ready, 2)
            await asyncio.sleep(2)
        assert story.twin.physical.returned == {"5000": 1}
        story.settled()

    run(play())


def test_a_note_in_the_stacker_at_power_cut_is_told_when_power_is_back(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            story.do("power cut stacker")
            await story.insert()
            await host.until(unit.Disconnected)
            story.do("power on")
            stacked = await host.until(unit.Stacked)
            await host.until(unit.Ready, 2)
        assert host.of(unit.PoweredUp)[-1].note is unit.PowerUpNote.STACKER
        assert not stacked.commanded
        story.settled(5000)

    run(play())


def test_a_slow_start_is_waited_for(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            story.do("power cut", "slow init")
            await host.until(unit.Disconnected)
            story.do("power on")
            await host.until(unit.Ready, 2)
            await story.insert()
            await host.until(unit.Stacked)
        assert len(host.of(unit.PoweredUp)) == 2
        story.settled(5000)

    run(play())


@pytest.mark.parametrize(
    ("fault", "mend", "reason"),
    [
        ("jam", "unjam", unit.FaultReason.ACCEPTOR_JAM),
        ("cassette out", "cassette in", unit.FaultReason.CASSETTE_OUT),
        ("full", "empty", unit.FaultReason.CASSETTE_FULL),
    ],
)
def test_faults_are_named_and_acceptance_comes_back_after_them(room, fault, mend, reason):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            story.do(fault)
            told = await host.until(unit.Fault)
            story.do(mend)
            await host.until(unit.FaultCleared)
            await story.insert()
            await host.until(unit.Stacked)
        assert told.reason is reason
        assert len(host.of(unit.Fault)) == 1
        story.settled(5000)

    run(play())


def test_a_jam_with_a_note_on_its_way_leaves_the_outcome_open_until_it_is_told(room):
    async def play():
        story = Story(room, times=Times(stack_s=5.0))
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await host.until_state(unit.AcceptorState.STACKING)
            story.do("jam")
            unresolved = await host.until(unit.StackUnresolved)
            await asyncio.sleep(1)
            story.do("unjam")
            stacked = await host.until(unit.Stacked)
        assert unresolved.note.value_minor == 5000
        assert not stacked.commanded
        story.settled(5000)

    run(play())


def test_a_stack_that_never_ends_is_told_as_unresolved_once(room):
    async def play():
        story = Story(room, times=Times(stack_s=100.0))
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await host.until(unit.StackUnresolved)
            await asyncio.sleep(80)
        assert len(host.of(unit.StackUnresolved)) == 1
        assert [event.commanded for event in host.of(unit.Stacked)] == [False]
        story.settled(5000)

    run(play())


def test_a_dead_line_is_told_and_the_unit_found_again(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            story.do("dead")
            before = now()
            await host.until(unit.Disconnected)
            assert 2 <= now() - before <= 8
            await asyncio.sleep(30)
            story.do("alive")
            await host.until(unit.Ready, 2)
            await story.insert()
            await host.until(unit.Stacked)
        assert len(host.of(unit.Disconnected)) == 1
        story.settled(5000)

    run(play())


def test_an_echoing_line_is_not_taken_for_a_unit(room):
    async def play():
        story = Story(room)
        story.twin.do("echo on", 0.0)
        story.twin.do("dead", 0.0)
        async with story.host() as host:
            await asyncio.sleep(30)
        assert host.of(unit.Connected) == []

    run(play())


def test_a_head_that_is_taken_off_leaves_an_echo_and_is_missed(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            story.do("echo on", "dead")
            await host.until(unit.Disconnected)

    run(play())


def test_a_unit_on_an_echoing_line_still_works(room):
    async def play():
        story = Story(room)
        story.twin.do("echo on", 0.0)
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await host.until(unit.Stacked)
            await story.insert("20")
            await host.until(unit.Stacked, 2)
        story.settled(5000, 2000)

    run(play())


def test_rejections_and_fraud_are_told_once(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            story.do("reject optic")
            await host.until(unit.Rejected)
            await story.insert("3")
            await host.until(unit.Rejected, 2)
            story.do("cheat")
            await host.until(unit.Cheated)
            await asyncio.sleep(30)
            await story.insert()
            await host.until(unit.Stacked)
        assert len(host.of(unit.Rejected)) == 2
        assert len(host.of(unit.Cheated)) == 1
        story.settled(5000)

    run(play())


@pytest.mark.parametrize("room", sorted(ROOMS.keys() - {"ssp"}))  # SSP has no word for it
def test_pause_is_waited_out_and_never_reset(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            story.do("pause")
            await host.until_state(unit.AcceptorState.PAUSED)
            await asyncio.sleep(30)
            assert story.twin.state is At.PAUSED
            story.do("resume")
            await host.until_state(unit.AcceptorState.IDLE)

    run(play())


def test_disabling_takes_effect_and_what_is_wanted_survives_a_restart_of_the_unit(room):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            host.driver.disable()
            await host.until_state(unit.AcceptorState.DISABLED)
            assert story.twin.do("note 50", now()).startswith("refused")
            host.driver.enable(frozenset(host.table))
            await host.until_state(unit.AcceptorState.IDLE)
            story.do("power cut")
            await host.until(unit.Disconnected)
            story.do("power on")
            await host.until(unit.Ready, 2)
            await story.insert()
            await host.until(unit.Stacked)
        story.settled(5000)

    run(play())


def test_disabling_with_a_note_in_escrow_lets_it_finish(room):
    async def play():
        story = Story(room, "wait")
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await host.until(unit.Escrowed)
            host.driver.disable()
            await asyncio.sleep(3)
            story.books.intent = 5000
            host.driver.stack()
            await host.until(unit.Stacked)
            await host.until_state(unit.AcceptorState.DISABLED)
        story.settled(5000)

    run(play())


@pytest.mark.parametrize("moment_s", [n / 20 for n in range(45)])
def test_a_host_killed_at_any_moment_leaves_no_note_unbooked(room, moment_s):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await asyncio.sleep(moment_s)
        async with story.host() as host:
            await host.until(unit.Ready)
            await asyncio.sleep(15)
            await story.insert("20")
            await host.until(unit.Stacked, len(host.of(unit.Stacked)) + 1)
        assert story.books.agree_with(story.box), (story.books, story.box)
        assert story.books.orphans == []

    run(play())


@pytest.mark.parametrize("moment_s", [n / 20 for n in range(30)])
def test_power_cut_of_the_unit_at_any_moment_leaves_no_note_unbooked(room, moment_s):
    async def play():
        story = Story(room)
        async with story.host() as host:
            await host.until(unit.Ready)
            await story.insert()
            await asyncio.sleep(moment_s)
            story.do("power cut")
            await asyncio.sleep(0.3 if int(moment_s * 20) % 2 else 12)
            story.do("power on")
            await asyncio.sleep(60)
            await story.insert("20")
            await host.until(unit.Stacked, len(host.of(unit.Stacked)) + 1)
        assert story.books.agree_with(story.box), (story.books, story.box)
        assert story.books.orphans == []

    run(play())


MISFORTUNES = (
    "crc 2",
    "noise 2",
    "lose ack 2",
    "power cut",
    "power cut head",
    "power cut stacker",
    "power on",
    "jam",
    "unjam",
    "cassette out",
    "cassette in",
    "pause",
    "resume",
    "dead",
    "alive",
    "echo on",
    "echo off",
    "slow init",
    "cheat",
    "reject optic",
)
CURES = ("echo off", "alive", "power on", "unjam")


async def _suffer(story, rng):
    """One host's life of random notes and misfortunes."""
    async with story.host():
        for _ in range(rng.randrange(1, 12)):
            if rng.random() < 0.6:
                story.twin.do(f"note {rng.choice((5, 20, 50))}", now())
            if rng.random() < 0.5:
                story.do(rng.choice(MISFORTUNES))
            await asyncio.sleep(rng.choice((0.05, 0.3, 1.1, 7.0)))


@pytest.mark.parametrize("seed", range(40))
def test_notes_in_the_box_are_those_in_the_books_whatever_happens(room, seed):
    async def play():
        rng = random.Random(f"{room} {seed}")
        story = Story(room, seed=seed)
        for _ in range(5):
            await _suffer(story, rng)
        story.do(*CURES)
        async with story.host() as host:
            await host.until(unit.Ready, within_s=400)
            await asyncio.sleep(60)
        assert story.books.intent is None
        assert story.books.agree_with(story.box), (story.books, story.box)

    run(play())
