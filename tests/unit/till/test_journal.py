"""What the journal promises: order, durability's settings, exclusivity, and that the past cannot be changed by accident."""

import sqlite3

import apsw
import pytest

from kiosk.domain import facts
from kiosk.till import fact_codec, journal
from kiosk.till.journal import Journal, JournalError, check_engine
from kiosk.till.journal_file import JournalBusyError, closed_journal

SOME = [
    facts.TillStarted("b", "1"),
    facts.OrphanStacked(5000, "EUR", "test"),
    facts.AcceptanceLatched("test"),
    facts.AcceptanceResumed("seen"),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite"
    writing = Journal(path)
    for fact in SOME:
        writing.append([fact], 1, "boot")
    writing.close()
    return path


def rows_of(path):
    with closed_journal(path) as connection:
        return list(journal.rows(connection, 0, journal.GENESIS))


def test_facts_come_back_as_they_went_in(path):
    assert [row.fact for row in rows_of(path)] == SOME
    assert [row.seq for row in rows_of(path)] == [1, 2, 3, 4]


def test_the_engine_is_new_enough_to_trust():
    check_engine()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE fact SET body = x'00'", "DELETE FROM fact WHERE seq = 1", "UPDATE personal SET body = x'00'"],
)
def test_the_past_cannot_be_changed_by_accident(path, statement):
    writing = Journal(path)
    list(writing.replay())
    writing.append([facts.PaymentCaptured("p", "s", 1, "EUR", "g", 1, b"body")], 1, "boot")
    writing.close()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|never changed"):
        db.execute(statement)
    db.close()


def test_a_second_till_on_the_same_journal_is_told_at_once(path):
    first = Journal(path)
    list(first.replay())
    with pytest.raises(JournalError, match="another process"):
        Journal(path)
    with pytest.raises(JournalBusyError, match="another process"), closed_journal(path):
        pass
    first.close()


def test_reading_a_closed_journal_writes_nothing_next_to_the_money(path):
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert len(rows_of(path)) == len(SOME)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_missing_journal_and_a_file_that_is_none_are_named(tmp_path):
    with pytest.raises(JournalError, match="no such journal"), closed_journal(tmp_path / "nothing.sqlite"):
        pass
    (tmp_path / "text").write_text("not a database, by any means" * 40)
    with pytest.raises(JournalError, match="NotADBError"), closed_journal(tmp_path / "text"):
        pass


def test_a_till_never_starts_behind_the_end_of_its_journal(path):
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER fact_is_never_removed")
    db.execute("DELETE FROM fact WHERE seq = 4")
    db.commit()
    db.close()
    short = Journal(path)
    with pytest.raises(JournalError, match="rows 4 to 4 are missing at the end"):
        list(short.replay())
    short.close()


def test_totals_add_up_over_commits(path):
    writing = Journal(path)
    list(writing.replay())
    writing.append([SOME[2]], 2, "boot", {(1, "stacked:EUR:500"): 1, (1, "sessions"): 1})
    writing.append([SOME[3]], 3, "boot", {(1, "stacked:EUR:500"): 1, (2, "sessions"): 7})
    assert writing.period_totals(1) == {"stacked:EUR:500": 2, "sessions": 1}
    assert writing.period_totals(2) == {"sessions": 7}
    writing.close()


def test_every_commit_is_synchronous_and_exclusive(path):
    writing = Journal(path)
    asked = {
        name: writing._connection.execute(f"PRAGMA {name}").get
        for name in ("journal_mode", "synchronous", "locking_mode", "secure_delete", "foreign_keys")
    }
    writing.close()
    full, on = 2, 1
    assert asked == {
        "journal_mode": "wal",
        "synchronous": full,
        "locking_mode": "exclusive",
        "secure_delete": on,
        "foreign_keys": on,
    }


def test_what_was_appended_while_a_copy_was_made_is_in_the_copy(path, tmp_path):
    writing = Journal(path)
    list(writing.replay())
    steps = writing.copy_to(tmp_path / "copy.sqlite", 1)
    next(steps)
    writing.append([facts.TillStarted("c", "2")], 2, "c")
    told = list(steps)
    assert told[-1][0] == 0
    writing.append([facts.TillStarted("d", "3")], 2, "d")
    writing.close()
    assert [row.fact.software for row in rows_of(tmp_path / "copy.sqlite") if row.name == "TillStarted"] == ["1", "2"]


def test_a_copy_that_cannot_be_written_says_where(path, tmp_path):
    writing = Journal(path)
    with pytest.raises(JournalError, match="nowhere"):
        list(writing.copy_to(tmp_path / "nowhere" / "copy.sqlite", 1))
    writing.close()


def test_every_fact_is_written_and_read_by_the_same_name():
    assert all(name == cls.__name__ for name, (cls, _) in fact_codec.TYPES.items())
    with pytest.raises(fact_codec.FactCodecError, match="newer program"):
        fact_codec.decode("FromTomorrow", 1, b"{}")
    with pytest.raises(fact_codec.FactCodecError, match="version 2"):
        fact_codec.decode("KeyChosen", 2, b"{}")
    with pytest.raises(fact_codec.FactCodecError, match="TillStarted"):
        fact_codec.decode("TillStarted", 1, b'{"boot_id": 7}')


def test_every_older_version_has_a_way_up():
    for name, (_, version) in fact_codec.TYPES.items():
        for old in range(1, version):
            assert (name, old) in fact_codec.UPCASTS
    assert set(fact_codec.PERSONAL) <= set(fact_codec.TYPES)


def test_an_engine_that_is_too_old_is_refused(monkeypatch):
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    with pytest.raises(JournalError, match=r"3\.40\.1 is older than 3\.51\.3"):
        check_engine()
