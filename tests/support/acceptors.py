"""Any acceptor for the contract suite: a twin on a line in memory or on a pseudo-terminal, or a real unit and a person."""

import asyncio
import os
import sys
import tty
from contextlib import asynccontextmanager

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.registry import PROTOCOLS, detect_protocol, open_acceptor
from drivers.bill_acceptor.twin_pty import TwinOptions, make_twin
from tests.support.bench import Host, bench, now
from tests.support.virtual_time import run as run_virtual

WITHIN_S = 60
PERSON_S = 120  #: for somebody to find a note and put it in


def twin_of(protocol, currency="EUR", seed=0):
    """The protocol's own twin, with a fresh box."""
    return make_twin(TwinOptions(protocol, currency, None, None, None, seed))


class TwinUnit:
    """A twin's hands and eyes. Money is counted in it physically."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.twin = twin_of(protocol)

    def do(self, words):
        assert self.twin.do(words, now()) == "ok", words

    async def insert(self, value=50):
        """A buyer tries until the slot takes the note."""
        async with asyncio.timeout(WITHIN_S):
            while self.twin.do(f"note {value}", now()).startswith("refused"):
                await asyncio.sleep(0.05)

    def refuses(self, value=50):
        return self.twin.do(f"note {value}", now()).startswith("refused")

    def counts(self):
        """(in the box, given back), as notes."""
        told = self.twin.told()
        return sum(told["box"].values()), sum(told["returned"].values())


class OnMemory(TwinUnit):
    run = staticmethod(run_virtual)

    def meet(self, host):
        return bench(self.twin, host, PROTOCOLS[self.protocol].make_engine)


class OnPty(TwinUnit):
    """In real time, through the real serial port code."""

    run = staticmethod(asyncio.run)

    @asynccontextmanager
    async def meet(self, host):
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        loop = asyncio.get_running_loop()
        loop.add_reader(master, lambda: os.write(master, self.twin.receive(os.read(master, 512), loop.time())))
        ticking = asyncio.create_task(self._tick())
        try:
            async with driven(self.protocol, os.ttyname(slave), host):
                yield host
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
            loop.remove_reader(master)
            os.close(master)
            os.close(slave)

    async def _tick(self):
        while True:
            self.twin.tick(now())
            await asyncio.sleep(0.01)


class OnHardware:
    """A real unit; faults and counting are beyond us, notes come from a person who is asked on the terminal."""

    run = staticmethod(asyncio.run)

    def __init__(self, port, protocol):
        self.port = port
        self.protocol = protocol

    def do(self, words):
        pytest.skip(f"nobody can be asked to {words!r} at the right moment")

    async def insert(self, _value=50):
        sys.__stderr__.write("\n>>> put a note into the acceptor\n")

    def refuses(self, _value=50):
        return True

    def counts(self):
        return None

    @asynccontextmanager
    async def meet(self, host):
        protocol = self.protocol or await detect_protocol(self.port)
        async with driven(protocol, self.port, host):
            yield host


@asynccontextmanager
async def driven(protocol, port, host: Host):
    """A driver on a port until the block ends."""
    host.driver = open_acceptor(protocol, port, 0.1)
    running = asyncio.create_task(host.driver.run(host.listen))
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def booked(*hosts):
    """What careful hosts have in their books: notes told as stacked, and stacks whose outcome is still open."""
    stacked = [event for host in hosts for event in host.of(unit.Stacked)]
    unresolved = [event for host in hosts for event in host.of(unit.StackUnresolved)]
    return len(stacked), len(unresolved)
