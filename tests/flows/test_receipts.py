"""Whatever the printer does, before cash and after it: one original, every copy marked, and something the buyer can keep."""

import pytest

from kiosk.domain import events, facts
from kiosk.domain.advance import COPY_WITHIN_US, claim_code
from kiosk.domain.facts import ResultKind, SlipOutcome
from kiosk.domain.paper import receipt_on_screen
from kiosk.domain.session import Phase
from kiosk.link import messages as m
from kiosk.till.slip_body import receipt_reader
from kiosk.till.verify import verify
from kiosk.till.view import Face, snapshot
from tests.support.play import Player
from tests.support.slips import STATIONERY
from tests.support.world import ORDER, RULES, TERMINAL, VirtualClock, World

LOST = (SlipOutcome.FAILED, SlipOutcome.UNKNOWN, SlipOutcome.RETRACTED)
receipt_text = receipt_reader(STATIONERY)
FACE = Face(
    m.TerminalView(TERMINAL.number, TERMINAL.name, TERMINAL.address, TERMINAL.support_phone),
    RULES.languages,
    receipt_text,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture
def player(path):
    player = Player(path, World(), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(path).faults == []


def recorded(player, *kinds):
    return [row.fact for row in player.journal.replay() if isinstance(row.fact, kinds)]


def shown(player):
    return snapshot(player.state, RULES, FACE, player.clock.mono_s(), 1)


def to_offer(player):
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped(ORDER.order_number))
    player.settle()


def pay_without_paper(player):
    player.world.printer = events.PrinterAnswered(can_print=False, trouble="paper_end")
    to_offer(player)
    player.say(events.OfferConfirmed(without_receipt=True))
    player.settle()
    player.insert(5000, 2000)


def die_and_live(player, path, seconds=1.0):
    """The till is killed before the printer tells; another life begins after a while."""
    player.close()
    clock = VirtualClock(now_s=player.clock.now_s + seconds)
    again = Player(path, World(physical=player.world.physical), clock)
    again.boot(power_cut=False)
    return again


# --- before cash --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["paper_end", "missing", "silent", "cover_open"])
def test_no_paper_is_said_before_cash_and_needs_the_buyers_consent(player, trouble):
    player.world.printer = events.PrinterAnswered(can_print=False, trouble=trouble)
    to_offer(player)
    assert shown(player).printer is m.PrinterView.NO_RECEIPT
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.phase is Phase.OFFER
    assert recorded(player, facts.SessionOpened) == []
    player.say(events.OfferConfirmed(without_receipt=True))
    assert player.state.session.phase is Phase.CASH


def test_a_printer_low_on_paper_prints_and_the_staff_is_told(player):
    player.world.printer = events.PrinterAnswered(can_print=True, trouble="near_end")
    to_offer(player)
    assert shown(player).printer is m.PrinterView.LOW_PAPER
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    player.insert(5000, 2000)
    assert shown(player).result.receipt is m.ReceiptView.PRINTED
    assert recorded(player, facts.PrinterChanged) == [facts.PrinterChanged(can_print=True, trouble="near_end")]


def test_trouble_is_recorded_once_and_its_end_too(player):
    for _ in range(3):
        player.world.paper(ok=False, trouble="paper_end")
    player.world.paper(ok=True)
    player.settle()
    troubles = [fact.trouble for fact in recorded(player, facts.PrinterChanged)]
    assert troubles == ["paper_end", ""]


def test_a_printer_that_dies_at_the_offer_is_seen_before_it_is_confirmed(player):
    to_offer(player)
    player.world.paper(ok=False, trouble="paper_end")
    player.settle()
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.phase is Phase.OFFER


def test_a_printer_that_dies_before_any_cash_is_in_makes_the_till_ask_again(player):
    player.go_to_cash()
    player.world.paper(ok=False, trouble="paper_end")
    player.settle()
    assert player.state.session.phase is Phase.OFFER
    assert player.state.session.order == ORDER
    assert shown(player).printer is m.PrinterView.NO_RECEIPT
    player.say(events.OfferConfirmed(without_receipt=True))
    player.settle()
    player.insert(5000, 2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert len(recorded(player, facts.SessionOpened)) == 2


def test_the_offer_that_is_made_again_may_be_confirmed_with_paper_once_there_is_some(player):
    player.go_to_cash()
    player.world.paper(ok=False, trouble="cover_open")
    player.settle()
    player.world.paper(ok=True)
    player.settle()
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    assert player.state.session.phase is Phase.CASH


def test_a_quote_that_runs_out_meanwhile_is_not_offered_again(player):
    player.go_to_cash()
    player.world.perform = lambda _order, _state: None
    player.world.paper(ok=False, trouble="paper_end")
    player.clock.now_s += ORDER.expires_at_us / 1_000_000
    player.settle()
    player.say(events.Tick())
    assert player.state.session.phase is Phase.WELCOME


def test_a_note_that_slips_in_while_the_till_wants_to_ask_again_is_the_buyers_and_goes_on(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.paper(ok=False, trouble="paper_end")
    player.settle()
    assert player.state.session.phase is Phase.CASH
    assert player.state.session.inserted_minor == 5000


def test_a_printer_that_dies_with_money_in_changes_nothing_before_the_slip(player):
    player.go_to_cash()
    player.insert(5000)
    player.world.paper(ok=False, trouble="paper_end")
    player.settle()
    assert player.state.session.phase is Phase.CASH
    assert shown(player).printer is m.PrinterView.NO_RECEIPT
    player.world.printer_outcome, player.world.printer_cause = SlipOutcome.FAILED, "paper_end"
    player.insert(2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert shown(player).result.receipt is m.ReceiptView.FAILED
    assert "Payment: 0001" in shown(player).result.receipt_qr


# --- after cash ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [SlipOutcome.PRINTED, SlipOutcome.TAKEN])
def test_a_receipt_in_hand_needs_no_picture_on_the_screen(player, outcome):
    player.world.printer_outcome = outcome
    player.go_to_cash()
    player.insert(5000, 2000)
    assert shown(player).result.receipt is m.ReceiptView.PRINTED
    assert shown(player).result.receipt_qr == ""


@pytest.mark.parametrize("outcome", LOST)
def test_a_receipt_that_is_not_in_hand_is_on_the_screen_and_stays_there_long_enough(player, outcome):
    player.world.printer_outcome, player.world.printer_cause = outcome, "paper_end"
    player.go_to_cash()
    player.insert(5000, 2000)
    result = shown(player).result
    assert result.receipt == m.ReceiptView(outcome.value)
    for needed in ("0001", "1000000008", "Bookshop", "70.00 EUR", result.reference, TERMINAL.support_phone):
        assert needed in result.receipt_qr
    player.wait(RULES.photo_s - 1)
    assert player.state.session.phase is Phase.DONE
    player.wait(2)
    assert player.state.session.phase is Phase.WELCOME
    assert len(player.world.physical.slips) == 1, "it is never repeated by itself"
    (settled,) = recorded(player, facts.SlipSettled)
    assert (settled.outcome, settled.cause) == (outcome, "paper_end")


@pytest.mark.parametrize("outcome", LOST)
def test_money_that_is_kept_has_its_code_on_the_screen_whatever_the_printer_did(player, outcome):
    player.world.printer_outcome = outcome
    player.go_to_cash()
    player.insert(5000)
    player.say(events.FinishTapped())
    player.settle()
    code = claim_code(player.state.session.session_id, RULES)
    assert shown(player).result.claim_code == code
    assert code[:4] in shown(player).result.receipt_qr


def test_the_picture_does_not_change_under_the_buyers_camera(player):
    pay_without_paper(player)
    first = shown(player).result.receipt_qr
    player.wait(20)
    player.say(events.HealthSeen(up=False, live=None))
    player.say(events.PrinterAnswered(can_print=False, trouble="missing"))
    assert shown(player).result.receipt_qr == first


def test_the_job_is_on_disk_with_all_it_says_before_the_first_byte(player, path):
    before = []
    perform = player.world.perform

    def look_first(order, state):
        if type(order).__name__ == "PrintSlip":
            before.extend(row.fact for row in player.journal.between(1, player.journal.seq, {"SlipIntended"}))
        perform(order, state)

    player.world.perform = look_first
    player.go_to_cash()
    player.insert(5000, 2000)
    (intended,) = before
    assert (intended.slip_id, intended.copy) == (player.world.physical.slips[0], False)
    assert receipt_text(intended.body).splitlines()[0] == "Payment receipt"
    assert player.world.printed[0].payment_id == player.state.session.payment_id


# --- no paper by consent ------------------------------------------------------------------------------------------


def test_a_buyer_who_agreed_to_no_paper_gets_a_numbered_receipt_on_the_screen(player):
    pay_without_paper(player)
    result = shown(player).result
    assert result.receipt is m.ReceiptView.NONE
    assert "Slip: 1" in result.receipt_qr
    assert player.world.physical.slips == ()
    (told,) = recorded(player, facts.ReceiptShown)
    assert told.number == 1


def test_paper_that_is_back_in_time_is_used_all_the_same_under_the_same_number(player):
    pay_without_paper(player)
    player.world.paper(ok=True)
    player.settle()
    assert shown(player).result.receipt is m.ReceiptView.PRINTED
    assert shown(player).result.receipt_qr == ""
    (slip,) = player.world.printed
    assert (slip.slip_number, slip.copy) == (1, False)
    player.wait(200)
    player.pay()
    assert player.world.printed[-1].slip_number == 2


def test_paper_that_is_back_before_the_end_prints_the_original_at_once(player):
    player.world.printer = events.PrinterAnswered(can_print=False, trouble="paper_end")
    to_offer(player)
    player.say(events.OfferConfirmed(without_receipt=True))
    player.settle()
    player.world.paper(ok=True)
    player.settle()
    player.insert(5000, 2000)
    assert len(player.world.printed) == 1
    assert recorded(player, facts.ReceiptShown) == []


# --- a till that dies while it prints -----------------------------------------------------------------------------


def cut_while_printing(player):
    player.go_to_cash()
    perform = player.world.perform

    def print_and_die(order, state):
        perform(order, state)
        if type(order).__name__ == "PrintSlip":
            player.world.queue.clear()

    player.world.perform = print_and_die
    player.insert(5000, 2000)


def test_a_slip_that_was_cut_is_copied_once_marked_under_the_originals_number_while_the_buyer_is_there(path):
    player = Player(path, World(), VirtualClock())
    player.boot()
    cut_while_printing(player)
    again = die_and_live(player, path, seconds=5)
    (copy,) = again.world.printed
    assert (copy.copy, copy.slip_number, copy.at_us) == (True, 1, player.world.printed[0].at_us)
    again.wait(200)
    assert len(again.world.physical.slips) == 2
    again.close()


def test_a_slip_that_was_cut_long_ago_is_not_left_lying_about_for_anybody(path):
    player = Player(path, World(), VirtualClock())
    player.boot()
    cut_while_printing(player)
    again = die_and_live(player, path, seconds=COPY_WITHIN_US / 1_000_000 + 10)
    assert again.world.printed == []
    assert shown(again).result.receipt is m.ReceiptView.UNKNOWN
    assert shown(again).result.receipt_qr, "whoever still stands there can photograph it"
    again.close()


def test_a_restart_keeps_the_receipt_on_the_screen_word_for_word(path):
    player = Player(path, World(), VirtualClock())
    player.boot()
    pay_without_paper(player)
    text = shown(player).result.receipt_qr
    again = die_and_live(player, path, seconds=5)
    assert receipt_text(receipt_on_screen(again.state).body) == text
    again.close()
