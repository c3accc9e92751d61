"""The real driver and engine against the twin through every fault of its first menu, in virtual time."""

import asyncio

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.engine import TRANSITIONS, Phase, Sign
from drivers.bill_acceptor.ccnet.twin import CcnetTwin, Times
from tests.support.bench import Host, bench, now
from tests.support.virtual_time import run


async def insert(twin, value="50"):
    answer = "refused"
    async with asyncio.timeout(60):
        while answer.startswith("refused"):
            answer = twin.do(f"note {value}", now())
            await asyncio.sleep(0.1)
    return answer


def box(twin):
    return {int(value): count for value, count in twin.physical.box.items()}


def credited(*hosts):
    return [event.note.value_minor for host in hosts for event in host.of(unit.Stacked)]


def test_a_note_is_stacked_and_told_once():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            stacked = await host.until(unit.Stacked)
            await host.until_state(unit.AcceptorState.IDLE)
        assert stacked.commanded
        assert credited(host) == [5000]
        assert box(twin) == {5000: 1}

    run(story())


def test_power_up_is_told_before_reset_and_ready_after():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
        kinds = [type(event).__name__ for event in host.told if not isinstance(event, unit.StateChanged)]
        assert kinds[:2] == ["Connected", "PoweredUp"]
        assert "Identified" in kinds
        assert host.of(unit.PoweredUp) == [unit.PoweredUp(unit.PowerUpNote.NONE)]
        assert len(host.table) == 7

    run(story())


def test_a_note_nobody_wants_goes_back():
    async def story():
        twin, host = CcnetTwin("EUR"), Host("return")
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.Returned)
        assert box(twin) == {}
        assert twin.physical.returned == {"5000": 1}

    run(story())


def test_an_undecided_note_is_held_past_the_units_own_time_out():
    async def story():
        twin, host = CcnetTwin("EUR"), Host("wait")
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.Escrowed)
            await asyncio.sleep(25)
            host.driver.stack()
            await host.until(unit.Stacked)
        assert credited(host) == [5000]

    run(story())


def test_a_repeated_stacked_event_is_told_once():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("lose ack 3", now())
            await insert(twin)
            await host.until(unit.Stacked)
            await insert(twin, "20")
            await host.until(unit.Stacked, 2)
        assert credited(host) == [5000, 2000]
        assert box(twin) == {5000: 1, 2000: 1}

    run(story())


@pytest.mark.parametrize("fault", ["crc 3", "noise", "crc 1"])
def test_a_bad_line_loses_and_doubles_nothing(fault):
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            for _ in range(20):
                twin.do(fault, now())
                await asyncio.sleep(0.1)
            await host.until(unit.Stacked)
        assert credited(host) == [5000]
        assert box(twin) == {5000: 1}

    run(story())


def test_a_note_in_the_head_at_power_cut_comes_back():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("power cut head", now())
            await insert(twin)
            await host.until(unit.Disconnected)
            twin.do("power on", now())
            await host.until(unit.Ready, 2)
        assert host.of(unit.PoweredUp)[-1].note is unit.PowerUpNote.HEAD
        assert box(twin) == {}
        assert credited(host) == []

    run(story())


def test_a_note_in_the_stacker_at_power_cut_is_told_after_reset():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("power cut stacker", now())
            await insert(twin)
            await host.until(unit.Disconnected)
            twin.do("power on", now())
            stacked = await host.until(unit.Stacked)
            await host.until(unit.Ready, 2)
        assert host.of(unit.PoweredUp)[-1].note is unit.PowerUpNote.STACKER
        assert not stacked.commanded
        assert credited(host) == [5000]
        assert box(twin) == {5000: 1}

    run(story())


@pytest.mark.parametrize(
    ("fault", "mend", "reason"),
    [
        ("jam", "unjam", unit.FaultReason.ACCEPTOR_JAM),
        ("cassette out", "cassette in", unit.FaultReason.CASSETTE_OUT),
        ("full", "empty", unit.FaultReason.CASSETTE_FULL),
    ],
)
def test_faults_are_named_and_acceptance_comes_back_after_them(fault, mend, reason):
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do(fault, now())
            told = await host.until(unit.Fault)
            twin.do(mend, now())
            await host.until(unit.Ready, 2)
            await insert(twin)
            await host.until(unit.Stacked)
        assert told.reason is reason
        assert credited(host) == [5000]

    run(story())


def test_a_jam_is_reset_only_after_a_while_and_then_heals():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("jam", now())
            await host.until(unit.Fault)
            before = now()
            await host.until(unit.Ready, 2)
            assert now() - before >= 5

    run(story())


def test_a_jam_with_a_note_on_its_way_leaves_the_outcome_open():
    async def story():
        twin, host = CcnetTwin("EUR", times=Times(stack_s=5.0)), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until_state(unit.AcceptorState.STACKING)
            twin.do("jam", now())
            unresolved = await host.until(unit.StackUnresolved)
            await host.until(unit.Stacked)
        assert unresolved.note.value_minor == 5000
        assert not host.of(unit.Stacked)[0].commanded
        assert box(twin) == {5000: 1}

    run(story())


def test_a_dead_line_is_told_after_five_seconds_and_the_unit_found_again():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("dead", now())
            before = now()
            await host.until(unit.Disconnected)
            assert 4.5 <= now() - before <= 7
            twin.do("alive", now())
            await host.until(unit.Ready, 2)
            assert len(host.of(unit.Disconnected)) == 1

    run(story())


def test_a_stack_that_never_ends_is_told_as_unresolved_once():
    async def story():
        twin, host = CcnetTwin("EUR", times=Times(stack_s=100.0)), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await insert(twin)
            await host.until(unit.StackUnresolved, within_s=60)
            await asyncio.sleep(80)
        assert len(host.of(unit.StackUnresolved)) == 1
        assert [event.commanded for event in host.of(unit.Stacked)] == [False]

    run(story())


def test_an_echoing_line_is_not_taken_for_a_unit():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        twin.do("echo on", 0.0)
        twin.do("dead", 0.0)
        async with bench(twin, host):
            await asyncio.sleep(20)
        assert host.of(unit.Connected) == []

    run(story())


def test_rejections_and_fraud_are_told_once():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            twin.do("reject optic", now())
            await host.until(unit.Rejected)
            await insert(twin, "3")
            await host.until(unit.Rejected, 2)
            twin.do("cheat", now())
            await host.until(unit.Cheated)
            await asyncio.sleep(2)
        assert [event.reason for event in host.of(unit.Rejected)] == [
            unit.RejectReason.OPTIC,
            unit.RejectReason.IDENTIFICATION,
        ]
        assert len(host.of(unit.Cheated)) == 1

    run(story())


def test_pause_is_waited_out_and_never_reset():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            twin.do("pause", now())
            await host.until_state(unit.AcceptorState.PAUSED)
            await asyncio.sleep(30)
            assert twin.state == 0x46

    run(story())


def test_disabling_takes_effect_and_survives_a_restart_of_the_unit():
    async def story():
        twin, host = CcnetTwin("EUR"), Host()
        async with bench(twin, host):
            await host.until(unit.Ready)
            await host.until_state(unit.AcceptorState.IDLE)
            host.driver.disable()
            await host.until_state(unit.AcceptorState.DISABLED)
            host.driver.enable(frozenset(host.table[:1]))
            await host.until_state(unit.AcceptorState.IDLE)
            twin.do("power cut", now())
            await host.until(unit.Disconnected)
            twin.do("power on", now())
            await host.until(unit.Ready, 2)
            await host.until_state(unit.AcceptorState.IDLE)

    run(story())


@pytest.mark.parametrize("moment_s", [n / 20 for n in range(45)])
def test_a_host_killed_at_any_moment_finds_every_note_again(moment_s):
    """The host dies unrecorded: what its listener was not done with is told again, what it had recorded may be."""

    async def story():
        twin, first = CcnetTwin("EUR"), Host()
        async with bench(twin, first):
            await first.until(unit.Ready)
            await insert(twin)
            await asyncio.sleep(moment_s)
        second = Host()
        async with bench(twin, second):
            await second.until(unit.Ready)
            await asyncio.sleep(15)
        told = len(first.of(unit.Stacked)) + len(second.of(unit.Stacked))
        in_box = sum(box(twin).values())
        assert in_box == 1 or told == 0
        assert in_box <= told <= in_box + 1
        assert in_box or sum(twin.physical.returned.values()) == 1
        if first.of(unit.Stacked):
            assert in_box

    run(story())


def test_an_event_is_acknowledged_only_after_its_listener_has_recorded_it():
    """A host that dies over the news of a note leaves it with the unit, which tells the next one."""

    class Dies(Host):
        async def listen(self, event):
            if isinstance(event, unit.Stacked):
                self.told.append(event)
                self._changed.set()
                await asyncio.Event().wait()
            await super().listen(event)

    async def story():
        twin, first, second = CcnetTwin("EUR"), Dies(), Host()
        async with bench(twin, first):
            await first.until(unit.Ready)
            await insert(twin)
            await first.until(unit.Stacked)
            await asyncio.sleep(1)
        assert twin.physical.event == (0x81, 3)
        async with bench(twin, second):
            await second.until(unit.Stacked)
            await second.until(unit.Ready)
        assert twin.physical.event is None

    run(story())


def test_every_sign_leads_somewhere_known():
    for phase, row in TRANSITIONS.items():
        assert phase in Phase
        for sign, target in row.items():
            assert sign in Sign
            assert target in Phase
