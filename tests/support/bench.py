"""An acceptor bench: the real driver and engine against the twin over a line in memory, in virtual time."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.engine import ProtocolEngine
from drivers.bill_acceptor.twin_pty import Twin
from drivers.errors import ChannelTimeoutError, LinkLostError
from drivers.memory_channel import memory_pair


class Host:
    """A listener with a memory: keeps every event, stacks or returns what waits in escrow."""

    def __init__(self, decide="stack") -> None:
        self.told: list[unit.AcceptorEvent] = []
        self.decide = decide
        self.driver: EngineDriver | None = None
        self.table: tuple[unit.Denomination, ...] = ()
        self._changed = asyncio.Event()

    async def listen(self, event):
        self.told.append(event)
        if isinstance(event, unit.Identified):
            self.table = event.denominations
            self.driver.enable(frozenset(self.table))
        if isinstance(event, unit.Escrowed):
            {"stack": self.driver.stack, "return": self.driver.return_note, "wait": lambda: None}[self.decide]()
        self._changed.set()

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]

    async def until(self, kind, count=1, within_s=60):
        async with asyncio.timeout(within_s):
            while len(self.of(kind)) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.of(kind)[count - 1]

    async def until_state(self, state, within_s=60):
        async with asyncio.timeout(within_s):
            while not (self.of(unit.StateChanged) and self.of(unit.StateChanged)[-1].state is state):
                self._changed.clear()
                await self._changed.wait()


async def serve(twin, channel):
    """Be the unit on the far end of the line."""
    clock = asyncio.get_running_loop().time
    with suppress(LinkLostError):
        while True:
            try:
                data = await channel.read(512, 0.01)
            except ChannelTimeoutError:
                twin.tick(clock())
                continue
            answer = twin.receive(data, clock())
            if answer:
                await channel.write(answer, 1.0)


@asynccontextmanager
async def bench(twin: Twin, host: Host, make_engine: Callable[[float], ProtocolEngine] = CcnetEngine):
    """A driver's life: connected, cancelled at the end (a killed host)."""
    stations = []

    async def open_channel():
        near, far = memory_pair()
        stations.append(asyncio.create_task(serve(twin, far)))
        return near

    host.driver = EngineDriver(make_engine(0.1), open_channel)
    running = asyncio.create_task(host.driver.run(host.listen))
    try:
        yield host
    finally:
        for task in (running, *stations):
            task.cancel()
        await asyncio.gather(running, *stations, return_exceptions=True)


def now():
    return asyncio.get_running_loop().time()
