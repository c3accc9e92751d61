"""Both device twins as processes of their own, on a pty and a socket, for a till that runs as one."""

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.processes import Process

READY_S = 20
NAMES = ("acceptor.tty", "acceptor.ctl", "printer.usb", "printer.ctl")


@asynccontextmanager
async def twins(folder: Path):
    """`acceptor.tty`, `acceptor.ctl`, `printer.usb` and `printer.ctl` in `folder`, as long as this lasts."""
    twin = (sys.executable, "-m", "kiosk", "twin")
    names = (
        "--link",
        folder / "acceptor.tty",
        "--control",
        folder / "acceptor.ctl",
        "--state",
        folder / "acceptor.json",
    )
    acceptor = Process((*twin, "acceptor", *names), folder / "acceptor.log")
    paper = ("--socket", folder / "printer.usb", "--control", folder / "printer.ctl", "--state", folder / "printer")
    printer = Process((*twin, "printer", *paper), folder / "printer.log")
    try:
        async with asyncio.timeout(READY_S):
            while not all((folder / name).exists() for name in NAMES):
                await asyncio.sleep(0.02)
        yield
    finally:
        for process in (acceptor, printer):
            process.signal(signal.SIGKILL)
            await process.wait()
