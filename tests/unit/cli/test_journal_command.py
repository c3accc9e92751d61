"""`kiosk journal` as a technician meets it: on a closed journal, and on one a till has open."""

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk import settings as kiosk_settings
from kiosk.cli import journal as journal_command
from kiosk.cli.main import main
from kiosk.domain.advance import claim_code
from kiosk.till.journal import Journal, chain
from kiosk.till.service_server import ServiceServer
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.world import RULES, VirtualClock, World

SHIPPED = Path(__file__).parents[3] / "config" / "kiosk.toml"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.sqlite"
    player = Player(path, World(), VirtualClock())
    player.boot()
    player.pay((5000, 2000))
    player.pay((5000, 5000))
    player.close()
    return path


@pytest.fixture
def config(path, tmp_path):
    loaded = kiosk_settings.load([SHIPPED])
    till = replace(loaded.till, journal_file=path, service_socket=tmp_path / "service.sock")
    file = tmp_path / "kiosk.toml"
    file.write_text(kiosk_settings.dump(replace(loaded, till=till)))
    return file


def run(*words):
    return main(["journal", *map(str, words)])


def test_a_whole_journal_is_said_to_fit(path, capsys):
    assert run("verify", "--journal", path) == 0
    assert "everything fits" in capsys.readouterr().out


def test_damage_is_named_and_the_exit_code_says_so(path, capsys):
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER fact_is_never_removed")
    db.execute("DELETE FROM fact WHERE seq = 9")
    db.commit()
    db.close()
    assert run("verify", "--journal", path) == 1
    assert "row 9 is missing" in capsys.readouterr().out


def test_an_anchor_from_a_slip_is_checked(path, capsys):
    assert run("verify", "--journal", path, "--anchor", "5:0000") == 1
    assert "row 5 is not the one printed" in capsys.readouterr().out


def test_the_story_of_a_payment_is_told_note_by_note(path, capsys):
    assert run("show", "--journal", path, "--payment", "0001-000002") == 0
    told = capsys.readouterr().out
    assert told.count("note 50.00 EUR in escrow") == 2
    assert told.count("note is in the box") == 2
    assert "30.00 EUR kept for the buyer: leftover" in told
    assert "20.00" not in told


def test_the_code_on_a_slip_finds_its_visit(path, capsys):
    code = claim_code("0001-000002", RULES)
    assert run("show", "--journal", path, "--code", f"{code[:4]} {code[4:]}".lower(), "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["visit"] for line in lines} == {"0001-000002"}


def test_what_nobody_knows_is_said(path, capsys):
    assert run("show", "--journal", path, "--payment", "999") == 1
    assert "nothing is known of 999" in capsys.readouterr().err


def test_an_export_holds_nothing_personal_and_its_chain_can_be_checked(path, tmp_path):
    target = tmp_path / "support.jsonl"
    assert run("export", "--journal", path, "--to", target) == 0
    head = b"\0" * 32
    for line in map(json.loads, target.read_text().splitlines()):
        body = line["body"].encode()
        head = chain(head, line["seq"], line["at_us"], line["boot_id"], line["type"], line["version"], body)
        assert head.hex() == line["hash"]
    assert "ToFreeze" not in target.read_text()
    assert claim_code("0001-000002", RULES) not in target.read_text()


def test_a_backup_is_whole_and_never_replaces_another(path, tmp_path, capsys):
    copy = tmp_path / "copy.sqlite"
    assert run("backup", "--journal", path, "--to", copy) == 0
    assert verify(copy).faults == []
    assert run("backup", "--journal", path, "--to", copy) == 1
    assert "never replaces another" in capsys.readouterr().err


@asynccontextmanager
async def open_till(path, socket):
    """What of a running till these commands meet: a locked journal and the service socket."""
    journal = Journal(path)
    list(journal.replay())
    server = ServiceServer(socket, journal, {})
    await server.start()
    try:
        yield
    finally:
        await server.close()
        journal.close()


@pytest.mark.parametrize(
    ("words", "says"), [(["verify"], "everything fits"), (["show"], "cash opened"), (["export"], "SessionOpened")]
)
def test_a_running_till_is_asked_for_a_copy(path, config, tmp_path, capsys, words, says):
    async def story():
        async with open_till(path, tmp_path / "service.sock"):
            return await asyncio.to_thread(run, *words, "--config", config)

    assert asyncio.run(story()) == 0
    assert says in capsys.readouterr().out
    assert not (tmp_path / "journal.sqlite.copy").exists()


def test_copies_in_a_folder_are_named_by_time_and_the_newest_are_kept(path, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "somebody else's.sqlite").touch()
    for day in (1, 2, 3):
        monkeypatch.setattr(journal_command, "datetime", Frozen(datetime(2026, 11, day, 3, 15, tzinfo=UTC)))
        assert run("backup", "--journal", path, "--to", folder, "--keep", "2") == 0
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["journal-20261102T031500Z.sqlite", "journal-20261103T031500Z.sqlite", "somebody else's.sqlite"]
    assert run("verify", "--journal", folder / names[1]) == 0
    assert run("backup", "--journal", path, "--to", tmp_path / "one.sqlite", "--keep", "2") == 1
    assert "--keep is for the copies in one" in capsys.readouterr().err


def test_a_backup_that_was_cut_leaves_no_file_that_looks_like_one(path, tmp_path, monkeypatch):
    folder = tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setattr(journal_command, "settle", _no_power)
    with pytest.raises(PowerCutError):
        run("backup", "--journal", path, "--to", folder)
    assert [file.suffix for file in folder.iterdir()] == [".part"]


class PowerCutError(Exception):
    pass


def _no_power(*_arguments):
    raise PowerCutError


class Frozen:
    def __init__(self, at):
        self.at = at

    def now(self, _zone):
        return self.at


def test_a_backup_is_made_while_the_till_runs(path, config, tmp_path):
    async def story():
        async with open_till(path, tmp_path / "service.sock"):
            return await asyncio.to_thread(run, "backup", "--config", config, "--to", tmp_path / "copy.sqlite")

    assert asyncio.run(story()) == 0
    assert verify(tmp_path / "copy.sqlite").faults == []


def test_a_locked_journal_without_the_till_s_settings_says_what_to_do(path, capsys):
    journal = Journal(path)
    list(journal.replay())
    assert run("verify", "--journal", path) == 1
    assert "Give --config" in capsys.readouterr().err
    journal.close()


def test_a_locked_journal_whose_till_does_not_serve_is_said(path, config, capsys):
    journal = Journal(path)
    list(journal.replay())
    assert run("verify", "--config", config) == 1
    assert "service.sock" in capsys.readouterr().err
    journal.close()


def test_a_journal_with_money_in_it_is_not_settled(path, capsys):
    assert run("settled", "--journal", path) == 1
    told = capsys.readouterr().out
    assert "170.00 EUR in the cash box, not collected" in told
    assert "30.00 EUR kept for buyers under codes" in told


def test_a_journal_that_never_saw_money_is_settled(tmp_path, capsys):
    player = Player(tmp_path / "new.sqlite", World(), VirtualClock())
    player.boot()
    player.close()
    assert run("settled", "--journal", tmp_path / "new.sqlite") == 0
    assert "all of it is settled" in capsys.readouterr().out


def test_a_journal_that_does_not_fit_is_not_settled(path, capsys):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE tail SET seq = seq - 1")
    connection.close()
    assert run("settled", "--journal", path) == 1
