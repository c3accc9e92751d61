"""`kiosk acceptor watch`: what it writes down, what it keeps, what it refuses."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.bill_acceptor import interface as unit
from drivers.bill_acceptor.ccnet.engine import CcnetEngine
from drivers.bill_acceptor.ccnet.twin import CcnetTwin
from drivers.bill_acceptor.driver import EngineDriver
from drivers.memory_channel import memory_pair
from kiosk.cli import main as cli
from kiosk.cli.acceptor import _print_json, _print_line
from kiosk.cli.acceptor_watch import Happened, Watcher, finish
from tests.support.bench import now, serve
from tests.support.virtual_time import run

CONFIG = Path(__file__).parents[3] / "config" / "kiosk.toml"


class Watched:
    """A twin, a watcher, and the lines it wrote."""

    def __init__(self):
        self.twin = CcnetTwin("EUR")
        self.records = []
        self.lines = []
        self.changed = asyncio.Event()

    def write(self, record):
        self.records.append(record.as_json())
        _print_line(self.lines.append, record)
        self.changed.set()

    def of(self, event):
        return [record for record in self.records if record["event"] == event]

    async def until(self, event, count=1):
        async with asyncio.timeout(120):
            while len(self.of(event)) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.of(event)[count - 1]

    async def until_state(self, state):
        async with asyncio.timeout(120):
            while not self.records or self.records[-1]["state"] != state:
                self.changed.clear()
                await self.changed.wait()

    async def insert(self, words="note 50"):
        await self.until_state("idle")
        assert self.twin.do(words, now()) == "ok"


@asynccontextmanager
async def watched(to_stack=0):
    bench, tasks = Watched(), []

    async def open_channel():
        near, far = memory_pair()
        tasks.append(asyncio.create_task(serve(bench.twin, far)))
        return near

    driver = EngineDriver(CcnetEngine(0.1), open_channel)
    bench.watcher = Watcher(driver, to_stack, bench.write, now)
    bench.driver = driver
    tasks.append(asyncio.create_task(bench.watcher.run()))
    try:
        yield bench
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_the_unit_is_named_with_its_notes_once():
    async def story():
        async with watched() as bench:
            await bench.until_state("idle")
            bench.twin.do("power cut", now())
            await bench.until("disconnected")
            bench.twin.do("power on", now())
            await bench.until_state("idle")
        named = [record for record in bench.records if "identity" in record]
        assert len(named) == 1
        assert named[0]["identity"] == {
            "protocol": "ccnet",
            "model": "TWIN-SM",
            "serial": "000000000001",
            "firmware": "00C0FFEE",
        }
        assert named[0]["denominations"][0] == {"note_type": 0, "currency": "EUR", "value_minor": 500}
        assert "unit: ccnet, model TWIN-SM, serial 000000000001, firmware 00C0FFEE" in bench.lines
        assert "notes: 5 EUR, 10 EUR, 20 EUR, 50 EUR, 100 EUR, 200 EUR, 500 EUR" in bench.lines

    run(story())


def test_by_default_each_note_is_shown_and_given_back():
    async def story():
        async with watched() as bench:
            await bench.insert()
            shown = await bench.until("escrow")
            await bench.until("returned")
        assert shown["note"] == {"currency": "EUR", "value_minor": 5000}
        assert bench.twin.physical.box == {}
        assert bench.twin.physical.returned == {"5000": 1}

    run(story())


def test_just_so_many_notes_are_stacked_as_were_asked_for():
    async def story():
        async with watched(to_stack=2) as bench:
            for number in range(3):
                await bench.insert()
                await bench.until("escrow", number + 1)
            await bench.until("returned")
        assert len(bench.of("stacked")) == 2
        assert bench.twin.physical.box == {"5000": 2}

    run(story())


@pytest.mark.parametrize("fault", ["lose ack 3", "crc 4", "noise 4"])
def test_every_note_in_the_box_is_one_line_whatever_the_line_does(fault):
    async def story():
        async with watched(to_stack=None) as bench:
            for number in range(3):
                await bench.insert()
                bench.twin.do(fault, now())
                await bench.until("stacked", number + 1)
            await bench.until_state("idle")
        assert sum(bench.twin.physical.box.values()) == len(bench.of("stacked")) == 3
        assert bench.of("orphan_stacked") == []

    run(story())


def test_a_note_found_in_the_stacker_at_power_up_is_an_orphan():
    async def story():
        async with watched(to_stack=None) as bench:
            bench.twin.do("power cut stacker", now())
            await bench.insert()
            await bench.until("disconnected")
            bench.twin.do("power on", now())
            orphan = await bench.until("orphan_stacked")
            await bench.until_state("idle")
        assert orphan["note"] == {"currency": "EUR", "value_minor": 5000}
        assert bench.of("stacked") == []
        assert any(record["reason"] == "powered up, note in stacker" for record in bench.records)

    run(story())


def test_faults_and_the_cash_box_are_told_with_who_must_come():
    async def story():
        async with watched() as bench:
            await bench.until_state("idle")
            bench.twin.do("cassette out", now())
            await bench.until("cash_box")
            bench.twin.do("cheat", now())
            await bench.until("fault", 2)
        assert bench.of("fault")[0] | {"at_s": 0} == {
            "event": "fault",
            "state": "fault",
            "note": None,
            "reason": "cassette_out",
            "at_s": 0,
            "code": "42",
            "severity": "operator",
        }
        assert [record["reason"] for record in bench.of("cash_box")] == ["out"]
        assert bench.of("fault")[1]["reason"] == "cheated"
        assert any(line.endswith("cassette_out 42 (call the operator)") for line in bench.lines)

    run(story())


def test_a_jam_on_the_way_in_says_where_to_look():
    async def story():
        async with watched(to_stack=None) as bench:
            await bench.insert()
            await bench.until_state("stacking")
            bench.twin.do("jam", now())
            await bench.until("orphan_stacked")
        assert "look whether the note is in the box" in bench.of("fault")[0]["reason"]

    run(story())


def test_records_are_of_a_closed_set_and_every_key_is_always_there():
    async def story():
        async with watched(to_stack=1) as bench:
            bench.twin.do("reject optic", now())
            await bench.insert()
            await bench.until("stacked")
            await bench.insert()
            await bench.until("returned")
            bench.twin.do("power cut", now())
            await bench.until("disconnected")
        for record in bench.records:
            assert {"event", "state", "note", "reason", "at_s"} <= record.keys()
            assert record["event"] in set(Happened)
            assert record["state"] in set(unit.AcceptorState)
        times = [record["at_s"] for record in bench.records]
        assert times == sorted(times)

    run(story())


def test_a_json_line_is_one_object():
    async def story():
        async with watched() as bench:
            await bench.until("connected")
        lines = []
        _print_json(lines.append, bench.watcher._of(Happened.ESCROW, unit.Denomination(0, 500, "EUR")))
        assert json.loads(lines[0])["note"] == {"currency": "EUR", "value_minor": 500}

    run(story())


def test_the_end_waits_for_a_note_on_its_way_and_leaves_the_unit_disabled():
    async def story():
        async with watched(to_stack=None) as bench:
            await bench.insert()
            await bench.until_state("stacking")

            async def wait():
                await asyncio.sleep(0.1)

            await finish(bench.watcher, bench.driver, wait, 100)
        assert len(bench.of("stacked")) == 1
        assert bench.twin.told()["state"] == "disabled"

    run(story())


def site(tmp_path, journal):
    file = tmp_path / "site.toml"
    file.write_text(f'[till]\njournal_file = "{journal}"\n')
    return ["--config", str(CONFIG), "--config", str(file)]


def test_no_note_is_stacked_where_a_till_keeps_its_journal(tmp_path, capsys):
    journal = tmp_path / "journal.sqlite"
    journal.touch()
    options = ["acceptor", "watch", "--port", str(tmp_path / "none"), "--stack", "1", *site(tmp_path, journal)]
    assert cli.main(options) == 2
    assert str(journal) in capsys.readouterr().err


def test_where_no_journal_is_the_port_is_tried(tmp_path, capsys):
    options = ["acceptor", "watch", "--port", str(tmp_path / "none"), "--stack", "all"]
    assert cli.main([*options, *site(tmp_path, tmp_path / "journal.sqlite")]) == 1
    assert "no such port; is the device plugged in?" in capsys.readouterr().err


def test_looking_is_allowed_beside_a_journal(tmp_path, capsys):
    journal = tmp_path / "journal.sqlite"
    journal.touch()
    options = ["acceptor", "watch", "--port", str(tmp_path / "none"), "--protocol", "ccnet"]
    assert cli.main([*options, *site(tmp_path, journal)]) == 1
    assert "no such port" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--stack", "some"], ["--seconds", "0"], ["--seconds", "x"], ["--protocol", "x"]])
def test_wrong_options_are_a_usage_error(options, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["acceptor", "watch", "--port", "/dev/x", *options])
    assert ended.value.code == 2
    assert options[1] in capsys.readouterr().err
