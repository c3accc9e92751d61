"""What the till tells of itself, and what it makes of the answer or of none."""

import asyncio
import logging
from dataclasses import replace
from types import SimpleNamespace

import pytest
from pydantic import TypeAdapter

from kiosk import terminal_api as api
from kiosk.domain import events
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.operation_facts import OrderProgress
from kiosk.domain.order_book import KnownOrder, OrderBook, StandingOrder
from kiosk.domain.register_book import RegisterBook
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS
from kiosk.gateways.terminal_api.freeze import encoder
from kiosk.till.clock import SystemClock
from kiosk.till.heartbeat import IDLE_S, SOON_S, Pulse, heartbeat
from kiosk.till.lights import ACCEPTOR, parts
from tests.support import virtual_time
from tests.support.collectors import collect
from tests.support.play import Player
from tests.support.world import VirtualClock, World

HEAD = bytes(32)
NOW_US = 1_790_000_000_000_000
published = TypeAdapter(api.Heartbeat)


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()


def beat_of(state):
    """The heartbeat, as the far end reads it."""
    body = encoder.encode(heartbeat(state, "0.1.0", "EUR", NOW_US, 7, HEAD))
    return published.validate_json(body, strict=True)


def lights(state):
    return {part: light.value for part, (light, _) in parts(state, NOW_US).items()}


# --- what is told -------------------------------------------------------------------------------------------------


def test_a_kiosk_in_order_is_green_and_accepts(player):
    player.world.paper(ok=True)
    player.settle()
    beat = beat_of(player.state)
    assert (beat.accepting, beat.queued, beat.catalogue_version, beat.currency) == (True, 0, 0, "EUR")
    assert {part.light for part in beat.parts} == {api.Light.GREEN}
    assert (beat.journal_seq, beat.journal_head) == (7, HEAD.hex())
    assert beat.sent_at == "2026-09-21T14:13:20+00:00"


def test_it_tells_the_cash_of_this_period_by_denomination_and_what_waits(player):
    player.pay((5000, 2000))
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(2000, 5000)
    player.wait(200)
    beat = beat_of(player.state)
    assert beat.cash == (api.CashCount(2000, 2), api.CashCount(5000, 2))
    assert beat.queued == 1
    collect(player)
    assert beat_of(player.state).cash == ()


def test_every_condition_of_the_acceptor_has_a_light():
    assert set(ACCEPTOR) == set(AcceptorCondition)


@pytest.mark.parametrize(
    ("event", "part", "light", "words"),
    [
        (events.AcceptorCondensed(AcceptorCondition.FAULT, "stacker is full"), "acceptor", "red", "stacker is full"),
        (events.AcceptorCondensed(AcceptorCondition.LOST), "acceptor", "red", "does not answer"),
        (events.PrinterAnswered(can_print=False, trouble="paper_end"), "printer", "red", "paper_end"),
        (events.PrinterAnswered(can_print=True, trouble="near_end"), "printer", "amber", "near_end"),
        (events.StorageLooked(has_room=False), "disk", "red", "nearly full"),
        (events.HealthSeen(up=True, live=False, skew_s=4000.0), "clock", "amber", "five minutes"),
        (events.FraudSuspected(), "acceptance", "red", "suspects fraud"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_what_is_wrong_has_its_light_and_its_reason(player, event, part, light, words):
    player.world.paper(ok=True)
    player.settle()
    player.say(event)
    told = {one.part: one for one in beat_of(player.state).parts}
    assert {one.part for one in told.values() if one.light is not api.Light.GREEN} == {part}
    assert (told[part].light.value, words in told[part].words) == (light, True)


def test_a_locked_kiosk_says_so(player):
    player.say(events.HeartbeatAnswered(False, 0.0, 0, (StandingOrder("a1", "lock", NOW_US + 10**10),), ()))
    beat = beat_of(player.state)
    assert not beat.accepting
    assert lights(player.state)["acceptance"] == "amber"
    assert beat.acknowledged == (api.OrderAcknowledged("a1", api.OrderProgress.DONE),)


def test_registers_that_differ_or_lag_are_amber(player):
    for book, light in (
        (RegisterBook(1, "2026-09-20"), "green"),
        (RegisterBook(1, "2026-09-20", differences=2), "amber"),
        (RegisterBook(1, "2026-09-10"), "amber"),
        (RegisterBook(), "green"),
    ):
        assert lights(replace(player.state, registers=book))["registers"] == light


def test_the_most_there_can_be_to_tell_stays_within_the_published_limits(player):
    orders = {f"o{n}": KnownOrder(f"o{n}", "lock", 1, OrderProgress.REFUSED, "x" * 999) for n in range(200)}
    totals = {f"stacked:EUR:{value}": 10**7 for value in range(1, 90)}
    state = replace(player.state, remote=OrderBook(orders), totals=totals, latched="y" * 999, printer_trouble="z" * 999)
    beat = beat_of(state)
    assert (len(beat.acknowledged), len(beat.cash)) == (50, 50)


# --- what is heard ------------------------------------------------------------------------------------------------

HEARD = port.HeartbeatHeard(False, 0.5, 3, (port.RemoteOrder("o1", "lock", 5),))


class Gateway:
    """Answers heartbeats and looks at its health as told; then nothing more is wanted of it."""

    def __init__(self, beats, looks=(), dialect="terminal_api"):
        self.capabilities = DIALECTS[dialect].capabilities
        self.beats, self.looks = list(beats), list(looks)

    async def heartbeat(self, _body):
        return self.beats.pop(0)

    async def health(self):
        return self.looks.pop(0)


def pulse(gateway, state, seconds):
    """What a till with this gateway hears in so many seconds, but for the disk."""
    heard = []

    async def story():
        journal = SimpleNamespace(seq=7, head=HEAD)
        one = Pulse(gateway, journal, SystemClock(), "0.1.0", "EUR", lambda: True, heard.append)
        if state is not None:
            one.saw(state)
        watching = asyncio.create_task(one.watch())
        await asyncio.sleep(seconds)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    virtual_time.run(story())
    return [event for event in heard if not isinstance(event, events.StorageLooked)]


def test_an_answer_becomes_an_event_with_what_it_acknowledges(player):
    player.say(events.HeartbeatAnswered(False, 0.0, 0, (StandingOrder("a1", "lock", NOW_US + 10**10),), ()))
    (answered,) = pulse(Gateway([HEARD]), player.state, 1)
    assert answered == events.HeartbeatAnswered(False, 0.5, 3, (StandingOrder("o1", "lock", 5),), ("a1",))


def test_an_order_that_waits_is_told_as_received_which_is_no_end(player):
    player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    player.say(events.HeartbeatAnswered(False, 0.0, 0, (StandingOrder("a1", "restart", NOW_US + 10**10),), ()))
    assert [one.progress for one in beat_of(player.state).acknowledged] == [api.OrderProgress.RECEIVED]
    (answered,) = pulse(Gateway([HEARD]), player.state, 1)
    assert answered.acknowledged == ()


def test_an_aggregator_that_takes_no_heartbeat_still_takes_payments(player, caplog):
    looks = [port.Healthy(live=False, skew_s=0.1)] * 2
    with caplog.at_level(logging.WARNING):
        heard = pulse(Gateway([port.Unhealthy("HTTP 404")] * 2, looks), player.state, IDLE_S + 1)
    assert heard == [events.HealthSeen(up=True, live=False, skew_s=0.1)] * 2
    assert caplog.text.count("heartbeat: HTTP 404") == 1, "told once, not with every beat"


def test_while_nothing_answers_it_is_asked_more_often(player):
    down = Gateway([port.Unhealthy("cut")] * 3, [port.Unhealthy("cut")] * 3)
    assert pulse(down, player.state, 2 * SOON_S + 1) == [events.HealthSeen(up=False, live=None)] * 3


def test_a_dialect_without_heartbeats_is_asked_for_its_health(player):
    gateway = Gateway([], [port.Healthy(live=False, skew_s=0.0)], "osmp")
    assert pulse(gateway, player.state, 1) == [events.HealthSeen(up=True, live=False, skew_s=0.0)]


def test_nothing_is_told_before_there_is_a_state_to_tell_of():
    gateway = Gateway([], [port.Healthy(live=False, skew_s=0.0)])
    assert len(pulse(gateway, None, 1)) == 1
