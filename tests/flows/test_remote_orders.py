"""What an operator orders from afar: recorded, obeyed once and never in the middle of a visit, acknowledged until it is known."""

import asyncio

import pytest

from kiosk.domain import events, facts
from kiosk.domain import operation_facts as o
from kiosk.domain.decide import why_closed
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.operation_facts import OrderProgress
from kiosk.domain.order_book import RemoteKind, StandingOrder, to_acknowledge
from kiosk.domain.remote_orders import KNOWN_MAX
from kiosk.domain.session import Phase
from kiosk.link.service import ReceiptBy
from kiosk.till.loop import RestartAskedError
from kiosk.till.past_visits import PastVisits
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.staff import try_notes
from tests.support.world import VirtualClock, World

HOUR_US = 3_600_000_000


class Desk:
    """A kiosk, and an operator far away."""

    def __init__(self, path):
        self.path, self.world, self.clock = path, World(), VirtualClock()
        self.player = Player(path, self.world, self.clock)
        self.player.boot()

    @property
    def state(self):
        return self.player.state

    def give(self, kind, order_id="a1", lives_us=HOUR_US):
        """An order, that stands from now on."""
        order = StandingOrder(order_id, kind, self.clock.utc_us() + lives_us)
        self.world.standing = (*self.world.standing, order)

    def beat(self):
        """One heartbeat and its answer."""
        self.world.beat(self.state)
        self.player.settle()

    def order(self, kind, order_id="a1", lives_us=HOUR_US):
        self.give(kind, order_id, lives_us)
        self.beat()

    def again(self, power_cut=True):
        """The process is gone; it is started again."""
        self.player.close()
        self.world.queue.clear()
        self.world.accepting, self.world.awake = frozenset(), False
        self.player = Player(self.path, self.world, self.clock)
        self.player.boot(power_cut=power_cut)

    def recorded(self, *kinds):
        return [row.fact for row in self.player.journal.replay() if isinstance(row.fact, kinds)]

    @property
    def ends(self):
        return [(fact.order_id, fact.progress) for fact in self.recorded(o.RemoteOrderEnded)]

    @property
    def acknowledged(self):
        known = to_acknowledge(self.state.remote, self.state.devices.listed_again)
        return [(order.order_id, order.progress) for order in known]


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "journal.sqlite")
    yield desk
    desk.player.close()
    assert verify(desk.path).faults == []


DONE, RECEIVED, REFUSED = OrderProgress.DONE, OrderProgress.RECEIVED, OrderProgress.REFUSED


# --- lock and unlock ----------------------------------------------------------------------------------------------


def test_a_locked_kiosk_begins_no_visit_until_it_is_unlocked(desk):
    desk.order("lock")
    assert why_closed(desk.state) == "locked"
    desk.player.go_to_cash()
    assert desk.state.session.phase is Phase.ENTRY
    desk.player.wait(60)
    desk.order("unlock", "a2")
    assert why_closed(desk.state) == ""
    desk.player.pay()
    assert len(desk.world.physical.paid) == 1
    assert desk.ends == [("a1", DONE), ("a2", DONE)]


def test_a_visit_that_has_begun_is_finished_before_the_lock_is_done(desk):
    desk.player.go_to_cash()
    desk.player.insert(5000)
    desk.order("lock")
    assert desk.acknowledged == [("a1", RECEIVED)]
    desk.player.insert(2000)
    assert desk.state.session.phase is Phase.DONE
    assert desk.ends == []
    desk.player.wait(100)
    assert desk.ends == [("a1", DONE)]
    assert len(desk.world.physical.paid) == 1
    assert why_closed(desk.state) == "locked"


def test_while_a_lock_waits_for_one_buyer_the_next_offer_is_not_taken_up(desk):
    desk.player.say(events.LanguageTapped("en"))
    desk.player.say(desk.world.wants)
    desk.player.settle()
    assert desk.state.session.phase is Phase.OFFER
    desk.order("lock")
    desk.player.say(events.OfferConfirmed(without_receipt=False))
    assert desk.state.session.phase is Phase.OFFER
    assert desk.recorded(facts.SessionOpened) == []


def test_a_lock_survives_a_restart(desk):
    desk.order("lock")
    desk.again()
    assert why_closed(desk.state) == "locked"
    assert desk.world.accepting == frozenset()


def test_a_technician_may_try_notes_in_a_locked_kiosk(desk):
    desk.order("lock")
    try_notes(desk.player)
    assert desk.state.session.phase is Phase.NOTE_TEST


# --- restart ------------------------------------------------------------------------------------------------------


def restarts(desk, deed):
    with pytest.raises(RestartAskedError, match="a1"):
        deed()


def test_a_restart_is_recorded_before_it_is_obeyed_and_never_obeyed_again(desk):
    restarts(desk, lambda: desk.order("restart"))
    assert desk.ends == [("a1", DONE)]
    desk.again(power_cut=False)
    for _ in range(3):
        desk.beat()
    assert desk.ends == [("a1", DONE)]


def test_a_restart_waits_until_nobody_is_paying(desk):
    desk.player.go_to_cash()
    desk.player.insert(5000)
    desk.order("restart")
    desk.player.insert(2000)
    assert desk.ends == []
    restarts(desk, lambda: desk.player.wait(100))
    assert len(desk.world.physical.paid) == 1


def test_a_restart_waits_for_a_copy_that_is_being_printed(desk):
    desk.player.pay()
    visit = asyncio.run(PastVisits(desk.player.journal, nothing_else).find(ReceiptBy.LAST, ""))
    desk.player.say(events.ReprintAsked(visit, "Maria", "lost"))
    desk.give("restart")
    desk.player.say(events.HeartbeatAnswered(False, 0.0, 0, desk.world.standing, ()))
    assert desk.acknowledged == [("a1", RECEIVED)]
    restarts(desk, desk.player.settle)
    assert len(desk.world.printed) == 2


async def nothing_else():
    """Nothing else is going on here."""


def test_a_restart_waits_for_a_note_on_its_way_out(desk):
    desk.player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    desk.order("restart")
    assert desk.acknowledged == [("a1", RECEIVED)]
    restarts(desk, lambda: desk.player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED)))


def test_power_cut_between_obeying_and_acknowledging_restarts_once(desk):
    restarts(desk, lambda: desk.order("restart"))
    desk.again()
    assert desk.acknowledged == [("a1", DONE)]
    desk.beat()
    assert desk.acknowledged == []
    assert desk.recorded(o.RemoteOrderTold)[0].order_id == "a1"


def test_power_cut_between_receiving_and_obeying_obeys_afterwards(desk):
    desk.player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    desk.order("restart")
    desk.player.close()
    desk.world.queue.clear()
    desk.player = Player(desk.path, desk.world, desk.clock)
    restarts(desk, desk.player.boot)
    assert desk.ends == [("a1", DONE)]


# --- acknowledging ------------------------------------------------------------------------------------------------


def test_an_order_is_acknowledged_until_it_is_listed_no_more(desk):
    desk.give("lock")
    answer = events.HeartbeatAnswered(False, 0.0, 0, desk.world.standing, ())
    for _ in range(3):
        desk.player.say(answer)
        assert desk.acknowledged == [("a1", DONE)]
    desk.beat()
    assert desk.acknowledged == []


def test_an_end_that_no_heartbeat_has_told_yet_is_not_taken_as_known(desk):
    desk.order("lock")
    desk.player.say(events.HeartbeatAnswered(False, 0.0, 0, (), ()))
    assert desk.acknowledged == [("a1", DONE)]


def test_an_aggregator_that_forgot_is_told_again_and_nothing_is_done_again(desk):
    desk.order("lock")
    desk.beat()
    desk.order("unlock", "a2")
    desk.beat()
    assert desk.acknowledged == []
    desk.order("lock")
    assert desk.acknowledged == [("a1", DONE)]
    assert why_closed(desk.state) == ""
    desk.beat()
    assert desk.acknowledged == []


def test_the_same_order_listed_many_times_is_one_order(desk):
    for _ in range(5):
        desk.player.say(
            events.HeartbeatAnswered(False, 0.0, 0, (StandingOrder("a1", "lock", desk.clock.utc_us() + HOUR_US),), ())
        )
    assert len(desk.recorded(o.RemoteOrderReceived)) == 1
    assert desk.ends == [("a1", DONE)]


# --- refusing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "lives_us", "words"),
    [
        ("lock", -1, "expired"),
        ("lock", 91 * 24 * HOUR_US, "at most 90 days"),
        ("dance", HOUR_US, "does not know"),
    ],
)
def test_what_cannot_be_obeyed_is_refused_in_words(desk, kind, lives_us, words):
    desk.order(kind, lives_us=lives_us)
    (end,) = desk.recorded(o.RemoteOrderEnded)
    assert end.progress is REFUSED
    assert words in end.words
    assert why_closed(desk.state) == ""


def test_expired_is_judged_by_the_aggregators_clock(desk):
    order = StandingOrder("a1", "lock", desk.clock.utc_us() + HOUR_US)
    desk.player.say(events.HeartbeatAnswered(False, -7200.0, 0, (order,), ()))
    assert desk.ends == [("a1", REFUSED)]


def test_an_order_that_expires_while_it_waits_is_not_obeyed(desk):
    desk.player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    desk.order("restart", lives_us=60_000_000)
    desk.player.wait(100)
    desk.player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    assert desk.ends == [("a1", REFUSED)]


def test_an_order_that_is_withdrawn_while_it_waits_is_not_obeyed(desk):
    desk.player.go_to_cash()
    desk.player.insert(5000)
    desk.order("restart")
    desk.world.standing = ()
    desk.beat()
    desk.player.insert(2000)
    desk.player.wait(100)
    assert desk.ends == [("a1", REFUSED)]


def test_an_order_is_not_obeyed_on_hearsay_of_an_earlier_life(desk):
    desk.player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    desk.order("restart")
    desk.world.network_up = False
    desk.again()
    assert desk.acknowledged == [("a1", RECEIVED)]


def test_orders_without_end_are_kept_within_bounds(desk):
    many = tuple(StandingOrder(f"b{n}", "dance", desk.clock.utc_us() + HOUR_US) for n in range(KNOWN_MAX + 50))
    desk.player.say(events.HeartbeatAnswered(False, 0.0, 0, many, ()))
    assert len(desk.state.remote.orders) == KNOWN_MAX


def test_orders_that_are_long_over_are_forgotten(desk):
    for number in range(5):
        desk.order("dance", f"b{number}")
        desk.beat()
        desk.player.wait(2 * 86_400)
    assert set(desk.state.remote.orders) == {"b4"}


# --- catalogue ----------------------------------------------------------------------------------------------------


def test_a_catalogue_is_fetched_by_order(desk):
    desk.order(RemoteKind.FETCH_CATALOGUE)
    assert desk.world.catalogues_fetched == 1
    assert desk.ends == [("a1", DONE)]


def test_another_catalogue_than_ours_is_fetched_at_once_and_once(desk):
    for version in (7, 7, 8, 0):
        desk.world.beat(desk.state, catalogue_version=version)
        desk.player.settle()
    assert desk.world.catalogues_fetched == 2


def test_a_twin_refuses_a_live_aggregator_whatever_it_orders(desk):
    asked = []
    desk.world.perform = lambda order, _: asked.append(type(order).__name__)
    standing = (StandingOrder("a1", "lock", desk.clock.utc_us() + HOUR_US),)
    desk.player.till.process(events.HeartbeatAnswered(True, 0.0, 0, standing, ()))
    assert asked == ["RefuseToRun"]
    assert desk.recorded(o.RemoteOrderReceived) == []
