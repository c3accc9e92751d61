"""Which protocol and speed answers on a port, and a driver that tries the next speed when nobody does."""

import asyncio
from functools import partial

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet import probe as ccnet_probe
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.ccnet.frames import Frame
from drivers.bill_acceptor.ccnet.twin import CcnetTwin
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.probe import Candidate, Probe, detect
from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.errors import CallTechnicianError, PortMissingError
from drivers.memory_channel import memory_pair
from tests.support.bench import serve
from tests.support.virtual_time import run

OTHER = Probe(b"\x7f\x00\x01\x11\x66\x08", lambda data: data.endswith(b"\xf0"))


class Bench:
    """A unit that answers at one speed only."""

    def __init__(self, twin, baud):
        self.twin = twin
        self.baud = baud
        self.tasks = []
        self.opened = []

    def open(self, baud):
        near, far = memory_pair()
        self.opened.append(baud)
        if baud == self.baud:
            self.tasks.append(asyncio.create_task(serve(self.twin, far)))
        return near

    async def end(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def candidates(bench):
    return [
        Candidate("other", 9600, OTHER, partial(bench.open, 9600)),
        Candidate("ccnet", 9600, ccnet_probe.PROBE, partial(bench.open, 9600)),
        Candidate("ccnet", 19200, ccnet_probe.PROBE, partial(bench.open, 19200)),
    ]


@pytest.mark.parametrize("baud", [9600, 19200])
def test_the_protocol_and_the_speed_that_answer_are_found(baud):
    async def story():
        bench = Bench(CcnetTwin("EUR"), baud)
        found = await detect(candidates(bench))
        await bench.end()
        assert (found.protocol, found.baud) == ("ccnet", baud)

    run(story())


def test_a_probe_moves_no_note_and_loses_no_event():
    async def story():
        twin = CcnetTwin("EUR")
        twin.state = 0x19
        twin._set(event=(0x81, 3))
        bench = Bench(twin, 9600)
        await detect(candidates(bench))
        await bench.end()
        assert twin.physical.event == (0x81, 3)

    run(story())


def test_a_silent_port_says_what_was_tried():
    async def story():
        bench = Bench(CcnetTwin("EUR"), 0)
        with pytest.raises(CallTechnicianError, match=r"nobody answers.*other at 9600, ccnet at 9600, ccnet at 19200"):
            await detect(candidates(bench))

    run(story())


def test_an_echo_is_nobody():
    async def story():
        bench = Bench(CcnetTwin("EUR"), 9600)
        bench.twin.do("echo on", 0.0)
        bench.twin.do("dead", 0.0)
        with pytest.raises(CallTechnicianError, match="nobody answers"):
            await detect(candidates(bench))
        await bench.end()

    run(story())


def test_noise_is_told_from_silence():
    class Noise:
        def receive(self, data, now_s):
            return b"\xaa\xbb"

        def tick(self, now_s):
            pass

    async def story():
        bench = Bench(Noise(), 9600)
        with pytest.raises(CallTechnicianError, match="bytes come, but no answer"):
            await detect(candidates(bench))
        await bench.end()

    run(story())


def test_a_port_that_cannot_be_had_is_told_as_such():
    def refuse():
        raise PortMissingError("/dev/nothing: no such port")

    async def story():
        with pytest.raises(PortMissingError):
            await detect([Candidate("ccnet", 9600, ccnet_probe.PROBE, refuse)])

    run(story())


def test_our_own_poll_is_no_answer_to_itself():
    assert not ccnet_probe.is_answer(ccnet_probe.PROBE.frame)
    assert ccnet_probe.is_answer(b"\x55" + Frame(b"\x19").to_bytes())


def test_every_protocol_that_can_be_probed_asks_something_only_itself_answers():
    probes = {name: line.probe for name, line in PROTOCOLS.items() if line.probe is not None}
    assert "ccnet" in probes
    for name, probe in probes.items():
        others = [other.frame for rival, other in probes.items() if rival != name]
        assert not any(probe.is_answer(frame) for frame in others)


def test_a_unit_set_to_the_other_speed_is_found_by_trying():
    async def story():
        bench = Bench(CcnetTwin("EUR"), 19200)
        bauds = [9600, 19200]

        async def open_channel():
            return bench.open(bauds[0])

        told = []
        ready = asyncio.Event()

        async def listen(event):
            told.append(event)
            if isinstance(event, unit.Ready):
                ready.set()

        driver = EngineDriver(CcnetEngine(0.1), open_channel, nobody_answers=bauds.reverse)
        running = asyncio.create_task(driver.run(listen))
        async with asyncio.timeout(60):
            await ready.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await bench.end()
        assert bench.opened == [9600, 19200]

    run(story())
