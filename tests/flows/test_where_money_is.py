"""Where is my money: every visit that leaves a code, looked up at the kiosk that gave it, with a network and without."""

import asyncio
from dataclasses import replace

import pytest

from kiosk.domain import codes, events
from kiosk.domain.advance import claim_code
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.register_book import PaidOut, Register, day_of
from kiosk.domain.session import Phase
from kiosk.gateways import port
from kiosk.link import messages as m
from kiosk.link.service import ReceiptBy
from kiosk.till.code_desk import CodeDesk
from kiosk.till.past_visits import NoSuchVisitError, PastVisits
from kiosk.till.view import Face, snapshot
from tests.support.play import Player
from tests.support.world import KEY, RULES, VirtualClock, World

FACE = Face(None, ("en", "bg", "ru"), lambda _body: "")
LANGUAGE = events.LanguageTapped("en")


class Aggregator:
    """As much of a gateway as a look-up needs."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    async def look_up_code(self, code):
        self.asked.append(code)
        return self.answer


DOWN = port.CodeUnavailable("no connection")
UNKNOWN = port.CodeNotKnown()


class Asking(World):
    """Looks codes up as a till does: in the journal of `player`, and at `aggregator`."""

    player = None
    aggregator = Aggregator(UNKNOWN)

    def perform(self, order, state):
        if type(order).__name__ != "LookUpCode":
            super().perform(order, state)
            return
        visits = PastVisits(self.player.journal, lambda: asyncio.sleep(0))
        asyncio.run(CodeDesk(visits, self.aggregator, self.queue.append).look_up(order.code, ours=order.ours))


@pytest.fixture
def player(tmp_path):
    world = Asking()
    player = Player(tmp_path / "journal.sqlite", world, VirtualClock())
    world.player, world.aggregator = player, Aggregator(UNKNOWN)
    player.boot()
    yield player
    player.close()


def visit(player, *notes):
    """A visit whose buyer puts these notes in and goes; its code."""
    player.go_to_cash()
    player.insert(*notes)
    session_id = player.state.session.session_id
    player.wait(400)
    assert player.state.session.phase is Phase.WELCOME
    return claim_code(session_id, RULES)


def look_up(player, code, answer=DOWN):
    """What the buyer who types the code is shown: of the code, or a notice."""
    player.world.aggregator.answer = answer
    player.say(LANGUAGE)
    player.say(events.CodeAsked(code))
    player.settle()
    now = snapshot(player.state, RULES, FACE, player.clock.now_s, 1)
    assert (now.phase is m.Phase.FOUND) is (now.found is not None)
    player.wait(100)
    return now.found or now.notice


@pytest.mark.parametrize(
    ("answer", "usable", "left"),
    [(DOWN, False, 3000), (UNKNOWN, False, 3000), (port.CodeOpen(1200, "EUR"), True, 1200)],
)
def test_a_leftover_is_kept_and_the_aggregator_alone_says_what_can_be_paid_with(player, answer, usable, left):
    code = visit(player, 5000, 5000)
    found = look_up(player, code, answer)
    assert (found.whereabouts, found.payee, found.paid_minor) == (m.Whereabouts.KEPT, "Bookshop", 7000)
    assert (found.open_minor, found.usable, found.code) == (left, usable, code)
    assert found.at_us > 0
    assert found.reference.isdecimal()


def test_what_was_paid_with_the_code_or_over_the_desk_is_paid_out(player):
    code = visit(player, 5000, 5000)
    found = look_up(player, code, port.CodeOpen(0, "EUR"))
    assert (found.whereabouts, found.open_minor, found.usable) == (m.Whereabouts.PAID_OUT, 0, False)


def test_what_the_register_says_was_paid_out_is_known_without_a_network(player):
    code = visit(player, 5000, 5000)
    (claim,) = player.state.claims.values()
    paid = PaidOut(claim.claim_id, "C1", claim.amount_minor, claim.currency)
    day = day_of(player.clock.utc_us())
    player.world.registers[day] = Register(day, True, (), (paid,))
    player.clock.now_s += 90_000
    player.world.line(up=True)
    player.settle()
    assert player.state.claims == {}
    assert look_up(player, code).whereabouts is m.Whereabouts.PAID_OUT


def test_money_of_a_payment_that_was_refused_is_kept(player):
    player.world.network_up = True
    player.go_to_cash()
    player.world.network_up = False
    player.insert(5000, 2000)
    session_id = player.state.session.session_id
    (payment_id,) = player.state.payments
    player.wait(100)
    code = claim_code(session_id, RULES)
    found = look_up(player, code)
    assert (found.whereabouts, found.paid_minor, found.open_minor) == (m.Whereabouts.ON_ITS_WAY, 7000, 0)
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid"))
    found = look_up(player, code)
    assert (found.whereabouts, found.paid_minor, found.open_minor) == (m.Whereabouts.KEPT, 0, 7000)


def test_a_payment_that_arrived_later_is_paid(player):
    player.go_to_cash()
    player.world.network_up = False
    player.insert(5000, 2000)
    code = claim_code(player.state.session.session_id, RULES)
    player.wait(100)
    player.world.line(up=True)
    player.settle()
    found = look_up(player, code)
    assert (found.whereabouts, found.paid_minor, found.open_minor) == (m.Whereabouts.PAID, 7000, 0)


def test_too_little_for_the_order_is_kept(player):
    found = look_up(player, visit(player, 2000))
    assert (found.whereabouts, found.paid_minor, found.open_minor) == (m.Whereabouts.KEPT, 0, 2000)


def test_a_note_nobody_can_find_is_under_review(player):
    player.go_to_cash()
    player.world.insert(5000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.StackSilent())
    session_id = player.state.session.session_id
    player.wait(400)
    found = look_up(player, claim_code(session_id, RULES))
    assert (found.whereabouts, found.under_review_minor) == (m.Whereabouts.UNDER_REVIEW, 5000)


def test_a_code_of_another_kiosk_is_the_aggregators_alone_to_know(player):
    elsewhere = codes.mint("0002", 1, KEY.sign)
    assert look_up(player, elsewhere, DOWN) is m.NoticeCode.NETWORK_DOWN
    assert look_up(player, elsewhere, UNKNOWN) is m.NoticeCode.CODE_UNKNOWN
    assert look_up(player, elsewhere, port.CodeUnavailable("", asked=False)) is m.NoticeCode.CODE_UNKNOWN
    found = look_up(player, elsewhere, port.CodeOpen(500, "EUR"))
    assert (found.whereabouts, found.payee, found.at_us, found.usable) == (m.Whereabouts.KEPT, "", 0, True)


def test_a_code_of_our_number_that_we_never_minted_tells_nothing_of_our_visits(player):
    visit(player, 5000, 5000)
    forged = codes.mint("0001", 1, lambda _data: bytes(64))
    assert look_up(player, forged, UNKNOWN) is m.NoticeCode.CODE_UNKNOWN
    assert player.world.aggregator.asked == [forged]


def test_a_visit_that_was_paid_with_a_code_is_found_for_its_receipt_and_has_no_code_of_its_own(player):
    code = visit(player, 5000, 5000)
    player.world.open_codes[code] = 8000
    player.world.aggregator.answer = port.CodeOpen(8000, "EUR")
    for step in (LANGUAGE, events.CodeAsked(code), events.PayWithCodeTapped(), events.OrderTyped("1000000008")):
        player.say(step)
        player.settle()
    player.world.printer_outcome = SlipOutcome.FAILED
    player.say(events.OfferConfirmed(without_receipt=False))
    player.settle()
    session_id, redemption_id = player.state.session.session_id, player.state.session.payment_id
    assert session_id == "0001-000002"
    player.wait(300)
    assert look_up(player, claim_code(session_id, RULES), UNKNOWN) is m.NoticeCode.CODE_UNKNOWN
    visits = PastVisits(player.journal, lambda: asyncio.sleep(0))
    by_payment = asyncio.run(visits.find(ReceiptBy.PAYMENT, redemption_id))
    by_slip = asyncio.run(visits.find(ReceiptBy.SLIP, "2"))
    assert by_payment == by_slip
    player.world.printer_outcome = SlipOutcome.PRINTED
    player.say(events.ReprintAsked(by_slip, "Maria", "it did not come out"))
    player.settle()
    first, again = player.world.printed[-2:]
    assert (again.copy, replace(again, copy=False, slip_id=first.slip_id, journal_seq=0, journal_head="")) == (
        True,
        replace(first, journal_seq=0, journal_head=""),
    )
    with pytest.raises(NoSuchVisitError):
        asyncio.run(visits.find(ReceiptBy.PAYMENT, "000000000000000000"))
