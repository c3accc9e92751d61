"""Taking the cash box by procedure: every step, every refusal, offline, without paper, counted blind, left half done."""

from dataclasses import replace

import msgspec
import pytest

from kiosk import terminal_api as api
from kiosk.domain import box_book, collecting, events, ledger
from kiosk.domain import collection_events as e
from kiosk.domain.box_book import CollectionStep
from kiosk.domain.collection_facts import PeriodClosed
from kiosk.domain.decide import why_closed
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Role, StaffNotice
from kiosk.domain.receipts import FIRST_HASH, Doubt, Person, XReport, collection_hash
from kiosk.domain.staff_events import NoteTestAsked
from kiosk.link import staff as m
from kiosk.till import cash_view
from kiosk.till.verify import verify
from tests.support.collectors import BAG, MARIA, begin, box_name, collect, next_touch, slips_of, slips_printed, step_of
from tests.support.play import Player
from tests.support.staff import sign_in, sign_out
from tests.support.world import RULES, VirtualClock, World


def ruled(**policy):
    """Rules of a kiosk whose boxes are taken by this policy."""
    return replace(RULES, collection=replace(RULES.collection, **policy))


@pytest.fixture
def open_kiosk(tmp_path):
    """Kiosks on one journal, one after another."""
    opened = []

    def start(rules=RULES, world=None):
        if opened:
            opened[-1].close()
        world = world or World()
        world.queue.clear()
        world.awake, world.accepting = False, frozenset()
        player = Player(tmp_path / "journal.sqlite", world, VirtualClock(1000.0 + 50 * len(opened)), rules)
        opened.append(player)
        player.boot()
        return player

    yield start
    opened[-1].close()
    assert verify(tmp_path / "journal.sqlite").faults == []


@pytest.fixture
def player(open_kiosk):
    return open_kiosk()


def test_a_slip_that_does_not_follow_on_the_one_before_is_found_by_verifying(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    collect(player)
    (slip,) = slips_of(player)
    player.journal.append([PeriodClosed(replace(slip, period=2, serial=2, attended=False))], 1, "boot")
    player.close()
    (fault,) = verify(tmp_path / "journal.sqlite").faults
    assert "slip 2 does not follow on slip 1" in fault


def go_to(player, step):
    """Maria, as far as this step."""
    begin(player)
    while step_of(player.state) is not step:
        touch = next_touch(player)
        if touch is not None:
            player.say(touch)
        player.settle()


def told(player):
    return player.state.staff.told.notice if player.state.staff.told else None


def balance(player, account):
    return player.state.ledger.balances.get(account, 0)


def names(player):
    return [row.name for row in player.journal.replay()]


def test_a_box_is_taken_step_by_step_and_its_slip_says_what_is_in_it(player):
    player.pay((5000, 2000))
    player.pay((5000, 5000))
    begin(player)
    assert (step_of(player.state), why_closed(player.state)) == (CollectionStep.FROZEN, "maintenance")
    collect(player, leaves=False)
    assert step_of(player.state) is CollectionStep.DONE
    (slip,) = slips_of(player)
    (box,) = slip.boxes
    assert box.notes == ((2000, 1), (5000, 3))
    assert sorted(player.world.physical.taken[0]) == [2000, 5000, 5000, 5000]
    assert (box.confirmed_minor, box.unallocated_minor, box.placed_minor) == (14_000, 3000, 17_000)
    assert (slip.serial, slip.period, slip.previous_hash) == (1, 1, FIRST_HASH)
    assert (slip.bag, slip.box_id, slip.new_box_id) == (BAG, box_name(1), box_name(2))
    assert (slip.people, slip.attended, slip.is_exact) == ((MARIA,), True, True)
    assert (slip.visits, slip.payments, slip.queued_payments, slip.collections_ever) == (2, 2, 0, 1)
    sign_out(player)
    assert why_closed(player.state) == ""
    assert (player.state.period, player.state.totals, player.state.box.box_id) == (2, {}, box_name(2))
    assert balance(player, "in_transit:EUR:1") == 17_000


def test_the_slip_comes_out_in_two_originals_after_the_period_is_closed(player):
    player.pay((5000, 2000))
    collect(player)
    sheets = slips_printed(player.world)
    assert [(s.sheet, s.sheets, s.copy, s.slip_number) for s in sheets] == [(1, 2, False, 2), (2, 2, False, 2)]
    assert {collection_hash(sheet) for sheet in sheets} == {player.state.box.last_hash}
    order = names(player)
    assert order.index("PeriodClosed") < [i for i, n in enumerate(order) if n == "SlipIntended"][1]
    player.pay((5000, 2000))
    assert [receipt.slip_number for receipt in player.world.printed][-1] == 3


def test_the_next_slip_names_the_one_before(player):
    for _ in range(3):
        player.pay((5000, 2000))
        collect(player)
    first, second, third = slips_of(player)
    assert [second.previous_hash, third.previous_hash] == [collection_hash(first), collection_hash(second)]
    assert [slip.serial for slip in (first, second, third)] == [1, 2, 3]
    assert second.since_us == first.until_us
    assert (third.boxes[0].ever_notes, third.boxes[0].ever_minor) == (6, 21_000)


def test_the_aggregator_is_told_what_the_slip_says_once_however_long_the_line_is_down(player):
    player.pay((5000, 2000))
    player.world.line(up=False)
    player.pay((5000, 5000))
    collect(player)
    player.wait(500)
    (slip,) = slips_of(player)
    assert step_of(player.state) is CollectionStep.DONE
    assert (slip.boxes[0].confirmed_minor, slip.boxes[0].queued_minor, slip.queued_payments) == (7000, 7000, 1)
    assert player.world.physical.collections == ()
    player.world.line(up=True)
    player.settle()
    ((name, body),) = player.world.physical.collections
    report = msgspec.json.decode(body, type=api.CollectionReport)
    assert (name, report.collection_id, report.period) == ("0001-z00001", "0001-z00001", 1)
    assert (report.slip_hash, report.previous_hash) == (collection_hash(slip), FIRST_HASH)
    assert (report.stacked_minor, report.queued_minor, report.bag, report.person) == (17_000, 7000, BAG, "Maria")
    assert player.state.reports == {}


# --- refusals -----------------------------------------------------------------------------------------------------

TOUCHES = {
    "go on": (e.CollectionGoesOn(), {CollectionStep.FROZEN}),
    "give up": (e.CollectionGivenUp(), {CollectionStep.FROZEN, CollectionStep.TAKE}),
    "seal": (e.BoxWasSealed("B", "X"), {CollectionStep.SEAL}),
    "put in": (e.BoxWasPutIn("Y"), set()),  # a box is out in every step but the first two, and nobody put one in
    "count": (e.BoxWasCountedBlind("EUR", ((5000, 1),)), {CollectionStep.COUNT}),
    "begin": (e.CollectionAsked(), set()),
}
OPEN_STEPS = tuple(box_book.STEPS)


@pytest.mark.parametrize("step", OPEN_STEPS)
@pytest.mark.parametrize("touch", TOUCHES)
def test_a_touch_that_does_not_belong_to_a_step_changes_nothing(open_kiosk, step, touch):
    player = open_kiosk(ruled(blind=True))
    player.pay((5000, 2000))
    go_to(player, step)
    event, allowed = TOUCHES[touch]
    before = player.state.box
    player.say(event)
    assert (player.state.box != before) is (step in allowed)
    if step not in allowed:
        assert told(player) is StaffNotice.NOT_NOW


@pytest.mark.parametrize(
    ("step", "touch"),
    [
        (CollectionStep.SEAL, e.BoxWasSealed("", "BX-1")),
        (CollectionStep.SEAL, e.BoxWasSealed("S-1", " ")),
        (CollectionStep.SEAL, e.BoxWasSealed("S" * 33, "BX-1")),
        (CollectionStep.SEAL, e.BoxWasSealed("S-\x1b1", "BX-1")),
        (CollectionStep.COUNT, e.BoxWasCountedBlind("RUB", ())),
        (CollectionStep.COUNT, e.BoxWasCountedBlind("EUR", ((5000, 1), (5000, 2)))),
        (CollectionStep.COUNT, e.BoxWasCountedBlind("EUR", ((0, 1),))),
        (CollectionStep.COUNT, e.BoxWasCountedBlind("EUR", ((500, -1),))),
    ],
    ids=str,
)
def test_what_is_missing_or_cannot_be_is_asked_again(open_kiosk, step, touch):
    player = open_kiosk(ruled(blind=True))
    player.pay((5000, 2000))
    go_to(player, step)
    player.say(touch)
    assert (step_of(player.state), told(player)) == (step, StaffNotice.INCOMPLETE)


def test_a_box_that_has_to_have_a_name_is_asked_for_it(player):
    go_to(player, CollectionStep.NEW_BOX)
    player.world.put_box_in()
    player.settle()
    player.say(e.BoxWasPutIn(""))
    assert (step_of(player.state), told(player)) == (CollectionStep.NEW_BOX, StaffNotice.INCOMPLETE)


def test_names_are_not_asked_for_where_policy_wants_none(open_kiosk):
    player = open_kiosk(ruled(bag_wanted=False, box_id_wanted=False))
    go_to(player, CollectionStep.SEAL)
    player.say(e.BoxWasSealed("", ""))
    player.world.put_box_in()
    player.settle()
    player.say(e.BoxWasPutIn(""))
    player.settle()
    assert step_of(player.state) is CollectionStep.DONE


def test_a_box_that_is_felt_in_its_place_was_not_taken_whoever_says_so(player):
    go_to(player, CollectionStep.TAKE)
    player.say(e.CollectionGoesOn())
    assert (step_of(player.state), told(player)) == (CollectionStep.TAKE, StaffNotice.NOT_NOW)


def test_where_nothing_feels_the_box_the_collector_says_when_it_is_out(open_kiosk):
    player = open_kiosk(ruled(sensor=False))
    player.pay((5000, 2000))
    go_to(player, CollectionStep.TAKE)
    assert collecting.place(player.state, player.till._rules) is collecting.BoxPlace.UNTOLD
    player.world.take_box()
    player.settle()
    assert step_of(player.state) is CollectionStep.TAKE
    collect(player)
    assert [slip.boxes[0].stacked_minor for slip in slips_of(player)] == [7000]


def test_nobody_collects_who_may_not_and_nobody_from_under_a_buyer(player):
    player.say(e.CollectionAsked())
    assert player.state.box.collection is None
    sign_in(player, Role.TECHNICIAN)
    player.say(e.CollectionAsked())
    assert (player.state.box.collection, told(player)) == (None, StaffNotice.NOT_ALLOWED)
    player.say(e.XReportAsked())
    assert told(player) is StaffNotice.NOT_ALLOWED
    sign_out(player)
    player.go_to_cash()
    begin(player)
    assert (player.state.box.collection, player.state.staff) == (None, None)


def test_no_collection_begins_while_the_kiosk_has_no_box(player):
    player.world.take_box()
    player.settle()
    begin(player)
    assert (player.state.box.collection, told(player)) == (None, StaffNotice.NOT_NOW)


@pytest.mark.parametrize("step", [CollectionStep.FROZEN, CollectionStep.TAKE])
def test_a_collection_is_given_up_while_the_box_is_in_its_place(player, step):
    player.pay((5000, 2000))
    go_to(player, step)
    player.say(e.CollectionGivenUp())
    sign_out(player)
    assert (player.state.period, why_closed(player.state)) == (1, "")
    player.pay((5000, 2000))
    assert balance(player, "cash_box:EUR:1:5000") == 10_000


def test_no_notes_are_tried_while_a_box_is_taken(player):
    sign_in(player, Role.SUPERVISOR)
    player.say(e.CollectionAsked())
    player.say(NoteTestAsked(keep=True))
    player.settle()
    assert player.world.accepting == frozenset()


# --- left half done -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", OPEN_STEPS)
def test_a_power_cut_resumes_at_the_step_and_the_kiosk_stays_closed_to_buyers(open_kiosk, step):
    player = open_kiosk(ruled(blind=True))
    player.pay((5000, 2000))
    go_to(player, step)
    again = open_kiosk(ruled(blind=True), player.world)
    assert (step_of(again.state), again.state.staff, why_closed(again.state)) == (step, None, "maintenance")
    again.go_to_cash()
    assert again.state.session.order is None
    again.wait(100)
    collect(again)
    assert [(slip.boxes[0].stacked_minor, slip.boxes[0].counted_minor) for slip in slips_of(again)] == [(7000, 7000)]


def test_a_collector_who_is_called_away_is_signed_out_and_somebody_else_ends_it(player):
    player.pay((5000, 2000))
    go_to(player, CollectionStep.SEAL)
    player.wait(600)
    assert player.state.staff is not None, "whoever seals a bag has no hand free"
    player.wait(600)
    assert (player.state.staff, step_of(player.state)) == (None, CollectionStep.SEAL)
    sign_in(player, Role.SUPERVISOR)
    collect(player)
    assert slips_of(player)[0].people == (MARIA, Person("Petar", Role.SUPERVISOR))


def test_a_collector_who_takes_the_box_without_a_word_is_collecting(player):
    player.pay((5000, 2000))
    sign_in(player, Role.COLLECTOR)
    player.world.take_box()
    player.settle()
    assert step_of(player.state) is CollectionStep.SEAL
    collect(player)
    assert [(slip.attended, slip.is_exact) for slip in slips_of(player)] == [(True, True)]


# --- paper --------------------------------------------------------------------------------------------------------


def test_no_paper_keeps_nobody_waiting_and_a_copy_is_printed_later(player):
    player.pay((5000, 2000))
    player.world.printer_outcome, player.world.printer_cause = SlipOutcome.FAILED, "paper_end"
    collect(player, leaves=False)
    seen = cash_view.collection(player.state, RULES)
    assert (seen.step, [sheet.outcome for sheet in seen.sheets]) == (m.CollectionStep.DONE, ["failed", "failed"])
    player.world.printer_outcome = SlipOutcome.PRINTED
    player.say(e.SheetAsked(2))
    player.settle()
    copy = slips_printed(player.world)[-1]
    assert (copy.copy, copy.sheet, copy.slip_number) == (True, 2, 2)
    assert collection_hash(copy) == player.state.box.last_hash
    assert told(player) is StaffNotice.PRINTED
    seen = cash_view.collection(player.state, RULES)
    assert [sheet.outcome for sheet in seen.sheets] == ["failed", "printed"]
    player.say(e.SheetAsked(3))
    assert told(player) is StaffNotice.NOT_NOW
    sign_out(player)
    assert why_closed(player.state) == ""


def test_an_x_report_closes_nothing_and_is_journalled_with_its_person(player):
    player.pay((5000, 5000))
    sign_in(player, Role.COLLECTOR)
    player.say(e.XReportAsked())
    player.settle()
    report = player.world.printed[-1]
    assert isinstance(report, XReport)
    assert (report.boxes[0].stacked_minor, report.boxes[0].unallocated_minor) == (10_000, 3000)
    assert (report.people, report.slip_number, report.period) == ((MARIA,), 2, 1)
    assert (player.state.period, told(player)) == (1, StaffNotice.PRINTED)
    intended = [row.fact for row in player.journal.replay() if row.name == "SlipIntended"]
    assert (intended[-1].asked_by, intended[-1].reason, intended[-1].session_id) == ("Maria", "X report", "")
    player.world.printer_outcome = SlipOutcome.UNKNOWN
    player.say(e.XReportAsked())
    player.settle()
    assert told(player) is StaffNotice.NOT_PRINTED


# --- counted blind ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hand_count", "counted", "over_short"),
    [(((2000, 1), (5000, 1)), 7000, 0), (((5000, 1),), 5000, 2000), (((5000, 2),), 10_000, -3000), ((), 0, 7000)],
)
def test_a_blind_count_shows_no_sum_before_and_books_what_differs(open_kiosk, hand_count, counted, over_short):
    rules = ruled(blind=True)
    player = open_kiosk(rules)
    player.pay((5000, 2000))
    sign_in(player, Role.COLLECTOR)
    assert cash_view.cash(player.state, rules) is None
    player.say(e.XReportAsked())
    assert (told(player), len(player.world.printed)) == (StaffNotice.NOT_ALLOWED, 1)
    go_to(player, CollectionStep.COUNT)
    seen = cash_view.collection(player.state, rules)
    assert (seen.report, seen.blind, seen.step) == (None, True, m.CollectionStep.COUNT)
    assert seen.to_count == (("EUR", tuple(sorted(rules.denominations_minor))),)
    collect(player, leaves=False, hand_count=hand_count)
    (box,) = slips_of(player)[0].boxes
    assert (box.counted_minor, box.stacked_minor, box.over_short_minor) == (counted, 7000, -over_short)
    assert (balance(player, "in_transit:EUR:1"), balance(player, "over_short:EUR")) == (counted, over_short)
    assert cash_view.collection(player.state, rules).report.boxes[0].counted_minor == counted


def test_a_supervisor_sees_the_sum_where_collectors_count_blind(open_kiosk):
    rules = ruled(blind=True)
    player = open_kiosk(rules)
    player.pay((5000, 2000))
    sign_in(player, Role.SUPERVISOR)
    assert cash_view.cash(player.state, rules).boxes[0].stacked_minor == 7000
    player.say(e.CollectionAsked())
    assert cash_view.cash(player.state, rules) is None


def test_the_cash_desk_counts_after_the_kiosk_did(open_kiosk):
    player = open_kiosk(ruled(blind=True))
    player.pay((5000, 2000))
    collect(player, hand_count=((5000, 1),))
    player.say(events.BoxWasCounted(1, "EUR", 7000, "cash desk", "by machine"))
    assert (balance(player, "in_transit:EUR:1"), balance(player, "over_short:EUR")) == (0, 0)
    assert balance(player, ledger.cash_desk("EUR")) == 7000


# --- doubts -------------------------------------------------------------------------------------------------------


def test_a_jam_makes_the_sum_of_its_period_worth_counting_and_of_no_other(player):
    player.pay((5000, 2000))
    player.world.jam()
    player.settle()
    player.world.jam()
    player.settle()
    collect(player)
    player.pay((5000, 2000))
    collect(player)
    assert [slip.doubts for slip in slips_of(player)] == [(Doubt.JAM,), ()]
    assert names(player).count("CountDoubted") == 1


def test_a_note_on_its_way_when_power_or_line_went_is_a_doubt(open_kiosk):
    player = open_kiosk()
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.say(events.AcceptorCondensed(AcceptorCondition.LOST))
    again = open_kiosk(world=player.world)
    again.wait(300)
    collect(again)
    assert slips_of(again)[0].doubts == (Doubt.NOTE_IN_DOUBT, Doubt.POWER_CUT, Doubt.LINE_LOST)


# --- the table ----------------------------------------------------------------------------------------------------


def test_steps_and_places_are_told_by_the_names_they_have():
    assert [step.value for step in CollectionStep] == [step.value for step in m.CollectionStep]
    assert [place.value for place in collecting.BoxPlace] == [place.value for place in m.BoxPlace]
    assert set(box_book.STEPS) == set(CollectionStep) - {CollectionStep.PRINTING, CollectionStep.DONE}
