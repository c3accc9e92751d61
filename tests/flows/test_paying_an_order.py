"""A visit as a list of steps, on the real till with a real journal and a world at its seam."""

from dataclasses import replace

import pytest

from kiosk.domain import events, facts, ledger
from kiosk.domain.facts import ResultKind, SlipOutcome
from kiosk.domain.moves import AcceptorCondition, NoteTrouble, Notice
from kiosk.domain.session import Phase
from kiosk.domain.state import PayState
from kiosk.till import audit
from kiosk.till.acceptance import resume
from tests.support.play import Player
from tests.support.world import KEY, ORDER, RULES, Physical, VirtualClock, World


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()


def account(player, tmp_path):
    player.close()
    return audit.summary(tmp_path / "journal.sqlite")


def test_an_order_is_paid_with_two_notes_and_a_receipt(player, tmp_path):
    player.go_to_cash()
    assert player.state.session.phase is Phase.CASH
    player.insert(5000, 2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert len(player.world.physical.slips) == 1
    player.wait(60)
    assert player.state.session.phase is Phase.WELCOME
    found = account(player, tmp_path)
    assert found["stacked"] == {"2000": 1, "5000": 1}
    assert [p["state"] for p in found["payments"]] == ["accepted"]
    assert found["receipt"] == "printed"
    assert found["journal"]["ok"]


def test_credit_is_never_shown_before_it_is_on_disk(player):
    player.go_to_cash()
    player.insert(5000)
    for state in player.seen:
        stacked = sum(1 for n in state.session.notes if n.fate == "stacked") * 5000
        assert state.session.inserted_minor == stacked
    kinds = [type(row.fact) for row in player.journal.replay()]
    assert kinds.index(facts.NoteIntended) < kinds.index(facts.NoteStacked)


def test_leftover_becomes_unallocated_and_is_on_the_result(player, tmp_path):
    player.pay([5000, 5000])
    found = account(player, tmp_path)
    assert found["unallocated_minor"] == 3000
    assert found["payments"][0]["amount_minor"] == 7000


def test_a_note_over_the_leftover_limit_comes_back_with_its_reason(player):
    player.go_to_cash()
    player.insert(5000)
    player.world.insert(10000)
    player.settle()
    assert player.state.session.trouble is NoteTrouble.OVER_LIMIT
    assert player.state.returned == {10000: 1}
    assert player.state.session.inserted_minor == 5000


def test_a_note_of_a_wrong_currency_comes_back(player):
    player.go_to_cash()
    player.say(events.NoteInEscrow(5000, "USD"))
    assert player.state.session.trouble is NoteTrouble.WRONG_CURRENCY
    assert player.state.intent is None


def test_a_note_in_escrow_without_a_session_comes_back(player):
    player.say(events.NoteInEscrow(5000, "EUR"))
    assert player.state.returned == {5000: 1}


def test_cancel_without_money_ends_the_session(player):
    player.go_to_cash()
    player.say(events.CancelTapped())
    player.settle()
    assert player.state.session.phase is Phase.WELCOME


def test_a_note_that_slips_in_while_cancelling_reopens_the_session(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.say(events.CancelTapped())
    player.settle()
    assert player.state.session.phase is Phase.CASH
    assert player.state.session.inserted_minor == 5000


def test_cancel_with_money_in_changes_nothing(player):
    player.go_to_cash()
    player.insert(5000)
    player.say(events.CancelTapped())
    player.settle()
    assert player.state.session.phase is Phase.CASH


def test_silence_with_too_little_in_keeps_it_under_a_reference(player, tmp_path):
    player.go_to_cash()
    player.insert(5000)
    player.wait(62)
    assert player.state.session.result is ResultKind.NOT_ENOUGH
    assert len(player.world.physical.slips) == 1
    player.wait(60)
    assert account(player, tmp_path)["unallocated_minor"] == 5000


def test_silence_with_nothing_in_goes_home(player):
    player.go_to_cash()
    player.wait(62)
    assert player.state.session.phase is Phase.WELCOME
    assert player.world.physical.slips == ()


def test_an_unreachable_aggregator_after_cash_ends_the_session_and_delivers_later(player, tmp_path):
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(5000, 2000)
    player.wait(12)
    assert player.state.session.result is ResultKind.ACCEPTED_FOR_LATER
    player.wait(60)
    assert player.state.session.phase is Phase.WELCOME
    player.world.line(up=True)
    player.wait(200)
    found = account(player, tmp_path)
    assert [p["state"] for p in found["payments"]] == ["accepted"]
    assert len(player.world.physical.paid) == 1


def test_a_lost_reply_is_repeated_under_the_same_id_with_the_same_bytes(player):
    player.world.lose_replies = 3
    player.pay()
    sent = player.world.physical.paid
    assert len(sent) == 4
    assert len(set(sent)) == 1


def test_a_refusal_after_cash_becomes_unallocated(player, tmp_path):
    player.world.line(up=False)
    player.go_to_cash()
    player.insert(5000, 2000)
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid", "paid"))
    player.settle()
    assert player.state.session.result is ResultKind.REFUSED
    player.wait(60)
    assert account(player, tmp_path)["unallocated_minor"] == 7000


def test_an_order_the_aggregator_does_not_know_is_said_before_cash(player):
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped("5"))
    player.world.queue.clear()
    player.say(events.OrderRefused("5", "order_not_found"))
    assert player.state.session.phase is Phase.ENTRY
    assert player.state.session.notice is Notice.ORDER_NOT_FOUND


def test_no_session_starts_while_the_aggregator_is_away(player):
    player.say(events.LanguageTapped("en"))
    player.say(events.HealthSeen(up=False, live=None))
    player.say(events.OrderTyped(ORDER.order_number))
    assert player.state.session.phase is Phase.ENTRY


def test_without_paper_the_buyer_is_asked_before_cash(player):
    player.go_to_cash()
    player.say(events.CancelTapped())
    player.settle()
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped(ORDER.order_number))
    player.world.queue.clear()
    player.say(events.PrinterAnswered(can_print=False))
    player.say(events.OrderQuoted(ORDER))
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.phase is Phase.OFFER
    player.say(events.OfferConfirmed(without_receipt=True))
    assert player.state.session.phase is Phase.CASH


def test_an_expired_quote_is_not_paid(player):
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped(ORDER.order_number))
    player.world.queue.clear()
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(ORDER, expires_at_us=1)))
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.notice is Notice.ORDER_EXPIRED


def test_a_stack_without_an_outcome_is_suspense_and_latches(player, tmp_path):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.StackSilent())
    assert player.state.latched
    assert player.state.ledger.credit_of(ledger.suspense("EUR")) == 5000
    player.wait(80)
    assert player.state.session.result is ResultKind.NOTE_UNDER_REVIEW
    assert account(player, tmp_path)["suspense_minor"] == 5000


def test_an_unresolved_note_that_is_told_later_reaches_the_buyer(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.StackSilent())
    player.say(events.NoteWentIn(5000, "EUR"))
    assert player.state.session.inserted_minor == 5000
    assert not player.state.ledger.credit_of(ledger.suspense("EUR"))


def test_a_stacked_note_nobody_asked_for_is_an_orphan(player):
    player.say(events.NoteWentIn(5000, "EUR"))
    assert player.state.ledger.credit_of(ledger.orphan("EUR")) == 5000
    assert not player.state.session.inserted_minor


def test_a_repeated_word_after_the_line_came_back_is_not_booked_twice(player):
    player.go_to_cash()
    player.world.insert(5000)
    for _ in ("escrow", "stacked"):
        player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.AcceptorCondensed(AcceptorCondition.LOST))
    player.say(events.NoteWentIn(5000, "EUR"))
    assert player.state.stacked == {5000: 1}


def test_the_same_value_again_after_the_unit_rested_is_another_note_even_over_a_lost_line(player):
    player.go_to_cash()
    player.insert(5000)
    player.say(events.AcceptorCondensed(AcceptorCondition.LOST))
    player.say(events.NoteWentIn(5000, "EUR"))
    assert player.state.stacked == {5000: 2}


def test_another_note_than_the_intended_one_is_never_credited(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.NoteWentIn(2000, "EUR"))
    assert player.state.session.inserted_minor == 0
    assert player.state.ledger.credit_of(ledger.orphan("EUR")) == 2000
    assert player.state.latched


def test_fraud_latches_acceptance_and_what_is_in_is_finished(player, tmp_path):
    player.go_to_cash()
    player.insert(5000, 2000)
    player.say(events.FraudSuspected())
    player.wait(60)
    assert player.state.latched
    assert account(player, tmp_path)["payments"][0]["state"] == "accepted"


def test_a_slip_nobody_saw_come_out_is_stored_as_unknown_and_not_repeated(player, tmp_path):
    player.world.printer_outcome = SlipOutcome.UNKNOWN
    player.pay()
    assert len(player.world.physical.slips) == 1
    assert account(player, tmp_path)["receipt"] == "unknown"


def test_a_twin_never_takes_money_for_a_live_aggregator(player):
    asked = []
    player.world.perform = lambda order, _: asked.append(order)
    player.till.process(events.HealthSeen(up=True, live=True))
    assert [type(order).__name__ for order in asked] == ["RefuseToRun"]


def test_two_fingers_on_one_button_do_what_one_does(player):
    player.go_to_cash()
    player.say(events.OfferConfirmed(without_receipt=False))
    player.insert(5000)
    player.say(events.FinishTapped())
    player.say(events.FinishTapped())
    player.settle()
    assert player.state.session.result is ResultKind.NOT_ENOUGH
    assert player.state.payment is None


def test_payment_ids_stay_unique_when_the_clock_steps_back(player):
    player.pay()
    player.clock.now_s -= 5000
    player.pay()
    ids = {payment_id for payment_id, _ in player.world.physical.paid}
    assert len(ids) == 2
    assert all(len(payment_id) == 18 for payment_id in ids)


def test_a_retry_parked_by_a_wrong_clock_is_due_at_once(player):
    player.world.line(up=False)
    player.go_to_cash()
    player.insert(5000, 2000)
    player.wait(40)
    player.world.line(up=True)
    player.clock.now_s -= 900_000
    player.say(events.Tick())
    player.settle()
    assert [p.state for p in player.state.payments.values()] in ([], [PayState.ACCEPTED])


def test_notes_over_the_session_limit_come_back(tmp_path):
    rules = replace(RULES, session_limit_minor=8000)
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock(), rules)
    player.boot()
    player.go_to_cash()
    player.insert(5000, 5000)
    assert player.state.session.trouble is NoteTrouble.OVER_LIMIT
    player.close()


def in_doubt(player, value=2000):
    """A note nobody can say the place of, in a visit."""
    player.go_to_cash()
    player.world.insert(value)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.world.physical = Physical()
    player.say(events.StackSilent())


def test_a_note_handed_back_never_settles_another_ones_doubt(player):
    in_doubt(player)
    player.say(events.NoteInEscrow(10_000, "EUR"))
    player.say(events.NoteWentBack(10_000, "EUR"))
    player.say(events.NoteWentBack())
    assert player.state.ledger.credit_of("suspense:EUR") == 2000


def test_only_a_note_of_its_value_settles_a_doubt_by_coming_back(player):
    in_doubt(player)
    player.say(events.NoteWentBack(5000, "EUR"))
    assert player.state.ledger.credit_of("suspense:EUR") == 2000
    player.say(events.NoteWentBack(2000, "EUR"))
    assert player.state.ledger.credit_of("suspense:EUR") == 0


def test_a_note_told_without_its_name_after_a_restart_is_the_one_in_doubt(player, tmp_path):
    player.go_to_cash()
    player.insert(2000)
    in_doubt(player)
    player.close()
    again = Player(tmp_path / "journal.sqlite", World(), player.clock)
    again.till.recover()
    again.till.process(events.Booted("b", "test", again.state.public_key))
    again.say(events.UnnamedNoteWentIn())
    assert again.state.ledger.credit_of("suspense:EUR") == 0
    assert again.state.stacked == {2000: 2}
    again.close()


def test_after_a_resume_no_word_of_the_unit_settles_an_old_doubt(player, tmp_path):
    in_doubt(player)
    player.wait(300)
    player.close()
    resume(tmp_path / "journal.sqlite", KEY, "looked", 1, "Ivan")
    again = Player(tmp_path / "journal.sqlite", World(), player.clock)
    again.till.recover()
    again.say(events.NoteWentBack(2000, "EUR"))
    assert again.state.ledger.credit_of("suspense:EUR") == 2000
    again.close()


def test_another_note_coming_back_says_nothing_of_the_intended_one(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.NoteWentBack(1000, "EUR"))
    assert player.state.intent is not None
    player.say(events.NoteWentBack(5000, "EUR"))
    assert player.state.intent is None
    assert player.state.stacked == {}
