"""A start reads on from the newest checkpoint of its own key and program, and reads everything when there is none."""

import logging
import sqlite3
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain import events
from kiosk.domain.state import State
from kiosk.till import checkpoints
from kiosk.till.journal import Journal, JournalError
from kiosk.till.reading import read_all
from kiosk.till.recovery import recover
from kiosk.till.signing import KeyFileError, SigningKey, ensure_key
from tests.support.play import Player
from tests.support.world import KEY, VirtualClock, World

OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"another key, of another till ..."))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite"
    player = Player(path, World(), VirtualClock(), checkpoint_rows=20)
    player.boot()
    for notes in ((5000, 2000), (5000, 5000), (2000,), (5000, 5000)):
        player.pay(notes)
    player.say(events.NoteWentIn(500, "EUR"))
    player.close()
    return path


def recovered(path, key=KEY):
    journal = Journal(path)
    try:
        return recover(journal, key)
    finally:
        journal.close()


def test_it_comes_to_the_very_state_that_reading_everything_comes_to(path):
    found = recovered(path)
    journal = Journal(path)
    whole = read_all(journal.replay(), State()).state
    journal.close()
    assert found.checkpoint_seq > 20
    assert found.state == whole


def test_a_checkpoint_of_another_key_is_not_trusted(path, caplog):
    with caplog.at_level(logging.ERROR):
        found = recovered(path, OTHER)
    assert found.checkpoint_seq == 0
    assert "signed by another key" in caplog.text
    assert found.state == recovered(path).state


def test_a_checkpoint_of_another_program_is_not_used(path):
    journal = Journal(path)
    latest = journal.latest_checkpoint()
    journal.close()
    assert checkpoints.usable(latest, KEY) is not None
    assert checkpoints.usable(replace(latest, state_version="older"), KEY) is None


def test_a_checkpoint_that_does_not_lie_on_the_chain_stops_the_start(path):
    db = sqlite3.connect(path)
    db.execute("UPDATE checkpoint SET hash = zeroblob(32)")
    db.commit()
    db.close()
    with pytest.raises(JournalError, match="not the one that was signed"):
        recovered(path)


def test_totals_that_are_not_what_the_rows_say_stop_a_start_that_reads_them_all(path):
    db = sqlite3.connect(path)
    db.execute("UPDATE total SET amount = amount + 1 WHERE name = 'payments'")
    db.commit()
    db.close()
    with pytest.raises(JournalError, match="totals are not what its rows say"):
        recovered(path, OTHER)


def test_only_the_newest_checkpoint_keeps_its_state(path):
    db = sqlite3.connect(path)
    kept = [state is not None for (state,) in db.execute("SELECT state FROM checkpoint ORDER BY seq")]
    db.close()
    assert kept == [False] * (len(kept) - 1) + [True]


def test_a_new_key_is_said_in_the_journal(path):
    player = Player(path, World(), VirtualClock(now_s=9000.0))
    player.till.recover()
    player.till.process(events.Booted("b", "test", OTHER.public_key))
    assert player.state.public_key == OTHER.public_key
    player.close()


def test_a_key_is_made_once_kept_private_and_read_again(tmp_path):
    file = tmp_path / "keys" / "till.key"
    first = ensure_key(file)
    assert ensure_key(file).public_key == first.public_key
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["till.key"]


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_file_is_never_replaced(tmp_path, content):
    file = tmp_path / "till.key"
    file.write_bytes(content)
    with pytest.raises(KeyFileError, match="restore it from the backup"):
        ensure_key(file)
    assert file.read_bytes() == content
