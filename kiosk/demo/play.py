"""The demo from beginning to end: set the stage, let the buyer pay, read the result where the money is.

Answers for: the order of things, resuming a run that was cut, and what the exit code means. Does not answer for: processes
(`stage`), their command lines (`cast`), the buyer (`buyer`).
"""

import asyncio
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import Any

from kiosk.aggregator import admin
from kiosk.aggregator.storage.database import open_database
from kiosk.aggregator.tls import make_demo_authority
from kiosk.demo import cast
from kiosk.demo.merchant import operation_state, payment_start_params
from kiosk.demo.money_words import major
from kiosk.demo.run_state import DemoOptions, Folder, RunState, ensure_runtime_dir, folder_lock, write_whole
from kiosk.demo.stage import KilledError, Stage, StageError
from kiosk.demo.story import BuyerEvents, Story
from kiosk.domain.money import format_major
from kiosk.settings import dump
from kiosk.till import audit

LOOK_S = 0.1
SETTLE_S = 30.0  #: for the outbox and the merchant, once the buyer has left
START_S = 10.0


class End(IntEnum):
    """Exit codes of `kiosk demo`."""

    PAID = 0
    FAILED = 1
    CUT = 3  #: the till died; the printed command goes on from there


def play(folder: Folder, run: RunState, say: Callable[[str], None], *, resumed: bool) -> End:
    """Play a run in its folder. Raises DemoUsageError when another demo has the folder."""
    with folder_lock(folder):
        return asyncio.run(_Play(folder, run, say, resumed=resumed).run())


class _Play:
    def __init__(self, folder: Folder, run: RunState, say: Callable[[str], None], *, resumed: bool) -> None:
        self.folder = folder
        self.stage = Stage(folder, run)
        self.story = Story(folder.story, say)
        self.buyer = BuyerEvents(folder.buyer_events)
        self.resumed = resumed
        self.say = say

    @property
    def options(self) -> DemoOptions:
        return self.stage.run.options

    async def run(self) -> End:
        end = End.FAILED
        try:
            end = await self._perform()
            if end is End.CUT:
                await self._leave_cut()
                return end
            await self._settle()
            await self.stage.stop("screen", "bench", "till")
            self._report(await asyncio.to_thread(self._operation_state))
            self.stage.remember(ended=True)
        except StageError as error:
            self.say(str(error))
            end = End.FAILED
        finally:
            if end is not End.CUT:
                await self.stage.end_all()
        return end

    async def _perform(self) -> End:
        """Up to the moment the buyer leaves, or the till dies."""
        try:
            await self._set_stage()
        except KilledError as error:
            if error.name == "till":
                return End.CUT
            raise
        return await (self._watch_buyer() if self.options.headless else self._watch_window())

    # --- before the curtain ---------------------------------------------------------------------------------------

    async def _set_stage(self) -> None:
        ensure_runtime_dir(self.stage.run)
        self.buyer.skip()
        if self.resumed:
            self.story.tell("The demo goes on: same journal, same acceptor and printer, same aggregator")
            await self.stage.adopt_all()
        make_demo_authority(self.folder.tls, [cast.TERMINAL])
        await self._servers()
        if not self.options.acceptor_port:
            await self.stage.ensure("acceptor")
        await self.stage.ensure("printer")
        self.folder.config.write_text(dump(cast.settings_of(self.folder, self.stage.run)), encoding="utf-8")
        await self.stage.start("till")
        self.story.tell("The till is up: journal read, acceptor and printer behind it")
        await self.stage.start("screen", **({"resumed": self.resumed} if self.options.headless else {}))
        if not self.options.headless:
            await self.stage.start("bench")

    async def _servers(self) -> None:
        passwords = {"password1": cast.PASSWORD_1, "password2": cast.PASSWORD_2}
        for name, password in passwords.items():
            (self.folder.merchant / name).write_text(password)
        await self.stage.ensure("merchant")
        self.stage.remember(merchant_port=self.stage.port_of("merchant"))
        if not self.stage.is_here("aggregator"):
            self._administer()
            await self.stage.start("aggregator")
        self.stage.remember(aggregator_port=self.stage.port_of("aggregator"))
        if not self.stage.run.order_number:
            number = await asyncio.to_thread(self._order)
            self.stage.remember(order_number=number)
            amount = major(self.options.order_amount_minor, self.options.currency)
            self.story.tell(f"A shop has sold something for {amount}: order number {number}")

    def _administer(self) -> None:
        engine = open_database(self.folder.aggregator)
        shop = admin.Merchant(
            cast.MERCHANT_LOGIN,
            cast.PAYEE,
            cast.PASSWORD_1,
            cast.PASSWORD_2,
            cast.HASH,
            cast.result_url(self.stage.run),
            self.options.currency,
            250,
        )
        admin.set_merchant(engine, shop)
        admin.set_terminal(engine, cast.TERMINAL, active=True)
        engine.dispose()

    def _order(self) -> str:
        """What a merchant's web shop does: a signed payment start over HTTPS."""
        out_sum = format_major(self.options.order_amount_minor, self.options.currency)
        fields = payment_start_params(cast.MERCHANT_LOGIN, cast.PASSWORD_1, out_sum, "Demo order", {"Shp_cart": "1"})
        request = urllib.request.Request(  # noqa: S310 - our own https address
            cast.aggregator_url(self.stage.run) + "/Merchant/Indexjson.aspx", urllib.parse.urlencode(fields).encode()
        )
        trust = ssl.create_default_context(cafile=str(self.folder.tls / "ca.pem"))
        try:
            with urllib.request.urlopen(request, timeout=START_S, context=trust) as answer:  # noqa: S310 - as above
                return str(json.load(answer)["orderNumber"])
        except urllib.error.URLError as error:
            raise StageError(f"the aggregator did not take the order: {error}") from error

    # --- while it plays -------------------------------------------------------------------------------------------

    async def _watch_buyer(self) -> End:
        """Tell what the scripted buyer does until it leaves or somebody dies."""
        dying = asyncio.create_task(self.stage.next_death())
        try:
            while not self.buyer.left:
                for line in self.buyer.new_lines():
                    self.story.tell(line)
                await asyncio.wait([dying], timeout=LOOK_S)
                if dying.done():
                    return self._death(dying.result())
        finally:
            dying.cancel()
            await asyncio.gather(dying, return_exceptions=True)
        return End.FAILED if self.buyer.fault else End.PAID

    def _death(self, name: str) -> End:
        if name == "till":
            return End.CUT
        raise StageError(self.stage.obituary(name))

    async def _watch_window(self) -> End:
        """Until the window is closed. The bench panel may cut the power and bring it back."""
        path = cast.socket_of(self.stage.run, "demo.control")
        path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._bench_line, str(path))
        self.story.tell(f"The window is open: pay order {self.stage.run.order_number}; close it to end")
        try:
            while True:
                name = await self.stage.next_death()
                if name in {"screen", "bench"}:
                    return End.PAID
                self._death(name)
                return End.CUT
        finally:
            server.close()

    async def _bench_line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError):
            words = (await reader.readline()).decode(errors="replace").strip()
            writer.write((await self._bench(words)).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _bench(self, words: str) -> str:
        match words:
            case "power cut":
                await self.stage.kill("till")
            case "power on":
                await self.stage.ensure("till")
            case "network down":
                await self.stage.stop("aggregator")
            case "network up":
                await self.stage.ensure("aggregator")
            case _:
                return "unknown: power cut | power on | network down | network up"
        self.story.tell(f"bench: {words}")
        return "ok"

    # --- afterwards -----------------------------------------------------------------------------------------------

    async def _leave_cut(self) -> None:
        """The till died: everything that has a truth of its own stays as it is."""
        for line in self.buyer.new_lines():
            self.story.tell(line)
        self.story.tell("The till died. Everything else stays as it is; go on with:")
        self.say(f"  {cast.resume_command(self.folder)}")
        await self.stage.stop("screen", "bench")
        self.stage.let_go()

    async def _settle(self) -> None:
        """Wait until the merchant knows, as far as anything was paid."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while self._unfinished():
                    await asyncio.sleep(LOOK_S)

    def _unfinished(self) -> bool:
        report = self._aggregator_report()
        paid = [payment for payment in report["payments"] if payment["status"] == "accepted"]
        return bool(paid) and not report["merchant_notified"]

    def _aggregator_report(self) -> dict[str, Any]:
        engine = open_database(self.folder.aggregator)
        try:
            return admin.order_report(engine, self.stage.run.order_number) or {
                "payments": [],
                "merchant_notified": False,
            }
        finally:
            engine.dispose()

    def _operation_state(self) -> int | None:
        """What a shop that was notified does next: it asks the aggregator for the state of the operation."""
        report = self._aggregator_report()
        if not report["merchant_notified"]:
            return None
        trust = ssl.create_default_context(cafile=str(self.folder.tls / "ca.pem"))
        url, inv_id = cast.aggregator_url(self.stage.run), str(report["inv_id"])
        try:
            state = operation_state(url, trust, cast.MERCHANT_LOGIN, cast.PASSWORD_2, inv_id)
        except OSError as error:
            self.story.tell(f"The shop asked for the state of its order and got no answer: {error}")
            return None
        self.story.tell(f"The shop was notified and asks for the state of its order: {state}")
        return state

    def _report(self, operation: int | None) -> None:
        """result.json from the journal and the aggregator, never from the script."""
        result = audit.summary(self.folder.journal)
        report = self._aggregator_report()
        states = {payment["id"]: payment["status"] for payment in report["payments"]}
        for payment in result["payments"]:
            payment["aggregator_state"] = states.get(payment["id"], "unknown")
            payment["merchant_notified"] = bool(report["merchant_notified"] and states.get(payment["id"]) == "accepted")
            payment["operation_state"] = operation if payment["merchant_notified"] else None
        write_whole(self.folder.result, json.dumps(result, indent=2).encode())
        if self.folder.receipt_text.exists():
            self.say("\n" + self.folder.receipt_text.read_text(encoding="utf-8"))
        self.say(f"pictures of the screens  {self.folder.screens}")
        self.say(f"receipt                  {_picture(self.folder)}")
        self.say(f"result                   {self.folder.result}")


def _picture(folder: Folder) -> Path:
    picture = folder.root / "receipt.png"
    return picture if picture.exists() else folder.receipt_text
