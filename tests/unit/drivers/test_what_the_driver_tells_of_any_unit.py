"""What a listener hears beside a protocol's own events: the cash box, who can mend a fault, what is wrong with a line."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor import line_watch
from drivers.bill_acceptor.cash_box import CashBoxWatch
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.ccnet.twin import CcnetTwin
from drivers.bill_acceptor.driver import EngineDriver
from drivers.errors import LinkLostError
from drivers.memory_channel import memory_pair
from kiosk.domain import events
from kiosk.domain.moves import NoteTrouble
from kiosk.till.acceptor_seam import in_domain_words
from tests.support.bench import Host, bench, now
from tests.support.virtual_time import run

OUT = unit.Fault(unit.FaultReason.CASSETTE_OUT, "42")
FULL = unit.Fault(unit.FaultReason.CASSETTE_FULL, "41")


def test_every_fault_says_who_can_mend_it():
    assert set(unit.SEVERITIES) == set(unit.FaultReason)
    assert OUT.severity is unit.Severity.OPERATOR
    assert unit.Fault(unit.FaultReason.ACCEPTOR_JAM, "43").severity is unit.Severity.TECHNICIAN


def test_a_cash_box_taken_out_and_put_back_is_told_each_time_once():
    watch = CashBoxWatch()
    heard = [watch.hear(event) for event in (unit.Ready(), OUT, OUT, unit.FaultCleared(), unit.Ready(), FULL)]
    in_, out, full = (unit.CashBoxSeen(condition) for condition in unit.CashBoxCondition)
    assert heard == [None, out, None, in_, None, full]


def test_another_fault_says_nothing_of_the_cash_box():
    watch = CashBoxWatch()
    watch.hear(unit.Ready())
    assert watch.hear(unit.Fault(unit.FaultReason.ACCEPTOR_JAM, "43")) is None
    assert watch.hear(unit.FaultCleared()) is None


def test_the_cash_box_of_a_real_unit_is_told_beside_its_faults():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("cassette out", now())
            await host.until(unit.Fault)
            twin.do("cassette in", now())
            await host.until(unit.Ready, 2)
        told = [event.condition for event in host.of(unit.CashBoxSeen)]
        assert told == [unit.CashBoxCondition.OUT, unit.CashBoxCondition.IN]

    run(story())


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [
        (unit.RejectReason.INHIBITED, NoteTrouble.NOT_ACCEPTED),
        (unit.RejectReason.BARCODE, NoteTrouble.NOT_ACCEPTED),
        (unit.RejectReason.SECOND_NOTE, NoteTrouble.ONE_AT_A_TIME),
        (unit.RejectReason.OPTIC, NoteTrouble.UNREADABLE),
    ],
)
def test_a_buyer_is_told_of_a_refusal_in_words_that_help(reason, trouble):
    assert in_domain_words(unit.Rejected(reason)) == events.NoteRefusedByUnit(trouble, reason.value)


def test_the_till_has_nothing_to_decide_about_the_cash_box_itself():
    assert in_domain_words(unit.CashBoxSeen(unit.CashBoxCondition.OUT)) is None


@asynccontextmanager
async def line(behave):
    """A CCNET driver on a line whose far end answers `behave(bytes)`."""
    told = []

    async def far_end(channel):
        try:
            while True:
                data = await channel.read(512, 3600.0)
                answer = behave(data)
                if answer:
                    await channel.write(answer, 1.0)
        except LinkLostError:
            return

    stations = []

    async def open_channel():
        near, far = memory_pair()
        stations.append(asyncio.create_task(far_end(far)))
        return near

    async def listen(event):
        told.append(event)

    running = asyncio.create_task(EngineDriver(CcnetEngine(0.1), open_channel).run(listen))
    try:
        yield told
    finally:
        for task in (running, *stations):
            task.cancel()
        await asyncio.gather(running, *stations, return_exceptions=True)


@pytest.mark.parametrize(
    ("behave", "trouble"),
    [
        (lambda data: b"", unit.LineTrouble.SILENT),
        (lambda data: data, unit.LineTrouble.ECHO),
        (lambda data: b"\xfc\x05\x40\x2b\x15", unit.LineTrouble.FOREIGN),
        (lambda data: b"\x02", unit.LineTrouble.ECHO),  # as far as it came
    ],
    ids=["silent", "echo", "another protocol", "a lone byte"],
)
def test_a_line_on_which_nobody_answers_is_named_once(behave, trouble):
    async def story():
        async with line(behave) as told:
            await asyncio.sleep(60)
        assert told == [unit.Disconnected(line_watch.WORDS[trouble], trouble)]

    run(story())


def test_a_unit_that_fell_silent_is_told_once_by_its_engine():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("dead", now())
            await asyncio.sleep(60)
        assert len(host.of(unit.Disconnected)) == 1

    run(story())


def test_a_line_that_turns_to_noise_says_so():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("crc 99999", now())
            lost = await host.until(unit.Disconnected)
        assert "another protocol or speed" in lost.detail

    run(story())


def test_an_answer_that_comes_too_late_answers_nothing_else():
    """Each reply arrives after its time: none may be taken as the answer to the next question."""

    async def story():
        near, far = memory_pair()
        told = []

        async def listen(event):
            told.append(event)

        async def open_channel():
            return near

        async def far_end():
            while True:
                await far.read(512, 3600.0)
                await asyncio.sleep(0.55)
                await far.write(bytes.fromhex("0203061467D4"), 1.0)

        tasks = [asyncio.create_task(EngineDriver(CcnetEngine(0.1), open_channel).run(listen))]
        tasks.append(asyncio.create_task(far_end()))
        await asyncio.sleep(30)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(event) for event in told} == {unit.Disconnected}

    run(story())
