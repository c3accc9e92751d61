"""An aggregator as it is installed: `kiosk aggregator serve` in one process or two, terminals that pay it over HTTPS."""

import asyncio
import json
import signal
import ssl
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from kiosk.aggregator import admin
from kiosk.aggregator.merchants.merchant_fields import read_pairs
from kiosk.aggregator.money import orders
from kiosk.aggregator.tls import make_demo_authority
from kiosk.demo.merchant import Shop, payment_start_params
from kiosk.gateways.tls import terminal_ssl_context
from kiosk.terminal_api import CashCount, PaymentRequest
from tests.support.aggregator import LOGIN, PASSWORD1, PASSWORD2, serving
from tests.support.databases import Place
from tests.support.processes import Process
from tests.support.terminals import now

START_S = 60.0  #: for a server, where much else is going on
AMOUNT_MINOR = 700


@dataclass
class Aggregator:
    """Where it is, and its processes. `port` stays the same over restarts."""

    folder: Path
    place: Place
    port: int = 0
    workers: list[Process] = field(default_factory=list)

    @property
    def tls(self) -> Path:
        return self.folder / "tls"

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    async def start(self, workers=1) -> None:
        for number in range(workers):
            await self._start_one(number)

    async def _start_one(self, number: int) -> None:
        ready = self.folder / f"ready-{number}"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "kiosk", "aggregator", "serve", *self.place.options, "--share-port"]
        where = ["--listen", f"127.0.0.1:{self.port}", "--tls-dir", self.tls, "--ready-file", ready]
        process = Process([*command, *where], self.folder / f"log-{number}")
        self.workers.append(process)
        async with asyncio.timeout(START_S):
            while not (ready.exists() and ready.read_text()):
                assert process.returncode is None, process.output.read_text()
                await asyncio.sleep(0.02)
        self.port = json.loads(ready.read_text())["port"]

    async def end(self, how=signal.SIGTERM) -> None:
        for worker in self.workers:
            worker.signal(how)
        for worker in self.workers:
            await worker.wait()
        self.workers.clear()

    def client(self, number: str, deadline_s=20.0) -> httpx.AsyncClient:
        name = self.tls / f"terminal-{number}"
        context = terminal_ssl_context(self.tls / "ca.pem", name.with_suffix(".pem"), name.with_suffix(".key"))
        return httpx.AsyncClient(base_url=self.url, verify=context, trust_env=False, timeout=deadline_s)


def numbers(count: int) -> list[str]:
    return [f"{number:04d}" for number in range(1, count + 1)]


def furnish(aggregator: Aggregator, terminals: int, result_url: str):
    """A shop and terminals; the open database."""
    make_demo_authority(aggregator.tls, numbers(terminals))
    engine = aggregator.place.open()
    shop = admin.Merchant(LOGIN, "Bookshop", PASSWORD1, PASSWORD2, "sha256", result_url, "EUR", 250)
    admin.set_merchant(engine, shop)
    for number in numbers(terminals):
        admin.set_terminal(engine, number, active=True)
    return engine


def order(engine) -> str:
    fields = payment_start_params(LOGIN, PASSWORD1, "7.00", "A book", {})
    return orders.start(engine, read_pairs(fields.items())).number


@asynccontextmanager
async def merchant(folder: Path):
    """A shop that answers; the address it is told at, and the InvIds it was told."""
    folder.mkdir()
    async with serving(Shop(LOGIN, PASSWORD1, PASSWORD2, folder).app()) as port:
        yield f"http://127.0.0.1:{port}/result", folder / "notifications.jsonl"


async def quote(client, order_number) -> str:
    wanted = {"order_number": order_number, "currency": "EUR"}
    answer = await client.post("/terminal/v1/quotes", json=wanted)
    return answer.json().get("quote_id", "") if answer.status_code == 200 else ""


def frozen(payment_id, quote_id, order_number) -> bytes:
    cash = (CashCount(AMOUNT_MINOR, 1),)
    head = "ab" * 32
    seq = int(payment_id[-5:])
    return msgspec.json.encode(
        PaymentRequest(payment_id, quote_id, order_number, AMOUNT_MINOR, "EUR", cash, now(), seq, head)
    )


async def post(client, payment_id, body) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{payment_id}"'}
    return await client.post("/terminal/v1/payments", content=body, headers=headers)


async def pay_until_answered(client, payment_id, body) -> dict[str, object]:
    """As an outbox does: the same bytes until there is a final word."""
    while True:
        try:
            answer = await post(client, payment_id, body)
        except (httpx.HTTPError, ssl.SSLError, OSError):
            await asyncio.sleep(0.05)
            continue
        if answer.status_code == 200:
            return answer.json()
        await asyncio.sleep(0.05)


async def quote_until_answered(client, order_number) -> str:
    while True:
        try:
            if quote_id := await quote(client, order_number):
                return quote_id
        except (httpx.HTTPError, ssl.SSLError, OSError):
            pass
        await asyncio.sleep(0.05)
