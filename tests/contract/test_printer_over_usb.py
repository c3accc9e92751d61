"""The real driver, real pyusb and real python-escpos against the printer twin behind its socket."""

import asyncio
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

from drivers.receipt_printer.document import Cut, Document, Text
from drivers.receipt_printer.interface import Outcome, PaperState, PrinterFault
from drivers.receipt_printer.registry import open_printer
from drivers.receipt_printer.twin_server import PrinterOptions, PrinterServer

PROFILE = Path(__file__).parents[2] / "config" / "printers" / "generic.toml"
SLIP = Document("s-1", (Text("Платено 70,00"), Cut()))


@asynccontextmanager
async def bench(deadline_s=1.0):
    with tempfile.TemporaryDirectory() as folder:
        options = PrinterOptions(Path(folder) / "usb", None, Path(folder), None)
        server = PrinterServer(options)
        running = asyncio.create_task(server.run())
        async with asyncio.timeout(5):
            while not options.socket.exists():
                await asyncio.sleep(0.01)
        printer = open_printer(0x0416, 0x5011, PROFILE, deadline_s, str(options.socket))
        try:
            yield printer, server._twin, Path(folder)
        finally:
            await printer.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def run(story):
    asyncio.run(story())


def test_a_slip_is_printed_and_confirmed():
    async def story():
        async with bench() as (printer, _, folder):
            assert (await printer.status()).paper is PaperState.OK
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED
            assert "Платено 70,00" in (folder / "receipt.txt").read_text()
            assert (folder / "receipt.bin").read_bytes().startswith(b"\x1b@\x1bt\x11")

    run(story)


def test_no_paper_and_an_open_cover_are_told_apart_and_nothing_is_sent():
    async def story():
        async with bench() as (printer, twin, folder):
            twin.do("paper out")
            status = await printer.status()
            assert (status.paper, status.can_print) == (PaperState.END, False)
            result = await printer.print(SLIP)
            assert (result.outcome, result.cause) == (Outcome.FAILED, PrinterFault.PAPER_END)
            twin.do("paper in")
            twin.do("cover open")
            assert PrinterFault.COVER_OPEN in (await printer.status()).faults
            assert not (folder / "receipt.bin").exists()
            twin.do("cover close")
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED

    run(story)


def test_paper_near_its_end_still_prints():
    async def story():
        async with bench() as (printer, twin, _):
            twin.do("paper near")
            assert (await printer.status()).paper is PaperState.NEAR_END
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED

    run(story)


def test_paper_that_ends_in_mid_slip_is_a_failure():
    async def story():
        async with bench() as (printer, twin, _):
            twin.lines_left = 1
            long = Document("s-2", (*[Text(f"line {n}") for n in range(9)], Cut()))
            result = await printer.print(long)
            assert (result.outcome, result.cause) == (Outcome.FAILED, PrinterFault.PAPER_END)

    run(story)


def test_a_printer_that_falls_silent_leaves_the_outcome_unknown():
    async def story():
        async with bench() as (printer, twin, _):
            real = twin.receive

            def silent_after(data):
                twin.mute = len(data) > 3
                return real(data)

            twin.receive = silent_after
            assert (await printer.print(SLIP)).outcome is Outcome.UNKNOWN

    run(story)


def test_a_short_count_is_gone_on_with():
    async def story():
        async with bench() as (printer, twin, folder):
            await printer.status()
            twin.do("short 20")
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED
            assert "Платено 70,00" in (folder / "receipt.txt").read_text()

    run(story)


def test_a_mute_printer_cannot_be_sold_as_ready():
    async def story():
        async with bench() as (printer, twin, _):
            twin.do("mute")
            status = await printer.status()
            assert status.faults == {PrinterFault.SILENT}

    run(story)


def test_an_unplugged_printer_is_missing_and_a_replugged_one_prints_again():
    async def story():
        async with bench() as (printer, twin, _):
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED
            twin.do("unplug")
            status = await printer.status()
            assert status.faults == {PrinterFault.MISSING}
            assert (await printer.print(SLIP)).outcome is Outcome.FAILED
            twin.do("plug")
            assert (await printer.print(SLIP)).outcome is Outcome.PRINTED

    run(story)


def test_a_cable_pulled_in_mid_slip_leaves_the_outcome_unknown():
    async def story():
        async with bench() as (printer, twin, _):
            real = twin.receive

            def pulled(data):
                count = real(data)
                if len(data) > 3:
                    twin.do("unplug")
                return count

            twin.receive = pulled
            assert (await printer.print(SLIP)).outcome is Outcome.UNKNOWN

    run(story)


def test_a_stale_byte_does_not_pass_for_an_answer():
    async def story():
        async with bench() as (printer, twin, _):
            twin.do("paper out")
            twin._answers += b"\x12\x12\x12\x12"
            assert (await printer.status()).paper is PaperState.END

    run(story)
