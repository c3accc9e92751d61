"""Every fault of the twins' menus, in every protocol, is named by its cause; and nothing is moved by looking."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.driver import EngineDriver
from drivers.bill_acceptor.registry import PROTOCOLS, open_acceptor
from drivers.errors import CallTechnicianError
from drivers.memory_channel import memory_pair
from kiosk.diagnosis.acceptor import FAULTS, LINE, UnitSeen, UnitWanted, facts_of, findings_of
from kiosk.diagnosis.acceptor_look import look, see
from kiosk.domain.findings import FactCode, FindingCode, verdict_of, worst
from kiosk.domain.receipts import Verdict
from tests.support.acceptors import twin_of
from tests.support.bench import Host, bench, now, serve
from tests.support.virtual_time import run

C = FindingCode


def wanted(protocol="ccnet", **changes):
    plain = {"port": "/dev/x", "protocol": protocol, "currency": "EUR", "values_minor": (500, 1000, 2000)}
    return UnitWanted(**{**plain, **changes})


async def nobody():
    raise CallTechnicianError("nobody answers")


@asynccontextmanager
async def on_a_line(twin, protocol):
    """What opens an acceptor that talks to the twin; the twin lives on when the acceptor is given up."""
    stations = []

    async def open_channel():
        near, far = memory_pair()
        stations.append(asyncio.create_task(serve(twin, far)))
        return near

    try:
        yield lambda: EngineDriver(PROTOCOLS[protocol].make_engine(0.1), open_channel)
    finally:
        for task in stations:
            task.cancel()
        await asyncio.gather(*stations, return_exceptions=True)


async def rested(twin, protocol):
    """A unit that a till has woken and left."""
    host = Host()
    async with bench(twin, host, PROTOCOLS[protocol].make_engine):
        await host.until(unit.Ready)
        host.driver.disable()
        await asyncio.sleep(3)


def codes_after(twin, protocol, *, before=rested, hand=(), detect=nobody):
    """The findings of a look at a unit that was at rest, after what a hand did to it; and what the look changed."""

    async def story():
        if before is not None:
            await before(twin, protocol)
        for words in hand:
            assert twin.do(words, now()) == "ok", words
        state = twin.told()
        async with on_a_line(twin, protocol) as open_unit:
            seen, findings = await look(open_unit, detect, wanted(protocol))
        return seen, [found.code for found in findings], state, twin.told()

    return run(story())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_healthy_unit_is_green_and_known_and_is_left_as_it_was(protocol):
    seen, codes, before, after = codes_after(twin_of(protocol), protocol)
    assert codes == [C.ACCEPTOR_ANSWERS, C.ACCEPTOR_READY, C.BOX_IN_PLACE, C.NOTES_KNOWN]
    assert seen.identity.protocol == protocol
    told = dict(facts_of(seen, wanted(protocol)))
    assert "EUR" in told[FactCode.DENOMINATIONS]
    assert told[FactCode.PORT] == "/dev/x"
    assert before == after


#: A word of the fault menu → what a look must call it. Units without a sensor for it are named beside.
FAULT_MENU = {
    "jam": C.ACCEPTOR_JAM,
    "cassette jam": C.ACCEPTOR_BOX_JAM,
    "cassette out": C.ACCEPTOR_BOX_OUT,
    "full": C.ACCEPTOR_BOX_FULL,
    "failure": C.ACCEPTOR_FAILED,
    "pause": C.ACCEPTOR_PAUSED,
    "dead": C.ACCEPTOR_SILENT,
    "power cut": C.ACCEPTOR_SILENT,
}
#: What a protocol has no word for, and what a look can say instead.
OTHERWISE = {("ssp", "pause"): C.ACCEPTOR_STARTING, ("ebds", "cassette jam"): C.ACCEPTOR_JAM}
#: The menu of the oldest twin wants the failure's number.
HANDS = {("ccnet", "failure"): "failure 50"}


@pytest.mark.parametrize("fault", FAULT_MENU)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_fault_of_the_menu_is_named_by_its_cause_and_the_look_moves_nothing(protocol, fault):
    _, codes, before, after = codes_after(twin_of(protocol), protocol, hand=[HANDS.get((protocol, fault), fault)])
    assert OTHERWISE.get((protocol, fault), FAULT_MENU[fault]) in codes
    assert before == after


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_unit_that_hears_itself_is_told_apart_from_one_that_is_dead(protocol):
    _, codes, _, _ = codes_after(twin_of(protocol), protocol, hand=["dead", "echo on"])
    assert C.ACCEPTOR_ECHO in codes


def test_noise_and_broken_frames_do_not_hide_a_healthy_unit():
    _, codes, before, after = codes_after(twin_of("ccnet"), "ccnet", hand=["noise 3", "crc 2"])
    assert worst(map(verdict_of, codes)) is Verdict.GOOD
    assert before["state"] == after["state"]


async def fresh(_twin, _protocol):
    """A unit that was just switched on, and that no till has met yet."""


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_unit_that_was_just_switched_on_is_not_woken_in_place_of_the_till(protocol):
    _, codes, before, after = codes_after(twin_of(protocol), protocol, before=fresh)
    assert codes[:2] in ([C.ACCEPTOR_ANSWERS, C.ACCEPTOR_READY], [C.ACCEPTOR_ANSWERS, C.ACCEPTOR_STARTING])
    wakes_alone = before["state"] == "initializing"
    assert wakes_alone or before["state"] == after["state"]


async def killed_with_a_note_in_escrow(twin, protocol):
    host = Host(decide="wait")
    async with bench(twin, host, PROTOCOLS[protocol].make_engine):
        await host.until(unit.Ready)
        async with asyncio.timeout(60):
            while twin.do("note 50", now()).startswith("refused"):
                await asyncio.sleep(0.05)
        await host.until(unit.Escrowed)


@pytest.mark.parametrize("protocol", ["ccnet", "id003", "ebds"])
def test_a_note_that_waits_for_a_dead_till_is_left_where_it_is(protocol):
    """SSP takes any further word of a host, even a poll, as "stack it": its note is nobody's to hold."""
    _, codes, before, after = codes_after(twin_of(protocol), protocol, before=killed_with_a_note_in_escrow)
    assert C.ACCEPTOR_BUSY in codes
    assert (after["position"], after["box"], after["returned"]) == ("head", {}, {})
    assert before["state"] == after["state"]


async def killed_before_it_heard_of_the_note(twin, protocol):
    """The note went in; the till died while it was being told."""
    heard = asyncio.Event()

    class Dying(Host):
        async def listen(self, event):
            await super().listen(event)
            if isinstance(event, unit.Stacked):
                heard.set()
                await asyncio.Future()

    host = Dying()
    async with bench(twin, host, PROTOCOLS[protocol].make_engine):
        await host.until(unit.Ready)
        async with asyncio.timeout(60):
            while twin.do("note 50", now()).startswith("refused"):
                await asyncio.sleep(0.05)
        await heard.wait()


@pytest.mark.parametrize("protocol", ["ccnet", "id003"])
def test_a_look_hears_no_news_of_money_in_place_of_the_till(protocol):
    """What the unit still has to tell, it tells the next till. SSP and EBDS tell it to nobody twice, look or not."""

    async def story():
        twin = twin_of(protocol)
        await killed_before_it_heard_of_the_note(twin, protocol)
        async with on_a_line(twin, protocol) as open_unit:
            await see(open_unit())
        host = Host()
        async with bench(twin, host, PROTOCOLS[protocol].make_engine):
            await host.until(unit.Stacked)
        assert len(host.of(unit.Stacked)) == 1

    run(story())


@pytest.mark.parametrize("protocol", ["ccnet", "id003", "ebds"])
def test_a_note_left_by_a_power_cut_is_found_and_not_moved(protocol):
    async def cut(twin, protocol):
        await killed_with_a_note_in_escrow(twin, protocol)
        twin.do("power cut head", now())
        twin.do("power on", now())

    _, codes, _, after = codes_after(twin_of(protocol), protocol, before=cut)
    assert after["position"] == "head"
    assert codes[1] in {C.ACCEPTOR_NOTE_INSIDE, C.ACCEPTOR_BUSY}


def test_another_protocol_on_the_line_is_named():
    async def found():
        return "id003"

    _, codes, _, _ = codes_after(twin_of("id003"), "ccnet", before=None, detect=found)
    assert codes[0] is C.ACCEPTOR_OTHER_PROTOCOL


def test_a_unit_that_answers_at_another_speed_is_looked_at_there():
    """`detect` finds our own protocol: the driver tries its other speeds in turn, given time."""
    speeds = iter(["dead", "alive"])

    async def story():
        twin = twin_of("ccnet")
        await rested(twin, "ccnet")

        async def found():
            return "ccnet"

        async with on_a_line(twin, "ccnet") as open_unit:

            def opened():
                twin.do(next(speeds), now())
                return open_unit()

            _, findings = await look(opened, found, wanted())
        assert [f.code for f in findings][:2] == [C.ACCEPTOR_ANSWERS, C.ACCEPTOR_READY]

    run(story())


def test_a_port_that_is_missing_or_no_port_is_named(tmp_path):
    async def codes(port):
        async def story():
            return await look(lambda: open_acceptor("ccnet", str(port), 0.1), nobody, wanted(port=str(port)))

        _, findings = await story()
        return [f.code for f in findings]

    plain = tmp_path / "plain"
    plain.touch()
    assert C.ACCEPTOR_PORT_MISSING in asyncio.run(codes(tmp_path / "nowhere"))
    assert C.ACCEPTOR_PORT_WRONG in asyncio.run(codes(plain))


def test_every_trouble_and_every_fault_has_its_code():
    assert set(LINE) == set(unit.LineTrouble)
    assert set(FAULTS) == set(unit.FaultReason)


NOTES = tuple(unit.Denomination(n, value, "EUR") for n, value in enumerate((500, 1000)))


@pytest.mark.parametrize(
    ("notes", "currency", "code"),
    [
        (NOTES, "EUR", C.NOTES_MISSING),
        (NOTES, "RUB", C.NOTES_NONE),
        ((), "EUR", C.NOTES_NONE),
        ((*NOTES, unit.Denomination(7, 2000, "EUR")), "EUR", C.NOTES_KNOWN),
    ],
)
def test_notes_the_unit_does_not_know_are_named(notes, currency, code):
    known = unit.Identified(unit.Identity("ccnet", "SM", "1"), notes)
    seen = UnitSeen().after(unit.Connected(unit.AcceptorState.DISABLED)).after(known).after(unit.Ready())
    found = findings_of(seen, wanted(currency=currency))[-1]
    assert found.code is code
    assert ("notes", "20") in found.values or code is not C.NOTES_MISSING


def test_what_is_known_of_a_unit_follows_its_events():
    jam = unit.Fault(unit.FaultReason.ACCEPTOR_JAM, "43")
    out = unit.Fault(unit.FaultReason.CASSETTE_OUT, "42")
    seen = UnitSeen().after(unit.Connected(unit.AcceptorState.DISABLED)).after(unit.Ready())
    assert seen.box is unit.CashBoxCondition.IN
    assert seen.after(out).box is unit.CashBoxCondition.OUT
    assert seen.after(jam).box is unit.CashBoxCondition.IN
    assert seen.after(jam).after(unit.FaultCleared()).fault is None
    assert seen.after(unit.Disconnected("gone")).box is None
    rejected = seen.after(unit.Rejected(unit.RejectReason.OPTIC)).after(unit.Rejected(unit.RejectReason.OPTIC))
    assert (FactCode.REJECT_REASONS, "optic 2") in facts_of(rejected, wanted())
    assert C.ACCEPTOR_CHEATED in [f.code for f in findings_of(seen.after(unit.Cheated()), wanted())]


def test_before_the_first_word_of_a_unit_nothing_is_claimed():
    assert worst(f.verdict for f in findings_of(UnitSeen(), wanted())) is Verdict.UNKNOWN
