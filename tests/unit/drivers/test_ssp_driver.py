"""What only SSP does: polls that take notes, events handed over once, power cut behind a credit."""

import asyncio

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.twin import Times
from drivers.bill_acceptor.ssp.engine import SspEngine
from drivers.bill_acceptor.ssp.frames import Frame, reader
from drivers.bill_acceptor.ssp.phases import TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.ssp.twin import SspTwin
from drivers.bill_acceptor.twin_unit import At
from tests.support.bench import bench, now
from tests.support.books import Bookkeeper, Books
from tests.support.virtual_time import run


class Wire(SspTwin):
    """A twin that remembers what it was sent."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.sent = []

    def receive(self, data, now_s):
        self.sent += [frame.data for frame in reader().feed(data)]
        return super().receive(data, now_s)


async def insert(twin, value="50"):
    async with asyncio.timeout(60):
        while twin.do(f"note {value}", now()).startswith("refused"):
            await asyncio.sleep(0.1)


def test_no_poll_is_sent_while_nobody_has_decided():
    async def play():
        twin, host = Wire("EUR"), Bookkeeper(Books(), "wait")
        async with bench(twin, host, SspEngine):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.Escrowed)
            twin.sent.clear()
            await asyncio.sleep(25)
            assert set(twin.sent) == {b"\x18"}
            host.driver.return_note()
            await host.until(unit.Returned)
        assert twin.physical.returned == {"5000": 1}

    run(play())


def test_a_note_found_in_escrow_is_rejected_before_the_first_poll():
    async def play():
        twin = Wire("EUR")
        async with bench(twin, first := Bookkeeper(Books(), "wait"), SspEngine):
            await first.until(unit.Ready)
            await insert(twin)
            await first.until(unit.Escrowed)
        twin.sent.clear()
        async with bench(twin, second := Bookkeeper(Books()), SspEngine):
            await second.until(unit.Returned)
        commands = [data[0] for data in twin.sent]
        assert commands.index(0x08) < commands.index(0x07)
        assert second.told[0] == unit.Connected(unit.AcceptorState.ESCROW)
        assert twin.physical.box == {}

    run(play())


@pytest.mark.parametrize("moment_s", [n / 20 for n in range(30)])
def test_a_credit_told_before_power_failed_is_not_told_again(moment_s):
    """Some units credit while the note still moves; a cut behind that is reported as a note cleared into the cash box."""

    async def play():
        twin, books = SspTwin("EUR", times=Times(stack_s=1.0)), Books()
        async with bench(twin, host := Bookkeeper(books), SspEngine):
            await host.until(unit.Ready)
            twin.do("credit early", now())
            await insert(twin)
            await asyncio.sleep(moment_s)
            twin.do("power cut", now())
            await asyncio.sleep(1)
            twin.do("power on", now())
            await asyncio.sleep(10)
        assert books.agree_with([5000] * sum(twin.physical.box.values()))
        assert (books.orphans, books.unresolved) == ([], [])

    run(play())


def test_a_host_born_after_the_cut_hears_of_the_note_and_can_compare():
    async def play():
        twin, books = SspTwin("EUR", times=Times(stack_s=1.0)), Books()
        async with bench(twin, host := Bookkeeper(books), SspEngine):
            await host.until(unit.Ready)
            twin.do("credit early", now())
            await insert(twin)
            await host.until(unit.Stacked)
            twin.do("power cut", now())
        async with bench(twin, second := Bookkeeper(books), SspEngine):
            twin.do("power on", now())
            await second.until(unit.Stacked)
            await second.until(unit.Ready)
        assert second.of(unit.PoweredUp) == [unit.PoweredUp(unit.PowerUpNote.NONE)]
        assert (books.credited, books.orphans) == ([5000], [])

    run(play())


def test_an_answer_with_the_other_sequence_is_not_this_frames():
    engine = SspEngine()
    sent = engine.request(0.0).frame
    assert not engine.feed(Frame(not sent[1] & 0x80, b"\xf0").to_bytes(), 0.0)
    assert engine.feed(Frame(bool(sent[1] & 0x80), b"\xf0").to_bytes(), 0.0)


def test_an_unanswered_frame_is_sent_again_to_the_letter():
    engine = SspEngine()
    first = engine.request(0.0).frame
    engine.no_reply(0.5)
    assert engine.request(0.6).frame == first


def test_a_unit_that_wants_encryption_is_a_fault_with_that_word():
    engine = SspEngine()
    told = []
    for step in range(60):
        sent = reader().feed(engine.request(step * 0.1).frame)[0]
        refused = sent.data == b"\x07"
        engine.feed(Frame(sent.sequence, b"\xfa" if refused else b"\xf0").to_bytes(), step * 0.1)
        told += engine.events()
    (fault,) = [event for event in told if isinstance(event, unit.Fault)]
    assert "encryption" in fault.code


def test_an_older_protocol_version_is_asked_for_when_the_newest_is_refused():
    engine = SspEngine()
    asked = []
    for step in range(8):
        sent = reader().feed(engine.request(step * 0.1).frame)[0]
        asked.append(sent.data)
        too_new = sent.data in {b"\x06\x06", b"\x06\x05"}
        engine.feed(Frame(sent.sequence, b"\xf8" if too_new else b"\xf0").to_bytes(), step * 0.1)
    assert [data for data in asked if data[0] == 6] == [b"\x06\x06", b"\x06\x05", b"\x06\x04"]


def test_a_cash_box_taken_out_is_missed_until_it_is_back():
    async def play():
        twin, host = SspTwin("EUR"), Bookkeeper(Books())
        async with bench(twin, host, SspEngine):
            await host.until(unit.Ready)
            twin.do("cassette out", now())
            await host.until(unit.Fault)
            await asyncio.sleep(10)
            assert host.of(unit.FaultCleared) == []
            twin.do("cassette in", now())
            await host.until(unit.Ready, 2)
            await insert(twin)
            await host.until(unit.Stacked)
        assert twin.state in {At.IDLE, At.DISABLED}

    run(play())


def test_every_sign_leads_somewhere_known():
    for phase, row in TRANSITIONS.items():
        assert phase in Phase
        assert set(row) <= set(Sign)
        assert set(row.values()) <= set(Phase)
