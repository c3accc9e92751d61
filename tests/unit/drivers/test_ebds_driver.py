"""What only EBDS does: the ack bit, records that are no money, a note that waits for ever, three dialects."""

import asyncio

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ebds.engine import EbdsEngine
from drivers.bill_acceptor.ebds.frames import Frame, reader
from drivers.bill_acceptor.ebds.phases import TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.ebds.twin import EbdsTwin
from tests.support.bench import bench, now
from tests.support.books import Bookkeeper, Books
from tests.support.virtual_time import run

IDLE = bytes((0x01, 0x10, 0, 0, 0x54, 0x0A))


async def insert(twin, value="50"):
    async with asyncio.timeout(60):
        while twin.do(f"note {value}", now()).startswith("refused"):
            await asyncio.sleep(0.1)


def sent_by(engine, now_s):
    return reader().feed(engine.request(now_s).frame)[0]


@pytest.mark.parametrize(("dialect", "currency"), [("mei", "EUR"), ("plain", "EUR"), ("pyramid", "USD")])
def test_every_dialect_stacks_notes_of_the_right_value(dialect, currency):
    async def play():
        twin, host = EbdsTwin(currency), Bookkeeper(Books())
        twin.do(f"dialect {dialect}", 0.0)
        async with bench(twin, host, EbdsEngine):
            await host.until(unit.Ready)
            for number, value in enumerate((5, 20, 100), 1):
                await insert(twin, str(value))
                await host.until(unit.Stacked, number)
            host.decide = "return"
            await insert(twin, "10")
            await host.until(unit.Returned)
        assert host.books.credited == [500, 2000, 10000]
        assert {row.currency for row in host.table} == {currency}
        assert twin.physical.box == {"500": 1, "2000": 1, "10000": 1}

    run(play())


def test_only_the_wanted_numbers_are_enabled_on_a_plain_unit():
    async def play():
        twin, host = EbdsTwin("EUR"), Bookkeeper(Books())
        twin.do("dialect plain", 0.0)
        async with bench(twin, host, EbdsEngine):
            await host.until(unit.Ready)
            host.driver.enable(frozenset(row for row in host.table if row.value_minor in {500, 2000}))
            await host.until_state(unit.AcceptorState.IDLE)
            await asyncio.sleep(1)
        assert twin._taken == {0, 2}

    run(play())


def test_a_blank_record_after_the_cassette_came_back_is_no_money():
    async def play():
        twin, host = EbdsTwin("EUR"), Bookkeeper(Books())
        async with bench(twin, host, EbdsEngine):
            await host.until(unit.Ready)
            twin.do("cassette out", now())
            await host.until(unit.Fault)
            twin.do("cassette in", now())
            await host.until(unit.Ready, 2)
            await asyncio.sleep(5)
        assert not twin._blank
        assert host.of(unit.Stacked) == []

    run(play())


def test_a_note_in_escrow_waits_over_a_dead_host_and_goes_back_to_the_next():
    async def play():
        twin = EbdsTwin("EUR")
        async with bench(twin, first := Bookkeeper(Books(), "wait"), EbdsEngine):
            await first.until(unit.Ready)
            await insert(twin)
            await first.until(unit.Escrowed)
        async with bench(twin, second := Bookkeeper(Books()), EbdsEngine):
            returned = await second.until(unit.Returned)
        assert second.told[0] == unit.Connected(unit.AcceptorState.ESCROW)
        assert returned.note.value_minor == 5000

    run(play())


def test_an_unanswered_frame_is_sent_again_to_the_letter_and_an_answered_one_never():
    engine = EbdsEngine()
    first = sent_by(engine, 0.0)
    engine.no_reply(0.5)
    assert sent_by(engine, 0.6) == first
    assert engine.feed(Frame(0x20 | first.ack, IDLE).to_bytes(), 0.7)
    assert sent_by(engine, 0.8).ack is not first.ack


def test_a_wrong_ack_bit_is_a_refusal_until_it_never_ends():
    engine = EbdsEngine()
    bits = []
    for step in range(9):
        sent = sent_by(engine, step * 0.1)
        bits.append(sent.ack)
        engine.feed(Frame(0x21, IDLE).to_bytes(), step * 0.1)  # the unit is stuck with this bit
    assert bits == [False] * 8 + [True]
    assert unit.Connected(unit.AcceptorState.DISABLED) in engine.events()


@pytest.mark.parametrize("value_bits", [0x00, 0x18])
def test_a_short_record_in_extended_mode_is_not_yet_money(value_bits):
    async def play():
        twin, host = EbdsTwin("EUR"), Bookkeeper(Books())
        async with bench(twin, host, EbdsEngine):
            await host.until(unit.Ready)
        return host.driver._engine

    engine = run(play())
    engine.events()
    for data in (bytes((0x11, 0x10, value_bits, 0, 0, 0)), IDLE):
        sent = sent_by(engine, 100.0)
        engine.feed(Frame(0x20 | sent.ack, data).to_bytes(), 100.0)
        sent = sent_by(engine, 100.1)
        engine.feed(Frame(0x20 | sent.ack, data).to_bytes(), 100.1)
    assert [event for event in engine.events() if isinstance(event, unit.Stacked)] == []


def test_every_sign_leads_somewhere_known():
    for phase, row in TRANSITIONS.items():
        assert phase in Phase
        assert set(row) <= set(Sign)
        assert set(row.values()) <= set(Phase)
