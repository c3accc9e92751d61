#!/usr/bin/env python3
"""What an acceptor costs, for every protocol, as ratios measured in one run. Exit code 1 when a limit is exceeded.

cycle      processor time of one request and its answer, decoded and acknowledged, per poll interval
telling    99th percentile of the time from the note's arrival in the twin's box to the listener's event, per poll interval;
           several units at once, on pseudo-terminals, in real time
idle_hour  processor time of an hour of idle polling, driver and twin together, per hour
"""

import asyncio
import os
import random
import sys
import time
import tty
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.registry import PROTOCOLS, open_acceptor
from drivers.bill_acceptor.twin_pty import Twin, TwinOptions, make_twin
from drivers.memory_channel import MemoryChannel, memory_pair
from tests.support.virtual_time import run as run_in_virtual_time

POLL_S = 0.1
CYCLES = 20_000
UNITS = 8  #: at once, each on a pty of its own
NOTES = 15  #: for each of them
IDLE_S = 600.0  #: measured in virtual time, told for an hour
TICK_S = 0.001
LIMITS = {"cycle": 0.02, "telling": 1.2, "idle_hour": 0.02}


def twin_of(protocol: str) -> Twin:
    return make_twin(TwinOptions(protocol, "EUR", None, None, None, 0))


def cycle_ratio(protocol: str) -> float:
    """The engine alone, against answers a twin gave before the clock ran."""
    engine, twin = PROTOCOLS[protocol].make_engine(POLL_S), twin_of(protocol)
    engine.line_up(0.0)
    now_s, spent_s = 0.0, 0.0
    for _ in range(CYCLES):
        now_s += POLL_S
        began_s = time.process_time()
        frame = engine.request(now_s).frame
        spent_s += time.process_time() - began_s
        answer = twin.receive(frame, now_s)
        began_s = time.process_time()
        if not engine.feed(answer, now_s):
            engine.no_reply(now_s)
        engine.events()
        acknowledgement = engine.acknowledgement()
        spent_s += time.process_time() - began_s
        if acknowledgement:
            twin.receive(acknowledgement, now_s)
    return spent_s / CYCLES / POLL_S


class Bench:
    """One twin on a pty with its driver; a note goes in whenever it is taken.

    The twin's time runs at another rate for each note: otherwise its motors would keep step with the polls.
    """

    def __init__(self, protocol: str, seed: int) -> None:
        self.twin = twin_of(protocol)
        self.delays_s: list[float] = []
        self._arrived_s: float | None = None
        self._in_box = 0
        self._rates = random.Random(seed)  # noqa: S311 - the pace of motors, not a secret
        self._rate, self._loop_s, self._twin_s = 1.0, 0.0, 0.0
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.driver = open_acceptor(protocol, os.ttyname(self._slave), POLL_S)

    async def live(self) -> None:
        loop = asyncio.get_running_loop()
        self._loop_s = loop.time()
        loop.add_reader(self.master, self._answer)
        running = asyncio.create_task(self.driver.run(self._listen))
        try:
            while len(self.delays_s) < NOTES:
                self.twin.tick(self._clock_s())
                self._look()
                if self.twin.do("note 10", self._clock_s()) == "ok":
                    self._rate = self._rates.uniform(0.7, 1.4)
                await asyncio.sleep(TICK_S)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            loop.remove_reader(self.master)
            os.close(self.master)
            os.close(self._slave)

    def _clock_s(self) -> float:
        now_s = asyncio.get_running_loop().time()
        self._twin_s += (now_s - self._loop_s) * self._rate
        self._loop_s = now_s
        return self._twin_s

    def _answer(self) -> None:
        answer = self.twin.receive(os.read(self.master, 512), self._clock_s())
        self._look()
        os.write(self.master, answer)

    def _look(self) -> None:
        in_box = sum(self.twin.told()["box"].values())
        if in_box > self._in_box:
            self._in_box, self._arrived_s = in_box, asyncio.get_running_loop().time()

    async def _listen(self, event: unit.AcceptorEvent) -> None:
        match event:
            case unit.Identified(denominations=denominations):
                self.driver.enable(frozenset(denominations))
            case unit.Escrowed():
                self.driver.stack()
            case unit.Stacked() if self._arrived_s is not None:
                self.delays_s.append(asyncio.get_running_loop().time() - self._arrived_s)
                self._arrived_s = None
            case _:
                pass


def telling_ratio(protocol: str) -> float:
    async def all_at_once() -> list[float]:
        benches = [Bench(protocol, seed) for seed in range(UNITS)]
        await asyncio.gather(*(bench.live() for bench in benches))
        return sorted(delay for bench in benches for delay in bench.delays_s)

    delays_s = asyncio.run(all_at_once())
    return delays_s[int(len(delays_s) * 0.99) - 1] / POLL_S


async def _serve(twin: Twin, channel: MemoryChannel) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        answer = twin.receive(await channel.read(512, 3600.0), clock())
        if answer:
            await channel.write(answer, 1.0)


def idle_ratio(protocol: str) -> float:
    async def idle() -> float:
        near, far = memory_pair()

        async def open_channel() -> MemoryChannel:
            return near

        async def listen(event: unit.AcceptorEvent) -> None:
            if isinstance(event, unit.Identified):
                driver.enable(frozenset(event.denominations))

        driver = EngineDriver(PROTOCOLS[protocol].make_engine(POLL_S), open_channel)
        tasks = [asyncio.create_task(driver.run(listen)), asyncio.create_task(_serve(twin_of(protocol), far))]
        await asyncio.sleep(10)
        began_s = time.process_time()
        await asyncio.sleep(IDLE_S)
        spent_s = time.process_time() - began_s
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return spent_s / IDLE_S

    return float(run_in_virtual_time(idle()))


MEASURES: dict[str, Callable[[str], float]] = {
    "cycle": cycle_ratio,
    "telling": telling_ratio,
    "idle_hour": idle_ratio,
}


def main() -> int:
    within = True
    for protocol in PROTOCOLS:
        for name, measure in MEASURES.items():
            ratio = measure(protocol)
            within = within and ratio <= LIMITS[name]
            sys.stdout.write(f"acceptors.{protocol}.{name} {ratio:.5f} (limit {LIMITS[name]})\n")
            sys.stdout.flush()
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
