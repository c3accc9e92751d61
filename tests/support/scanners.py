"""A scanner as the contract suite wants it: its twin in memory, its twin on a pty, and a real one with a person before it."""

import asyncio
import os
import sys
import tty
from contextlib import asynccontextmanager

import pytest

from drivers.errors import PortMissingError
from drivers.memory_channel import memory_pair
from drivers.scanner.driver import LineScanner, open_scanner
from drivers.scanner.interface import Read
from drivers.scanner.twin import ScannerTwin

PERSON_S = 60.0
SOON_S = 5.0


class Host:
    """Hears everything, in order."""

    def __init__(self):
        self.told = []
        self._arrived = asyncio.Condition()

    async def listen(self, event):
        async with self._arrived:
            self.told.append(event)
            self._arrived.notify_all()

    async def until(self, kind, count=1, within_s=SOON_S):
        """The `count`th event of a kind."""
        async with asyncio.timeout(within_s), self._arrived:
            await self._arrived.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def of(self, kind):
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def texts(self):
        return [event.text for event in self.of(Read)]


@asynccontextmanager
async def running(scanner, host):
    living = asyncio.create_task(scanner.run(host.listen))
    try:
        yield host
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


class OnMemory:
    within_s = SOON_S

    def __init__(self):
        self.twin = ScannerTwin()
        self._device = None

    async def _open(self):
        if self._device is None:
            raise PortMissingError("nothing is plugged in")
        host, self._device = memory_pair()
        return host

    @asynccontextmanager
    async def meet(self, host):
        self._device = self
        async with running(LineScanner(self._open), host):
            yield host

    async def do(self, words):
        assert self.twin.do(words, 0.0) == "ok"
        await self._device.write(self.twin.receive(b"", 0.0), 1.0)

    async def unplug(self):
        device, self._device = self._device, None
        await device.close()

    async def plug(self):
        self._device = self


class OnPty:
    within_s = SOON_S

    def __init__(self, folder):
        self.twin = ScannerTwin()
        self.link = folder / "scanner.tty"
        self._ends = ()

    @asynccontextmanager
    async def meet(self, host):
        await self.plug()
        try:
            async with running(open_scanner(str(self.link), 9600), host):
                yield host
        finally:
            await self.unplug()

    async def do(self, words):
        assert self.twin.do(words, 0.0) == "ok"
        data = self.twin.receive(b"", 0.0)
        while data:
            try:
                data = data[os.write(self._ends[0], data) :]
            except BlockingIOError:
                await asyncio.sleep(0)

    async def plug(self):
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        os.set_blocking(self._ends[0], False)
        self.link.symlink_to(os.ttyname(self._ends[1]))

    async def unplug(self):
        self.link.unlink(missing_ok=True)
        for descriptor in self._ends:
            os.close(descriptor)
        self._ends = ()


class OnHardware:
    """A person holds what is asked for before it; what goes wrong on a line is beyond us."""

    within_s = PERSON_S

    def __init__(self, port):
        self._port = port

    @asynccontextmanager
    async def meet(self, host):
        async with running(open_scanner(self._port, 9600), host):
            yield host

    async def do(self, words):
        verb, _, text = words.partition(" ")
        if verb != "scan":
            pytest.skip(f"nobody can be asked to {words!r}")
        sys.__stderr__.write(f"\n>>> hold a QR code before the scanner that says: {text}\n")

    async def unplug(self):
        pytest.skip("a port that is pulled out is the twin's to show")
