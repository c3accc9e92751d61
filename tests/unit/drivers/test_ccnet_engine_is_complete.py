"""What a CCNET unit may do beside taking notes, each against the twin, in virtual time."""

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet import codes
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.ccnet.frames import Frame
from drivers.bill_acceptor.ccnet.learning import Learning
from drivers.bill_acceptor.ccnet.phases import Phase
from drivers.bill_acceptor.ccnet.resets import ResetPolicy
from drivers.bill_acceptor.ccnet.twin import CcnetTwin, Times
from tests.support.bench import Host, bench, now
from tests.support.virtual_time import run

OUTCOMES = (unit.Stacked, unit.Returned, unit.StackUnresolved, unit.PoweredUp)


def story(play, twin=None, host=None):
    """Play with a ready unit that takes notes; give back twin and host."""

    async def told():
        bench_twin, bench_host = twin or CcnetTwin("EUR"), host or Host()
        async with bench(bench_twin, bench_host):
            await bench_host.until(unit.Ready)
            await bench_host.until_state(unit.AcceptorState.IDLE)
            await play(bench_twin, bench_host)
        return bench_twin, bench_host

    return run(told())


async def escrowed(twin, host, value="50"):
    assert twin.do(f"note {value}", now()) == "ok"
    return await host.until(unit.Escrowed)


class Script:
    """An engine asked and answered by hand, without a line."""

    def __init__(self):
        self.engine = CcnetEngine(0.1)
        self.engine.line_up(0.0)
        self.now_s = 0.0
        self.events = []

    def ask(self):
        """The command the engine sends next."""
        self.now_s += 0.1
        return codes.Command(self.engine.request(self.now_s).frame[3])

    def answer(self, payload):
        whole = self.engine.feed(Frame(payload).to_bytes(), self.now_s)
        if not whole:
            self.engine.no_reply(self.now_s)
        self.events += self.engine.events()
        return self.engine.acknowledgement()

    def turn(self, payload):
        asked = self.ask()
        self.answer(payload)
        return asked

    def until_running(self):
        """The shortest life up to RUNNING: a unit at rest."""
        self.turn(b"\x19")
        self.turn(b"MODEL".ljust(15) + b"SERIAL".ljust(12) + bytes(7))
        self.turn((b"\x05EUR\x00" + b"\x01EUR\x01").ljust(120, b"\0"))
        self.turn(b"\x12\x34\x56\x78")
        self.turn(b"\0")
        assert self.turn(b"\0") is codes.Command.ENABLE_BILL_TYPES
        assert self.engine.phase is Phase.RUNNING
        return self

    def until_escrow(self):
        self.until_running()
        self.engine.enable(frozenset(self.events[-2].denominations))
        self.turn(b"\x19")
        assert self.turn(b"\0") is codes.Command.ENABLE_BILL_TYPES
        self.turn(b"\x14")
        self.turn(b"\x80\x01")
        assert self.events[-1] == unit.Escrowed(unit.Denomination(1, 1000, "EUR"))
        return self


def test_the_unit_tells_who_it_is_and_which_firmware_it_runs():
    async def play(_twin, host):
        assert host.of(unit.Identified)[-1].identity == unit.Identity("ccnet", "TWIN-SM", "000000000001", "00C0FFEE")

    story(play)


def test_a_unit_that_refuses_a_question_is_used_without_the_answer():
    async def play():
        twin, host = CcnetTwin("EUR"), Host()
        twin.do("refuse crc32 9", 0.0)
        async with bench(twin, host):
            identified = await host.until(unit.Identified)
            await host.until(unit.Ready)
        assert identified.identity.firmware == ""
        assert len(identified.denominations) == 7

    run(play())


def test_a_unit_that_will_not_name_its_notes_takes_none():
    async def play():
        twin, host = CcnetTwin("EUR"), Host()
        twin.do("refuse table 99", 0.0)
        async with bench(twin, host):
            await host.until(unit.Ready)
            await asyncio.sleep(5)
        assert host.table == ()
        assert twin.told()["state"] == "disabled"

    run(play())


def test_a_late_answer_to_something_else_is_no_bill_table():
    learning = Learning()
    assert learning.answer(b"MODEL".ljust(15) + b"SERIAL".ljust(12) + bytes(7))
    assert not learning.answer(b"\x14")
    assert learning.question is codes.Command.GET_BILL_TABLE


def test_another_unit_on_the_same_line_is_told_and_its_notes_are_its_own():
    async def play(twin, host):
        twin.do("serial 777", now())
        twin.do("power cut", now())
        await host.until(unit.Disconnected)
        twin.do("power on", now())
        await host.until(unit.Ready, 2)
        assert host.of(unit.Identified)[-1].identity.serial == "777"

    story(play)


def test_another_units_table_is_forgotten_even_if_it_will_not_tell_its_own():
    learning = Learning()
    learning.answer(b"A".ljust(34))
    learning.answer(b"\x05EUR\x00")
    assert learning.table
    learning.restart()
    learning.answer(b"B".ljust(34))
    assert learning.table == {}


def test_a_note_the_unit_values_otherwise_is_not_enabled():
    script = Script().until_running()
    script.turn(b"\x19")
    script.engine.enable(frozenset({unit.Denomination(0, 50_000, "RUB"), unit.Denomination(1, 1000, "EUR")}))
    script.now_s += 0.1
    assert script.engine.request(script.now_s).frame[3:10] == bytes((0x34, 0, 0, 2, 0, 0, 2))


@pytest.mark.parametrize("word", ["jam", "cassette jam", "failure 50"])
def test_what_a_reset_can_mend_is_reset_after_a_moment(word):
    async def play(twin, host):
        twin.do(word, now())
        fault = await host.until(unit.Fault)
        before = now()
        await host.until(unit.FaultCleared)
        assert now() - before >= 5
        assert fault.code[:2] in {"43", "44", "47"}

    story(play)


def test_a_failure_is_named_by_its_second_byte():
    async def play(twin, host):
        twin.do("failure 52", now())
        assert await host.until(unit.Fault) == unit.Fault(unit.FaultReason.FAILURE, "47 transport motor")

    story(play)


@pytest.mark.parametrize("word", ["cassette out", "full"])
def test_what_hands_must_mend_is_never_reset(word):
    async def play(twin, host):
        twin.do(word, now())
        await host.until(unit.Fault)
        await asyncio.sleep(600)
        assert twin.told()["state"] in {"cassette out", "cassette full"}
        assert not host.of(unit.FaultCleared)

    story(play)


def test_resets_become_rarer_and_start_afresh_once_the_unit_rests():
    policy, now_s, sent = ResetPolicy(), 0.0, []
    while now_s < 3000:
        if policy.owed(now_s):
            policy.sent(now_s)
            sent.append(now_s)
        now_s += 1
    waits = [after - before for before, after in itertools.pairwise(sent)]
    assert waits == sorted(waits)
    assert waits[0] == 5
    assert waits[-1] == 300
    policy.settle()
    assert policy.owed(now_s)


def test_a_unit_that_powers_up_for_ever_is_not_hammered_with_resets():
    async def play():
        twin, host = CcnetTwin("EUR"), Host()
        frames = []
        real = twin._reset
        twin._reset = lambda: frames.append(now()) or (real() and b"\x00")
        async with bench(twin, host):
            for _ in range(40):
                twin.do("power on", now())
                await asyncio.sleep(0.45)
        assert len(frames) <= 4

    run(play())


def test_a_busy_unit_is_asked_again_when_it_said():
    async def play(twin, host):
        twin.do("busy 1", now())
        before = len(host.told)
        await asyncio.sleep(2)
        assert host.told[before:] == []

    story(play)


def test_a_note_the_unit_will_not_hold_goes_back_before_the_unit_decides():
    async def play(twin, host):
        twin.do("refuse hold 99", now())
        await escrowed(twin, host)
        before = now()
        await host.until(unit.Returned)
        assert 7 < now() - before < 10

    twin, host = story(play, host=Host("wait"))
    assert twin.physical.returned == {"5000": 1}
    assert host.of(unit.Stacked) == []


def test_a_hold_that_was_not_answered_is_no_hold():
    script = Script().until_escrow()
    asked = []
    while script.now_s < 9.5:
        command = script.ask()
        asked.append(command)
        script.answer(b"\xff" if command is codes.Command.HOLD else b"\x80\x01")
    assert codes.Command.RETURN in asked
    assert all(
        second is codes.Command.POLL
        for first, second in itertools.pairwise(asked)
        if first is codes.Command.HOLD and second is not codes.Command.RETURN
    )


def test_a_refused_stack_leaves_no_stack_open_and_the_note_goes_back():
    async def play(twin, host):
        twin.do("refuse stack", now())
        await escrowed(twin, host)
        await host.until(unit.Returned)
        await asyncio.sleep(40)
        assert host.of(unit.StackUnresolved) == []

    twin, host = story(play)
    assert twin.physical.box == {}
    assert host.of(unit.Stacked) == []


def test_a_stack_the_unit_did_not_understand_is_sent_again_only_while_the_note_still_waits():
    script = Script().until_escrow()
    script.engine.stack()
    assert script.turn(b"\xff") is codes.Command.STACK
    assert script.turn(b"\x80\x01") is codes.Command.POLL
    assert script.turn(b"\x80\x01") is codes.Command.POLL
    assert script.turn(b"\x30") is codes.Command.STACK  # refused, for the first may have been taken after all
    script.turn(b"\x17")
    script.turn(b"\x81\x01")
    assert script.events[-1] == unit.Stacked(unit.Denomination(1, 1000, "EUR"), commanded=True)


def test_a_wish_that_changes_while_its_answer_is_awaited_is_sent_too():
    """A buyer confirmed in the very moment the unit was being told to take nothing."""
    script = Script()
    script.turn(b"\x19")
    script.turn(b"MODEL".ljust(15) + b"SERIAL".ljust(12) + bytes(7))
    script.turn((b"\x05EUR\x00" + b"\x01EUR\x01").ljust(120, b"\0"))
    script.turn(b"\x12\x34\x56\x78")
    script.turn(b"\0")
    assert script.ask() is codes.Command.ENABLE_BILL_TYPES
    (identified,) = [event for event in script.events if isinstance(event, unit.Identified)]
    script.engine.enable(frozenset(identified.denominations))
    script.answer(b"\0")
    asked = [script.turn(b"\x19"), script.turn(b"\0")]
    assert codes.Command.ENABLE_BILL_TYPES in asked


def test_a_unit_that_forgot_its_masks_unseen_is_enabled_again():
    async def play(twin, host):
        twin.do("forget masks", now())
        await host.until_state(unit.AcceptorState.DISABLED)
        await host.until_state(unit.AcceptorState.IDLE)
        await escrowed(twin, host)
        await host.until(unit.Stacked)

    story(play)


def test_a_state_nobody_knows_is_a_fault_and_not_acknowledged():
    script = Script().until_running()
    script.events.clear()
    for _ in range(5):
        script.ask()
        assert script.answer(b"\x84\x01") == b""
    assert script.events == [unit.Fault(unit.FaultReason.FAILURE, "84 unknown state")]
    script.turn(b"\x14")
    assert unit.FaultCleared() in script.events


def test_one_unknown_state_alone_changes_nothing():
    script = Script().until_running()
    script.events.clear()
    script.turn(b"\x84\x01")
    script.turn(b"\x19")
    assert script.events == []


@pytest.mark.parametrize(
    ("state", "reason"),
    [(b"\x13", unit.FaultReason.FAILURE), (b"\x18", unit.FaultReason.ACCEPTOR_JAM)],
)
def test_what_should_pass_and_does_not_is_a_fault_told_once_until_it_passes(state, reason):
    script = Script().until_running()
    script.events.clear()
    while script.now_s < 400:
        script.turn(state)
    faults = [event for event in script.events if isinstance(event, unit.Fault)]
    assert [fault.reason for fault in faults] == [reason]
    script.turn(b"\x19")
    assert unit.FaultCleared() in script.events


def test_a_slow_initialisation_within_the_limit_is_no_fault():
    async def play(twin, host):
        twin.do("slow init", now())
        twin.do("power cut", now())
        await host.until(unit.Disconnected)
        twin.do("power on", now())
        await host.until(unit.Ready, 2)
        assert host.of(unit.Fault) == []

    story(play)


@pytest.mark.parametrize("command", [codes.Command.IDENTIFICATION, codes.Command.GET_BILL_TABLE])
def test_our_own_question_coming_back_is_no_answer(command):
    script = Script()
    script.turn(b"\x19")
    while (asked := script.ask()) is not command:
        script.answer(b"MODEL".ljust(34))
    script.answer(bytes((asked,)))
    assert script.engine._unit.question is command
    assert script.engine.phase is Phase.LEARNING


def test_a_lost_unit_is_told_with_what_the_line_carried_instead():
    script = Script().until_running()
    bad = bytearray(Frame(b"\x14").to_bytes())
    bad[-1] ^= 1
    while not any(isinstance(event, unit.Disconnected) for event in script.events):
        script.ask()
        script.engine.feed(bytes(bad), script.now_s)
        script.engine.no_reply(script.now_s)
        script.events += script.engine.events()
    assert "checksum" in script.events[-1].detail


def test_a_coupon_is_named_as_one():
    assert codes.REJECTS[0x92] is unit.RejectReason.BARCODE


def test_a_note_stacked_without_being_asked_is_told_as_uncommanded():
    """A unit whose escrow was off for a type stacks on its own."""
    script = Script().until_running()
    script.turn(b"\x81\x01")
    assert script.events[-1] == unit.Stacked(unit.Denomination(1, 1000, "EUR"), commanded=False)


def test_a_long_stack_is_told_when_it_ends():
    async def play(twin, host):
        await escrowed(twin, host)
        stacked = await host.until(unit.Stacked)
        assert stacked.commanded

    story(play, CcnetTwin("EUR", times=Times(stack_s=25.0)))


def test_a_unit_that_refuses_to_be_enabled_is_still_listened_to():
    async def play(twin, host):
        host.driver.disable()
        await host.until_state(unit.AcceptorState.DISABLED)
        twin.do("refuse enable 999", now())
        host.driver.enable(frozenset(host.table))
        await asyncio.sleep(2)
        twin.do("cassette out", now())
        await host.until(unit.Fault, within_s=1)

    story(play)


@given(st.lists(st.sampled_from([bytes((poll,)) for poll in codes.Poll] + [b"\x80\x01", b"\x81\x01"]), max_size=40))
@settings(derandomize=True, deadline=None)
def test_no_reset_is_sent_between_a_stack_and_the_word_what_became_of_it(polls):
    script = Script().until_escrow()
    script.engine.stack()
    assert script.turn(b"\0") is codes.Command.STACK
    for poll in polls:
        script.events.clear()
        asked = script.ask()
        assert asked is not codes.Command.RESET
        script.answer(poll if asked is codes.Command.POLL else b"\0")
        if any(isinstance(event, OUTCOMES) for event in script.events):
            return
