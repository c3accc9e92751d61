"""The demo from beginning to end: set the stage, let the buyer pay, read the result where the money is.

Answers for: the order of things, resuming a run that was cut, and what the exit code means. Does not answer for: processes
(`stage`), their command lines (`cast`), the buyer (`buyer`), what is said to the aggregator (`far_end`).
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import Any

from kiosk.aggregator.tls import make_demo_authority
from kiosk.demo import cast, far_end, market
from kiosk.demo.money_words import major
from kiosk.demo.run_state import DemoOptions, Folder, RunState, ensure_runtime_dir, folder_lock, write_whole
from kiosk.demo.stage import KilledError, Stage, StageError
from kiosk.demo.story import BuyerEvents, Story, paid_words
from kiosk.settings import dump
from kiosk.till import audit

LOOK_S = 0.1
SETTLE_S = 30.0  #: for the outbox and the merchant, once the buyer has left


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
            self._report(await asyncio.to_thread(self._operation_states))
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
        for payee in market.everybody(self.options):
            shop = self.folder.merchant / payee.login
            shop.mkdir(exist_ok=True)
            (shop / "password1").write_text(payee.password1)
            (shop / "password2").write_text(payee.password2)
        await self.stage.ensure("merchant")
        self.stage.remember(merchant_port=self.stage.port_of("merchant"))
        if not self.stage.is_here("aggregator"):
            far_end.administer(self.folder, self.stage.run)
            await self.stage.start("aggregator")
        self.stage.remember(aggregator_port=self.stage.port_of("aggregator"))
        if not self.stage.run.order_number and not self.options.service:
            await self._sell()

    async def _sell(self) -> None:
        """A shop sells something, for the buyer to pay."""
        try:
            number = await asyncio.to_thread(far_end.start_order, self.folder, self.stage.run)
        except OSError as error:
            raise StageError(f"the aggregator did not take the order: {error}") from error
        self.stage.remember(order_number=number)
        amount = major(self.options.order_amount_minor, self.options.currency)
        self.story.tell(f"A shop has sold something for {amount}: order number {number}")

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
        choice = [f"pay order {self.stage.run.order_number}"]
        if market.offers_services(self.options):
            choice.append(f"or a service (electricity: customer {market.somebody_with_a_bill()})")
        self.story.tell(f"The window is open: {', '.join(choice)}; close it to end")
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
        return any(_is_paid(report) and not report["merchant_notified"] for report in far_end.reports(self.folder))

    def _operation_states(self) -> dict[str, int]:
        """By payment: what its shop hears that asks for the state."""
        states: dict[str, int] = {}
        for report in far_end.reports(self.folder):
            if not report["merchant_notified"]:
                continue
            name = far_end.payee_of(report).name
            try:
                state = far_end.state_asked_by_shop(self.folder, self.stage.run, report)
            except OSError as error:
                self.story.tell(f"{name} asked for the state of the payment and got no answer: {error}")
                continue
            self.story.tell(f"{name} was notified and asks for the state of the payment: {state}")
            states |= {payment["id"]: state for payment in report["payments"] if payment["status"] == "accepted"}
        return states

    def _report(self, operations: Mapping[str, int]) -> None:
        """result.json from the journal and the aggregator, never from the script."""
        result = audit.summary(self.folder.journal)
        known = {
            payment["id"]: (payment, report)
            for report in far_end.reports(self.folder)
            for payment in report["payments"]
        }
        for payment in result["payments"]:
            there, report = known.get(payment["id"], ({"status": "unknown"}, {"merchant_notified": False}))
            payment["aggregator_state"] = there["status"]
            payment["merchant_notified"] = bool(report["merchant_notified"] and there["status"] == "accepted")
            payment["operation_state"] = operations.get(payment["id"])
            self.story.tell(paid_words(payment))
        write_whole(self.folder.result, json.dumps(result, indent=2).encode())
        if self.folder.receipt_text.exists():
            self.say("\n" + self.folder.receipt_text.read_text(encoding="utf-8"))
        self.say(f"pictures of the screens  {self.folder.screens}")
        self.say(f"receipt                  {_picture(self.folder)}")
        self.say(f"result                   {self.folder.result}")


def _is_paid(report: Mapping[str, Any]) -> bool:
    return any(payment["status"] == "accepted" for payment in report["payments"])


def _picture(folder: Folder) -> Path:
    picture = folder.root / "receipt.png"
    return picture if picture.exists() else folder.receipt_text
