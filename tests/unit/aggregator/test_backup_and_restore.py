"""A backup holds one moment, whole; it is restored into an empty database of either engine, and then the books agree."""

import gzip
import json
import stat
import threading

import pytest
import sqlalchemy as sa

from kiosk.aggregator import backup
from kiosk.aggregator.backup import back_up, inspect, restore
from kiosk.aggregator.money import verify
from kiosk.aggregator.shops import shops
from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import open_database, reading, run_writing
from kiosk.aggregator.storage.errors import DatabaseError
from kiosk.aggregator.storage.terminals import terminal
from kiosk.cli.main import main
from tests.support.databases import place_on
from tests.support.shops import PASSWORD2, active, order, pay


def everything(engine):
    """Every row of every table."""
    with reading(engine) as db:
        found = sa.MetaData()
        found.reflect(db)
        ordered = [sa.select(table).order_by(*table.primary_key.columns) for table in found.sorted_tables]
        return {str(one.get_final_froms()[0]): [tuple(row) for row in db.execute(one)] for one in ordered}


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request):
    with place_on(request.param, request, empty=True) as place:
        yield place


@pytest.fixture
def filled(engine, tmp_path):
    active(engine, tmp_path)
    for _ in range(3):
        pay(engine, "books", "70.00")
    order(engine, "books", "5.00")
    return engine


def test_what_is_restored_is_what_was_there_on_either_engine(filled, database, elsewhere, tmp_path):
    made = back_up(filled, tmp_path / "one.backup")
    key = database.data / "secrets.key"
    found = restore(tmp_path / "one.backup", elsewhere.data, elsewhere.url, key)
    assert found.is_right
    assert found.bookings == 3
    engine = elsewhere.open()
    assert everything(engine) == everything(filled)
    assert made.rows["payment"] == 3
    with reading(engine) as db:
        assert shops.find(db, "books").password2.reveal() == PASSWORD2
    engine.dispose()


def test_a_restored_aggregator_goes_on_with_numbers_nobody_had(filled, database, elsewhere, tmp_path):
    back_up(filled, tmp_path / "one.backup")
    restore(tmp_path / "one.backup", elsewhere.data, elsewhere.url, database.data / "secrets.key")
    engine = elsewhere.open()
    before = {number for (number,) in everything_of(engine, "SELECT number FROM orders")}
    assert order(engine, "books", "9.00") not in before
    pay(engine, "books", "70.00")
    with reading(engine) as db:
        assert verify.verify(db).faults == ()
    engine.dispose()


def everything_of(engine, question):
    with reading(engine) as db:
        return db.execute(sa.text(question)).all()


def test_a_backup_is_of_one_moment_while_others_write(filled, database, tmp_path):
    stop, wrote = threading.Event(), []

    def keep_paying():
        while not stop.is_set():
            wrote.append(pay(filled, "books", "1.00"))

    writer = threading.Thread(target=keep_paying)
    writer.start()
    try:
        made = [back_up(filled, tmp_path / f"{n}.backup") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert wrote
    for n, one in enumerate(made):
        folder = tmp_path / f"restored-{n}"
        found = restore(tmp_path / f"{n}.backup", folder, "", database.data / "secrets.key")
        assert found.faults == ()
        assert found.bookings == one.rows["payment"]


def test_nothing_is_ever_written_over(filled, database, tmp_path, capsys):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    was = file.read_bytes()
    with pytest.raises(DatabaseError, match="never writes over"):
        back_up(filled, file)
    assert file.read_bytes() == was
    kept = everything(filled)
    filled.dispose()
    with pytest.raises(DatabaseError, match="there is a database already"):
        restore(file, database.data, database.url)
    assert main(["aggregator", "restore", "--from", str(file), *database.options]) == 1
    assert "into an empty one" in capsys.readouterr().err
    assert everything(filled) == kept
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["one.backup"]


def test_a_backup_is_its_owners_and_signs_nothing(filled, tmp_path):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD2.encode() not in gzip.decompress(file.read_bytes())


def damaged(data, how):
    lines = gzip.decompress(data).splitlines(keepends=True)
    match how:
        case "cut":
            return data[: len(data) // 2]
        case "not gzip":
            return b"hello"
        case "empty":
            return gzip.compress(b"")
        case "a line missing":
            return gzip.compress(b"".join(lines[:5] + lines[6:]))
        case "no end":
            return gzip.compress(b"".join(lines[:-1]))
        case "a digit":
            changed = b"".join(lines).replace(b"7000", b"7001", 1)
            return gzip.compress(changed)
    raise AssertionError(how)


@pytest.mark.parametrize("how", ["cut", "not gzip", "empty", "a line missing", "no end", "a digit"])
def test_a_damaged_backup_is_never_restored(filled, database, tmp_path, how):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    file.write_bytes(damaged(file.read_bytes(), how))
    with pytest.raises(DatabaseError, match="not a whole backup"):
        inspect(file)
    with pytest.raises(DatabaseError, match="not a whole backup"):
        restore(file, tmp_path / "new", "", database.data / "secrets.key")
    assert not (tmp_path / "new" / "aggregator.sqlite").exists()


def signed_anew(file, change):
    """A backup somebody made by hand: whole, but not what a program of ours writes."""
    lines = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    lines = change(lines)
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines[:-1])
    lines[-1]["sha256"] = backup.hashlib.sha256(body).hexdigest()
    file.write_bytes(gzip.compress(body + json.dumps(lines[-1]).encode() + b"\n"))


def test_a_backup_of_a_newer_program_is_refused_and_nothing_is_left(filled, database, elsewhere, tmp_path):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    signed_anew(file, lambda lines: [lines[0] | {"schema": "9999"}, *lines[1:]])
    with pytest.raises(DatabaseError, match="schema 9999 is of a newer program"):
        restore(file, elsewhere.data, elsewhere.url, database.data / "secrets.key")
    engine = elsewhere.raw()
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_restore_that_fails_in_the_middle_leaves_an_empty_database(
    filled, database, elsewhere, tmp_path, monkeypatch
):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    monkeypatch.setattr(backup, "verify", lambda _db: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(file, elsewhere.data, elsewhere.url, database.data / "secrets.key")
    engine = elsewhere.raw()
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    monkeypatch.undo()
    assert restore(file, elsewhere.data, elsewhere.url).is_right


def test_the_key_has_to_come_along_and_to_fit(filled, database, tmp_path):
    file = tmp_path / "one.backup"
    back_up(filled, file)
    with pytest.raises(DatabaseError, match="name it with --key-file"):
        restore(file, tmp_path / "a")
    backup.ensure_vault(tmp_path / "other.key")
    with pytest.raises(DatabaseError, match="put that one back"):
        restore(file, tmp_path / "b", "", tmp_path / "other.key")
    with pytest.raises(DatabaseError, match="another key"):
        restore(file, tmp_path / "b", "", database.data / "secrets.key")


def test_wrong_books_are_restored_and_said_to_be_wrong(filled, database, tmp_path, capsys):
    run_writing(filled, lambda db: db.exec_driver_sql("DELETE FROM entry WHERE booking_id = 2 AND line = 0"))
    back_up(filled, tmp_path / "one.backup")
    arguments = ["restore", "--from", tmp_path / "one.backup", "--key-file", database.data / "secrets.key"]
    assert main(["aggregator", *map(str, arguments), "--data", str(tmp_path / "new")]) == 1
    assert "WRONG booking 2" in capsys.readouterr().out


def test_by_command_a_backup_says_what_is_not_in_it_and_a_restore_shows_the_books(filled, database, tmp_path, capsys):
    file = str(tmp_path / "one.backup")
    (database.data / "catalogue.key").touch()
    assert main(["aggregator", "backup", *database.options, "--to", file]) == 0
    assert "not in it: catalogue.key, secrets.key of" in capsys.readouterr().out
    arguments = ["--from", file, "--key-file", str(database.data / "secrets.key"), "--data", str(tmp_path / "new")]
    assert main(["aggregator", "restore", *arguments]) == 0
    assert "they agree" in capsys.readouterr().out
    assert main(["aggregator", "verify", "--data", str(tmp_path / "new")]) == 0


def test_an_empty_aggregator_can_be_backed_up_too(engine, database, tmp_path):
    made = back_up(engine, tmp_path / "one.backup")
    assert set(made.rows.values()) == {0}
    assert made.schema == migrate.schema_of(engine).newest
    assert restore(tmp_path / "one.backup", tmp_path / "new", "", database.data / "secrets.key").bookings == 0


def test_words_in_every_script_come_back_as_they_were(engine, database, tmp_path):
    run_writing(engine, lambda db: db.execute(terminal.insert().values(number="каса №1 \u2028", active=False)))
    back_up(engine, tmp_path / "one.backup")
    restore(tmp_path / "one.backup", tmp_path / "new", "", database.data / "secrets.key")
    restored = open_database(tmp_path / "new")
    assert everything(restored) == everything(engine)
    restored.dispose()


@pytest.mark.parametrize("value", [b"", b"\x00\xff", "text", 10**12, True, None])
def test_every_kind_of_value_comes_back_as_it_was(value):
    assert backup._as_kept(json.loads(json.dumps(backup._plain(value)))) == value


def test_a_backup_of_an_older_program_is_restored_and_then_migrated(empty_database, elsewhere, tmp_path):
    old = empty_database.raw()
    backup.ensure_vault(empty_database.data / "secrets.key")
    with migrate.EXCLUSIVE[old.dialect.name](old) as db:
        migrate.upgrade(db, "0003")
        db.exec_driver_sql("INSERT INTO terminal (number, active) VALUES ('0001', true)")
    assert back_up(old, tmp_path / "old.backup").schema == "0003"
    old.dispose()
    key = empty_database.data / "secrets.key"
    assert restore(tmp_path / "old.backup", elsewhere.data, elsewhere.url, key).is_right
    engine = elsewhere.open()
    assert migrate.schema_of(engine).is_current
    assert everything_of(engine, "SELECT number, active FROM terminal") == [("0001", True)]
    engine.dispose()
