"""New databases, old ones and those from before revisions end with the tables the program knows, and with all their money."""

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kiosk.aggregator.money import verify
from kiosk.aggregator.shops import shops
from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import open_database, reading
from kiosk.aggregator.storage.errors import DatabaseError
from kiosk.aggregator.storage.tables import metadata
from kiosk.cli.main import main

BEFORE_REVISIONS = Path(__file__).parents[2] / "data" / "aggregator_before_revisions.sql"


def differences(engine):
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)


def make_before_revisions(place):
    """As the program of that time left it; on PostgreSQL, where that program never was, its first revision without the mark."""
    if place.name == "sqlite":
        place.data.mkdir()
        with sqlite3.connect(place.data / "aggregator.sqlite") as db:
            db.executescript(BEFORE_REVISIONS.read_text())
        db.close()
        return
    engine = place.raw()
    with engine.begin() as db:
        config = Config()
        config.set_main_option("script_location", str(migrate.FOLDER))
        config.attributes["connection"] = db
        command.upgrade(config, migrate.FIRST)
        db.exec_driver_sql("DROP TABLE alembic_version")
        db.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for line in BEFORE_REVISIONS.read_text().splitlines():
            if line.startswith("INSERT"):
                db.exec_driver_sql(line)
    engine.dispose()


def test_the_revisions_make_the_tables_the_program_knows(empty_database):
    engine = empty_database.open()
    assert differences(engine) == []
    assert migrate.schema_of(engine).is_current
    engine.dispose()


def test_the_revisions_are_one_line():
    assert len(ScriptDirectory(str(migrate.FOLDER)).get_heads()) == 1


def test_a_database_from_before_revisions_is_adopted_with_its_money_and_secrets(empty_database):
    make_before_revisions(empty_database)
    engine = empty_database.open()
    assert differences(engine) == []
    with reading(engine) as db:
        found = verify.verify(db)
        assert found.faults == ()
        assert {(one.account, one.amount_minor) for one in found.balances} == {
            ("cash:0001", 20_000),
            ("claims", -3_000),
            ("commission", -350),
            ("merchant:bookshop", -13_650),
            ("paid_out", -3_000),
        }
        assert found.bookings == 5
        assert shops.find(db, "bookshop").password2.reveal() == "two-two-two"
        raw = db.execute(sa.text("SELECT password1, password2 FROM merchant")).one()
    assert not any("one-one" in text or "two-two" in text for text in raw)
    engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(database, capsys):
    engine = database.open()
    with engine.begin() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(DatabaseError, match="of a newer program"):
        database.open()
    assert main(["aggregator", "verify", *database.options]) == 1
    assert "newer program (schema 9999)" in capsys.readouterr().err


def test_a_database_of_something_else_is_left_alone(empty_database):
    engine = empty_database.raw()
    with engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(DatabaseError, match="holds something else"):
        empty_database.open()
    assert sa.inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


def test_many_who_start_at_once_migrate_once(empty_database):
    make_before_revisions(empty_database)
    faults, together = [], threading.Barrier(4)

    def start():
        together.wait()
        try:
            empty_database.open().dispose()
        except Exception as error:
            faults.append(error)
            raise

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    engine = empty_database.open()
    with reading(engine) as db:
        assert verify.verify(db).faults == ()
    engine.dispose()


def test_a_revision_that_fails_leaves_the_database_as_it_was(empty_database, monkeypatch):
    make_before_revisions(empty_database)
    monkeypatch.setattr("kiosk.aggregator.vault.Vault.seal", lambda _vault, _text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        empty_database.open()
    engine = empty_database.raw()
    assert set(sa.inspect(engine).get_table_names()) >= migrate.FIRST_TABLES
    with engine.connect() as db:
        assert db.execute(sa.text("SELECT count(*) FROM transfer")).scalar() == 7
        assert db.execute(sa.text("SELECT password1 FROM merchant")).scalar() == "one-one-one"
    engine.dispose()


def test_migrate_says_what_there_is_to_do_and_does_it(empty_database, capsys):
    make_before_revisions(empty_database)
    check = ["aggregator", "migrate", "--check", *empty_database.options]
    assert main(check) == 1
    assert "from before there were revisions" in capsys.readouterr().out
    assert main(["aggregator", "migrate", *empty_database.options]) == 0
    assert main(check) == 0
    assert "the newest" in capsys.readouterr().out


def test_checking_a_database_that_is_not_there_makes_none(tmp_path, capsys):
    assert main(["aggregator", "migrate", "--check", "--data", str(tmp_path / "data")]) == 1
    assert "no database" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("url", ["mysql://somebody@localhost/kiosk", "not a url"])
def test_other_databases_are_refused(tmp_path, url):
    with pytest.raises(DatabaseError, match="begins with"):
        open_database(tmp_path, url)


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path):
    with pytest.raises(DatabaseError) as caught:
        open_database(tmp_path, "postgresql+psycopg://kiosk:hush-hush@127.0.0.1:9/kiosk")
    assert "127.0.0.1:9" in str(caught.value)
    assert "hush-hush" not in str(caught.value)


def test_a_password_that_messages_would_show_is_refused(tmp_path):
    with pytest.raises(DatabaseError, match="before the host") as caught:
        open_database(tmp_path, "postgresql+psycopg://kiosk@127.0.0.1:9/kiosk?password=hush-hush")
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize("where", ["kiosk:hush-hush@127.0.0.1/kiosk", "kiosk@127.0.0.1/kiosk?password=hush-hush"])
def test_a_password_on_the_command_line_is_refused(tmp_path, capsys, where):
    url = f"postgresql+psycopg://{where}"
    with pytest.raises(SystemExit):
        main(["aggregator", "verify", "--data", str(tmp_path), "--database", url])
    said = capsys.readouterr().err
    assert "--database-file" in said
    assert "hush-hush" not in said
