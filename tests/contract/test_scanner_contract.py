"""What every scanner promises: the driver against its twin in memory and on a pty, and real hardware.

pytest tests/contract/test_scanner_contract.py --scanner-port /dev/serial/by-id/…     asks a person to hold codes before it
"""

import asyncio

import pytest

from drivers.scanner.interface import Connected, Disconnected, Dropped, Read
from kiosk.domain import codes, order_number
from tests.support.scanners import Host, OnHardware, OnMemory, OnPty
from tests.support.world import KEY

ORDER = order_number.qr_text("1000000017")
CLAIM = codes.statement(codes.mint("0001", 7, KEY.sign), 3000, "EUR", 1_790_000_000, KEY.sign)


@pytest.fixture(params=["memory", "pty", "hardware"])
def scanner(request, tmp_path):
    if request.param == "hardware":
        port = request.config.getoption("--scanner-port")
        if port is None:
            pytest.skip("no --scanner-port")
        return OnHardware(port)
    return OnMemory() if request.param == "memory" else OnPty(tmp_path)


def play(scanner, story):
    """`story(host)` with the scanner running; all that was told."""

    async def told():
        host = Host()
        async with scanner.meet(host):
            await host.until(Connected)
            await story(host)
        return host

    return asyncio.run(told())


def test_what_is_held_before_it_is_told_whole_and_once(scanner):
    async def story(host):
        for count, text in enumerate((ORDER, CLAIM, ORDER), 1):
            await scanner.do(f"scan {text}")
            await host.until(Read, count, scanner.within_s)

    assert play(scanner, story).texts == [ORDER, CLAIM, ORDER]


@pytest.mark.parametrize("ending", ["cr", "lf", "crlf"])
def test_any_end_of_a_line_ends_it(scanner, ending):
    async def story(host):
        await scanner.do(ending)
        for count in (1, 2):
            await scanner.do(f"scan {ORDER}")
            await host.until(Read, count)

    assert play(scanner, story).texts == [ORDER, ORDER]


def test_a_line_without_end_is_dropped_and_the_next_one_is_heard(scanner):
    async def story(host):
        await scanner.do("long")
        await host.until(Dropped)
        await scanner.do(f"scan {ORDER}")
        await host.until(Read)

    assert play(scanner, story).texts == [ORDER]


def test_a_port_that_is_pulled_out_and_put_back_reads_on(scanner):
    async def story(host):
        await scanner.do(f"half {ORDER[:5]}")
        await scanner.unplug()
        await host.until(Disconnected)
        await scanner.plug()
        await host.until(Connected, 2)
        await scanner.do(f"scan {ORDER}")
        await host.until(Read)

    host = play(scanner, story)
    assert host.texts == [ORDER]
    assert len(host.of(Disconnected)) <= 2  # the line that broke, and that there is no port: not every try


def test_what_no_device_could_say_is_in_no_word_about_it(scanner):
    async def story(host):
        await scanner.do("noise")
        await scanner.do("scan ")
        await scanner.do(f"scan {CLAIM}")
        await host.until(Read)

    host = play(scanner, story)
    assert host.texts[-1] == CLAIM
    assert CLAIM not in repr(host.told)
