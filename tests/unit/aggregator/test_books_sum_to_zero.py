"""No booking makes or loses money, none is written twice, and `verify` finds what somebody changed behind our back."""

import json
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind, Leg, UnbalancedError
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.accounts import booking, entry
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.storage.terminals import terminal
from kiosk.cli.main import main

CASH, SHOP = Account(AccountKind.CASH, "0001"), Account(AccountKind.MERCHANT, "bookshop")


def paid(db, payment_id="p1", amount_minor=7000):
    """A payment as `payments` books it."""
    if db.execute(sa.select(terminal.c.number)).scalar() is None:
        db.execute(terminal.insert().values(number="0001", active=True))
    nothing = dict.fromkeys(("fingerprint", "code", "message", "reference", "captured_at", "journal_head"), "")
    numbers = {"amount_minor": amount_minor, "received_us": 1, "journal_seq": 1, "order_id": None}
    known = {"payment_id": payment_id, "terminal": "0001", "currency": "EUR", "status": "accepted"}
    db.execute(payment.insert().values(**nothing, **numbers, **known))
    books.book(db, BookingKind.PAYMENT, payment_id, books.move(CASH, SHOP, amount_minor, "EUR"))


def faults(engine):
    with reading(engine) as db:
        return verify(db).faults


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Leg(CASH, 100, "EUR"),),
        (Leg(CASH, 100, "EUR"), Leg(SHOP, -99, "EUR")),
        (Leg(CASH, 100, "EUR"), Leg(SHOP, -100, "RUB")),
        (Leg(CASH, 0, "EUR"), Leg(SHOP, 0, "EUR")),
    ],
    ids=["none", "one", "a cent short", "another currency", "nothing moved"],
)
def test_what_does_not_sum_to_zero_is_not_written(engine, legs):
    with pytest.raises(UnbalancedError):
        run_writing(engine, lambda db: books.book(db, BookingKind.CORRECTION, "c1", legs))
    with reading(engine) as db:
        assert db.execute(sa.select(booking)).all() == []


def test_one_cause_is_booked_once(engine):
    legs = books.move(CASH, SHOP, 100, "EUR")
    run_writing(engine, lambda db: books.book(db, BookingKind.CORRECTION, "c1", legs))
    with pytest.raises(sa.exc.IntegrityError):
        run_writing(engine, lambda db: books.book(db, BookingKind.CORRECTION, "c1", legs))
    run_writing(engine, lambda db: books.book(db, BookingKind.CLAIM, "c1", legs))
    with reading(engine) as db:
        assert books.balance_minor(db, CASH, "EUR") == 200
        assert books.balance_minor(db, CASH, "RUB") == 0


@given(amount_minor=st.integers(1, 10**12), rate_bp=st.integers(0, 10_000))
def test_commission_is_the_tariffs_rounded_down_to_a_whole_minor_unit(amount_minor, rate_bp):
    exact = Fraction(amount_minor * rate_bp, 10_000)
    taken = books.commission_minor(amount_minor, rate_bp)
    assert taken <= exact < taken + 1
    assert isinstance(taken, int)


@pytest.mark.parametrize(
    ("amount_minor", "rate_bp", "commission_minor"), [(7000, 250, 175), (39, 250, 0), (40, 250, 1), (79, 250, 1)]
)
def test_commission_in_numbers(amount_minor, rate_bp, commission_minor):
    assert books.commission_minor(amount_minor, rate_bp) == commission_minor


def test_books_that_agree_are_said_to(database, engine, capsys):
    run_writing(engine, paid)
    assert main(["aggregator", "verify", *database.options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["right"], found["bookings"], found["faults"]) == (True, 1, [])
    assert sum(one["amount_minor"] for one in found["balances"]) == 0


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM entry WHERE line = 1", "sum to 7000 EUR"),
        ("DELETE FROM entry", "has no legs"),
        ("UPDATE entry SET amount_minor = amount_minor * 2", "7000 expected in the terminal's cash, 14000 booked"),
        ("UPDATE entry SET amount_minor = -amount_minor", "cash:0001: -7000 EUR is on the wrong side"),
        ("UPDATE payment SET status = 'refused'", "0 expected in the terminal's cash, 7000 booked"),
        ("UPDATE payment SET amount_minor = 7001", "7001 expected"),
        ("UPDATE booking SET reference = 'p2'", "p2: booked without a payment"),
        ("DELETE FROM payment", "p1: booked without a payment"),
    ],
)
def test_what_was_changed_behind_our_back_is_found(database, engine, capsys, statement, says):
    run_writing(engine, paid)
    assert faults(engine) == ()
    run_writing(engine, lambda db: db.exec_driver_sql(statement))
    assert any(says in fault for fault in faults(engine))
    assert main(["aggregator", "verify", *database.options]) == 1
    assert "WRONG" in capsys.readouterr().out


def test_an_account_is_opened_by_its_first_entry_and_known_from_then_on(engine):
    run_writing(engine, paid)
    run_writing(engine, lambda db: paid(db, "p2", 100))
    with reading(engine) as db:
        legs = db.execute(sa.select(entry.c.account).order_by(entry.c.booking_id, entry.c.line)).scalars().all()
    assert legs == ["cash:0001", "merchant:bookshop"] * 2
