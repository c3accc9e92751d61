"""`kiosk printer` as a technician meets it: with the printer on its cable and no till, and beside a till that sells."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.receipt_printer.twin_server import PrinterOptions, PrinterServer
from kiosk import settings as kiosk_settings
from kiosk.cli.main import main
from tests.support.scene import scene

SHIPPED = Path(__file__).parents[2] / "config" / "kiosk.toml"
WHO = ("--person", "Maria", "--reason", "the buyer lost it")


@asynccontextmanager
async def bench(folder):
    """A printer on its cable, and settings that name it; no till."""
    options = PrinterOptions(folder / "usb", None, folder / "paper", None)
    server = PrinterServer(options)
    running = asyncio.create_task(server.run())
    async with asyncio.timeout(5):
        while not options.socket.exists():
            await asyncio.sleep(0.01)
    loaded = kiosk_settings.load([SHIPPED])
    till = replace(loaded.till, service_socket=folder / "service.sock")
    printer = replace(loaded.printer, twin_socket=str(options.socket), deadline_s=1.0)
    config = folder / "kiosk.toml"
    config.write_text(kiosk_settings.dump(replace(loaded, till=till, printer=printer)))
    try:
        yield config, server.twin, folder / "paper"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def command(*words):
    return await asyncio.to_thread(main, ["printer", *map(str, words)])


def test_without_a_till_the_printer_itself_is_asked(tmp_path, capsys):
    async def story():
        async with bench(tmp_path) as (config, twin, _):
            ready = await command("status", "--config", config)
            twin.do("paper out")
            return ready, await command("status", "--config", config, "--json")

    assert asyncio.run(story()) == (0, 1)
    people, programs = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert "the printer can print" in people
    found = json.loads(programs)
    assert (found["can_print"], found["paper"], found["faults"]) == (False, "end", ["paper_end"])
    assert any("new roll" in step for step in found["next_steps"])


def test_without_a_till_a_test_page_comes_out_and_its_outcome_is_the_exit_code(tmp_path, capsys):
    async def story():
        async with bench(tmp_path) as (config, twin, paper):
            printed = await command("test", "--config", config)
            page = (paper / "receipt.txt").read_text()
            twin.do("cover open")
            return printed, page, await command("test", "--config", config)

    printed, page, again = asyncio.run(story())
    assert (printed, again) == (0, 1)
    assert "KIOSKS1*TP*0001" in page
    told = capsys.readouterr().out
    assert "test page: it came out" in told
    assert "Close it until it clicks" in told


def test_a_copy_without_a_till_says_what_to_do(tmp_path, capsys):
    async def story():
        async with bench(tmp_path) as (config, _, paper):
            return await command("reprint", "--last", *WHO, "--config", config), (paper / "receipt.bin").exists()

    assert asyncio.run(story()) == (1, False)
    told = capsys.readouterr().err
    assert "no till is running" in told
    assert "systemctl start kiosk-till" in told


def test_a_till_that_does_not_answer_is_never_gone_round(tmp_path, capsys):
    async def story():
        async with bench(tmp_path) as (config, _, paper):
            deaf = await asyncio.start_unix_server(
                lambda _, writer: writer.transport.abort(), tmp_path / "service.sock"
            )
            async with deaf:
                return await command("test", "--config", config), (paper / "receipt.bin").exists()

    assert asyncio.run(story()) == (1, False)
    assert "service.sock" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("reprint", "--last"), ("reprint", *WHO), ("reprint", "--last", "--slip", "1", *WHO), ("paint",)],
    ids=" ".join,
)
def test_wrong_options_are_refused_before_anything_is_asked(words):
    with pytest.raises(SystemExit) as ended:
        main(["printer", *words])
    assert ended.value.code == 2


def test_settings_that_are_not_there_are_a_fault_of_the_configuration(tmp_path, capsys):
    assert main(["printer", "status", "--config", str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_a_till_that_sells_prints_a_copy_for_whoever_signs_for_it(tmp_path, capsys):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            number = await stage.new_order()
            till = await stage.start_till()
            await stage.pay(number)
            codes = [
                await command("status", "--json", "--config", stage.config),
                await command("reprint", "--last", *WHO, "--json", "--config", stage.config),
                await command("reprint", "--slip", "7", *WHO, "--config", stage.config),
                await command("test", "--person", "Ivan", "--config", stage.config),
            ]
            ended = await stage.end_till(till)
            paper = (stage.folder / "printer" / "receipt.txt").read_text()
            return codes, ended, paper, stage.violations()

    codes, ended, paper, violations = asyncio.run(story())
    told = capsys.readouterr()
    assert (codes, ended, violations) == ([0, 0, 1, 0], 0, []), told
    status, copy, page = told.out.splitlines()
    assert json.loads(status)["can_print"]
    assert json.loads(copy) == {"outcome": "printed", "cause": "", "number": 1}
    assert page == "test page: it came out"
    assert "no slip of this kiosk has the number 7" in told.err
    assert paper.count("COPY") == 1
    assert paper.count("KIOSKS1*TP*0001") == 1
