"""A whole kiosk without a screen, for killing: the real till process, a real aggregator over HTTPS, twins on a pty and a socket.

Answers for: starting, killing and watching the till, a buyer at its link, and whether the books agree with the boxes. Does not
answer for: where it is killed (the tests).
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from kiosk import settings as kiosk_settings
from kiosk.aggregator import admin
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.till import audit
from tests.support.aggregator import Installation, installation
from tests.support.processes import Process
from tests.support.twins import twins

SHIPPED = Path(__file__).parents[2] / "config"
PAY_S = 60.0


class Scene:
    """One aggregator and one pair of twins, met by one till after another."""

    def __init__(self, folder: Path, here: Installation) -> None:
        self.folder = folder
        self.here = here
        self.journal = folder / "journal.sqlite"
        self.config = folder / "kiosk.toml"
        self.ready = folder / "ready"
        self.orders: list[str] = []
        self.tills: list[Process] = []
        self._write_config()

    def _write_config(self) -> None:
        shipped = kiosk_settings.load([SHIPPED / "kiosk.toml"])
        folder, tls = self.folder, self.here.tls
        changed = replace(
            shipped,
            acceptor=replace(shipped.acceptor, port=str(folder / "acceptor.tty"), twin=True, poll_interval_s=0.05),
            printer=replace(shipped.printer, twin_socket=str(folder / "printer.usb")),
            aggregator=replace(
                shipped.aggregator,
                url=self.here.url,
                ca_file=tls / "ca.pem",
                certificate_file=tls / "terminal-0001.pem",
                key_file=tls / "terminal-0001.key",
            ),
            times=replace(shipped.times, result_s=3.0, pay_wait_s=5.0),
            outbox=replace(shipped.outbox, base_s=0.1, cap_s=1.0),
            till=replace(
                shipped.till,
                journal_file=self.journal,
                key_file=folder / "till.key",
                link_socket=folder / "buyer.sock",
                service_socket=folder / "service.sock",
                disk_reserve_mb=1,
            ),
            access=replace(shipped.access, people_file=folder / "people.json", pepper_file=folder / "pin.pepper"),
        )
        self.config.write_text(kiosk_settings.dump(changed))

    # --- the till --------------------------------------------------------------------------------------------

    async def start_till(self, *before: str) -> Process:
        """A till, behind `before` (a tracer) if any; returns when it is ready or dead."""
        self.ready.unlink(missing_ok=True)
        arguments = (
            *before,
            sys.executable,
            "-m",
            "kiosk",
            "till",
            "--config",
            self.config,
            "--ready-file",
            self.ready,
        )
        till = Process(arguments, self.folder / "till.log")
        self.tills.append(till)
        async with asyncio.timeout(PAY_S):
            while not self.ready.exists() and till.returncode is None:
                await asyncio.sleep(0.02)
        return till

    async def end_till(self, till: Process) -> int:
        """A clean end: SIGTERM to the till itself, which may be a tracer's child."""
        with suppress(ProcessLookupError):
            os.kill(int(self.ready.read_text()), signal.SIGTERM)
        async with asyncio.timeout(20):
            return await till.wait()

    async def kill_tills(self) -> None:
        """None is left."""
        for till in self.tills:
            till.signal(signal.SIGKILL)
            await till.wait()

    @asynccontextmanager
    async def tracer(self, till: Process, *what: str):
        """strace on the till's main thread, from now on."""
        said = self.folder / "strace.log"
        said.unlink(missing_ok=True)
        trace = Process(("strace", *what, "-p", till.pid), said)
        try:
            async with asyncio.timeout(10):
                await trace.until_it_says("attached")
            yield
        finally:
            trace.signal(signal.SIGINT)
            await trace.wait()

    # --- the buyer -------------------------------------------------------------------------------------------

    async def new_order(self) -> str:
        number = await self.here.order()
        self.orders.append(number)
        return number

    async def pay(self, number: str) -> None:
        """Stand before the kiosk until the order is paid; a till that dies meanwhile is waited for."""
        async with asyncio.timeout(PAY_S):
            while not self.is_paid(number):
                with suppress(OSError, asyncio.IncompleteReadError):
                    await self._stand(number)
                await asyncio.sleep(0.05)

    def is_paid(self, number: str) -> bool:
        return admin.order_report(self.here.engine, number)["state"] == 100

    async def _stand(self, number: str) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self.folder / "buyer.sock"))
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                seen = codec.decode_to_screen(await reader.readexactly(length))
                if not isinstance(seen, m.Snapshot):
                    continue
                command = await self._react(seen, number)
                if command is not None:
                    writer.write(codec.encode_command(m.CommandFrame(command, seen.revision)))
                    await writer.drain()
                if seen.phase is m.Phase.WELCOME and self.is_paid(number):
                    return
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _react(self, seen: m.Snapshot, number: str) -> m.Command | None:
        match seen.phase:
            case m.Phase.WELCOME if seen.availability is m.Availability.OPEN and not self.is_paid(number):
                return m.ChooseLanguage("en")
            case m.Phase.ENTRY if seen.notice is m.NoticeCode.ORDER_ALREADY_PAID:
                return m.Cancel()
            case m.Phase.ENTRY:
                return m.LookUpOrder(number)
            case m.Phase.OFFER:
                return m.ConfirmOffer()
            case m.Phase.CASH if seen.cash and seen.cash.left_minor:
                await self._insert(seen.cash)
            case m.Phase.DONE:
                return m.Leave()
        return None

    async def _insert(self, cash: m.CashView) -> None:
        """The largest note that fits, if the slot is free."""
        state = json.loads(await self.acceptor("state"))
        if state["state"] == "idle":
            value = max((v for v in cash.accepted_minor if v <= cash.left_minor), default=min(cash.accepted_minor))
            await self.acceptor(f"note {value // 100}")

    async def acceptor(self, words: str) -> str:
        """A hand at the acceptor twin."""
        return await self._hand("acceptor.ctl", words)

    async def printer(self, words: str) -> str:
        """A hand at the printer twin."""
        return await self._hand("printer.ctl", words)

    async def _hand(self, control: str, words: str) -> str:
        reader, writer = await asyncio.open_unix_connection(str(self.folder / control))
        try:
            writer.write(words.encode() + b"\n")
            return (await reader.readline()).decode()
        finally:
            writer.close()
            await writer.wait_closed()

    # --- the truth -------------------------------------------------------------------------------------------

    def violations(self) -> list[str]:
        """Box, journal, aggregator and merchant, with no till running."""
        box = Counter({int(v): n for v, n in json.loads((self.folder / "acceptor.json").read_text())["box"].items()})
        found = audit.summary(self.journal)
        stacked = Counter({int(value): count for value, count in found["stacked"].items()})
        wrong = [] if found["journal"]["ok"] else [found["journal"]["fault"]]
        if box != stacked or found["suspense_minor"]:
            wrong.append(f"box {dict(box)}, journal {dict(stacked)}, in doubt {found['suspense_minor']}")
        accepted = [p for p in found["payments"] if p["state"] == "accepted"]
        if len(accepted) != len(found["payments"]) or len(accepted) != len(self.orders):
            wrong.append(f"orders {self.orders}, payments {found['payments']}")
        in_box = sum(value * count for value, count in box.items())
        if sum(p["amount_minor"] for p in accepted) + found["unallocated_minor"] != in_box:
            wrong.append(f"in the box {in_box}, paid {accepted}, unallocated {found['unallocated_minor']}")
        return wrong


@asynccontextmanager
async def scene(folder: Path):
    """Everything but the till, running."""
    folder.mkdir()
    async with installation(folder) as here, twins(folder):
        stage = Scene(folder, here)
        try:
            yield stage
        finally:
            await stage.kill_tills()


CALL = re.compile(r"^(\w+)\(")


def count_calls(trace: Path) -> Counter:
    """How often each system call stands in a trace of one thread."""
    return Counter(match[1] for line in trace.read_text().splitlines() if (match := CALL.match(line)))
