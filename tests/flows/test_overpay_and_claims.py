"""What becomes of money over the amount, by the payee's policy; and the code for whatever stays behind."""

from dataclasses import replace

import pytest

from kiosk.domain import codes, events
from kiosk.domain.advance import claim_code
from kiosk.domain.facts import OverpayPolicy, ResultKind
from kiosk.domain.moves import NoteTrouble, Notice
from kiosk.domain.session import Phase
from kiosk.till.signing import is_signed
from kiosk.till.slip_data import receipt_data
from kiosk.till.view import Face, snapshot
from tests.support.play import Player
from tests.support.world import KEY, ORDER, RULES, VirtualClock, World


class Quoting(World):
    order = ORDER

    def perform(self, order, state):
        if type(order).__name__ == "AskQuote":
            self.queue.append(events.OrderQuoted(self.order))
        else:
            super().perform(order, state)


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", Quoting(), VirtualClock())
    player.boot()
    yield player
    player.close()


def begin(player, policy, amount=7000):
    player.world.order = replace(ORDER, amount_minor=amount, overpay=policy)
    player.go_to_cash()


def test_exact_gives_the_note_back_that_is_too_much_and_names_the_largest_that_fits(player):
    begin(player, OverpayPolicy.EXACT)
    player.insert(5000, 5000)
    assert player.state.session.trouble is NoteTrouble.OVER_LIMIT
    view = snapshot(player.state, RULES, Face(None, ("en",), lambda _body: ""), 0.0, 1)
    assert (view.cash.largest_note_minor, view.cash.accepted_minor) == (2000, (500, 1000, 2000))
    player.insert(2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert player.state.session.leftover_minor == 0


def test_credit_all_credits_the_payee_with_everything(player):
    begin(player, OverpayPolicy.CREDIT_ALL)
    player.insert(5000, 10_000)
    (payment,) = player.state.payments.values()
    assert payment.amount_minor == 15_000
    assert "amount_minor=15000" in player.world.physical.paid[0][1].decode()
    assert player.state.session.leftover_minor == 0


def test_hold_keeps_the_leftover_under_a_code_the_aggregator_learns(player):
    begin(player, OverpayPolicy.HOLD)
    player.insert(5000, 5000)
    ((claim_id, body),) = player.world.physical.claims
    code = claim_code(player.state.session.session_id, RULES)
    assert claim_id.endswith("-leftover")
    assert code in body.decode()
    assert "amount_minor=3000" in body.decode()
    assert codes.parse(code).serial == 1


def test_an_amount_no_notes_can_pay_is_refused_before_any_cash(player):
    player.world.order = replace(ORDER, amount_minor=7030, overpay=OverpayPolicy.EXACT)
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped("1000000008"))
    player.settle()
    assert player.state.session.phase is Phase.ENTRY
    assert player.state.session.notice is Notice.NOT_PAYABLE_HERE


def slip_of(player):
    slip_id = player.state.session.slip_ids[-1]
    return receipt_data(player.state, slip_id, TERMINAL, RULES, player.clock.utc_us(), 1, "00")


class TERMINAL:
    number, name, address, support_phone, time_zone = "0001", "Kiosk", "Street", "1", "UTC"


def test_a_paid_order_needs_no_code(player):
    begin(player, OverpayPolicy.HOLD)
    player.insert(5000, 2000)
    assert (slip_of(player).claim_code, slip_of(player).claim_qr) == ("", "")


def test_the_slip_of_a_leftover_carries_a_statement_only_this_till_can_have_signed(player):
    begin(player, OverpayPolicy.HOLD)
    player.insert(5000, 5000)
    slip = slip_of(player)
    said = codes.read_statement(slip.claim_qr)
    assert (said.code.text, said.amount_minor, said.currency) == (slip.claim_code, 3000, "EUR")
    assert is_signed(KEY.public_key, said.signed, said.signature)
    assert not is_signed(KEY.public_key, said.signed.replace(b"3000", b"9000"), said.signature)


def test_a_slip_printed_before_a_refusal_still_claims_what_was_refused_after_it(player):
    begin(player, OverpayPolicy.HOLD)
    player.world.line(up=False)
    player.insert(5000, 2000)
    player.wait(12)
    assert player.state.session.result is ResultKind.ACCEPTED_FOR_LATER
    code = slip_of(player).claim_code
    (payment_id,) = player.state.payments
    player.wait(60)
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid", ""))
    player.world.line(up=True)
    player.settle()
    ((claim_id, body),) = player.world.physical.claims
    assert claim_id.endswith("-refused")
    assert code in body.decode()


def test_a_claim_waits_where_the_gateway_takes_none_and_is_told_once_one_does(tmp_path):
    world, clock, path = Quoting(), VirtualClock(), tmp_path / "journal.sqlite"
    mute = Player(path, world, clock, rules=replace(RULES, reports=frozenset()))
    mute.boot()
    begin(mute, OverpayPolicy.HOLD)
    mute.insert(5000, 5000)
    assert mute.state.unreported
    assert not mute.state.reports
    mute.close()
    player = Player(path, world, clock)
    player.boot()
    player.settle()
    assert len(world.physical.claims) == 1
    player.close()
