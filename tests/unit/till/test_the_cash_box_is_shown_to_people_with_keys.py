"""What the service menu is told of the cash box crosses the link whole; the acceptor's words for a box are the domain's."""

from dataclasses import replace

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.interface import FaultReason
from kiosk.domain import collecting, events
from kiosk.domain.box_book import STEPS
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Role
from kiosk.link import codec
from kiosk.link import staff as m
from kiosk.till.acceptor_seam import in_domain_words
from kiosk.till.staff_desk import MEANINGS
from kiosk.till.view import snapshot
from tests.support.collectors import begin, collect, next_touch, step_of
from tests.support.play import Player
from tests.support.staff import FACE, sign_in
from tests.support.world import RULES, VirtualClock, World

BLIND = replace(RULES, collection=replace(RULES.collection, blind=True))


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock(), BLIND)
    player.boot()
    player.pay((5000, 2000))
    yield player
    player.close()


def seen(player, rules=BLIND):
    """As the screen has it after the link."""
    shown = snapshot(player.state, rules, FACE, player.clock.now_s, 7)
    return codec.decode_to_screen(codec.encode_to_screen(shown)[codec.LENGTH_BYTES :]).staff


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_told_without_the_sum_where_it_is_counted_blind(player, step):
    begin(player)
    while step_of(player.state) is not step:
        touch = next_touch(player)
        if touch is not None:
            player.say(touch)
        player.settle()
    told = seen(player).collection
    assert (told.step.value, told.report, told.blind, told.attended) == (step.value, None, True, True)
    assert told.can_abandon is (step.value in {"frozen", "take"})
    assert told.place is (m.BoxPlace.IN if told.can_abandon else told.place)
    assert seen(player).cash is None


def test_a_collection_that_is_done_is_told_with_its_slip_until_whoever_did_it_leaves(player):
    collect(player, leaves=False)
    told = seen(player).collection
    assert (told.step, told.serial, [sheet.outcome for sheet in told.sheets]) == (
        m.CollectionStep.DONE,
        1,
        ["printed", "printed"],
    )
    assert (told.report.boxes[0].stacked_minor, told.report.boxes[0].counted_minor) == (7000, 7000)
    player.wait(1000)
    player.clock.now_s += 10
    sign_in(player, Role.SUPERVISOR)
    assert (seen(player).collection, seen(player).cash.last_at_us) == (None, player.state.box.last.slip.until_us)


def test_a_technician_is_told_nothing_of_the_box(player):
    sign_in(player, Role.TECHNICIAN)
    assert (seen(player).cash, seen(player).collection) == (None, None)


@pytest.mark.parametrize(
    "command",
    [
        m.PrintXReport(),
        m.BeginCollection(),
        m.AbandonCollection(),
        m.GoOn(),
        m.SealBox("S", "X"),
        m.InsertBox("Y"),
        m.CountBox("EUR", ((500, 1),)),
        m.PrintSheet(1),
    ],
    ids=lambda command: type(command).__name__,
)
def test_every_command_about_the_box_has_a_meaning(command):
    assert type(MEANINGS[type(command)](command)) in collecting.ACTS


def test_the_unit_and_the_domain_mean_the_same_by_a_box_that_is_out_and_by_a_jam():
    told = in_domain_words(unit.Fault(FaultReason.CASSETTE_OUT, "42"))
    assert told == events.AcceptorCondensed(AcceptorCondition.FAULT, collecting.CASSETTE_OUT)
    assert {FaultReason.ACCEPTOR_JAM.value, FaultReason.CASSETTE_JAM.value} == collecting.JAMS
