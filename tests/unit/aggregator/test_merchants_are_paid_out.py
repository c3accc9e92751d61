"""A merchant gets what is there, once, step by step, and all that is left when it ends."""

import threading

import pytest

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.money import verify
from kiosk.aggregator.shops import bank_details, lifecycle, registration, termination, withdrawals
from kiosk.aggregator.shops.bank_details import Kind
from kiosk.aggregator.shops.lifecycle import By, ShopState
from kiosk.aggregator.shops.withdrawals import TRANSITIONS, WithdrawalState
from kiosk.aggregator.storage.database import reading, run_writing
from tests.support.shops import ANN, IBAN, active, configured, order, pay, quoted, take, without_commission

BOB = By("Bob", "looked at")


@pytest.fixture
def shop(engine, tmp_path):
    active(engine, tmp_path)
    without_commission(engine, "books")
    bank_details.set_details(engine, "books", bank_details.make(Kind.IBAN, "Good Books", IBAN, "", "EUR"), ANN)
    pay(engine, "books", "100.00")
    return engine


def balance(engine):
    with reading(engine) as db:
        found = withdrawals.balance(db, "books")
        assert verify.verify(db).faults == ()
    return found["available_minor"], found["in_withdrawal_minor"]


def state(engine):
    with reading(engine) as db:
        return lifecycle.state_of(db, "books")


def test_a_withdrawal_goes_its_way_and_the_books_with_it(shop):
    number = withdrawals.request(shop, "books", 6000, ANN)
    assert balance(shop) == (4000, 6000)
    withdrawals.approve(shop, number, BOB)
    assert balance(shop) == (4000, 6000)
    withdrawals.pay(shop, number, "SEPA-1", BOB)
    assert balance(shop) == (4000, 0)
    with reading(shop) as db:
        (found,) = withdrawals.listed(db, "books")
    assert (found["state"], found["bank_reference"], found["account"]) == ("paid", "SEPA-1", IBAN)
    assert [(one["state"], one["person"]) for one in found["events"]] == [
        ("requested", "Ann"),
        ("approved", "Bob"),
        ("paid", "Bob"),
    ]


@pytest.mark.parametrize("approved", [False, True])
def test_a_refused_withdrawal_is_back_in_the_balance(shop, approved):
    number = withdrawals.request(shop, "books", 6000, ANN)
    if approved:
        withdrawals.approve(shop, number, BOB)
    withdrawals.refuse(shop, number, By("Bob", "the account is closed"))
    assert balance(shop) == (10_000, 0)


STEPS = {
    WithdrawalState.APPROVED: withdrawals.approve,
    WithdrawalState.PAID: lambda engine, number, by: withdrawals.pay(engine, number, "SEPA-1", by),
    WithdrawalState.REFUSED: withdrawals.refuse,
}
WAYS = {
    WithdrawalState.REQUESTED: (),
    WithdrawalState.APPROVED: (WithdrawalState.APPROVED,),
    WithdrawalState.PAID: (WithdrawalState.APPROVED, WithdrawalState.PAID),
    WithdrawalState.REFUSED: (WithdrawalState.REFUSED,),
}


@pytest.mark.parametrize("before", list(WithdrawalState))
@pytest.mark.parametrize("after", list(STEPS))
def test_no_step_comes_out_of_turn_or_twice(shop, before, after):
    number = withdrawals.request(shop, "books", 6000, ANN)
    for step in WAYS[before]:
        STEPS[step](shop, number, BOB)
    was = balance(shop)
    if after in TRANSITIONS[before]:
        STEPS[after](shop, number, BOB)
    else:
        with pytest.raises(AdminError, match=f"is {before}: it cannot become {after}"):
            STEPS[after](shop, number, BOB)
        assert balance(shop) == was


@pytest.mark.parametrize("amount_minor", [0, -1, 10_001])
def test_nobody_gets_more_than_there_is(shop, amount_minor):
    with pytest.raises(AdminError, match=r"there are 100\.00 EUR to withdraw"):
        withdrawals.request(shop, "books", amount_minor, ANN)


def test_two_who_ask_at_once_get_it_once(shop):
    together, got = threading.Barrier(4), []

    def ask():
        together.wait()
        try:
            got.append(withdrawals.request(shop, "books", 6000, ANN))
        except AdminError as error:
            got.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(type, got), key=str) == [int, str, str, str]
    assert balance(shop) == (4000, 6000)


def test_without_bank_details_nothing_is_asked_for(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "100.00")
    with pytest.raises(AdminError, match="no bank details for EUR"):
        withdrawals.request(engine, "books", 100, ANN)


def test_a_blocked_shop_is_not_paid_out_nor_its_bank_details_changed(shop):
    number = withdrawals.request(shop, "books", 6000, ANN)
    registration.block(shop, "books", ANN)
    with pytest.raises(AdminError, match="is blocked: nothing is paid out"):
        withdrawals.request(shop, "books", 100, ANN)
    with pytest.raises(AdminError, match="is blocked: nothing is paid out"):
        withdrawals.approve(shop, number, BOB)
    elsewhere = bank_details.make(Kind.IBAN, "Somebody", "DE89370400440532013000", "", "EUR")
    with pytest.raises(AdminError, match="cannot be changed"):
        bank_details.set_details(shop, "books", elsewhere, ANN)
    withdrawals.refuse(shop, number, BOB)


def test_new_bank_details_do_not_move_what_was_asked_for_before(shop):
    withdrawals.request(shop, "books", 6000, ANN)
    elsewhere = bank_details.make(Kind.IBAN, "Good Books", "DE89370400440532013000", "", "EUR")
    bank_details.set_details(shop, "books", elsewhere, ANN)
    withdrawals.request(shop, "books", 4000, ANN)
    with reading(shop) as db:
        assert [one["account"] for one in withdrawals.listed(db)] == [IBAN, "DE89370400440532013000"]


def test_a_payout_needs_the_banks_reference(shop):
    number = withdrawals.request(shop, "books", 6000, ANN)
    withdrawals.approve(shop, number, BOB)
    with pytest.raises(AdminError, match="bank's reference"):
        withdrawals.pay(shop, number, " ", BOB)


def test_the_end_pays_out_what_is_left_and_is_the_end_when_it_is_paid(shop):
    earlier = withdrawals.request(shop, "books", 6000, ANN)
    rest = termination.terminate(shop, "books", ANN)
    assert balance(shop) == (0, 10_000)
    for number in (earlier, rest):
        withdrawals.approve(shop, number, BOB)
        assert state(shop) is ShopState.CLOSING
        withdrawals.pay(shop, number, f"SEPA-{number}", BOB)
    assert state(shop) is ShopState.TERMINATED
    assert balance(shop) == (0, 0)


def test_cash_that_comes_after_the_end_is_paid_out_too(shop):
    quote = quoted(shop, order(shop, "books", "30.00"))
    number = termination.terminate(shop, "books", ANN)
    withdrawals.approve(shop, number, BOB)
    withdrawals.pay(shop, number, "SEPA-1", BOB)
    assert state(shop) is ShopState.TERMINATED
    with pytest.raises(AdminError, match="nothing is left"):
        termination.terminate(shop, "books", ANN)
    take(shop, quote)
    assert balance(shop) == (3000, 0)
    late = termination.terminate(shop, "books", ANN)
    withdrawals.approve(shop, late, BOB)
    withdrawals.pay(shop, late, "SEPA-2", BOB)
    assert (state(shop), balance(shop)) == (ShopState.TERMINATED, (0, 0))


def test_a_refused_rest_is_asked_for_again(shop):
    number = termination.terminate(shop, "books", ANN)
    withdrawals.refuse(shop, number, By("Bob", "the account is closed"))
    again = termination.terminate(shop, "books", ANN)
    assert again != number
    assert balance(shop) == (0, 10_000)


def test_a_shop_nobody_paid_ends_at_once(engine):
    configured(engine)
    assert termination.terminate(engine, "books", ANN) is None
    assert state(engine) is ShopState.TERMINATED


def test_an_end_that_cannot_pay_out_does_not_begin(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "100.00")
    with pytest.raises(AdminError, match="no bank details"):
        termination.terminate(engine, "books", ANN)
    assert state(engine) is ShopState.ACTIVE


def test_a_withdrawal_that_was_changed_behind_our_back_is_found(shop):
    withdrawals.request(shop, "books", 6000, ANN)
    run_writing(shop, lambda db: db.exec_driver_sql("UPDATE withdrawal SET amount_minor = 5000"))
    with reading(shop) as db:
        (fault,) = verify.verify(db).faults
    assert fault == "account withdrawals:books: -5000 EUR expected by the withdrawals, -6000 booked"


def test_bank_details_are_in_the_currency_the_shop_settles_in(shop):
    russian = bank_details.make(Kind.RUSSIAN, "Good Books", "40703810338000004033", "044525225", "RUB")
    with pytest.raises(AdminError, match="settles in EUR"):
        bank_details.set_details(shop, "books", russian, ANN)
