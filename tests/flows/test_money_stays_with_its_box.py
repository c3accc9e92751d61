"""Whatever becomes of a note's money later is counted in the period in which the note came in, long after its box is gone."""

import pytest

from kiosk.domain import box_contents, events, facts
from kiosk.domain.case_words import Resolution
from kiosk.domain.register_book import PaidOut, Register, day_of
from kiosk.till.journal import Journal
from kiosk.till.verify import verify
from tests.support.cases import settle
from tests.support.collectors import collect
from tests.support.play import Player
from tests.support.staff import try_notes
from tests.support.world import VirtualClock, World


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def box_of(player, period):
    (box,) = box_contents.in_period(player.state, period, player.journal.period_totals(period), ("EUR",))
    assert box.difference_minor == 0
    return box


def test_a_payment_that_is_confirmed_later_is_confirmed_in_its_own_period(player):
    player.world.line(up=False)
    player.pay((5000, 2000))
    collect(player)
    player.world.line(up=True)
    player.settle()
    player.pay((5000, 5000))
    first, second = box_of(player, 1), box_of(player, 2)
    assert (first.confirmed_minor, first.queued_minor) == (7000, 0)
    assert (second.confirmed_minor, second.unallocated_minor, second.stacked_minor) == (7000, 3000, 10_000)
    assert player.journal.period_totals(1)["accepted_payments"] == 1
    assert player.journal.period_totals(2)["accepted_payments"] == 1


def test_a_payment_that_is_refused_later_is_kept_in_its_own_period(player):
    player.world.line(up=False)
    player.pay((5000, 2000))
    collect(player)
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid"))
    assert (box_of(player, 1).unallocated_minor, box_of(player, 2).unallocated_minor) == (7000, 0)


def test_a_claim_that_is_paid_out_later_is_redeemed_in_its_own_period(player):
    player.pay((5000, 5000))
    (claim,) = player.state.claims.values()
    collect(player)
    day = day_of(player.clock.utc_us())
    player.clock.now_s += 86_400
    player.world.registers[day] = Register(day, True, (), (PaidOut(claim.claim_id, "R", 3000, "EUR"),))
    player.world.beat(player.state)
    player.settle()
    player.wait(10)
    assert (box_of(player, 1).redeemed_minor, box_of(player, 1).unallocated_minor) == (3000, 0)


def test_a_note_that_is_found_later_belongs_to_the_box_it_was_meant_for(player):
    player.go_to_cash()
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(5000)
    player.settle()
    del player.world.perform
    player.say(events.AcceptorCondensed(events.AcceptorCondition.DISABLED))
    player.wait(300)
    collect(player)
    assert (box_of(player, 1).suspense_minor, box_of(player, 1).suspense_notes) == (5000, 1)
    player.say(events.NoteWentIn(5000, "EUR"))
    first = box_of(player, 1)
    assert (first.notes, first.unallocated_minor, first.suspense_minor) == (((5000, 1),), 5000, 0)
    assert player.state.box.doubts == ("note_in_doubt",), "it may as well have dropped into the next one"


def test_test_money_and_orphans_have_places_of_their_own(player):
    try_notes(player)
    player.insert(5000)
    player.wait(400)
    player.say(events.NoteWentIn(500, "EUR"))
    box = box_of(player, 1)
    assert (box.test_minor, box.orphan_minor, box.stacked_minor) == (5000, 500, 5500)


@pytest.mark.parametrize(
    ("resolution", "places"),
    [
        (Resolution.TO_BUYER, (0, 3500, 0)),
        (Resolution.PAID_OUT, (0, 3000, 500)),
        (Resolution.TO_OPERATOR, (0, 3000, 500)),
    ],
)
def test_what_a_person_moves_is_moved_in_the_period_it_came_in(player, resolution, places):
    player.pay((5000, 5000))
    player.say(events.NoteWentIn(500, "EUR"))
    collect(player)
    settle(player, resolution)
    box = box_of(player, 1)
    assert (box.orphan_minor, box.unallocated_minor, box.redeemed_minor) == places
    assert box_of(player, 2).placed_minor == 0


def test_totals_that_another_rule_counted_are_counted_again(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock(), checkpoint_rows=10**6)
    player.boot()
    player.pay((5000, 2000))
    player.close()
    old = Journal(tmp_path / "journal.sqlite")
    old._connection.execute("UPDATE total SET name = 'visits' WHERE name = 'sessions'")
    old._connection.execute("PRAGMA user_version = 1")
    old.close()
    assert verify(tmp_path / "journal.sqlite").faults == []
    again = Player(tmp_path / "journal.sqlite", World(), VirtualClock(9000.0))
    again.boot()
    assert again.journal.period_totals(1)["sessions"] == 1
    again.close()


def test_a_box_taken_before_there_were_slips_ends_its_period_all_the_same(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.pay((5000, 2000))
    player.journal.append([facts.BoxTaken(1, "Maria", "bag 7", exact=True)], 1, "boot")
    player.close()
    again = Player(tmp_path / "journal.sqlite", World(), VirtualClock(9000.0))
    again.boot()
    assert (again.state.period, again.state.ledger.balances["in_transit:EUR:1"]) == (2, 7000)
    again.pay((5000, 2000))
    last = collect(again)
    assert (last.slip.serial, last.slip.period, last.slip.collections_ever) == (1, 2, 2)
    again.close()
