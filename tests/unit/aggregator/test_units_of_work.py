"""A unit of work is durable when it returns, sees no half of another, and is run again when it lost a race."""

import threading

import psycopg
import pytest
import sqlalchemy as sa

from kiosk.aggregator.money import books
from kiosk.aggregator.money.books import Account, AccountKind, BookingKind
from kiosk.aggregator.storage import database as db_module
from kiosk.aggregator.storage.accounts import booking
from kiosk.aggregator.storage.database import make_engine, open_database, reading, run_writing
from kiosk.aggregator.storage.errors import BusyError
from kiosk.aggregator.storage.still import still
from kiosk.aggregator.storage.terminals import terminal
from tests.support.databases import CAREFUL, running_cluster

SHOP = Account(AccountKind.MERCHANT, "bookshop")
PENDING = Account(AccountKind.WITHDRAWALS, "bookshop")


def pay_in(db, reference, amount_minor):
    legs = books.move(Account(AccountKind.CASH, "0001"), SHOP, amount_minor, "EUR")
    books.book(db, BookingKind.PAYMENT, reference, legs)


def withdraw(db, reference, amount_minor):
    """Only what is there: right alone, wrong if two look before either books."""
    if -books.balance_minor(db, SHOP, "EUR") < amount_minor:
        return False
    books.book(db, BookingKind.WITHDRAWAL, reference, books.move(SHOP, PENDING, amount_minor, "EUR"))
    return True


def add_terminal(number):
    return lambda db: db.execute(terminal.insert().values(number=number, active=True))


def terminals(engine):
    with reading(engine) as db:
        return db.execute(sa.select(terminal.c.number).order_by(terminal.c.number)).scalars().all()


def test_a_unit_of_work_that_raises_changes_nothing(engine):
    def work(db):
        add_terminal("0001")(db)
        raise LookupError

    with pytest.raises(LookupError):
        run_writing(engine, work)
    assert terminals(engine) == []


def test_a_balance_is_never_spent_twice_by_those_who_ask_at_once(engine):
    run_writing(engine, lambda db: pay_in(db, "p1", 250))
    together, given = threading.Barrier(6), []

    def ask(number):
        together.wait()
        given.append(run_writing(engine, lambda db: withdraw(db, f"w{number}", 100)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [False] * 4 + [True] * 2
    with reading(engine) as db:
        assert books.balance_minor(db, SHOP, "EUR") == -50


@pytest.fixture
def postgresql(postgresql_cluster, tmp_path):
    url = postgresql_cluster.new_database()
    engine = open_database(tmp_path / "data", url)
    yield engine
    engine.dispose()
    postgresql_cluster.drop(url)


def test_the_loser_of_a_race_is_run_again_on_what_the_winner_left(postgresql):
    run_writing(postgresql, lambda db: pay_in(db, "p1", 100))
    runs = []

    def work(db):
        runs.append(len(runs))
        balance = books.balance_minor(db, SHOP, "EUR")
        if len(runs) == 1:
            assert run_writing(postgresql, lambda other: withdraw(other, "w1", 100))
        return balance and withdraw(db, "w2", 100)

    assert not run_writing(postgresql, work)
    assert runs == [0, 1]


def test_a_lost_race_for_a_key_is_run_again(postgresql):
    runs = []

    def work(db):
        runs.append(len(runs))
        known = db.execute(sa.select(terminal.c.number)).scalars().all()
        if len(runs) == 1:
            run_writing(postgresql, add_terminal("0001"))
        if "0001" not in known:
            add_terminal("0001")(db)
        return known

    assert run_writing(postgresql, work) == ["0001"]


def test_each_kind_of_lost_race_has_its_own_patience(postgresql):
    """Three races lost in one way, then one in another way, is still no reason to give up."""
    run_writing(postgresql, lambda db: pay_in(db, "p0", 1))
    runs = []

    def work(db):
        runs.append(len(runs))
        known = db.execute(sa.select(terminal.c.number)).scalars().all()
        books.balance_minor(db, SHOP, "EUR")
        if len(runs) <= 3:
            run_writing(
                postgresql, lambda other: pay_in(other, f"p{len(runs)}", 1) or books.balance_minor(other, SHOP, "EUR")
            )
            pay_in(db, f"mine{len(runs)}", 1)
        elif "0001" not in known:
            run_writing(postgresql, add_terminal("0001"))
            add_terminal("0001")(db)
        return known

    assert run_writing(postgresql, work) == ["0001"]
    assert len(runs) == 5


def test_who_loses_every_time_is_told_that_the_database_is_busy(postgresql, monkeypatch):
    monkeypatch.setattr(db_module, "ATTEMPTS", {db_module.SERIALISATION: 3})
    run_writing(postgresql, lambda db: pay_in(db, "p0", 1))
    runs = []

    def work(db):
        runs.append(len(runs))
        books.balance_minor(db, SHOP, "EUR")
        run_writing(
            postgresql, lambda other: pay_in(other, f"p{len(runs)}", 1) or books.balance_minor(other, SHOP, "EUR")
        )
        pay_in(db, f"mine{len(runs)}", 1)

    with pytest.raises(BusyError):
        run_writing(postgresql, work)
    assert len(runs) == 3


def test_a_key_that_stays_taken_is_the_callers_fault(engine):
    run_writing(engine, add_terminal("0001"))
    with pytest.raises(sa.exc.IntegrityError):
        run_writing(engine, add_terminal("0001"))


def test_waiting_for_another_writer_has_an_end(database, monkeypatch):
    monkeypatch.setattr(db_module, "LOCK_WAIT_S", 1)
    engine = database.open()
    run_writing(engine, add_terminal("0001"))
    lock = terminal.update().values(active=False)
    with (
        engine.connect().execution_options(**db_module.WRITES[engine.dialect.name]) as holder,
        holder.begin(),
    ):
        holder.execute(lock)
        with pytest.raises(BusyError, match="try again"):
            run_writing(engine, lambda db: db.execute(lock))
    engine.dispose()


def test_more_work_than_connections_waits_and_is_then_told_to_come_again(postgresql, monkeypatch):
    monkeypatch.setattr(postgresql.pool, "_timeout", 0.1)
    held = [postgresql.connect() for _ in range(db_module.CONNECTIONS_KEPT + db_module.CONNECTIONS_MORE)]
    with pytest.raises(BusyError, match="in use"):
        run_writing(postgresql, add_terminal("0001"))
    with pytest.raises(BusyError, match="in use"):
        terminals(postgresql)
    for connection in held:
        connection.close()
    run_writing(postgresql, add_terminal("0001"))


def test_a_look_cannot_write_on_postgresql_and_sees_one_moment(postgresql):
    with reading(postgresql) as db:
        before = db.execute(sa.select(sa.func.count()).select_from(terminal)).scalar()
        run_writing(postgresql, add_terminal("0001"))
        assert db.execute(sa.select(sa.func.count()).select_from(terminal)).scalar() == before
        with pytest.raises(sa.exc.InternalError, match="read-only"):
            add_terminal("0002")(db)


def test_sqlite_has_no_write_ahead_log_and_syncs_every_commit(tmp_path):
    engine = open_database(tmp_path)
    with engine.connect() as db:
        asked = [
            db.execute(sa.text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    extra, on = 3, 1
    assert asked == ["delete", extra, on]


def test_postgresql_is_durable_and_bounded_whatever_its_defaults(postgresql):
    with reading(postgresql) as db:
        name = db.execute(sa.text("SELECT current_database()")).scalar()
    with psycopg.connect(postgresql.url.set(drivername="postgresql").render_as_string(), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    postgresql.dispose()
    asked = {}
    with postgresql.connect() as db:
        for setting in ("synchronous_commit", "statement_timeout", "lock_timeout"):
            asked[setting] = db.execute(sa.text(f"SHOW {setting}")).scalar()
    assert asked == {"synchronous_commit": "on", "statement_timeout": "15s", "lock_timeout": "10s"}
    run_writing(
        postgresql, lambda db: asked.update(level=db.execute(sa.text("SHOW transaction_isolation")).scalar_one())
    )
    assert asked["level"] == "serializable"


def test_what_was_acknowledged_is_there_after_the_server_was_killed(tmp_path):
    with running_cluster(CAREFUL) as cluster:
        url = cluster.new_database(empty=True)
        engine = open_database(tmp_path / "data", url)
        run_writing(engine, lambda db: pay_in(db, "p1", 100))
        cluster.stop("immediate")
        cluster.start()
        with reading(engine) as db:
            assert db.execute(sa.select(booking.c.reference)).scalars().all() == ["p1"]
        run_writing(engine, lambda db: pay_in(db, "p2", 100))
        engine.dispose()


def test_a_url_of_either_spelling_uses_the_same_driver():
    engine = make_engine("postgresql://kiosk@localhost/kiosk")
    assert engine.driver == "psycopg"
    engine.dispose()


def test_a_long_look_at_a_still_database_keeps_no_writer_waiting(database, monkeypatch):
    monkeypatch.setattr(db_module, "LOCK_WAIT_S", 1)
    engine = database.open()
    with still(engine, database.data) as quiet, reading(quiet) as db:
        assert db.execute(sa.select(terminal.c.number)).all() == []
        run_writing(engine, add_terminal("0001"))
        assert db.execute(sa.select(terminal.c.number)).all() == []
    assert terminals(engine) == ["0001"]
    assert not list(database.data.glob(".still-*"))
    engine.dispose()
