"""A receipt once more, for a person with keys: any visit, any day, as things stand now, and never in a buyer's way."""

import asyncio
from dataclasses import replace

import pytest

from drivers.receipt_printer.document import Document
from drivers.receipt_printer.interface import (
    Outcome,
    PaperState,
    PrinterFault,
    PrinterIdentity,
    PrinterStatus,
    PrintResult,
)
from kiosk.domain import codes, events, facts, staff_events
from kiosk.domain.advance import claim_code
from kiosk.domain.case_words import Resolution
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.receipts import SlipKind
from kiosk.domain.register_book import PaidOut, Register, day_of
from kiosk.link import service as s
from kiosk.link.service import ReceiptBy
from kiosk.till.past_visits import ROWS_AT_ONCE, PastVisits
from kiosk.till.printer_desk import PrinterDesk
from kiosk.till.verify import verify
from tests.support.cases import settle
from tests.support.play import Player
from tests.support.staff import try_notes
from tests.support.world import RULES, VirtualClock, World

DAY_S = 86_400


class Printer:
    """What the desk asks by itself; buyers' slips and copies go through the world."""

    def __init__(self):
        self.result = PrintResult(Outcome.PRINTED)
        self.condition = PrinterStatus(PaperState.OK)
        self.pages = []

    async def identity(self):
        return PrinterIdentity(0x0416, 0x5011, "generic", serial="7", device_id="MFG:X;MDL:TM-1;")

    async def status(self):
        return self.condition

    async def print(self, document):
        self.pages.append(document)
        return self.result

    async def close(self):
        raise AssertionError("the desk does not own the printer")


class Counter:
    """A person with keys at a kiosk that sells."""

    def __init__(self, path, rules=RULES):
        self.player = Player(path, World(), VirtualClock(), rules)
        self.player.boot()
        self.printer = Printer()
        self.looks = 0
        self.desk = self._desk()

    def _desk(self):
        visits = PastVisits(self.player.journal, self._pause)
        return PrinterDesk(self.printer, visits, lambda: Document("test page"), self._heard)

    async def _pause(self):
        self.looks += 1

    async def _heard(self, event):
        self.player.say(event)
        self.desk.saw(self.player.state)

    async def _ask(self, request):
        self.desk.saw(self.player.state)
        asking = asyncio.create_task(self.desk.answer(request))
        for _ in range(50):
            await asyncio.sleep(0)
            self.player.settle()
            self.desk.saw(self.player.state)
        async with asyncio.timeout(5):
            return await asking

    def ask(self, request):
        return asyncio.run(self._ask(request))

    def again(self, by=ReceiptBy.LAST, name="", person="Maria", reason="the buyer lost it"):
        return self.ask(s.Reprint(by, name, person, reason))

    @property
    def copy(self):
        return self.player.world.printed[-1]

    def recorded(self, *kinds):
        return [row.fact for row in self.player.journal.replay() if isinstance(row.fact, kinds)]


@pytest.fixture
def counter(tmp_path):
    counter = Counter(tmp_path / "journal.sqlite")
    yield counter
    counter.player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


# --- finding it ---------------------------------------------------------------------------------------------------


def test_yesterdays_slip_is_printed_again_marked_with_its_number_its_time_and_the_person_who_wanted_it(counter):
    player = counter.player
    player.pay((5000, 5000))
    first = player.world.printed[0]
    player.wait(DAY_S)
    player.pay()
    assert counter.again(ReceiptBy.SLIP, "1") == s.PageTold("printed", "", 1)
    copy = counter.copy
    assert (copy.copy, copy.slip_number, copy.at_us, copy.payment_id) == (True, 1, first.at_us, first.payment_id)
    assert (copy.notes, copy.leftover_minor, copy.claim_qr) == (first.notes, first.leftover_minor, first.claim_qr)
    fact = counter.recorded(facts.SlipIntended)[-1]
    assert (fact.copy, fact.asked_by, fact.reason) == (True, "Maria", "the buyer lost it")
    assert counter.recorded(facts.SlipSettled)[-1].outcome is SlipOutcome.PRINTED


def test_a_receipt_is_found_by_whatever_its_buyer_can_name(counter):
    player = counter.player
    player.pay((5000, 5000))
    payment_id = player.world.printed[0].payment_id
    player.pay()
    code = claim_code("0001-000001", RULES)
    spoken = f"{code[:4].lower()} {code[4:]}"
    for by, name in (
        (ReceiptBy.SLIP, "1"),
        (ReceiptBy.PAYMENT, payment_id),
        (ReceiptBy.PAYMENT, "0001-000001"),
        (ReceiptBy.CODE, spoken),
    ):
        assert counter.again(by, name) == s.PageTold("printed", "", 1), by
        assert counter.copy.payment_id == payment_id
    assert counter.again().number == 2


@pytest.mark.parametrize(
    ("by", "name", "words"),
    [
        (ReceiptBy.SLIP, "99", "no slip of this kiosk has the number 99"),
        (ReceiptBy.SLIP, "one", "'one' is not the number of a slip"),
        (ReceiptBy.PAYMENT, "000100000000000000", "took no payment"),
        (ReceiptBy.PAYMENT, "0001-000077", "knows no visit 0001-000077"),
        (ReceiptBy.CODE, "1234", "16 characters"),
    ],
)
def test_what_nobody_knows_is_said_in_words(counter, by, name, words):
    counter.player.pay()
    answer = counter.again(by, name)
    assert isinstance(answer, s.Declined)
    assert words in answer.reason
    assert len(counter.player.world.physical.slips) == 1


def test_a_kiosk_that_has_sold_nothing_says_so(counter):
    assert "no receipt yet" in counter.again().reason


def test_a_long_journal_is_read_a_little_at_a_time(counter):
    player = counter.player
    player.pay()
    for _ in range(2 * ROWS_AT_ONCE):
        player.journal.append([facts.AcceptorRested()], 1, "")
    assert counter.again(ReceiptBy.SLIP, "1").number == 1
    assert counter.looks >= 6


def test_a_copy_needs_a_person_and_a_reason(counter):
    counter.player.pay()
    for missing in ({"person": " "}, {"reason": ""}):
        assert "needs a person" in counter.again(**missing).reason
    assert len(counter.player.world.physical.slips) == 1


# --- what is true now ---------------------------------------------------------------------------------------------


def pay_with_the_line_down(player):
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(5000, 2000)
    player.wait(60)
    assert player.world.printed[0].kind is SlipKind.PAYMENT_LATER
    assert player.world.printed[0].claim_code


def test_a_copy_of_a_payment_accepted_later_says_so(counter):
    pay_with_the_line_down(counter.player)
    counter.player.world.line(up=True)
    counter.player.wait(100)
    counter.again()
    assert (counter.copy.kind, counter.copy.claim_code) == (SlipKind.PAYMENT_ACCEPTED, "")
    assert counter.copy.reference.startswith("A-")


def test_a_copy_of_a_payment_refused_later_says_what_became_of_the_money(counter):
    player = counter.player
    pay_with_the_line_down(player)
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid", ""))
    counter.again()
    copy = counter.copy
    assert copy.kind is SlipKind.REFUSED_AFTER_CASH
    assert (copy.credited_minor, copy.leftover_minor) == (0, 7000)
    assert copy.claim_code == player.world.printed[0].claim_code


def find_a_note_later(player):
    """Nobody could say where it was, and after the visit the unit tells that it is in the box."""
    player.go_to_cash()
    player.world.insert(2000)
    player.say(player.world.queue.popleft())
    player.world.queue.clear()
    player.say(events.StackSilent())
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(200)
    assert player.world.printed[0].under_review_minor == 2000
    player.say(events.NoteWentIn(2000, "EUR"))


def test_a_copy_knows_of_a_note_that_was_found_after_the_visit(counter):
    find_a_note_later(counter.player)
    counter.again()
    copy = counter.copy
    assert (copy.under_review_minor, copy.leftover_minor, copy.inserted_minor) == (0, 2000, 2000)


def redeem_all(player):
    """Night falls, and the day's register says that every claim was paid out."""
    day = day_of(player.clock.utc_us())
    claims = tuple(PaidOut(c.claim_id, "C1", c.amount_minor, c.currency) for c in player.state.claims.values())
    player.world.registers[day] = Register(day, True, (), claims)
    player.wait(DAY_S)
    assert player.state.claims == {}


def test_a_copy_of_a_receipt_whose_leftover_was_paid_out_offers_no_code(counter):
    player = counter.player
    player.pay((5000, 5000))
    assert player.world.printed[0].claim_code
    redeem_all(player)
    counter.again()
    copy = counter.copy
    assert (copy.leftover_minor, copy.paid_out_minor, copy.left_minor) == (3000, 3000, 0)
    assert (copy.claim_code, copy.claim_qr) == ("", "")
    assert copy.inserted_minor == copy.credited_minor + copy.leftover_minor


def test_of_two_claims_of_a_visit_the_copy_still_claims_the_one_that_was_not_paid_out(counter):
    player = counter.player
    player.go_to_cash()
    player.world.line(up=False)
    player.insert(5000, 5000)
    player.wait(100)
    player.world.line(up=True)
    player.world.lose_replies = 10_000
    player.settle()
    redeem_all(player)
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid", ""))
    counter.again()
    copy = counter.copy
    assert (copy.leftover_minor, copy.paid_out_minor) == (10_000, 3000)
    assert codes.read_statement(copy.claim_qr).amount_minor == 7000


def test_a_copy_knows_that_a_note_found_later_was_paid_out(counter):
    find_a_note_later(counter.player)
    counter.player.wait(100)
    redeem_all(counter.player)
    counter.again()
    copy = counter.copy
    assert (copy.under_review_minor, copy.leftover_minor, copy.paid_out_minor) == (0, 2000, 2000)
    assert copy.claim_code == ""


def test_a_buyer_without_paper_gets_some_later_under_the_number_on_their_screen(counter):
    player = counter.player
    player.world.printer = events.PrinterAnswered(can_print=False, trouble="paper_end")
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped("1000000008"))
    player.settle()
    player.say(events.OfferConfirmed(without_receipt=True))
    player.settle()
    player.insert(5000, 2000)
    player.wait(200)
    player.world.paper(ok=True)
    player.settle()
    assert counter.again() == s.PageTold("printed", "", 1)
    assert counter.copy.copy


def test_a_receipt_is_still_found_when_what_was_personal_in_it_is_erased(counter):
    player = counter.player
    player.pay()
    player.journal.append([facts.PersonalErased(10**17, ())], 1, "")
    assert counter.again() == s.PageTold("printed", "", 1)
    assert counter.copy.payee == "Bookshop"
    assert {fact.body for fact in counter.recorded(facts.SlipIntended)[:1]} == {b""}


# --- in nobody's way ----------------------------------------------------------------------------------------------


def test_no_copy_is_printed_while_a_buyers_slip_is(counter):
    player = counter.player
    player.pay()
    player.go_to_cash()
    perform = player.world.perform

    def slow(order, state):
        if type(order).__name__ != "PrintSlip":
            perform(order, state)

    player.world.perform = slow
    player.insert(5000, 2000)
    assert counter.again().reason == "a slip is being printed; ask again in a moment"
    assert len(player.world.physical.slips) == 1
    player.say(events.SlipFinished(player.state.session.slip_ids[0], SlipOutcome.PRINTED, ""))


@pytest.mark.parametrize("until", ["entry", "cash", "done"])
def test_no_copy_comes_between_a_buyer_and_their_receipt(counter, until):
    player = counter.player
    player.pay()
    player.say(events.LanguageTapped("en"))
    if until != "entry":
        player.go_to_cash()
    if until == "done":
        player.insert(5000, 2000)
    before = player.world.physical.slips
    assert "somebody is paying" in counter.again().reason
    assert player.world.physical.slips == before


def test_no_copy_disturbs_a_note_test(counter):
    counter.player.pay()
    try_notes(counter.player)
    assert "trying notes" in counter.again().reason


def test_a_buyer_may_come_while_a_copy_is_printed_and_gets_an_original(counter):
    player = counter.player
    player.pay()
    counter.again()
    player.pay()
    assert [slip.copy for slip in player.world.printed] == [False, True, False]
    assert [slip.slip_number for slip in player.world.printed] == [1, 1, 2]


@pytest.mark.parametrize("outcome", [SlipOutcome.FAILED, SlipOutcome.UNKNOWN, SlipOutcome.RETRACTED])
def test_whoever_asked_is_told_what_became_of_the_copy(counter, outcome):
    counter.player.pay()
    counter.player.world.printer_outcome, counter.player.world.printer_cause = outcome, "cutter"
    assert counter.again() == s.PageTold(outcome.value, "cutter", 1)


def test_a_copy_cut_by_the_end_of_the_till_is_unknown_and_not_repeated(tmp_path):
    counter = Counter(tmp_path / "journal.sqlite")
    player = counter.player
    player.pay()
    visit = asyncio.run(PastVisits(player.journal, counter._pause).find(ReceiptBy.LAST, ""))
    player.say(events.ReprintAsked(visit, "Maria", "lost"))
    player.close()
    again = Player(tmp_path / "journal.sqlite", World(), VirtualClock(now_s=player.clock.now_s + 5))
    again.boot()
    assert again.world.printed == []
    again.pay()
    again.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


# --- how it is, and a page ----------------------------------------------------------------------------------------


def test_the_printer_is_asked_itself_and_the_till_learns_of_it(counter):
    counter.printer.condition = PrinterStatus(PaperState.END, frozenset({PrinterFault.PAPER_END}))
    assert counter.ask(s.AskPrinter()) == s.PrinterTold(
        can_print=False, paper="end", faults=("paper_end",), ticket_waiting=False, model="TM-1", serial="7"
    )
    assert counter.player.state.devices.can_print is False
    assert counter.player.state.printer_trouble == "paper_end"


def test_a_test_page_is_recorded_with_its_person_and_outcome(counter):
    counter.printer.result = PrintResult(Outcome.FAILED, "cutter")
    assert counter.ask(s.PrintTestPage("Ivan")) == s.PageTold("failed", "cutter", 0)
    assert counter.recorded(facts.PrinterTested) == [facts.PrinterTested("Ivan", SlipOutcome.FAILED, "cutter")]


def test_a_test_page_waits_for_no_buyer_and_needs_a_name(counter):
    assert "needs a person" in counter.ask(s.PrintTestPage(" ")).reason
    counter.player.go_to_cash()
    assert "somebody is paying" in counter.ask(s.PrintTestPage("Ivan")).reason
    assert counter.printer.pages == []


# --- what a person settled since ----------------------------------------------------------------------------------


def test_the_slip_of_a_case_is_printed_again_by_its_number_and_never_for_a_buyer_who_pays(counter):
    player = counter.player
    player.pay((5000, 2000))
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, Resolution.TO_BUYER)
    assert counter.again(ReceiptBy.SLIP, "2") == s.PageTold("printed", "", 2)
    assert (counter.copy.kind, counter.copy.copy, counter.copy.amount_minor) == (SlipKind.CORRECTION, True, 500)
    assert counter.recorded(facts.SlipIntended)[-1].asked_by == "Maria"
    player.go_to_cash()
    assert isinstance(counter.again(ReceiptBy.SLIP, "2"), s.Declined)


@pytest.mark.parametrize(
    ("resolution", "kept", "under_review"), [(Resolution.IN_BOX, 7000, 0), (Resolution.NOT_IN_BOX, 2000, 0)]
)
def test_a_copy_knows_where_a_person_found_the_note_that_was_under_review(counter, resolution, kept, under_review):
    player = counter.player
    player.go_to_cash()
    player.insert(2000)
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(5000)
    player.settle()
    del player.world.perform
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(300)
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    settle(player, resolution)
    counter.again(ReceiptBy.SLIP, "1")
    assert (counter.copy.leftover_minor, counter.copy.under_review_minor) == (kept, under_review)


def test_a_copy_knows_that_a_refused_payment_was_paid_out_at_the_desk(tmp_path):
    counter = Counter(tmp_path / "journal.sqlite", replace(RULES, reports=frozenset()))
    player = counter.player
    player.world.line(up=False)
    player.pay((5000, 2000))
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid"))
    settle(player, Resolution.PAID_OUT)
    counter.again(ReceiptBy.PAYMENT, payment_id)
    assert (counter.copy.paid_out_minor, counter.copy.claim_code) == (7000, "")
    player.close()
