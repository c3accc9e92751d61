"""What every protocol promises alike: engine and driver against the protocol's twin in memory and on a pty, and real hardware.

pytest tests/contract/test_acceptor_contract.py --acceptor-port /dev/serial/by-id/…     asks a person for notes
"""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.registry import PROTOCOLS
from tests.support.acceptors import PERSON_S, OnHardware, OnMemory, OnPty, booked
from tests.support.bench import Host

IDLE, DISABLED = unit.AcceptorState.IDLE, unit.AcceptorState.DISABLED


@pytest.fixture(params=[f"{line}-{protocol}" for protocol in PROTOCOLS for line in ("memory", "pty")] + ["hardware"])
def acceptor(request):
    line, _, protocol = request.param.partition("-")
    if line == "hardware":
        port = request.config.getoption("--acceptor-port")
        if port is None:
            pytest.skip("no --acceptor-port")
        return OnHardware(port, request.config.getoption("--acceptor-protocol"))
    return (OnMemory if line == "memory" else OnPty)(protocol)


@pytest.fixture(params=PROTOCOLS)
def in_memory(request):
    """Faults that need time, or many lives: virtual time only."""
    return OnMemory(request.param)


async def taking_notes(host):
    await host.until(unit.Ready)
    await host.until_state(IDLE)


def agree(acceptor, in_box, given_back):
    counts = acceptor.counts()
    assert counts in {None, (in_box, given_back)}


def test_the_unit_is_looked_at_then_named_then_ready(acceptor):
    async def story():
        host = Host()
        async with acceptor.meet(host):
            await taking_notes(host)
        kinds = [type(event) for event in host.told]
        assert kinds[0] is unit.Connected
        assert kinds.index(unit.Identified) < kinds.index(unit.Ready)
        identified = host.of(unit.Identified)[-1]
        assert identified.identity.protocol in PROTOCOLS
        assert identified.denominations
        assert all(row.value_minor > 0 and len(row.currency) == 3 for row in identified.denominations)

    acceptor.run(story())


def test_a_note_asked_for_is_stacked_and_told_once(acceptor):
    async def story():
        host = Host()
        async with acceptor.meet(host):
            await taking_notes(host)
            await acceptor.insert()
            escrowed = await host.until(unit.Escrowed, within_s=PERSON_S)
            stacked = await host.until(unit.Stacked)
            await host.until_state(IDLE)
        assert stacked == unit.Stacked(escrowed.note, commanded=True)
        assert booked(host) == (1, 0)
        agree(acceptor, 1, 0)

    acceptor.run(story())


def test_a_note_sent_back_is_told_as_returned_and_never_as_stacked(acceptor):
    async def story():
        host = Host("return")
        async with acceptor.meet(host):
            await taking_notes(host)
            await acceptor.insert()
            await host.until(unit.Returned, within_s=PERSON_S)
            await host.until_state(IDLE)
        assert booked(host) == (0, 0)
        agree(acceptor, 0, 1)

    acceptor.run(story())


def test_a_disabled_unit_takes_nothing_until_it_is_enabled_again(acceptor):
    async def story():
        host = Host()
        async with acceptor.meet(host):
            await taking_notes(host)
            host.driver.disable()
            await host.until_state(DISABLED)
            assert acceptor.refuses()
            host.driver.enable(frozenset(host.table))
            await host.until_state(IDLE)

    acceptor.run(story())


@pytest.mark.parametrize("fault", ["crc 3", "noise", "lose ack 2"])
def test_a_bad_line_loses_and_doubles_nothing(acceptor, fault):
    async def story():
        host = Host()
        async with acceptor.meet(host):
            await taking_notes(host)
            await acceptor.insert()
            acceptor.do(fault)
            await host.until(unit.Stacked)
            await acceptor.insert(20)
            acceptor.do(fault)
            await host.until(unit.Stacked, 2)
            await host.until_state(IDLE)
        assert [event.note.value_minor for event in host.of(unit.Stacked)] == [5000, 2000]
        agree(acceptor, 2, 0)

    acceptor.run(story())


def test_a_cash_box_taken_out_and_put_back_is_told_and_notes_are_taken_again(acceptor):
    async def story():
        host = Host()
        async with acceptor.meet(host):
            await taking_notes(host)
            acceptor.do("cassette out")
            fault = await host.until(unit.Fault)
            acceptor.do("cassette in")
            await acceptor.insert()
            await host.until(unit.Stacked)
        assert (fault.reason, fault.severity) == (unit.FaultReason.CASSETTE_OUT, unit.Severity.OPERATOR)
        assert [seen.condition for seen in host.of(unit.CashBoxSeen)] == ["out", "in"]

    acceptor.run(story())


@pytest.mark.parametrize(
    ("fault", "mend", "reason"),
    [
        ("jam", "unjam", unit.FaultReason.ACCEPTOR_JAM),
        ("full", "empty", unit.FaultReason.CASSETTE_FULL),
    ],
)
def test_a_fault_is_named_and_notes_are_taken_again_after_it(in_memory, fault, mend, reason):
    async def story():
        host = Host()
        async with in_memory.meet(host):
            await taking_notes(host)
            in_memory.do(fault)
            told = await host.until(unit.Fault)
            in_memory.do(mend)
            await in_memory.insert()
            await host.until(unit.Stacked)
        assert told.reason is reason

    in_memory.run(story())


def test_an_undecided_note_is_kept_waiting_past_the_units_own_limit(in_memory):
    async def story():
        host = Host("wait")
        async with in_memory.meet(host):
            await taking_notes(host)
            await in_memory.insert()
            await host.until(unit.Escrowed)
            await asyncio.sleep(25)
            assert host.of(unit.Returned) == []
            host.driver.stack()
            await host.until(unit.Stacked)
        agree(in_memory, 1, 0)

    in_memory.run(story())


def test_suspected_fraud_is_told_once(in_memory):
    async def story():
        host = Host()
        async with in_memory.meet(host):
            await taking_notes(host)
            in_memory.do("cheat")
            await host.until(unit.Cheated)
            await asyncio.sleep(10)
        assert len(host.of(unit.Cheated)) == 1

    in_memory.run(story())


@pytest.mark.parametrize("place", ["head", "stacker"])
def test_a_power_cut_leaves_no_note_unaccounted_for(in_memory, place):
    async def story():
        host = Host()
        async with in_memory.meet(host):
            await taking_notes(host)
            in_memory.do(f"power cut {place}")
            await in_memory.insert()
            await host.until(unit.Disconnected)
            in_memory.do("power on")
            await host.until(unit.Ready, 2)
            await asyncio.sleep(40)
        stacked, unresolved = booked(host)
        in_box, given_back = in_memory.counts()
        assert in_box + given_back == 1
        assert stacked <= in_box <= stacked + unresolved

    in_memory.run(story())


def test_a_dead_line_is_told_once_and_the_unit_found_again(in_memory):
    async def story():
        host = Host()
        async with in_memory.meet(host):
            await taking_notes(host)
            in_memory.do("dead")
            await host.until(unit.Disconnected)
            await asyncio.sleep(30)
            in_memory.do("alive")
            await host.until(unit.Ready, 2)
            await host.until_state(IDLE)
        assert len(host.of(unit.Disconnected)) == 1

    in_memory.run(story())


def test_an_echoing_line_is_not_taken_for_a_unit(in_memory):
    async def story():
        host = Host()
        in_memory.do("echo on")
        in_memory.do("dead")
        async with in_memory.meet(host):
            await asyncio.sleep(30)
        assert {type(event) for event in host.told} == {unit.Disconnected}

    in_memory.run(story())


@pytest.mark.parametrize("moment_s", [n / 8 for n in range(20)])
def test_a_host_killed_at_any_moment_finds_the_note_again(in_memory, moment_s):
    """What its listener was not done with is told again; what it had recorded may be told once more."""

    async def story():
        first, second = Host(), Host()
        async with in_memory.meet(first):
            await taking_notes(first)
            await in_memory.insert()
            await asyncio.sleep(moment_s)
        async with in_memory.meet(second):
            await second.until(unit.Ready)
            await asyncio.sleep(40)
        in_box, given_back = in_memory.counts()
        stacked, unresolved = booked(first, second)
        assert in_box + given_back == 1
        assert stacked <= in_box + 1
        assert in_box <= stacked + unresolved + len(first.of(unit.Escrowed))  # an intent was on disk by then

    in_memory.run(story())


def test_a_line_cut_and_joined_while_a_note_moves_tells_of_it_once(in_memory):
    """The same driver lives on: what it has told is not told as a second note."""

    async def story():
        host = Host()
        async with in_memory.meet(host):
            await taking_notes(host)
            for number in range(1, 4):
                await in_memory.insert()
                await host.until(unit.Stacked, number)
                in_memory.do("dead")
                await host.until(unit.Disconnected, number)
                in_memory.do("alive")
                await host.until(unit.Connected, number + 1)
                await asyncio.sleep(10)
        assert booked(host) == (3, 0)
        agree(in_memory, 3, 0)

    in_memory.run(story())


@given(protocol=st.sampled_from(sorted(PROTOCOLS)), chunks=st.lists(st.binary(max_size=60), max_size=30))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_bytes_give_events_and_never_an_exception(protocol, chunks):
    engine = PROTOCOLS[protocol].make_engine(0.1)
    engine.line_up(0.0)
    now_s = 0.0
    for chunk in chunks:
        now_s += 0.2
        request = engine.request(now_s)
        assert request.frame
        assert request.reply_within_s > 0
        if not engine.feed(chunk, now_s):
            engine.no_reply(now_s)
        assert all(isinstance(event, unit.AcceptorEvent) for event in engine.events())
        engine.acknowledgement()


@given(protocol=st.sampled_from(sorted(PROTOCOLS)), noise=st.lists(st.binary(max_size=30), max_size=12))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_a_twin_survives_any_bytes_too(protocol, noise):
    twin = OnMemory(protocol).twin
    for at_s, data in enumerate(noise):
        assert isinstance(twin.receive(data, float(at_s)), bytes)
