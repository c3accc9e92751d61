"""The journal's end is proved at every look, nothing is written by it, and each trouble has its name."""

import apsw
import pytest

from kiosk.diagnosis import journal as doctor
from kiosk.diagnosis.journal import JournalTold
from kiosk.domain import events
from kiosk.domain.findings import FactCode, FindingCode
from kiosk.till import journal_health
from kiosk.till.journal import Journal, JournalError
from kiosk.till.journal_file import JournalBusyError
from tests.support.play import Player
from tests.support.world import KEY, VirtualClock, World

C = FindingCode
HOUR_US = 3_600_000_000


def codes(told, now_us=0):
    return [found.code for found in doctor.look(told, now_us)[0]]


def played(path, *happened):
    """A journal with a paid visit in it, and the till gone."""
    player = Player(path, World(), VirtualClock())
    player.boot()
    player.pay()
    for event in happened:
        player.say(event)
    player.close()
    return path


def read(path):
    return journal_health.of_closed(path, path.with_name("till.key"))


def test_a_whole_journal_is_green_and_not_written_to(tmp_path):
    path = played(tmp_path / "journal.sqlite")
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    told, periods = read(path)
    assert codes(told) == [C.JOURNAL_WHOLE, C.BOOKS_BALANCE, C.CHECKPOINT_FRESH, C.OUTBOX_EMPTY, C.ACCEPTANCE_ON]
    assert told.checked == told.rows > 5
    assert periods[1]["payments"] == 1
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert dict(doctor.look(told, 0)[1])[FactCode.ROWS] == str(told.rows)


def test_it_is_read_from_the_checkpoint_on_as_a_start_would(tmp_path, monkeypatch):
    path = played(tmp_path / "journal.sqlite", events.FraudSuspected())
    from_the_first_row, _ = read(path)
    monkeypatch.setattr(journal_health, "load_key", lambda _: KEY)
    assert read(path)[0] == from_the_first_row


def test_the_running_tills_own_journal_is_read_by_its_own_connection(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.pay()
    told = journal_health.of_running(player.journal, player.state)
    player.close()
    assert codes(told)[0] is C.JOURNAL_WHOLE
    assert told.checked == told.rows


def garbled(path, statement, *values):
    connection = apsw.Connection(str(path))
    connection.execute("DROP TRIGGER IF EXISTS fact_is_never_changed")
    connection.execute("DROP TRIGGER IF EXISTS fact_is_never_removed")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(statement, values)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE fact SET body = CAST(replace(body, '7000', '7001') AS BLOB) WHERE type = 'PaymentCaptured'", "chain"),
        ("DELETE FROM fact WHERE seq = (SELECT max(seq) FROM fact)", "missing at the end"),
        ("DELETE FROM fact WHERE seq = 3", "row 3 is missing"),
        ("UPDATE fact SET at_us = at_us + 1 WHERE seq = (SELECT max(seq) FROM fact)", "chain"),
    ],
    ids=["a sum", "the last row", "a row", "a moment"],
)
def test_a_garbled_copy_is_broken_and_says_where(tmp_path, statement, words):
    path = played(tmp_path / "journal.sqlite")
    garbled(path, statement)
    told, _ = read(path)
    assert codes(told) == [C.JOURNAL_BROKEN]
    assert words in told.fault


def test_a_file_that_is_no_journal_is_broken(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(JournalError):
        read(path)


def test_only_the_end_is_proved_so_that_a_look_is_quick(tmp_path):
    path = played(tmp_path / "journal.sqlite")
    with_end = Journal(path)
    rows = list(with_end.replay())
    assert with_end.check_end(3) == 3
    assert with_end.check_end(10_000) == len(rows)
    with_end.close()


def test_a_journal_a_till_has_open_is_not_read_and_one_that_is_gone_is_not_made(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    with pytest.raises(JournalBusyError):
        read(tmp_path / "journal.sqlite")
    player.close()
    with pytest.raises(JournalError):
        read(tmp_path / "nowhere.sqlite")
    assert not (tmp_path / "nowhere.sqlite").exists()


def test_a_latch_is_read_from_the_rows(tmp_path):
    told, _ = read(played(tmp_path / "journal.sqlite", events.FraudSuspected()))
    assert codes(told)[-1] is C.ACCEPTANCE_LATCHED


WHOLE = {"rows": 900, "head": "ab" * 32, "checked": 500}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (JournalTold(**WHOLE, waiting=2, oldest_us=1), C.OUTBOX_WAITS),
        (JournalTold(**WHOLE, waiting=2, oldest_us=0), C.OUTBOX_WAITS),
        (JournalTold(**WHOLE, books="debits exceed credits"), C.BOOKS_DIFFER),
        (JournalTold(**WHOLE, checkpoint_seq=800), C.CHECKPOINT_FRESH),
        (JournalTold(**WHOLE, checkpoint_seq=800, checkpoint_fault="its signature is wrong"), C.CHECKPOINT_WRONG),
        (JournalTold(**{**WHOLE, "rows": 20_000}, checkpoint_seq=800), C.CHECKPOINT_OLD),
    ],
)
def test_each_trouble_has_its_name(told, code):
    assert code in codes(told, 2 * HOUR_US)


def test_a_payment_that_waits_for_a_day_is_more_than_a_short_outage():
    told = JournalTold(**WHOLE, waiting=1, oldest_us=1)
    found = doctor.look(told, 25 * HOUR_US)[0][3]
    assert (found.code, dict(found.values)) == (C.OUTBOX_OLD, {"count": "1", "hours": "24"})


def test_why_a_buyers_note_was_refused_is_a_fact_and_counted_in_its_period(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    refused = events.NoteRefusedByUnit(events.NoteTrouble.UNREADABLE, "optic")
    player.say(refused)
    player.go_to_cash()
    player.say(refused)
    player.say(events.NoteRefusedByUnit(events.NoteTrouble.ONE_AT_A_TIME))
    counted = dict(player.state.totals)
    kept = player.journal.period_totals(1)
    told = [row.fact for row in player.journal.replay() if row.name == "NoteRejected"]
    player.close()
    assert counted["rejected:optic"] == kept["rejected:optic"] == 1
    assert len(told) == 1
