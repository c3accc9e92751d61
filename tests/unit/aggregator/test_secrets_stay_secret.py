"""A merchant's password is used to sign and shown nowhere: not in the database, not in a log, not in an error."""

import logging
import stat
import threading

import pytest
import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.shops import shops
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.errors import DatabaseError
from kiosk.aggregator.vault import Secret, ensure_vault

PASSWORDS = ("pass-word-one", "pass-word-two")


def shop():
    return admin.Merchant("bookshop", "Bookshop", *PASSWORDS, "sha256", "http://127.0.0.1:9/", "EUR", 250)


def test_a_secret_shows_itself_only_when_it_is_told_to(caplog):
    secret = Secret("pass-word-one")
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s", secret, secret, [secret])
    assert "pass-word" not in caplog.text + repr(shop())
    assert secret.reveal() == "pass-word-one"


def test_the_database_does_not_hold_what_signs(engine):
    admin.set_merchant(engine, shop())
    with reading(engine) as db:
        found = shops.find(db, "bookshop")
        stored = " ".join(map(str, db.execute(sa.text("SELECT * FROM merchant")).one()))
    assert (found.password1.reveal(), found.password2.reveal()) == PASSWORDS
    assert "pass-word" not in stored + repr(found)


def test_another_key_file_is_refused_with_what_to_do(database):
    engine = database.open()
    admin.set_merchant(engine, shop())
    engine.dispose()
    (database.data / "secrets.key").unlink()
    engine = database.open()
    with reading(engine) as db, pytest.raises(DatabaseError, match="put that one back"):
        shops.find(db, "bookshop")
    engine.dispose()


def test_a_key_is_replaced_by_putting_a_new_one_before_it(tmp_path):
    old = ensure_vault(tmp_path / "key")
    sealed = old.seal("pass-word-one")
    ensure_vault(tmp_path / "new")
    (tmp_path / "key").write_bytes((tmp_path / "new").read_bytes() + (tmp_path / "key").read_bytes())
    both = ensure_vault(tmp_path / "key")
    assert both.open(sealed).reveal() == "pass-word-one"
    assert ensure_vault(tmp_path / "new").open(both.seal("x")).reveal() == "x"


def test_a_file_that_is_no_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("hello\n")
    with pytest.raises(DatabaseError, match="something else than keys"):
        ensure_vault(tmp_path / "key")


def test_the_key_is_its_owners_and_those_who_start_at_once_agree_on_it(tmp_path):
    together, sealed = threading.Barrier(4), []

    def start():
        together.wait()
        sealed.append(ensure_vault(tmp_path / "key").seal("x"))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vault = ensure_vault(tmp_path / "key")
    assert [vault.open(one).reveal() for one in sealed] == ["x"] * 4
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
