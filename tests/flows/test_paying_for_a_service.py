"""A service of the catalogue as a list of steps: what is asked, what is offered, what is credited, what is kept of it."""

import logging
from dataclasses import replace

import pytest

from kiosk.domain import events, facts
from kiosk.domain.catalogue import NO_CATALOGUE
from kiosk.domain.facts import ResultKind
from kiosk.domain.moves import Notice
from kiosk.domain.session import Phase
from kiosk.link import messages as m
from kiosk.till import audit
from kiosk.till.slip_data import receipt_data
from kiosk.till.story import sentence
from kiosk.till.view import Face, snapshot
from tests.support.catalogue import CATALOGUE, PHONE_SHOWN, PHONE_TYPED, QUOTES
from tests.support.play import Player
from tests.support.slips import paper
from tests.support.world import RULES, VirtualClock, World

TOP_UP = events.ServiceAsked("top-up", PHONE_TYPED)
WATER = events.ServiceAsked("water", (("customer", "1234567"),))
INTERNET = events.ServiceAsked("internet", (("customer", "1234567"), ("months", "12")))
FACE = Face(m.TerminalView("0001", "Kiosk", "Street", "1"), ("en", "bg", "ru"), lambda _: "")


class Terminal:
    number, name, address, support_phone, time_zone = "0001", "Kiosk", "Street", "1", "UTC"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture
def player(path):
    player = Player(path, World(catalogue=CATALOGUE), VirtualClock())
    player.boot()
    player.say(events.LanguageTapped("en"))
    yield player
    player.close()


def wants(player, asked):
    player.world.wants = asked
    player.go_to_cash()


def shown(player):
    return snapshot(player.state, RULES, FACE, player.clock.now_s, 1)


def paid(player):
    return [(payment.amount_minor, payment.session_id) for payment in player.state.payments.values()]


def asks(player, asked):
    """As far as the question to the aggregator, unanswered."""
    player.say(asked)
    player.world.queue.clear()


# --- whole visits -------------------------------------------------------------------------------------------------


def test_a_bill_is_paid_as_the_payee_says(player, path):
    wants(player, WATER)
    assert (shown(player).order.service_id, shown(player).order.account) == ("water", "123-4567")
    player.insert(5000, 2000)
    assert player.state.session.result is ResultKind.ACCEPTED
    player.wait(60)
    player.close()
    found = audit.summary(path)
    assert [(p["amount_minor"], p["state"]) for p in found["payments"]] == [(7000, "accepted")]


def test_a_fixed_price_that_wants_it_exactly_gives_back_what_is_too_much(player):
    wants(player, INTERNET)
    player.insert(5000)
    assert player.state.session.inserted_minor == 0
    player.insert(2000, 500)
    assert paid(player)[0][0] == 2500


def test_a_buyer_who_decides_is_credited_all_of_it_when_they_say_so(player):
    wants(player, TOP_UP)
    player.insert(500)
    assert player.state.session.phase is Phase.CASH, "the least is in, and more is welcome"
    view = shown(player)
    assert (view.order.due_minor, view.order.max_minor, view.cash.left_minor) == (500, 20_000, 0)
    assert view.cash.can_finish
    player.insert(2000)
    player.say(events.FinishTapped())
    player.settle()
    assert (player.state.session.result, paid(player)[0][0]) == (ResultKind.ACCEPTED, 2500)
    assert player.state.session.leftover_minor == 0


def test_cash_ends_by_itself_at_the_most(player):
    wants(player, TOP_UP)
    player.insert(10_000)
    assert shown(player).cash.accepted_minor == (500, 1000, 2000, 5000, 10_000)
    player.insert(5000)
    assert shown(player).cash.accepted_minor == (500, 1000, 2000, 5000)
    player.insert(10_000)
    assert player.state.session.inserted_minor == 15_000, "it would be more than can be credited"
    player.insert(5000)
    assert (player.state.session.result, paid(player)[0][0]) == (ResultKind.ACCEPTED, 20_000)


def test_silence_with_the_least_in_means_pay(player):
    wants(player, TOP_UP)
    player.insert(500)
    player.wait(62)
    assert (player.state.session.result, paid(player)[0][0]) == (ResultKind.ACCEPTED, 500)


def test_silence_below_the_least_keeps_it_under_a_code(player):
    player.world.catalogue = CATALOGUE
    least = replace(QUOTES["top-up"], amount_minor=2000)
    player.say(TOP_UP)
    player.world.queue.clear()
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(least, PHONE_TYPED))
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    player.insert(1000)
    player.wait(62)
    assert player.state.session.result is ResultKind.NOT_ENOUGH
    assert (paid(player), player.state.session.leftover_minor) == ([], 1000)


def test_the_sessions_own_limit_holds_where_the_payee_has_none(player):
    wants(player, events.ServiceAsked("charity", ()))
    assert shown(player).order.max_minor == RULES.session_limit_minor
    player.insert(*[10_000] * 6)
    assert paid(player)[0][0] == RULES.session_limit_minor


def test_a_visit_that_was_cut_is_finished_with_what_was_typed(player, path):
    bodies = []
    rules = replace(RULES, freeze=lambda wanted: bodies.append(wanted.fields) or repr(wanted).encode())
    wants(player, TOP_UP)
    player.insert(500)
    player.close()
    again = Player(path, World(catalogue=CATALOGUE), player.clock, rules)
    again.boot()
    assert again.state.session.phase is Phase.CASH
    again.say(events.FinishTapped())
    again.settle()
    assert bodies == [PHONE_TYPED]
    again.close()


# --- what is asked, by whom it is decided -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("phone", "88123412"),),
        (("phone", "88123412a"),),
        (("phone", "8812341234"),),
        (("phone", "٨٨١٢٣٤١٢٣"),),
        (("other", "881234123"),),
        (*PHONE_TYPED, *PHONE_TYPED),
        (*PHONE_TYPED, ("months", "1")),
    ],
    ids=["none", "short", "letter", "long", "digits of another script", "another", "twice", "more"],
)
def test_the_till_checks_what_the_screen_sent(player, fields):
    asks(player, events.ServiceAsked("top-up", fields))
    assert (player.state.session.phase, player.state.session.notice) == (Phase.ENTRY, Notice.FIELD_INVALID)


@pytest.mark.parametrize("service_id", ["abroad", "nonsense", ""], ids=["another currency", "unknown", "empty"])
def test_only_what_is_offered_can_be_asked_for(player, service_id):
    asks(player, events.ServiceAsked(service_id, (("customer", "1234567"),)))
    assert (player.state.session.phase, player.state.session.notice) == (Phase.ENTRY, Notice.SERVICE_UNKNOWN)


def test_without_a_catalogue_there_are_orders_only(path, tmp_path):
    player = Player(tmp_path / "other.sqlite", World(), VirtualClock())
    player.boot()
    player.say(events.LanguageTapped("en"))
    assert player.state.catalogue is NO_CATALOGUE
    asks(player, WATER)
    assert player.state.session.notice is Notice.SERVICE_UNKNOWN
    player.close()


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        ("field_invalid", Notice.FIELD_INVALID),
        ("account_unknown", Notice.ACCOUNT_UNKNOWN),
        ("nothing_due", Notice.NOTHING_DUE),
        ("service_unknown", Notice.SERVICE_UNKNOWN),
        ("shop_inactive", Notice.PAYEE_INACTIVE),
        ("payee_unavailable", Notice.PAYEE_UNAVAILABLE),
        ("amount_out_of_range", Notice.AMOUNT_OUT_OF_RANGE),
        ("currency_mismatch", Notice.SERVICE_REFUSED),
        ("nobody_knows_this", Notice.SERVICE_REFUSED),
    ],
)
def test_a_refusal_before_cash_leads_back_with_its_reason(player, code, notice):
    asks(player, WATER)
    player.say(events.OrderRefused("", code, WATER.service_id, WATER.fields))
    assert (player.state.session.phase, player.state.session.notice) == (Phase.ENTRY, notice)
    assert shown(player).notice is m.NoticeCode(notice.value)


def test_an_answer_about_an_earlier_account_is_not_taken_for_this_one(player):
    asks(player, TOP_UP)
    player.say(events.CancelTapped())
    other = (("phone", "899999999"),)
    asks(player, events.ServiceAsked("top-up", other))
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(QUOTES["top-up"], PHONE_TYPED))
    player.say(events.OrderRefused("", "account_unknown", "top-up", PHONE_TYPED))
    assert player.state.session.phase is Phase.CHECKING
    player.say(events.OrderQuoted(QUOTES["top-up"], other))
    assert player.state.session.phase is Phase.OFFER


def test_an_answer_about_an_order_is_not_taken_for_a_service(player):
    asks(player, WATER)
    player.say(events.OrderQuoted(replace(QUOTES["water"], service_id=""), WATER.fields))
    assert player.state.session.phase is Phase.CHECKING


def test_a_service_that_left_the_catalogue_meanwhile_is_not_offered(player):
    asks(player, WATER)
    player.say(events.CatalogueLearnt(replace(CATALOGUE, version=8, services=())))
    player.say(events.OrderQuoted(QUOTES["water"], WATER.fields))
    assert player.state.session.notice is Notice.SERVICE_UNKNOWN


def test_a_quote_in_another_currency_is_refused_whatever_the_catalogue_says(player):
    asks(player, WATER)
    player.say(events.OrderQuoted(replace(QUOTES["water"], currency="USD"), WATER.fields))
    assert player.state.session.notice is Notice.SERVICE_REFUSED


def test_a_check_that_is_too_old_is_made_again(player):
    asks(player, WATER)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(QUOTES["water"], expires_at_us=1), WATER.fields))
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.notice is Notice.QUOTE_EXPIRED


def test_a_payee_whose_limits_contradict_each_other_takes_no_cash(player):
    asks(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(QUOTES["top-up"], amount_minor=3000, max_minor=2000), PHONE_TYPED))
    assert player.state.session.notice is Notice.NOT_PAYABLE_HERE


# --- what is personal ---------------------------------------------------------------------------------------------

TYPED = PHONE_TYPED[0][1]
DETAILS = (("Name", "Ivan Petrov"),)


def pays_with_a_talkative_payee(player):
    """One that repeats the number everywhere and names its owner."""
    talkative = replace(QUOTES["top-up"], account=f"+359 {TYPED}", description=f"Top-up of 0{TYPED}")
    asks(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(talkative, PHONE_TYPED, DETAILS))
    offer = shown(player)
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    player.insert(500)
    player.say(events.FinishTapped())
    player.settle()
    return offer


def test_the_buyer_sees_whom_it_is_for_without_others_reading_it(player):
    offer = pays_with_a_talkative_payee(player)
    assert (offer.order.account, offer.order.details) == (PHONE_SHOWN, DETAILS)
    slip_id = player.state.session.slip_ids[-1]
    slip = receipt_data(player.state, slip_id, Terminal, RULES, player.clock.utc_us(), 1, "00")
    printed = paper(slip)
    assert [line.split() for line in printed if line.startswith(("Account", "For", "Order"))] == [
        ["Account", "+359", "88", "***", "*123"],
        ["For", "Prepaid", "top-up"],
    ]


def test_what_was_typed_is_shown_in_one_way_however_the_payee_covers_it(player):
    asks(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(QUOTES["top-up"], account="…4123"), PHONE_TYPED))
    assert shown(player).order.account == PHONE_SHOWN


def test_the_slip_names_the_service_as_the_buyer_who_confirmed_it_reads_it(player):
    wanted = replace(QUOTES["top-up"], description="Prepaid top-up")
    asks(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(wanted, PHONE_TYPED))
    player.say(events.LanguageTapped("ru"))
    player.say(events.OfferConfirmed(without_receipt=False))
    assert player.state.session.order.description == "Пополнение предоплаченной карты"


def test_what_the_payee_says_beyond_the_name_stays(player):
    asks(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=True))
    player.say(events.OrderQuoted(replace(QUOTES["top-up"], description="Tariff Smart, October"), PHONE_TYPED))
    assert player.state.session.order.description == "Tariff Smart, October"


def test_the_slip_of_an_open_amount_says_what_the_buyer_decided_to_pay(player):
    wants(player, TOP_UP)
    player.insert(500, 2000)
    player.say(events.FinishTapped())
    player.settle()
    slip = receipt_data(
        player.state, player.state.session.slip_ids[-1], Terminal, RULES, player.clock.utc_us(), 1, "00"
    )
    assert (slip.amount_minor, slip.inserted_minor, slip.credited_minor) == (2500, 2500, 2500)


def test_nothing_personal_is_in_a_log(player, caplog):
    caplog.set_level(logging.DEBUG)
    pays_with_a_talkative_payee(player)
    player.wait(60)
    assert "top-up" in caplog.text
    assert [personal for personal in (TYPED, "Ivan") if personal in caplog.text] == []


def test_in_the_journal_it_stands_beside_the_chain_and_can_be_erased(player):
    pays_with_a_talkative_payee(player)
    player.wait(60)
    rows = list(player.journal.replay())
    for personal in (TYPED, "Ivan"):
        assert not [row for row in rows if personal in row.body.decode() or personal in sentence(row.fact)]
    opened = next(row.fact for row in rows if isinstance(row.fact, facts.SessionOpened))
    assert opened.particulars == facts.Particulars(PHONE_TYPED, DETAILS)
    assert opened.order.account == PHONE_SHOWN
    player.clock.now_s += 200 * 86_400
    player.wait(1)
    opened = next(row.fact for row in player.journal.replay() if isinstance(row.fact, facts.SessionOpened))
    assert opened.particulars == facts.Particulars()


def test_an_order_by_number_has_nothing_personal_beside_the_chain(player):
    player.world.wants = events.OrderTyped("1000000008")
    player.go_to_cash()
    row = next(row for row in player.journal.replay() if row.name == "SessionOpened")
    assert b"sealed" not in row.body


def test_what_was_typed_is_forgotten_with_a_step_back(player):
    asks(player, TOP_UP)
    player.say(events.CancelTapped())
    assert player.state.session.particulars == facts.Particulars()


def test_an_offer_made_again_because_the_printer_gave_up_is_still_for_what_was_typed(path, player):
    player.close()
    bodies = []
    rules = replace(RULES, freeze=lambda wanted: bodies.append(wanted.fields) or repr(wanted).encode())
    player = Player(path, World(catalogue=CATALOGUE), player.clock, rules)
    player.boot()
    wants(player, TOP_UP)
    player.say(events.PrinterAnswered(can_print=False))
    player.settle()
    assert (player.state.session.phase, player.state.session.service_id) == (Phase.OFFER, "top-up")
    player.say(events.OfferConfirmed(without_receipt=True))
    player.insert(500)
    player.say(events.FinishTapped())
    player.settle()
    assert bodies == [PHONE_TYPED]
    player.close()
