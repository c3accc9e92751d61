"""A merchant pays the rate of its plan, of the day and of its turnover of the month before; what is in force stays."""

import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.money import books, verify
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.shops import lifecycle, registration, tariffs
from kiosk.aggregator.storage import accounts
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.tariffs import turnover
from tests.support.shops import ANN, CONFIG, active, order, pay, quoted, registered, take, without_commission

DAY_US = 24 * 3600 * 1_000_000
HEAD = '[plan]\ntitle = "P"\nlegal_form = "company"\n'
SHOP = Account(AccountKind.MERCHANT, "books")


def version(valid_from, *tiers, currency="EUR", method="terminal"):
    rows = ", ".join(f'{{ turnover_from = "{start}", basis_points = {bp} }}' for start, bp in tiers)
    rates = f'[[plan.versions.rates]]\nmethod = "{method}"\ncurrency = "{currency}"\ntiers = [{rows}]\n'
    return f"[[plan.versions]]\nvalid_from = {valid_from}\n{rates}"


def plans(tmp_path, *versions):
    file = tmp_path / "tariffs.toml"
    file.write_text(HEAD + "".join(versions))
    return tariffs.read(file)


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def turn_over(engine, reference, amount_minor, at_us, monkeypatch):
    monkeypatch.setattr(books, "now_us", lambda: at_us)
    legs = books.move(Account(AccountKind.CASH, "0001"), SHOP, amount_minor, "EUR")
    run_writing(engine, lambda db: books.book(db, BookingKind.PAYMENT, reference, legs))


def rate(engine, at_us):
    return run_writing(engine, lambda db: tariffs.rate_bp(db, "books", "terminal", "EUR", at_us))


def test_the_shipped_plans_can_be_loaded_and_loading_again_changes_nothing(engine):
    shipped = tariffs.read(CONFIG / "tariffs.toml")
    assert sorted(tariffs.load(engine, shipped)) == ["company", "individual"]
    assert tariffs.load(engine, shipped) == []


def test_the_turnover_of_the_month_before_chooses_the_rate(engine, monkeypatch):
    registered(engine)
    turn_over(engine, "p1", 999_999, at("2026-09-30T23:59:59"), monkeypatch)
    turn_over(engine, "p2", 5_000_000, at("2026-10-31T23:59:59"), monkeypatch)
    turn_over(engine, "p3", 1, at("2026-11-01T00:00:00"), monkeypatch)
    assert [rate(engine, at(moment)) for moment in ("2026-09-15", "2026-10-01", "2026-11-30", "2026-12-01")] == [
        290,
        290,
        200,
        290,
    ]
    with reading(engine) as db:
        kept = db.execute(sa.select(turnover.c.month, turnover.c.amount_minor).order_by(turnover.c.month)).all()
    assert kept == [("2026-08", 0), ("2026-09", 999_999), ("2026-10", 5_000_000), ("2026-11", 1)]


def test_a_tier_holds_from_its_turnover_on(engine, monkeypatch):
    registered(engine)
    turn_over(engine, "p1", 1_000_000, at("2026-10-10"), monkeypatch)
    assert rate(engine, at("2026-11-10")) == 250


def test_withdrawals_and_commission_are_no_turnover(engine, monkeypatch):
    registered(engine)
    turn_over(engine, "p1", 1_000_000, at("2026-10-10"), monkeypatch)
    commission = books.move(SHOP, Account(AccountKind.COMMISSION), 500, "EUR")
    correction = books.move(Account(AccountKind.SUSPENSE), SHOP, 9_000_000, "EUR")
    run_writing(engine, lambda db: books.book(db, BookingKind.CORRECTION, "c1", commission + correction))
    with reading(engine) as db:
        assert db.execute(sa.select(sa.func.count()).select_from(accounts.booking)).scalar() == 2
    assert rate(engine, at("2026-11-10")) == 250


@pytest.mark.parametrize(("at_text", "month"), [("2026-01-01", "2025-12"), ("2026-03-31", "2026-02")])
def test_the_month_before(at_text, month):
    assert tariffs.month_before(at(at_text)) == month


def test_a_new_version_holds_from_its_day_and_the_old_one_until_then(engine, tmp_path):
    tomorrow = datetime.now(UTC).date().toordinal() + 1
    later = date.fromordinal(tomorrow)
    both = plans(tmp_path, version("2026-01-01", (0, 300)), version(later, (0, 100)))
    tariffs.load(engine, both)
    registered(engine, plan="plan")
    assert rate(engine, tariffs.day_us(later) - 1) == 300
    assert rate(engine, tariffs.day_us(later)) == 100


def test_what_is_in_force_stays_and_what_is_to_come_may_change(engine, tmp_path):
    tariffs.load(engine, plans(tmp_path, version("2026-01-01", (0, 300)), version("2999-01-01", (0, 100))))
    for wrong in (
        (version("2026-01-01", (0, 299)),),
        (version("2026-01-02", (0, 300)), version("2026-01-01", (0, 300))),
        (version("2999-01-01", (0, 100)),),
    ):
        with pytest.raises(AdminError, match="in force stay as they are"):
            tariffs.load(engine, plans(tmp_path, *wrong))
    tariffs.load(engine, plans(tmp_path, version("2026-01-01", (0, 300)), version("2998-01-01", (0, 90))))
    with reading(engine) as db:
        assert [one.rate_bp for one in tariffs.rates_in(db, "plan")] == [300, 90]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[plan", "tariffs.toml"),
        ("[plan]\ntitle = 'P'\nlegal_form = 'company'\nversions = []\n", "length >= 1"),
        (HEAD.replace("company", "club") + version("2026-01-01", (0, 1)), "club"),
        (HEAD + version("2026-01-01", (0, 10_001)), "<= 10000"),
        (HEAD + version("2026-01-01", (0, 1)) + "extra = 1\n", "extra"),
        (HEAD + version("2026-01-01", (1, 1)), "tiers begin at 0"),
        (HEAD + version("2026-01-01", (0, 1), ("0.00", 2)), "each turnover comes once"),
        (HEAD + version("2026-01-01", ("x", 1)), "'x' is not an amount"),
        (HEAD + version("2026-01-01", (0, 1)) + version("2026-02-01", (0, 1), currency="RUB"), "has no rate for"),
    ],
)
def test_a_file_says_where_it_is_wrong(tmp_path, text, says):
    file = tmp_path / "tariffs.toml"
    file.write_text(text)
    with pytest.raises(AdminError) as caught:
        tariffs.read(file)
    assert str(file) in str(caught.value)
    assert says in str(caught.value)


def test_a_payment_costs_the_merchant_its_rate_rounded_down_and_the_buyer_nothing(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "33.33")
    with reading(engine) as db:
        found = {one.account: one.amount_minor for one in books.balances(db)}
    assert found == {"cash:0001": 3333, "merchant:books": -3333 + 96, "commission": -96}  # 2.90 % are 96.657


def test_a_commission_agreed_with_one_shop_alone_comes_before_its_plan(engine, tmp_path):
    active(engine, tmp_path)
    without_commission(engine, "books")
    pay(engine, "books", "33.33")
    with reading(engine) as db:
        assert books.balance_minor(db, SHOP, "EUR") == -3333


def test_many_buyers_who_pay_one_shop_at_once_are_each_credited_once(engine, tmp_path):
    """The first of them all count the month before."""
    active(engine, tmp_path)
    quotes = [quoted(engine, order(engine, "books", "10.00")) for _ in range(20)]
    together, faults = threading.Barrier(len(quotes)), []

    def buyer(quote):
        together.wait()
        try:
            take(engine, quote)
        except Exception as error:
            faults.append(error)
            raise

    threads = [threading.Thread(target=buyer, args=(quote,)) for quote in quotes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with reading(engine) as db:
        assert books.balance_minor(db, SHOP, "EUR") == -20 * (1000 - 29)
        assert verify.verify(db).faults == ()


def test_a_shop_may_get_another_plan_or_a_commission_of_its_own_from_the_next_payment_on(engine, tmp_path):
    active(engine, tmp_path)
    pay(engine, "books", "100.00")
    registration.change_tariff(engine, "books", "company", 100, ANN)
    pay(engine, "books", "100.00")
    registration.change_tariff(engine, "books", "company", None, ANN)
    pay(engine, "books", "100.00")
    with reading(engine) as db:
        assert books.balance_minor(db, Account(AccountKind.COMMISSION), "EUR") == -(290 + 100 + 290)
        assert [one["event"] for one in lifecycle.history(db, "books")][-2:] == ["tariff_changed"] * 2


@pytest.mark.parametrize(
    ("plan", "commission_bp", "says"),
    [
        ("individual", None, "is for individual"),
        ("company", -1, "commission: 0 to"),
        ("company", 10_001, "commission: 0 to"),
    ],
)
def test_a_tariff_that_is_not_for_this_shop_is_refused(engine, plan, commission_bp, says):
    registered(engine)
    with pytest.raises(AdminError, match=says):
        registration.change_tariff(engine, "books", plan, commission_bp, ANN)
