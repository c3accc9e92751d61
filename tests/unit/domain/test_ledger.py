"""The books: balanced by construction, pending resolves once, and what is wrong is said."""

import pytest

from kiosk.domain import ledger
from kiosk.domain.ledger import Ledger, LedgerError, Transfer

BOX, BUYER = ledger.cash_box("EUR", 1, 5000), ledger.buyer("EUR")


def test_a_pending_transfer_moves_nothing_until_it_is_posted_and_then_once():
    books = Ledger().reserve("n", Transfer(BOX, BUYER, 5000))
    assert (books.balances, books.in_escrow_minor) == ({}, 5000)
    posted = books.resolve("n", posted=True)
    assert (posted.balances, posted.in_escrow_minor) == ({BOX: 5000, BUYER: -5000}, 0)
    for resolved in (posted, books.resolve("n", posted=False)):
        with pytest.raises(LedgerError, match="not pending"):
            resolved.resolve("n", posted=True)
    with pytest.raises(LedgerError, match="already pending"):
        books.reserve("n", Transfer(BOX, BUYER, 1))


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_are_no_transfers(amount):
    with pytest.raises(LedgerError, match="positive"):
        Transfer(BOX, BUYER, amount)


def test_faults_are_named():
    assert ledger.faults(Ledger({BOX: 5000, BUYER: -4000})) == ["debits and credits differ by 1000 EUR"]
    assert ledger.faults(Ledger({BUYER: 10, BOX: -10})) == [
        "buyer:EUR stands on the wrong side with 10",
        "cash_box:EUR:1:5000 stands on the wrong side with -10",
    ]
    assert ledger.faults(Ledger({"pocket:EUR": 0})) == ["pocket:EUR is no account"]


def test_currencies_never_balance_each_other():
    assert ledger.faults(Ledger({ledger.cash_box("RUB", 1, 5000): 5000, BUYER: -5000}))


@pytest.mark.parametrize(
    ("name", "known"),
    [(BOX, True), ("cash_box:EUR:1", False), ("suspense:EUR", True), ("suspense:", False), ("money", False)],
)
def test_an_account_is_written_in_one_way(name, known):
    assert ledger.is_account(name) is known
