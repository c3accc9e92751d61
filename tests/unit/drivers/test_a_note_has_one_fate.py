import pytest

from drivers.bill_acceptor.interface import (
    Denomination,
    Escrowed,
    Rejected,
    RejectReason,
    Returned,
    Stacked,
    StackUnresolved,
)
from drivers.bill_acceptor.note_watch import OUTCOME_S, Decision, NoteWatch

FIFTY, TWENTY = Denomination(4, 5000, "EUR"), Denomination(3, 2000, "EUR")
WANTED = frozenset({FIFTY, TWENTY})


@pytest.fixture
def told():
    return []


@pytest.fixture
def watch(told):
    watch = NoteWatch(told.append)
    watch.seen(FIFTY, 0.0, WANTED, ask=True)
    return watch


def test_a_decision_is_sent_once_and_again_only_if_the_note_is_still_seen_waiting(watch):
    watch.decide(Decision.STACK)
    watch.decide(Decision.RETURN)
    assert watch.due(1.0) is Decision.STACK
    assert watch.due(1.1) is None
    watch.seen(FIFTY, 1.2, WANTED, ask=True)
    assert watch.due(1.2) is None
    watch.seen(FIFTY, 1.3, WANTED, ask=True)
    assert watch.due(1.3) is Decision.STACK


def test_two_sendings_are_one_stack_and_give_one_commanded_credit(watch, told):
    watch.decide(Decision.STACK)
    for at_s in (1.0, 2.0):
        watch.seen(FIFTY, at_s, WANTED, ask=True)
        watch.seen(FIFTY, at_s, WANTED, ask=True)
        watch.due(at_s)
    watch.stacked(None)
    watch.stacked(FIFTY)
    assert told == [Escrowed(FIFTY), Stacked(FIFTY, commanded=True), Stacked(FIFTY, commanded=False)]


def test_an_outcome_that_stays_open_is_told_once_and_the_note_goes_back_if_it_still_waits(watch, told):
    watch.decide(Decision.STACK)
    watch.due(0.0)
    watch.watch(OUTCOME_S - 0.1)
    assert told == [Escrowed(FIFTY)]
    for late_s in (OUTCOME_S, OUTCOME_S + 1):
        watch.watch(late_s)
    assert told == [Escrowed(FIFTY), StackUnresolved(FIFTY)]
    assert watch.waiting.decision is Decision.RETURN


def test_another_note_that_comes_back_says_nothing_of_the_one_that_was_stacked(watch, told):
    watch.decide(Decision.STACK)
    watch.due(0.0)
    watch.power_was_cut()
    watch.returned(TWENTY)
    assert told == [Escrowed(FIFTY), StackUnresolved(FIFTY), Returned(TWENTY)]


def test_a_note_that_came_in_unasked_and_goes_out_is_a_rejection(told):
    watch = NoteWatch(told.append)
    watch.comes_in()
    watch.goes_back()
    watch.at_rest()
    assert told == [Rejected(RejectReason.HOST)]
