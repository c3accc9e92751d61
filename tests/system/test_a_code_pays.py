"""The whole road of a leftover: a real till, a real aggregator, a merchant, and every device on its own wire.

A buyer leaves 2.00 behind; the slip's QR code is held before the scanner, then an order's; the code pays for it, once.
"""

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace

from kiosk import settings as kiosk_settings
from kiosk.aggregator import admin
from kiosk.aggregator.money import claims
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.database import reading
from kiosk.domain import codes, order_number
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.till import audit
from kiosk.till.signing import ensure_key
from tests.support.processes import Process
from tests.support.scene import scene

PATIENCE_S = 60.0


class Buyer:
    """With a slip and an order in hand, before screen and scanner."""

    def __init__(self, stage, statement, number):
        self.stage, self.statement, self.number = stage, statement, number
        self.results = []

    async def scan(self, text):
        reader, writer = await asyncio.open_unix_connection(str(self.stage.folder / "scanner.ctl"))
        writer.write(f"scan {text}\n".encode())
        assert await reader.readline() == b"ok\n"
        writer.close()
        await writer.wait_closed()

    async def stand(self):
        """Until the kiosk is free again and the order was paid or refused."""
        reader, writer = await asyncio.open_unix_connection(str(self.stage.folder / "buyer.sock"))
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                seen = codec.decode_to_screen(await reader.readexactly(length))
                if not isinstance(seen, m.Snapshot):
                    continue
                command = await self._react(seen)
                if command is not None:
                    writer.write(codec.encode_command(m.CommandFrame(command, seen.revision)))
                if seen.phase is m.Phase.WELCOME and self.results:
                    return
        finally:
            writer.close()
            await writer.wait_closed()

    async def _react(self, seen):
        match seen.phase:
            case m.Phase.WELCOME if seen.availability is m.Availability.OPEN and not self.results:
                await self.scan(self.statement)
            case m.Phase.FOUND:
                return m.PayWithCode() if seen.found.usable else m.Cancel()
            case m.Phase.ENTRY if seen.code is not None and seen.notice is None:
                await self.scan(order_number.qr_text(self.number))
            case m.Phase.ENTRY if seen.code is None:
                return m.Cancel()
            case m.Phase.OFFER:
                return m.ConfirmOffer()
            case m.Phase.DONE:
                self.results.append(seen.result)
                return m.Leave()
        return None


@asynccontextmanager
async def scanner(stage):
    names = ("--link", stage.folder / "scanner.tty", "--control", stage.folder / "scanner.ctl")
    twin = Process((sys.executable, "-m", "kiosk", "twin", "scanner", *names), stage.folder / "scanner.log")
    loaded = kiosk_settings.load([stage.config])
    stage.config.write_text(
        kiosk_settings.dump(
            replace(loaded, scanner=replace(loaded.scanner, port=str(stage.folder / "scanner.tty"))),
        )
    )
    try:
        await twin.until_it_says("scanner twin on")
        yield
    finally:
        twin.signal(signal.SIGKILL)
        await twin.wait()


def test_what_one_visit_leaves_behind_pays_in_another_and_is_credited_once(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage, scanner(stage):
            till = await stage.start_till()
            first = await stage.here.order("63.00")
            await stage.pay(first)
            sign = ensure_key(stage.folder / "till.key").sign
            code = codes.mint("0001", 1, sign)
            second = await stage.here.order("1.50")
            buyer = Buyer(stage, codes.statement(code, 200, "EUR", 1_790_000_000, sign), second)
            async with asyncio.timeout(PATIENCE_S):
                await buyer.stand()
            assert await stage.end_till(till) == 0
            (result,) = {replaced(result) for result in buyer.results}
            assert (result.kind, result.paid_minor, result.leftover_minor) == (m.ResultKind.ACCEPTED, 150, 50)
            assert stage.is_paid(second)
            assert [one["open_minor"] for one in claims.look_up(stage.here.engine, code)] == [50]
            await told(stage, second)
            with reading(stage.here.engine) as db:
                assert verify(db).is_right
            found = audit.summary(stage.journal)
            assert [(p["state"], p["amount_minor"]) for p in found["code_payments"]] == [("accepted", 150)]
            assert (len(found["payments"]), found["unallocated_minor"], found["journal"]["ok"]) == (1, 200, True)
            assert code not in (stage.folder / "till.log").read_text()
            assert "KIOSKC1" not in (stage.folder / "till.log").read_text()

    asyncio.run(story())


def replaced(result):
    """Without what a printer adds while the result is shown."""
    return m.ResultView(
        result.kind, result.paid_minor, result.leftover_minor, 0, result.currency, "", "", m.ReceiptView.NONE
    )


async def told(stage, number):
    """The merchant has heard of it, once."""
    async with asyncio.timeout(PATIENCE_S):
        while not admin.order_report(stage.here.engine, number)["merchant_notified"]:
            await asyncio.sleep(0.02)
    lines = (stage.here.merchant_dir / "notifications.jsonl").read_text().splitlines()
    assert [json.loads(line)["OutSum"] for line in lines].count("1.50") == 1
