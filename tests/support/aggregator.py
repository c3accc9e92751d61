"""A whole aggregator in this process, over real HTTPS on loopback, with a merchant that answers."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import sqlalchemy as sa
import uvicorn

from kiosk.aggregator import admin
from kiosk.aggregator.app import create_app
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.server import PeerProtocol
from kiosk.aggregator.terminals import pairing
from kiosk.aggregator.tls import load_authority, make_demo_authority
from kiosk.demo.merchant import Shop, payment_start_params
from kiosk.gateways.terminal_api import TerminalApiGateway
from kiosk.gateways.tls import terminal_ssl_context
from kiosk.terminal_api import Mode
from tests.support.databases import Place

LOGIN, PASSWORD1, PASSWORD2 = "bookshop", "one-one-one", "two-two-two"


@dataclass
class Installation:
    """Everything a test asks of it."""

    url: str
    tls: Path
    engine: sa.Engine
    merchant_dir: Path
    connections: Callable[[], set[object]]  # of the server at this moment
    wake: Callable[[], None] = lambda: None  #: the notifier, after a payment that came past the face

    def gateway(self, terminal="0001", deadline_s=5.0) -> TerminalApiGateway:
        return TerminalApiGateway(self.url, self.context(terminal), deadline_s)

    def context(self, terminal="0001") -> ssl.SSLContext:
        name = self.tls / f"terminal-{terminal}"
        return terminal_ssl_context(self.tls / "ca.pem", name.with_suffix(".pem"), name.with_suffix(".key"))

    def client(self) -> httpx.AsyncClient:
        trust = ssl.create_default_context(cafile=str(self.tls / "ca.pem"))
        return httpx.AsyncClient(base_url=self.url, verify=trust, trust_env=False)

    async def order(self, out_sum="70.00", **changes) -> str:
        fields = {**payment_start_params(LOGIN, PASSWORD1, out_sum, "A book", {"Shp_cart": "7"}), **changes}
        async with self.client() as client:
            answer = await client.post("/Merchant/Indexjson.aspx", data=fields)
            return answer.json()["orderNumber"]


class Served(int):
    """A port, and who is connected to it."""

    def __new__(cls, port: int, connections: set[object]):
        served = super().__new__(cls, port)
        served.connections = connections
        return served


@asynccontextmanager
async def serving(app, **tls):
    """uvicorn in this loop, on a port of its own."""
    config = uvicorn.Config(
        app,
        port=0,
        http=PeerProtocol,
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        **tls,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    running = asyncio.create_task(server._serve() if hasattr(server, "_serve") else server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield Served(server.servers[0].sockets[0].getsockname()[1], server.server_state.connections)
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def installation(
    folder: Path, mode=Mode.TEST, merchant_url=None, database: Place | None = None, osmp_passwords=None
):
    """In `folder`, with its database there unless told otherwise."""
    tls, merchant_dir = folder / "tls", folder / "merchant"
    merchant_dir.mkdir()
    make_demo_authority(tls, ["0001", "0002", "0666"])
    place = database or Place("sqlite", folder / "data")
    engine = place.open()
    shop = Shop(LOGIN, PASSWORD1, PASSWORD2, merchant_dir)
    server_tls = {
        "ssl_certfile": str(tls / "aggregator.pem"),
        "ssl_keyfile": str(tls / "aggregator.key"),
        "ssl_ca_certs": str(tls / "ca.pem"),
        "ssl_cert_reqs": ssl.CERT_OPTIONAL,
    }
    try:
        async with serving(shop.app()) as merchant_port:
            url = merchant_url or f"http://127.0.0.1:{merchant_port}/result"
            admin.set_merchant(
                engine, admin.Merchant(LOGIN, "Bookshop", PASSWORD1, PASSWORD2, "sha256", url, "EUR", 250)
            )
            for number in ("0001", "0002"):
                admin.set_terminal(engine, number, active=True)
                if mode is Mode.LIVE:
                    pairing.adopt(engine, number, (tls / f"terminal-{number}.pem").read_bytes())
            pairs = pairing.Installation(mode, load_authority(tls), ensure_catalogue_key(place.data).public_hex)
            app = create_app(engine, mode, osmp_passwords=osmp_passwords, installation=pairs)
            async with serving(app, **server_tls) as port:
                url = f"https://127.0.0.1:{port}"
                yield Installation(url, tls, engine, merchant_dir, lambda: port.connections, app.state.wake)
    finally:
        engine.dispose()
