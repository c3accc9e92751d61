"""Damage of every kind is found, and the place is named."""

import shutil
import sqlite3
from dataclasses import replace

import pytest

from kiosk.domain import facts
from kiosk.domain.state import State
from kiosk.till import checkpoints
from kiosk.till.journal import Journal
from kiosk.till.reading import read_all
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.world import KEY, VirtualClock, World


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A journal of a few whole visits: payments, leftovers, claims, checkpoints."""
    path = tmp_path_factory.mktemp("original") / "journal.sqlite"
    player = Player(path, World(), VirtualClock())
    player.boot()
    for notes in ((5000, 2000), (5000, 5000), (2000,)):
        player.pay(notes)
    player.close()
    return path


@pytest.fixture
def path(original, tmp_path):
    return shutil.copy(original, tmp_path / "journal.sqlite")


def spoil(path, *statements):
    db = sqlite3.connect(path)
    for name in ("fact_is_never_changed", "fact_is_never_removed", "personal_is_never_changed"):
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def test_a_whole_journal_verifies(path):
    verdict = verify(path)
    assert verdict.faults == []
    assert verdict.rows > 40
    assert verdict.checkpoints > 2


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE fact SET body = CAST(replace(CAST(body AS TEXT), '5000', '5001') AS BLOB) WHERE seq = 6"], "row 6"),
        (["UPDATE fact SET at_us = at_us + 1 WHERE seq = 6"], "row 6"),
        (["DELETE FROM fact WHERE seq = 7"], "row 7 is missing"),
        (["UPDATE fact SET seq = 99 WHERE seq = 8", "UPDATE fact SET seq = 8 WHERE seq = 9"], "row 8"),
        (
            [
                "UPDATE fact SET seq = -1 WHERE seq = 8",
                "UPDATE fact SET seq = 8 WHERE seq = 9",
                "UPDATE fact SET seq = 9 WHERE seq = -1",
            ],
            "row 8",
        ),
        (["DELETE FROM fact WHERE seq = (SELECT max(seq) FROM fact)"], "missing at the end"),
        (["DELETE FROM fact WHERE seq > 30"], "rows 31 to"),
        (["DELETE FROM fact WHERE seq > 30", "DELETE FROM tail"], "missing at the end: it was signed"),
        (["UPDATE tail SET hash = x'00'"], "not the one the journal ended with"),
        (["UPDATE total SET amount = amount + 1 WHERE name = 'payments'"], "total payments of period 1 says 3"),
        (["DELETE FROM total WHERE name = 'sessions'"], "total sessions of period 1 says None"),
        (["UPDATE personal SET body = x'7b7d'"], "what is personal in it was changed"),
        (["UPDATE checkpoint SET signature = zeroblob(64)"], "its signature is wrong"),
        (["UPDATE checkpoint SET state = x'7b7d' WHERE state IS NOT NULL"], "its state was changed"),
        (["UPDATE checkpoint SET public_key = hex(zeroblob(32))"], "its signature is wrong"),
    ],
    ids=lambda value: value[0][:60] if isinstance(value, list) else "",
)
def test_damage_is_found_and_the_place_named(path, statements, says):
    spoil(path, *statements)
    assert any(says in fault for fault in verify(path).faults), verify(path).faults


def test_any_bit_of_any_row_may_flip_and_is_found(path):
    db = sqlite3.connect(path)
    rows = db.execute("SELECT seq, body FROM fact").fetchall()
    db.close()
    for seq, body in rows[::7]:
        damaged = shutil.copy(path, path.with_name("damaged.sqlite"))
        flipped = bytes([body[0] ^ 0x01]) + body[1:]
        spoil(damaged, f"UPDATE fact SET body = x'{flipped.hex()}' WHERE seq = {seq}")
        assert any(f"row {seq} " in fault for fault in verify(damaged).faults)


def test_any_byte_of_the_file_that_matters_may_be_lost_and_it_is_never_called_whole(path):
    content = path.read_bytes()
    for size in range(len(content) // 8, len(content), len(content) // 8):
        short = path.with_name("short.sqlite")
        short.write_bytes(content[:size])
        assert verify(short).faults


def test_a_journal_cut_back_whole_is_found_by_what_is_known_outside(path, tmp_path):
    young = tmp_path / "young.sqlite"
    player = Player(young, World(), VirtualClock())
    player.boot()
    player.pay((5000, 2000))
    player.close()
    shutil.copy(young, tmp_path / "kept.sqlite")
    again = Journal(young)
    list(again.replay())
    seq, head = again.seq + 1, "ab" * 8
    again.close()
    assert verify(young).faults == []
    assert any(f"row {seq} is missing" in fault for fault in verify(young, {seq: head}).faults)
    assert any("not the one printed" in fault for fault in verify(young, {3: head}).faults)


def test_progress_is_told(path):
    told = []
    verify(path, progress=lambda row, in_all: told.append((row, in_all)))
    assert told[-1][0] == told[-1][1] == len(told)


def test_a_checkpoint_that_lies_is_found_even_if_it_is_well_signed(path):
    writing = Journal(path)
    state = read_all(writing.replay(), State()).state
    writing.append([facts.TillStarted("later", "2")], 1, "later")
    richer = replace(state, stacked={**state.stacked, 5000: 99})
    writing.keep(checkpoints.make(richer, writing.seq, writing.head, KEY))
    writing.close()
    assert any("its state is not what the rows before it say" in fault for fault in verify(path).faults)
