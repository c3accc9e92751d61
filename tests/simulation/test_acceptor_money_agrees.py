"""Unit, line and host restart at random while notes go in: what is in the box is what careful books say, for every protocol.

Real driver and engine on a line in memory, the protocol's twin with physical truth, virtual time.
"""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.errors import ChannelTimeoutError, LinkLostError
from drivers.memory_channel import memory_pair
from tests.support.acceptors import twin_of
from tests.support.careful_books import Books
from tests.support.virtual_time import SimLoop

#: What a hand, a line or a mains plug does at any moment.
BLOWS = (
    *("lose ack 1", "lose ack 3", "crc 1", "crc 4", "noise", "dead", "alive", "echo on", "echo off"),
    *("jam", "unjam", "cassette out", "cassette in", "full", "empty", "slow init"),
    *("power cut", "power cut head", "power cut stacker", "power on"),
    *(
        "kill the host",
        "kill the host at its next word",
        "kill the host before its next word",
        "pull the plug",
        "nothing",
    ),
)
MENDS = ("echo off", "alive", "power on", "unjam", "cassette in", "empty")
#: After a note was put in: from its first millimetre to well after it has arrived.
MOMENTS = st.integers(0, 30).map(lambda twentieths: twentieths / 20)
HEALED_S = 90
TICK_S = 0.05


class Life:
    """One host process on one line to the twin. Killed by `end`; its books stay."""

    def __init__(self, protocol, twin, books):
        self.twin = twin
        self.books = books
        self.far = memory_pair()[0]
        self.tasks = []
        self.dies = ""
        self.dead = asyncio.Event()
        self.driver = EngineDriver(PROTOCOLS[protocol].make_engine(0.1), self._open)

    async def start(self):
        self.books.boot()
        self.tasks.append(asyncio.create_task(self.driver.run(self._heard)))

    async def _heard(self, event):
        if self.dies == "before":
            await self._die()
        self.books.hear(event)
        if self.dies == "at":  # between the disk and the acknowledgement
            await self._die()
        if isinstance(event, unit.Identified):
            self.driver.enable(frozenset(event.denominations))
        elif isinstance(event, unit.Escrowed):
            self.driver.stack()

    async def _die(self):
        self.dead.set()
        await asyncio.Event().wait()

    async def _open(self):
        near, self.far = memory_pair()
        self.tasks.append(asyncio.create_task(self._serve(self.far)))
        return near

    async def _serve(self, channel):
        clock = asyncio.get_running_loop().time
        try:
            while True:
                try:
                    data = await channel.read(512, TICK_S)
                except ChannelTimeoutError:
                    self.twin.tick(clock())
                    continue
                answer = self.twin.receive(data, clock())
                if answer:
                    await channel.write(answer, 1.0)
        except LinkLostError:
            return

    async def pass_time(self, seconds):
        """Up to `seconds`, or until the host has died; gives back what is left of them."""
        until_s = asyncio.get_running_loop().time() + seconds
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until_s):
                await self.dead.wait()
        return until_s - asyncio.get_running_loop().time()

    async def end(self):
        for task in self.tasks:
            task.cancel()
        results = await asyncio.gather(*self.tasks, return_exceptions=True)
        broken = [result for result in results if isinstance(result, Exception)]
        assert not broken, broken


class Money(RuleBasedStateMachine):
    protocol = ""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=SimLoop)
        self.twin = twin_of(self.protocol)
        self.books = Books()
        self._start()

    def _start(self):
        self.life = Life(self.protocol, self.twin, self.books)
        self.runner.run(self.life.start())

    def _pass(self, seconds):
        while (seconds := self.runner.run(self.life.pass_time(seconds))) > 0:
            self.something_happens("kill the host")

    def _now(self):
        return self.runner.get_loop().time()

    @rule(
        value=st.sampled_from((5, 10, 20, 50, 100)),
        happenings=st.lists(st.tuples(MOMENTS, st.sampled_from(BLOWS)), min_size=1, max_size=3),
    )
    def a_note_is_put_in_and_things_happen(self, value, happenings):
        if self._insert(value):
            for moment_s, blow in happenings:
                self._pass(moment_s)
                self.something_happens(blow)

    def _insert(self, value):
        """A buyer tries; where the unit is out of order, somebody comes and mends it first."""
        for patience_s in (3, 30):
            for _ in range(patience_s * 4):
                if self.twin.do(f"note {value}", self._now()) == "ok":
                    return True
                self._pass(0.25)
            self._mend()
        return False

    @rule(seconds=st.sampled_from((0.05, 0.35, 1.3, 3.0, 20.0)))
    def time_passes(self, seconds):
        self._pass(seconds)

    @rule(blow=st.sampled_from(BLOWS))
    def something_happens(self, blow):
        if blow == "kill the host":
            self.runner.run(self.life.end())
            self._start()
        elif blow.startswith("kill the host"):
            self.life.dies = blow.split()[3]
        elif blow == "pull the plug":
            self.runner.run(self.life.far.close())
        elif blow != "nothing":
            assert self.twin.do(blow, self._now()) == "ok"

    def _mend(self):
        for mend in MENDS:
            self.twin.do(mend, self._now())

    @invariant()
    def nothing_is_booked_that_is_not_in_the_box(self):
        """At every moment, mended or not: credit follows the note, never the other way round."""
        assert self._booked() <= self._in_box()

    def _booked(self):
        return len(self.books.credited) + len(self.books.orphans)

    def _in_box(self):
        return sum(self.twin.told()["box"].values())

    def teardown(self):
        self._mend()
        self._pass(HEALED_S)
        self.runner.run(self.life.end())
        self.runner.close()
        assert self._booked() <= self._in_box() <= self._booked() + len(self.books.unresolved), self.books


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_box_holds_what_the_books_say(protocol):
    machine = type(f"Money_{protocol}", (Money,), {"protocol": protocol})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=15,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
