"""What the journal promises, and that damage to the past is found and named."""

import shutil
import sqlite3

import pytest

from kiosk.domain import facts
from kiosk.till import audit, fact_codec
from kiosk.till.journal import Journal, JournalError, check_engine, read

SOME = [
    facts.TillStarted("b", "1"),
    facts.OrphanStacked(5000, "EUR", "test"),
    facts.AcceptanceLatched("test"),
    facts.AcceptanceResumed("seen"),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    for fact in SOME:
        journal.append([fact], 1, "boot")
    journal.close()
    return path


def spoil(path, *statements):
    with sqlite3.connect(path) as db:
        for name in ("fact_is_never_changed", "fact_is_never_removed"):
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
    db.close()


def test_facts_come_back_as_they_went_in(path):
    rows = []
    read(path, rows.append)
    assert [row.fact for row in rows] == SOME
    assert [row.seq for row in rows] == [1, 2, 3, 4]


def test_the_engine_is_new_enough_to_trust():
    check_engine()


@pytest.mark.parametrize("statement", ["UPDATE fact SET body = x'00'", "DELETE FROM fact WHERE seq = 1"])
def test_the_past_cannot_be_changed_by_accident(path, statement):
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    db.close()


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE fact SET body = CAST(replace(CAST(body AS TEXT), '5000', '5001') AS BLOB) WHERE seq = 2"], "row 2"),
        (["UPDATE fact SET at_us = 2 WHERE seq = 3"], "row 3"),
        (["DELETE FROM fact WHERE seq = 2"], "row 2 is missing"),
        (["UPDATE fact SET seq = 9 WHERE seq = 2", "UPDATE fact SET seq = 2 WHERE seq = 3"], "row 2"),
    ],
    ids=["flipped", "redated", "removed", "swapped"],
)
def test_a_changed_past_is_found_and_the_place_named(path, statements, says):
    spoil(path, *statements)
    found = audit.summary(path)["journal"]
    assert not found["ok"]
    assert says in found["fault"]


def test_a_second_till_on_the_same_journal_is_told_at_once(path):
    first = Journal(path)
    list(first.replay())
    with pytest.raises(JournalError, match="another process"):
        Journal(path)
    first.close()


def test_a_missing_journal_and_a_file_that_is_none_are_named(tmp_path):
    with pytest.raises(JournalError, match="no such journal"):
        read(tmp_path / "nothing.sqlite", print)
    (tmp_path / "text").write_text("not a database, by any means" * 40)
    with pytest.raises(JournalError, match="NotADBError"):
        read(tmp_path / "text", print)


def test_a_journal_cut_short_is_never_read_as_whole(path, tmp_path):
    short = tmp_path / "short.sqlite"
    shutil.copy(path, short)
    short.write_bytes(short.read_bytes()[: short.stat().st_size // 2])
    assert not audit.summary(short)["journal"]["ok"]


def test_every_fact_is_written_and_read_by_the_same_name():
    assert all(name == cls.__name__ for name, (cls, _) in fact_codec.TYPES.items())
    with pytest.raises(fact_codec.FactCodecError, match="newer program"):
        fact_codec.decode("FromTomorrow", 1, b"{}")
    with pytest.raises(fact_codec.FactCodecError, match="version 2"):
        fact_codec.decode("TillStarted", 2, b"{}")
    with pytest.raises(fact_codec.FactCodecError, match="TillStarted"):
        fact_codec.decode("TillStarted", 1, b'{"boot_id": 7}')
