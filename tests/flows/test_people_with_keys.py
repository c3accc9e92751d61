"""Note tests, collections, counts and corrections: each a balanced transfer with a person, none disturbing a visit."""

import pytest

from kiosk.domain import events, ledger, staff_events
from kiosk.domain.case_words import Resolution
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Act, Role, StaffNotice
from kiosk.domain.receipts import Doubt
from kiosk.domain.session import Phase
from kiosk.domain.staff import MAY, why_not
from kiosk.till.verify import verify
from tests.support.cases import settle
from tests.support.collectors import begin, collect, slips_of
from tests.support.play import Player
from tests.support.staff import sign_in, try_notes
from tests.support.world import VirtualClock, World


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def balance(player, account):
    return player.state.ledger.balances.get(account, 0)


def test_a_technicians_note_is_test_money_and_no_buyers(player):
    try_notes(player)
    player.insert(5000)
    player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    player.say(staff_events.NoteTestEnded())
    assert player.state.session.phase is Phase.NOTE_TEST, "a note may be on its way"
    player.say(events.AcceptorCondensed(AcceptorCondition.IDLE))
    player.settle()
    assert player.state.session.phase is Phase.SERVICE
    assert (balance(player, "cash_box:EUR:1:5000"), balance(player, "test:EUR")) == (5000, -5000)
    assert player.state.totals["test:EUR:5000"] == 1


def test_a_forgotten_note_test_ends_by_itself(player):
    try_notes(player)
    assert player.world.accepting
    player.wait(400)
    assert player.state.session.phase is Phase.WELCOME
    assert not player.world.accepting


def test_a_note_test_never_begins_in_a_visit_and_no_visit_in_a_note_test(player):
    player.go_to_cash()
    try_notes(player)
    assert player.state.session.phase is Phase.CASH
    player.wait(400)
    player.say(staff_events.NoteTestAsked(keep=True))
    assert player.state.session.phase is Phase.WELCOME, "nobody is signed in"
    try_notes(player)
    player.say(events.LanguageTapped("en"))
    assert player.state.session.phase is Phase.NOTE_TEST


def test_a_collection_moves_the_whole_box_into_transit_and_begins_a_period(player):
    player.pay((5000, 2000))
    collect(player)
    assert player.state.period == 2
    assert player.state.totals == {}
    assert balance(player, "in_transit:EUR:1") == 7000
    assert player.state.ledger.under("cash_box:") == {}
    assert player.journal.period_totals(1)["stacked:EUR:5000"] == 1
    player.pay((5000, 2000))
    assert player.journal.period_totals(2)["captured:EUR"] == 7000


def test_no_box_is_taken_from_under_a_buyer(player):
    player.go_to_cash()
    player.insert(5000)
    begin(player)
    assert player.state.box.collection is None


@pytest.mark.parametrize(("counted", "over_short"), [(7000, 0), (6500, 500), (7500, -500), (0, 7000)])
def test_a_count_closes_the_transit_and_what_differs_is_over_or_short(player, counted, over_short):
    player.pay((5000, 2000))
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", counted, "cash desk", "by machine"))
    assert balance(player, "in_transit:EUR:1") == 0
    assert balance(player, ledger.cash_desk("EUR")) == counted
    assert balance(player, ledger.over_short("EUR")) == over_short
    player.say(events.BoxWasCounted(1, "EUR", counted, "cash desk", "twice"))
    assert balance(player, ledger.cash_desk("EUR")) == counted


def test_a_note_in_doubt_makes_the_count_of_its_period_uncertain_until_a_person_settles_it(player):
    player.go_to_cash()
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(5000)
    player.settle()
    assert player.state.totals["unresolved:EUR"] == 1
    assert player.state.latched
    del player.world.perform
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(300)
    collect(player)
    (slip,) = slips_of(player)
    assert (slip.is_exact, slip.doubts) == (False, (Doubt.NOTE_IN_DOUBT,))
    assert (slip.boxes[0].suspense_minor, slip.boxes[0].suspense_notes) == (5000, 1)
    assert balance(player, "uncertain:EUR:1") == 5000
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    settle(player, Resolution.NOT_IN_BOX)
    assert balance(player, "uncertain:EUR:1") == balance(player, "suspense:EUR") == 0


# --- signed in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_stands_in_the_table_and_nothing_else(player, role, act):
    sign_in(player, role)
    assert why_not(player.state, act) == (None if act in MAY[role] else StaffNotice.NOT_ALLOWED)
    player.say(staff_events.ActAsked(act, "something", 7))
    recorded = [row.fact for row in player.journal.replay() if row.name == "StaffActed"]
    assert (player.state.staff.busy == 7) == (act in MAY[role]) == bool(recorded)


def test_nobody_does_anything_who_is_not_signed_in(player):
    for asked in (
        staff_events.ActAsked(Act.RESTART, "till", 1),
        staff_events.NoteTestAsked(keep=True),
        staff_events.ResumeAsked("because"),
        staff_events.SignOutAsked(),
    ):
        before = player.journal.seq
        player.say(asked)
        assert player.journal.seq == before


def test_no_buyer_comes_while_somebody_is_signed_in_and_one_may_come_afterwards(player):
    sign_in(player)
    player.say(events.LanguageTapped("bg"))
    assert (player.state.session.phase, player.state.session.language) == (Phase.SERVICE, "bg")
    player.say(staff_events.SignOutAsked())
    player.pay((5000, 2000))
    assert len(player.world.physical.paid) == 1
