"""A buyer pays with the code of an earlier visit: step by step, with every ending."""

import asyncio
import logging
from dataclasses import replace

import pytest

from kiosk.domain import codes, events
from kiosk.domain.facts import OverpayPolicy, ResultKind, SlipOutcome
from kiosk.domain.moves import Notice
from kiosk.domain.receipts import SlipKind
from kiosk.domain.session import Phase
from kiosk.link import messages as m
from kiosk.link.service import ReceiptBy
from kiosk.till import audit
from kiosk.till.past_visits import PastVisits
from kiosk.till.slip_body import receipt_reader
from kiosk.till.verify import verify
from kiosk.till.view import Face, snapshot
from tests.support.catalogue import CATALOGUE, PHONE_TYPED
from tests.support.play import Player
from tests.support.slips import STATIONERY
from tests.support.world import KEY, ORDER, RULES, VirtualClock, World

CODE = codes.mint("0007", 41, KEY.sign)
FACE = Face(None, ("en", "bg", "ru"), receipt_reader(STATIONERY))


class Quoting(World):
    order = ORDER

    def perform(self, order, state):
        if type(order).__name__ == "AskQuote" and not order.service_id:
            self.queue.append(events.OrderQuoted(self.order))
        else:
            super().perform(order, state)


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", Quoting(open_codes={CODE: 10_000}), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def do(player, *steps):
    """What the buyer does, one after the other; in between everything is heard."""
    for step in steps:
        player.say(step)
        player.settle()


LANGUAGE, TAKE_CODE, DROP = events.LanguageTapped("en"), events.PayWithCodeTapped(), events.CodeDropTapped()
LOOK_UP, ORDERED = events.CodeAsked(CODE), events.OrderTyped(ORDER.order_number)
CONFIRM, BLIND = events.OfferConfirmed(without_receipt=False), events.OfferConfirmed(without_receipt=True)
TO_OFFER = (LANGUAGE, LOOK_UP, TAKE_CODE, ORDERED)


def shown(player):
    return snapshot(player.state, RULES, FACE, player.clock.now_s, 1)


def books(player):
    return dict(player.state.ledger.balances)


# --- the endings ----------------------------------------------------------------------------------------------------


def test_a_code_pays_an_order_and_no_cash_moves(player):
    do(player, LANGUAGE, LOOK_UP)
    found = shown(player).found
    assert (found.whereabouts, found.open_minor, found.usable) == (m.Whereabouts.KEPT, 10_000, True)
    do(player, TAKE_CODE)
    assert player.state.session.phase is Phase.ENTRY
    assert shown(player).code == m.CodeView(CODE, 10_000, "EUR")
    do(player, ORDERED)
    assert player.state.session.phase is Phase.OFFER
    assert player.world.accepting == frozenset()
    do(player, CONFIRM)
    now = shown(player)
    assert (now.phase, now.result.kind, now.result.paid_minor) == (m.Phase.DONE, m.ResultKind.ACCEPTED, 7000)
    assert (now.result.leftover_minor, now.result.claim_code, now.code.open_minor) == (3000, CODE, 3000)
    assert now.order.paid_minor == 7000
    (receipt,) = player.world.printed
    assert (receipt.kind, receipt.credited_minor, receipt.left_minor) == (SlipKind.CODE_PAYMENT, 7000, 3000)
    assert (receipt.open_minor, receipt.claim_code) == (10_000, CODE)
    player.wait(200)
    assert player.state.session.phase is Phase.WELCOME
    assert (books(player), player.state.redemptions) == ({}, {})
    assert len(player.world.physical.redeemed) == 1


def test_what_a_code_just_covers_leaves_nothing_to_claim(player):
    player.world.open_codes[CODE] = 7000
    do(player, *TO_OFFER, CONFIRM)
    assert (shown(player).result.leftover_minor, shown(player).result.claim_code) == (0, "")
    (receipt,) = player.world.printed
    assert (receipt.claim_code, receipt.code_end) == ("", CODE[-4:])


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_id_with_the_same_bytes(player):
    player.world.lose_replies = 2
    do(player, *TO_OFFER, CONFIRM)
    assert player.state.session.phase is Phase.PAYING
    player.wait(9)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert len(player.world.physical.redeemed) == 3
    assert len(set(player.world.physical.redeemed)) == 1


def test_an_unknown_outcome_is_accepted_for_later_never_failed_and_goes_on(player):
    do(player, *TO_OFFER)
    player.world.network_up = False
    do(player, CONFIRM)
    player.wait(11)
    now = shown(player)
    assert now.result.kind is m.ResultKind.ACCEPTED_FOR_LATER
    assert (now.result.paid_minor, now.result.leftover_minor, now.result.claim_code) == (7000, 3000, CODE)
    assert player.world.printed[0].kind is SlipKind.CODE_PAYMENT_LATER
    player.wait(600)
    assert player.state.session.phase is Phase.WELCOME
    assert len(player.state.outbox) == 1
    player.world.line(up=True)
    player.settle()
    assert player.state.outbox == ()
    assert len(player.world.physical.redeemed) == 1
    player.close()
    (paid,) = audit.summary(player.journal.path)["code_payments"]
    assert (paid["state"], paid["amount_minor"], paid["payee"]) == ("accepted", 7000, "Bookshop")


def test_a_line_that_comes_back_ends_the_wait_at_once(player):
    do(player, *TO_OFFER)
    player.world.network_up = False
    do(player, CONFIRM)
    assert player.state.session.phase is Phase.PAYING
    player.world.line(up=True)
    player.settle()
    assert shown(player).result.kind is m.ResultKind.ACCEPTED


def test_a_copy_that_is_made_later_tells_what_became_of_it(player):
    do(player, *TO_OFFER)
    player.world.network_up = False
    do(player, CONFIRM)
    redemption_id = player.state.session.payment_id
    player.wait(300)
    player.world.line(up=True)
    player.settle()
    visits = PastVisits(player.journal, lambda: asyncio.sleep(0))
    visit = asyncio.run(visits.find(ReceiptBy.PAYMENT, redemption_id))
    do(player, events.ReprintAsked(visit, "Maria", "lost"))
    later, now = player.world.printed
    assert (later.kind, now.kind, now.copy) == (SlipKind.CODE_PAYMENT_LATER, SlipKind.CODE_PAYMENT, True)
    assert (now.reference, now.left_minor, now.slip_number) == (f"R-{redemption_id}", 3000, later.slip_number)


def test_a_refusal_takes_nothing_and_says_that_the_money_is_still_under_the_code(player):
    player.world.redemption_refused = "order_already_paid"
    do(player, *TO_OFFER, CONFIRM)
    now = shown(player)
    assert (now.result.kind, now.result.paid_minor) == (m.ResultKind.REFUSED, 0)
    assert (now.result.leftover_minor, now.result.claim_code, now.code.open_minor) == (10_000, CODE, 10_000)
    (receipt,) = player.world.printed
    assert (receipt.kind, receipt.credited_minor, receipt.left_minor) == (SlipKind.CODE_PAYMENT_REFUSED, 0, 10_000)
    player.wait(200)
    assert (books(player), player.state.claims, player.world.physical.claims) == ({}, {}, ())


def test_a_buyer_without_paper_takes_the_receipt_from_the_screen(player):
    player.world.paper(ok=False, trouble="paper_out")
    do(player, *TO_OFFER, CONFIRM)
    assert player.state.session.phase is Phase.OFFER
    do(player, BLIND)
    assert "Left under the code: 30.00 EUR" in shown(player).result.receipt_qr
    assert player.world.physical.slips == ()


@pytest.mark.parametrize("outcome", [SlipOutcome.FAILED, SlipOutcome.UNKNOWN])
def test_a_receipt_that_did_not_come_out_is_shown(player, outcome):
    player.world.printer_outcome = outcome
    do(player, *TO_OFFER, CONFIRM)
    assert CODE[:4] in shown(player).result.receipt_qr


# --- the till dies --------------------------------------------------------------------------------------------------


def test_a_restart_in_the_middle_ends_as_it_would_have_ended(player, tmp_path):
    do(player, *TO_OFFER)
    player.world.network_up = False
    do(player, CONFIRM)
    (redemption,) = player.state.redemptions.values()
    player.close()
    world = Quoting(open_codes={CODE: 10_000})
    reborn = Player(tmp_path / "journal.sqlite", world, player.clock)
    reborn.boot()
    assert reborn.state.session.phase is Phase.PAYING
    reborn.wait(3)
    assert shown(reborn).result.kind is m.ResultKind.ACCEPTED
    assert world.physical.redeemed == ((redemption.redemption_id, redemption.body),)
    assert world.printed[0].kind is SlipKind.CODE_PAYMENT
    reborn.wait(200)
    assert reborn.state.counters.sessions == 1
    reborn.close()


# --- what does not fit ----------------------------------------------------------------------------------------------


def test_a_code_that_does_not_cover_the_order_is_said_at_the_offer_and_cash_still_pays(player):
    player.world.open_codes[CODE] = 6999
    do(player, *TO_OFFER)
    assert (player.state.session.phase, shown(player).notice) == (Phase.OFFER, m.NoticeCode.CODE_TOO_SMALL)
    do(player, CONFIRM)
    assert player.state.session.phase is Phase.OFFER
    assert player.state.redemptions == {}
    do(player, DROP)
    assert (shown(player).code, shown(player).notice) == (None, None)
    do(player, CONFIRM)
    player.insert(5000, 2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    assert player.world.physical.redeemed == ()


def test_what_neither_code_nor_notes_can_pay_leads_back_with_the_code_in_hand(player):
    player.world.open_codes[CODE] = 7029
    player.world.order = replace(ORDER, amount_minor=7030, overpay=OverpayPolicy.EXACT)
    do(player, *TO_OFFER)
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.CODE_TOO_SMALL)
    assert shown(player).code is not None


def test_a_code_pays_what_no_notes_can_pay_and_may_not_be_dropped_into_a_dead_end(player):
    player.world.order = replace(ORDER, amount_minor=7030, overpay=OverpayPolicy.EXACT)
    do(player, *TO_OFFER)
    assert player.state.session.phase is Phase.OFFER
    do(player, DROP)
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.NOT_PAYABLE_HERE)
    do(player, LOOK_UP, TAKE_CODE, ORDERED, CONFIRM)
    assert shown(player).result.paid_minor == 7030


def test_a_service_whose_amount_the_buyer_decides_is_paid_with_its_least(tmp_path):
    world = World(open_codes={CODE: 10_000}, catalogue=CATALOGUE)
    player = Player(tmp_path / "journal.sqlite", world, VirtualClock())
    player.boot()
    do(player, LANGUAGE, LOOK_UP, TAKE_CODE, events.ServiceAsked("top-up", PHONE_TYPED))
    offer = shown(player).order
    assert (offer.open_amount, offer.max_minor) == (False, 0)
    do(player, CONFIRM)
    assert shown(player).result.paid_minor == offer.due_minor
    assert world.printed[0].account == "+359 88 *** *123"
    assert PHONE_TYPED[0][1] not in str(world.printed[0])
    player.close()


def test_a_code_in_another_currency_can_be_looked_at_and_not_paid_with(player):
    do(player, LANGUAGE)
    player.say(LOOK_UP)
    player.world.queue.clear()
    player.say(events.CodeLookedUp(CODE, None, replace(player.world._code(CODE), currency="RUB")))
    assert (shown(player).found.currency, shown(player).found.usable) == ("RUB", False)
    do(player, TAKE_CODE)
    assert (player.state.session.phase, shown(player).notice) == (Phase.FOUND, m.NoticeCode.CODE_OTHER_CURRENCY)


def test_an_offer_that_ran_out_leads_back_with_the_code_in_hand(player):
    player.world.order = replace(ORDER, expires_at_us=player.clock.utc_us() + 10_000_000)
    do(player, *TO_OFFER)
    player.wait(11)
    do(player, CONFIRM)
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.ORDER_EXPIRED)
    assert shown(player).code is not None


# --- looking up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "K7Q2", "", "Щ" * 16, "U" * 16])
def test_a_mistyped_code_is_noticed_without_asking_anybody(player, typed):
    do(player, LANGUAGE)
    player.say(events.CodeAsked(typed))
    assert not player.world.queue
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.CODE_MISTYPED)
    assert player.state.devices.code_tries_s == ()


def test_a_code_may_be_typed_in_groups_and_small_letters(player):
    do(player, LANGUAGE, events.CodeAsked(codes.in_groups(CODE).lower()))
    assert shown(player).found.code == CODE


@pytest.mark.parametrize(
    ("open_minor", "up", "notice"),
    [
        (None, True, Notice.CODE_UNKNOWN),
        (0, True, Notice.CODE_SPENT),
        (10_000, False, Notice.NETWORK_DOWN),
    ],
)
def test_why_nothing_is_found_is_said(player, open_minor, up, notice):
    player.world.open_codes = {} if open_minor is None else {CODE: open_minor}
    player.world.network_up = up
    do(player, LANGUAGE, LOOK_UP)
    assert (player.state.session.phase, player.state.session.notice) == (Phase.ENTRY, notice)


def test_looking_up_can_be_cancelled_and_its_answer_then_means_nothing(player):
    do(player, LANGUAGE)
    player.say(LOOK_UP)
    assert player.state.session.phase is Phase.CHECKING
    player.say(events.CancelTapped())
    assert player.state.session.phase is Phase.ENTRY
    player.settle()
    assert (player.state.session.phase, shown(player).found) == (Phase.ENTRY, None)


def test_codes_cannot_be_tried_out_in_number_by_anybody(player):
    for number in range(RULES.code_tries_per_minute):
        do(player, LANGUAGE, events.CodeAsked(codes.mint("0007", number + 1, KEY.sign)), events.CancelTapped())
    do(player, LANGUAGE, LOOK_UP)
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.CODE_TOO_OFTEN)
    assert not player.world.queue
    player.wait(61)
    do(player, LANGUAGE, LOOK_UP)
    assert player.state.session.phase is Phase.FOUND


def test_a_kiosk_that_takes_no_money_still_tells_where_it_is(player):
    do(player, events.FraudSuspected(), LANGUAGE, LOOK_UP)
    assert player.state.latched
    assert player.state.session.phase is Phase.FOUND
    do(player, TAKE_CODE, ORDERED)
    assert player.state.session.phase is Phase.ENTRY


def test_who_walks_away_from_what_was_found_leaves_nothing_of_it(player):
    do(player, LANGUAGE, LOOK_UP)
    player.wait(200)
    assert player.state.session.phase is Phase.WELCOME
    assert (shown(player).found, shown(player).code) == (None, None)


def test_who_walks_away_with_a_code_in_hand_leaves_it_to_nobody(player):
    do(player, LANGUAGE, LOOK_UP, TAKE_CODE)
    player.wait(100)
    assert player.state.session.phase is Phase.WELCOME
    do(player, LANGUAGE, ORDERED)
    assert shown(player).code is None


def test_where_the_dialect_knows_no_codes_none_is_paid_with(tmp_path):
    rules = replace(RULES, codes=False)
    player = Player(tmp_path / "journal.sqlite", Quoting(open_codes={CODE: 10_000}), VirtualClock(), rules=rules)
    player.boot()
    do(player, LANGUAGE, LOOK_UP)
    assert not player.state.session.found.usable
    do(player, TAKE_CODE)
    assert player.state.session.phase is Phase.FOUND
    assert not snapshot(player.state, rules, FACE, 0.0, 1).codes
    player.close()


# --- secrets --------------------------------------------------------------------------------------------------------


def test_no_code_reaches_a_log_or_stands_in_the_chain(player, caplog):
    caplog.set_level(logging.DEBUG)
    player.world.lose_replies = 1
    do(player, LANGUAGE, LOOK_UP)
    seen = [repr(shown(player)), repr(player.state.session)]
    do(player, TAKE_CODE)
    seen += [repr(shown(player)), repr(player.state.session)]
    do(player, ORDERED, CONFIRM)
    seen += [repr(player.state.redemptions), repr(player.state.session)]
    player.wait(200)
    do(player, events.Scanned(CODE))
    heard = [record.getMessage() for record in caplog.records]
    assert any("RedemptionCaptured" in line for line in heard)
    assert CODE not in "\n".join([*heard, *seen])
    rows = player.journal._connection.execute("SELECT body FROM fact").fetchall()
    assert not [body for (body,) in rows if CODE.encode() in body]


# --- scanning -------------------------------------------------------------------------------------------------------

STATEMENT = codes.statement(CODE, 3000, "EUR", 1_790_000_000, KEY.sign)


@pytest.mark.parametrize("text", ["KIOSKO1*1000000017", "100 000 0017", " KIOSKO1*1000000017 "])
@pytest.mark.parametrize("first", [(), (events.LanguageTapped("bg"),)])
def test_an_order_that_is_scanned_is_asked_about_from_the_first_screen_on(tmp_path, text, first):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    do(player, *first, events.Scanned(text))
    assert player.state.session.phase is Phase.OFFER
    assert player.state.session.order.order_number == "1000000017"
    assert player.state.session.language == ("bg" if first else "en")
    player.close()


@pytest.mark.parametrize("text", [CODE, codes.in_groups(CODE), STATEMENT, f" {STATEMENT} "])
@pytest.mark.parametrize("first", [(), (LANGUAGE,)])
def test_a_slip_that_is_scanned_is_looked_up(player, text, first):
    do(player, *first, events.Scanned(text))
    assert shown(player).found.code == CODE


@pytest.mark.parametrize("text", ["https://example.org/", "", "KIOSKO1*17", "1" * 5000, "\x00", CODE[:-1]])
@pytest.mark.parametrize("first", [(), (LANGUAGE,)])
def test_anything_else_that_is_scanned_is_said_to_be_nothing_we_know(player, text, first):
    do(player, *first, events.Scanned(text))
    assert (player.state.session.phase, shown(player).notice) == (Phase.ENTRY, m.NoticeCode.SCAN_UNKNOWN)


def test_a_scan_while_money_is_on_its_way_does_nothing(player):
    player.go_to_cash()
    before = player.state
    do(player, events.Scanned("KIOSKO1*1000000017"), events.Scanned(CODE))
    assert player.state == before
    player.insert(5000, 2000)
    before = player.state
    do(player, events.Scanned(CODE))
    assert player.state == before


def test_an_order_that_is_scanned_at_a_closed_kiosk_wakes_nobody(player):
    do(player, events.FraudSuspected(), events.Scanned("KIOSKO1*1000000017"))
    assert player.state.session.phase is Phase.WELCOME


# --- what is paid for most ------------------------------------------------------------------------------------------


def test_what_was_paid_for_lately_is_offered_first_and_only_while_it_is_offered(tmp_path):
    world = World(open_codes={CODE: 100_000}, catalogue=CATALOGUE)
    player = Player(tmp_path / "journal.sqlite", world, VirtualClock())
    player.boot()
    assert shown(player).popular == ()
    world.wants = events.ServiceAsked("top-up", PHONE_TYPED)
    player.pay((5000, 5000))
    do(player, LANGUAGE, LOOK_UP, TAKE_CODE, events.ServiceAsked("water", (("customer", "1234567"),)), CONFIRM)
    player.wait(200)
    assert set(shown(player).popular) == {"top-up", "water"}
    do(player, LANGUAGE, LOOK_UP, TAKE_CODE, events.ServiceAsked("water", (("customer", "1234567"),)), CONFIRM)
    player.wait(200)
    assert shown(player).popular == ("water", "top-up")
    without = replace(CATALOGUE, version=9, services=tuple(s for s in CATALOGUE.services if s.service_id != "water"))
    do(player, events.CatalogueLearnt(without))
    assert shown(player).popular == ("top-up",)
    player.close()
    reborn = Player(tmp_path / "journal.sqlite", World(catalogue=CATALOGUE), VirtualClock(now_s=9000.0))
    reborn.boot()
    assert shown(reborn).popular == ("water", "top-up")
    reborn.close()
