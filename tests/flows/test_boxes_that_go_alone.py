"""A cash box that is taken with nobody signed in, or by somebody who is not collecting: alarmed, closed, told, printed."""

import msgspec
import pytest

from kiosk import terminal_api as api
from kiosk.domain import collection_events as e
from kiosk.domain import events
from kiosk.domain.decide import why_closed
from kiosk.domain.people import Role
from kiosk.domain.receipts import Doubt, Person
from kiosk.domain.session import Phase
from kiosk.till.lights import parts
from kiosk.till.verify import verify
from tests.support.collectors import collect, slips_of, slips_printed
from tests.support.play import Player
from tests.support.staff import sign_in, sign_out
from tests.support.world import VirtualClock, World


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def names(player):
    return [row.name for row in player.journal.replay()]


def light(player):
    shown, words = parts(player.state, player.clock.utc_us())["cash_box"]
    return shown.value, words


def take_box(player):
    player.world.take_box()
    player.settle()


def put_box_in(player, *, back=False):
    player.world.put_box_in(back=back)
    player.settle()


def test_its_period_is_closed_at_once_its_slip_comes_out_and_the_aggregator_knows(player):
    player.pay((5000, 2000))
    took_us = player.clock.utc_us()
    take_box(player)
    (slip,) = slips_of(player)
    assert (slip.attended, slip.people, slip.bag, slip.box_id) == (False, (), "", "")
    assert (slip.boxes[0].stacked_minor, slip.until_us, slip.doubts) == (7000, took_us, (Doubt.BOX_AWAY,))
    assert [sheet.sheet for sheet in slips_printed(player.world)] == [1, 2]
    ((_, body),) = player.world.physical.collections
    report = msgspec.json.decode(body, type=api.CollectionReport)
    assert (report.attended, report.exact, report.stacked_minor) == (False, False, 7000)
    assert light(player) == ("red", "it is out of the kiosk")
    assert why_closed(player.state) == "acceptor_fault"


def test_a_box_that_is_back_is_recorded_and_its_next_sum_is_to_be_counted(player):
    player.pay((5000, 2000))
    take_box(player)
    put_box_in(player, back=True)
    assert names(player).count("BoxReturned") == 1
    assert light(player)[0] == "amber"
    player.pay((5000, 2000))
    collect(player)
    second = slips_of(player)[1]
    assert (second.boxes[0].stacked_minor, second.doubts, second.is_exact) == (7000, (Doubt.BOX_AWAY,), False)
    player.pay((5000, 2000))
    collect(player)
    assert slips_of(player)[2].is_exact


def test_no_cash_is_taken_while_the_box_is_out(player):
    take_box(player)
    player.go_to_cash()
    assert player.state.session.phase is not Phase.CASH
    put_box_in(player)
    player.go_to_cash()
    player.insert(5000)
    assert player.state.session.inserted_minor == 5000


def test_an_empty_box_that_goes_is_recorded_but_closes_nothing(player):
    take_box(player)
    put_box_in(player)
    take_box(player)
    assert (player.state.period, names(player).count("BoxRemoved")) == (1, 2)
    put_box_in(player)
    player.pay((5000, 2000))
    player.wait(100)
    assert (player.state.period, player.state.box.doubts) == (1, (Doubt.BOX_AWAY,))


def test_a_visit_is_finished_first_and_belongs_to_the_box_that_went(player):
    player.go_to_cash()
    player.insert(5000, 1000)
    take_box(player)
    assert player.state.session.phase in {Phase.CLOSING, Phase.DONE}
    put_box_in(player)
    assert player.world.accepting == frozenset(), "what is in another box cannot be of the same visit"
    player.wait(200)
    (slip,) = slips_of(player)
    assert (slip.boxes[0].stacked_minor, slip.boxes[0].unallocated_minor, slip.boxes[0].open_minor) == (6000, 6000, 0)
    assert player.state.totals.get("stacked:EUR:5000", 0) == 0


def test_a_box_that_went_while_the_power_was_off_is_noticed_at_the_start(player, tmp_path):
    player.pay((5000, 2000))
    player.close()
    world = player.world
    world.awake, world.accepting = False, frozenset()
    world.take_box()
    again = Player(tmp_path / "journal.sqlite", world, VirtualClock(5000.0))
    again.boot()
    assert [(slip.attended, slip.boxes[0].stacked_minor) for slip in slips_of(again)] == [(False, 7000)]
    again.close()


def test_a_technician_who_takes_the_box_is_not_collecting_and_stands_on_the_slip(player):
    player.pay((5000, 2000))
    sign_in(player, Role.TECHNICIAN)
    take_box(player)
    (slip,) = slips_of(player)
    assert (slip.attended, slip.people) == (False, (Person("Ivan", Role.TECHNICIAN),))
    sign_out(player)


def test_a_box_that_is_taken_from_a_collection_left_alone_is_one_to_count(player):
    player.pay((5000, 2000))
    sign_in(player, Role.COLLECTOR)
    player.say(e.CollectionAsked())
    sign_out(player)
    take_box(player)
    assert player.state.period == 1, "the collection goes on"
    collect(player)
    (slip,) = slips_of(player)
    assert (slip.attended, slip.doubts) == (True, (Doubt.BOX_AWAY,))


def test_a_note_that_cannot_be_named_makes_the_sum_worth_counting(player):
    player.pay((5000, 2000))
    player.say(events.UnnamedNoteWentIn())
    assert player.state.latched
    collect(player)
    assert slips_of(player)[0].doubts == (Doubt.NOTE_IN_DOUBT,)
