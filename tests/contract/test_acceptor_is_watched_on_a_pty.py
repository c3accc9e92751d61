"""`kiosk acceptor watch` beside `kiosk twin acceptor`: two processes and a pseudo-terminal, for every protocol."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager, suppress

import pytest

from drivers.bill_acceptor.registry import PROTOCOLS

WITHIN_S = 60


class Process:
    """A command whose lines are read as they come."""

    def __init__(self, process):
        self._process = process
        self.lines = []

    async def line(self):
        async with asyncio.timeout(WITHIN_S):
            line = (await self._process.stdout.readline()).decode().rstrip("\n")
        self.lines.append(line)
        return line

    async def until(self, **wanted):
        """The next JSON line that has all of `wanted`."""
        while line := await self.line():
            record = json.loads(line)
            if wanted.items() <= record.items():
                return record
        raise AssertionError(f"ended without {wanted}: {self.lines}")

    async def say(self, words):
        self._process.stdin.write(f"{words}\n".encode())
        await self._process.stdin.drain()
        return await self.line()

    def terminate(self):
        self._process.terminate()

    async def end(self):
        with suppress(ProcessLookupError):
            self._process.terminate()
        self._process.stdin.close()
        rest = await self._process.stdout.read()
        self.lines += rest.decode().splitlines()
        return await self._process.wait()


@asynccontextmanager
async def kiosk(*arguments):
    command = (sys.executable, "-m", "kiosk", *map(str, arguments))
    pipe = asyncio.subprocess.PIPE
    started = Process(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=None))
    try:
        yield started
    finally:
        await started.end()


async def insert(twin, value):
    async with asyncio.timeout(WITHIN_S):
        while (await twin.say(f"note {value}")).startswith("refused"):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_watcher_shows_what_happens_and_survives_an_unplug(tmp_path, protocol):
    async def story():
        port = tmp_path / "acceptor"
        asked = "auto" if PROTOCOLS[protocol].probe is not None else protocol
        async with kiosk("twin", "acceptor", "--protocol", protocol, "--link", port) as twin:
            assert str(port) in await twin.line()
            options = ("--port", port, "--protocol", asked, "--stack", "1", "--json")
            async with kiosk("acceptor", "watch", *options) as watch:
                await watch.until(event="connected")
                await watch.until(state="idle")
                await insert(twin, 50)
                note = {"currency": "EUR", "value_minor": 5000}
                await watch.until(event="stacked", note=note)
                assert await twin.say("unplug") == "ok"
                await watch.until(event="disconnected")
                assert await twin.say("plug") == "ok"
                await watch.until(event="connected")
                await watch.until(state="idle")
                await insert(twin, 20)
                await watch.until(event="returned")
                watch.terminate()
                assert await watch.end() == 0
            box = json.loads(await twin.say("state"))["box"]
        records = [json.loads(line) for line in watch.lines if line]
        assert box == {"5000": 1}
        assert len([r for r in records if r["event"] in {"stacked", "orphan_stacked"}]) == 1
        identified = next(record for record in records if "identity" in record)
        assert identified["identity"]["protocol"] == protocol
        assert {"currency": "EUR", "value_minor": 5000}.items() <= next(
            row for row in identified["denominations"] if row["value_minor"] == 5000
        ).items()

    asyncio.run(story())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_port_somebody_watches_is_not_shared(tmp_path, protocol):
    async def story():
        port = tmp_path / "acceptor"
        async with kiosk("twin", "acceptor", "--protocol", protocol, "--link", port) as twin:
            await twin.line()
            options = ("acceptor", "watch", "--port", port, "--protocol", protocol, "--json")
            async with kiosk(*options) as first:
                await first.until(event="connected")
                second = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "kiosk", *map(str, options), stderr=asyncio.subprocess.PIPE
                )
                _, complaint = await second.communicate()
                assert second.returncode == 1
                assert "another process uses the port" in complaint.decode()

    asyncio.run(story())
