"""The aggregator's daily register against the journal: every difference named once, claims paid out moved once."""

from dataclasses import replace

import pytest

from kiosk.domain import events, facts
from kiosk.domain import operation_facts as o
from kiosk.domain.advance import without_moves
from kiosk.domain.decide import decide
from kiosk.domain.fold import fold
from kiosk.domain.operation_facts import DifferenceKind
from kiosk.domain.register_book import Awaited, Listed, PaidOut, Register, day_of, shifted
from kiosk.domain.registers import DAYS_BACK_MAX, IDS_MAX, TOLD_MAX
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.world import RULES, VirtualClock, World

DAY_S = 86_400.0


class Books:
    """A kiosk, and the aggregator's registers as a test writes them."""

    def __init__(self, path, rules=RULES):
        self.path, self.world, self.clock, self.rules = path, World(), VirtualClock(), rules
        self.player = Player(path, self.world, self.clock, rules)
        self.player.boot()

    def again(self):
        """The till dies and is started again."""
        self.player.close()
        self.world.queue.clear()
        self.player = Player(self.path, self.world, self.clock, self.rules)
        self.player.boot()

    @property
    def today(self):
        return day_of(self.clock.utc_us())

    def list(self, day, *payments, claims=(), closed=True):
        self.world.registers[day] = Register(day, closed, tuple(payments), tuple(claims))

    def go_on(self, days=1):
        """Night falls and another day comes."""
        for _ in range(days):
            self.player.wait(DAY_S)

    def recorded(self, *kinds):
        return [row.fact for row in self.player.journal.replay() if isinstance(row.fact, kinds)]

    @property
    def compared(self):
        return self.recorded(o.RegisterCompared)

    def pay(self, notes=(5000, 2000)):
        """A visit; its payment as a register would list it."""
        self.player.pay(notes)
        paid = self.recorded(facts.PaymentCaptured)[-1]
        return Listed(paid.payment_id, paid.amount_minor, paid.currency, paid.captured_at_us)

    def wait_with_a_payment(self):
        """A visit whose payment the aggregator took while its answer was lost, again and again."""
        self.world.lose_replies = 10_000
        return self.pay()


@pytest.fixture
def books(tmp_path):
    books = Books(tmp_path / "journal.sqlite")
    yield books
    books.player.close()
    assert verify(books.path).faults == []


def differences(books):
    found = books.recorded(o.RegisterCompared, o.RegistersMissed)
    return [(d.kind, d.name) for fact in found for d in fact.differences]


def balance(books, account):
    return books.player.state.ledger.balances.get(account, 0)


# --- a day that agrees --------------------------------------------------------------------------------------------


def test_a_closed_day_is_compared_once_and_agrees(books):
    day = books.today
    one, two = books.pay(), books.pay()
    books.list(day, one, two)
    books.go_on()
    assert [(fact.day, fact.agreed, fact.differences) for fact in books.compared] == [(day, 2, ())]
    assert books.player.state.registers.awaited == {}
    books.go_on()
    assert len(books.compared) == 1


def test_a_day_is_not_compared_before_it_is_closed(books):
    day = books.today
    paid = books.pay()
    books.list(day, paid, closed=False)
    books.go_on()
    assert books.compared == []
    books.list(day, paid)
    books.player.wait(700)
    assert [fact.day for fact in books.compared] == [day]


def test_days_without_the_line_are_made_up_for_one_by_one(books):
    first = books.today
    paid = books.pay()
    books.list(first, paid)
    books.list(shifted(first, 1))
    books.list(shifted(first, 2))
    books.player.say(events.HealthSeen(up=False, live=None))
    books.go_on(3)
    assert books.compared == []
    books.player.say(events.HealthSeen(up=True, live=False, skew_s=0.0))
    books.player.settle()
    assert [fact.day for fact in books.compared] == [first, shifted(first, 1), shifted(first, 2)]


def test_a_day_missed_while_the_till_was_off_is_compared_at_the_start(books):
    day = books.today
    books.list(day, books.pay())
    books.player.close()
    books.clock.now_s += DAY_S
    books.player = Player(books.path, books.world, books.clock)
    books.player.boot()
    assert [(fact.day, fact.agreed) for fact in books.compared] == [(day, 1)]


def test_no_day_is_compared_by_a_clock_that_is_wrong(books):
    books.list(books.today, books.pay())
    books.player.say(events.HealthSeen(up=True, live=False, skew_s=9e6))
    books.go_on()
    assert books.compared == []


def test_what_a_lost_answer_delayed_over_midnight_agrees_with_the_day_it_was_taken(books):
    day = books.today
    paid = books.wait_with_a_payment()
    books.list(day, paid)
    books.go_on()
    assert differences(books) == [(DifferenceKind.STILL_WAITING, paid.payment_id)]
    books.world.lose_replies = 0
    books.player.wait(200)
    books.list(shifted(day, 1))
    books.go_on()
    assert differences(books) == [(DifferenceKind.STILL_WAITING, paid.payment_id)]
    assert books.player.state.registers.awaited == {}


def test_a_payment_the_register_has_and_we_have_not_stays_in_the_outbox_until_its_own_answer(books):
    paid = books.wait_with_a_payment()
    books.list(books.today, paid)
    books.go_on()
    assert books.player.state.open_ids == (paid.payment_id,)
    assert balance(books, "payable:EUR") == -7000
    books.world.lose_replies = 0
    books.player.wait(200)
    assert books.player.state.open_ids == ()
    assert balance(books, "settled:EUR") == -7000


def test_a_payment_taken_just_after_midnight_there_is_looked_for_in_the_next_day(books):
    day = books.today
    books.player.wait(DAY_S - 51_200 - books.clock.now_s - 300)
    assert books.today == day, "five minutes before midnight"
    paid = books.pay()
    books.list(day)
    books.list(shifted(day, 1), paid)
    books.go_on(2)
    assert differences(books) == []
    assert [fact.agreed for fact in books.compared] == [0, 1]


# --- every kind of difference -------------------------------------------------------------------------------------


def test_accepted_here_and_missing_there(books):
    paid = books.pay()
    books.list(books.today)
    books.go_on()
    (found,) = books.compared
    assert found.differences == (o.Difference(DifferenceKind.MISSING_THERE, paid.payment_id, 7000, "EUR", 0, ""),)
    assert books.player.state.registers.awaited == {}


def test_there_and_unknown_here(books):
    day = books.today
    stranger = Listed("000199999999900001", 5000, "EUR", books.clock.utc_us() + 1)
    books.list(day, books.pay(), stranger)
    books.go_on()
    assert differences(books) == [(DifferenceKind.UNKNOWN_HERE, stranger.payment_id)]
    assert books.compared[0].agreed == 1


@pytest.mark.parametrize("change", [{"amount_minor": 6999}, {"currency": "USD"}])
def test_another_amount_there(books, change):
    paid = books.pay()
    books.list(books.today, replace(paid, **change))
    books.go_on()
    (difference,) = books.compared[0].differences
    theirs = replace(paid, **change)
    assert difference == o.Difference(
        DifferenceKind.AMOUNT_DIFFERS, paid.payment_id, 7000, "EUR", theirs.amount_minor, theirs.currency
    )
    assert books.player.state.registers.awaited == {}


def test_accepted_there_and_refused_here(books):
    paid = books.wait_with_a_payment()
    books.player.say(events.PostAnswered(paid.payment_id, events.PostResult.REFUSED, "order_expired", ""))
    books.list(books.today, paid)
    books.go_on()
    assert differences(books) == [(DifferenceKind.REFUSED_HERE, paid.payment_id)]


def test_refused_on_both_sides_is_no_difference(books):
    paid = books.wait_with_a_payment()
    books.player.say(events.PostAnswered(paid.payment_id, events.PostResult.REFUSED, "order_expired", ""))
    books.list(books.today)
    books.go_on()
    assert differences(books) == []
    assert books.player.state.registers.awaited == {}


def test_listed_twice(books):
    paid = books.pay()
    books.list(books.today, paid, paid)
    books.go_on()
    assert differences(books) == [(DifferenceKind.LISTED_TWICE, paid.payment_id)]


def test_registers_too_old_to_be_asked_for_are_skipped_and_their_payments_named(books):
    paid = books.pay()
    books.player.wait(200)
    books.player.say(events.HealthSeen(up=False, live=None))
    books.go_on(DAYS_BACK_MAX + 5)
    oldest = shifted(books.today, -DAYS_BACK_MAX)
    for back in range(1, DAYS_BACK_MAX + 1):
        books.list(shifted(books.today, -back))
    books.player.say(events.HealthSeen(up=True, live=False, skew_s=0.0))
    books.player.settle()
    assert books.compared[0].day == oldest
    assert differences(books) == [(DifferenceKind.NOT_COMPARED, paid.payment_id)]
    assert len(books.compared) == DAYS_BACK_MAX


def test_what_is_remembered_is_bounded_where_registers_are_never_had(books):
    for _ in range(DAYS_BACK_MAX + 10):
        books.pay()
        books.go_on()
    assert books.compared == []
    left = books.player.state.registers.awaited
    assert len(left) <= DAYS_BACK_MAX + 1
    assert len(differences(books)) == DAYS_BACK_MAX + 10 - len(left)
    assert {kind for kind, _ in differences(books)} == {DifferenceKind.NOT_COMPARED}


def test_a_register_of_endless_differences_makes_a_bounded_fact(books):
    at_us = books.clock.utc_us() + 1
    strangers = [Listed(f"{number:018d}", 500, "EUR", at_us) for number in range(5000)]
    books.list(books.today, *strangers)
    books.go_on()
    (found,) = books.compared
    assert (len(found.differences), found.untold) == (TOLD_MAX, 5000 - TOLD_MAX)
    assert books.player.state.registers.differences == 5000


def test_many_that_wait_are_told_in_facts_of_bounded_size(books):
    names = [f"{number:018d}" for number in range(IDS_MAX + 50)]
    book = replace(books.player.state.registers, awaited=dict.fromkeys(names, Awaited(7000, "EUR")))
    state = replace(books.player.state, registers=book)
    register = Register(books.today, True, tuple(Listed(name, 7000, "EUR", 0) for name in names), ())
    happened = decide(state, events.RegisterHeard(register), books.player.till._now(), RULES).happened
    ahead = [fact for fact in happened if isinstance(fact, o.PaymentsRegistered)]
    assert [len(fact.payment_ids) for fact in ahead] == [IDS_MAX, 50]
    for fact in without_moves(happened):
        state = fold(state, fact)
    assert state.registers.awaited == {}


# --- told twice ---------------------------------------------------------------------------------------------------


def test_a_register_that_comes_twice_is_compared_once(books):
    paid = books.pay()
    books.list(books.today, paid)
    register = books.world.registers[books.today]
    books.go_on()
    books.player.say(events.RegisterHeard(register))
    books.player.say(events.RegisterHeard(register))
    assert len(books.compared) == 1


def test_power_cut_before_the_comparison_is_on_disk_asks_again(books):
    day = books.today
    books.list(day, books.pay())
    books.player.say(events.HealthSeen(up=False, live=None))
    books.go_on()
    books.player.say(events.HealthSeen(up=True, live=False, skew_s=0.0))
    assert books.world.queue, "the register is on its way"
    books.again()
    assert [(fact.day, fact.agreed) for fact in books.compared] == [(day, 1)]


# --- claims -------------------------------------------------------------------------------------------------------


def with_claim(books):
    """A visit that left 30.00 under its code; the claim as a register tells that it was paid out."""
    paid = books.pay((5000, 5000))
    (claim,) = books.player.state.claims.values()
    return paid, PaidOut(claim.claim_id, "C1", claim.amount_minor, claim.currency)


def test_a_claim_paid_out_moves_once_however_often_it_is_told(books):
    day = books.today
    paid, claim = with_claim(books)
    books.list(day, paid, claims=(claim, claim))
    books.list(shifted(day, 1), claims=(claim,))
    books.go_on(2)
    books.player.say(events.RegisterHeard(books.world.registers[day]))
    assert balance(books, "unallocated:EUR") == 0
    assert balance(books, "settled:EUR") == -10_000
    assert len(books.recorded(facts.ClaimRedeemed)) == 1
    assert differences(books) == [(DifferenceKind.CLAIM_NOT_OPEN, claim.claim_id)] * 2


def test_a_claim_paid_out_in_another_amount_moves_nothing(books):
    paid, claim = with_claim(books)
    books.list(books.today, paid, claims=(replace(claim, amount_minor=2999),))
    books.go_on()
    assert balance(books, "unallocated:EUR") == -3000
    assert differences(books) == [(DifferenceKind.CLAIM_DIFFERS, claim.claim_id)]


# --- when it begins -----------------------------------------------------------------------------------------------


def without_registers(tmp_path):
    """A kiosk whose journal is from before registers were compared."""
    return Books(tmp_path / "journal.sqlite", replace(RULES, registers=False))


def test_a_gateway_without_registers_remembers_nothing(tmp_path):
    books = without_registers(tmp_path)
    books.pay()
    books.go_on(2)
    assert books.player.state.registers.begun_at_us == 0
    assert books.player.state.registers.awaited == {}
    books.player.close()


def test_what_was_paid_before_registers_were_compared_is_no_difference_and_what_waits_is_awaited(tmp_path):
    books = without_registers(tmp_path)
    day = books.today
    before = books.pay()
    books.world.lose_replies = 1000
    waiting = books.pay()
    books.rules = RULES
    books.again()
    assert set(books.player.state.registers.awaited) == {waiting.payment_id}
    books.world.lose_replies = 0
    books.player.wait(200)
    books.list(day, before, waiting)
    books.go_on()
    assert [(fact.agreed, fact.differences) for fact in books.compared] == [(1, ())]
    books.player.close()


def test_claims_paid_out_before_registers_were_compared_are_caught_up_with(tmp_path):
    books = without_registers(tmp_path)
    day = books.today
    _, claim = with_claim(books)
    books.go_on(3)
    for back in range(-DAYS_BACK_MAX - 5, 5):
        books.list(shifted(day, back))
    books.list(shifted(day, 1), claims=(claim,))
    books.rules = RULES
    books.again()
    assert balance(books, "unallocated:EUR") == 0
    assert differences(books) == []
    assert books.compared[0].day == shifted(books.today, -DAYS_BACK_MAX)
    books.player.close()
