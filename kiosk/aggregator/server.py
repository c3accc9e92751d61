"""HTTPS for the aggregator: uvicorn, client certificates asked for but optional, the peer handed to the application.

Answers for: sockets, TLS, deadlines of every connection, a clean end on SIGTERM. Does not answer for: what is served.
ASGI servers do not hand on client certificates by themselves, so the protocol puts what the connection showed into the scope.

Several workers are several processes on one database, each listening on the same address (`share_port`): the system spreads
connections among them, and whoever keeps them alive (systemd) needs to know nothing of the others.
"""

import asyncio
import hashlib
import json
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import h11
import sqlalchemy as sa
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk.aggregator.app import create_app
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.storage.database import open_database, reading
from kiosk.aggregator.storage.errors import BusyError, DatabaseError
from kiosk.aggregator.terminals.identity import EXTENSION, Peer
from kiosk.aggregator.terminals.osmp_face import load_passwords
from kiosk.aggregator.terminals.pairing import Installation
from kiosk.aggregator.tls import SERVER, load_authority
from kiosk.service_manager import ServiceManager
from kiosk.terminal_api import Mode

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 15  #: longer than clients keep a connection (httpx 5 s), so that none is closed under a request
HEAD_S = 20.0  #: from the connection, or the answer before, to the last line of a request's head
BODY_S = 20.0  #: from there to the end of its body
ANSWER_S = 90.0  #: from there until the client has taken the whole answer; the database gives up sooner
CONNECTIONS_MAX = 1000  #: a worker; one more is told to come again
BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`listen`: host and port, port 0 for any. `notify_ca`: who vouches for merchants' servers, beside the system's.
    `osmp_passwords`: of terminals that speak OSMP without a certificate.

    `database_url`: of another database than the file in `data`; may hold a password. `private_merchants`: as in `create_app`.
    `share_port`: other workers listen there too.
    """

    data: Path
    host: str
    port: int
    mode: Mode
    tls: Path
    ready_file: Path | None
    notify_ca: Path | None
    database_url: str = field(default="", repr=False)
    osmp_passwords: Path | None = None
    private_merchants: bool | None = None
    share_port: bool = False


class PeerProtocol(H11Protocol):
    """h11 with the peer in every request's scope, and with no wait that has no end.

    A client that sends or takes its bytes one by one is cut off at the deadline of the part it is in.
    """

    _deadline: asyncio.TimerHandle | None = None
    _part: tuple[Any, Any] | None = None  #: which request, and what the client still has to do

    def connection_made(self, transport: Any) -> None:
        """A connection whose handshake is done."""
        super().connection_made(transport)
        app = cast("Callable[..., Any]", self.app)
        peer = peer_from(transport.get_extra_info("ssl_object"))

        async def with_peer(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[EXTENSION] = peer
            await app(scope, receive, send)

        self.app = with_peer
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """The answer was handed over whole, and the next request, if any, begins."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """No more deadlines."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Give the part the connection is in its own deadline, once."""
        part = (self.cycle, self.conn.their_state)
        if part == self._part:
            return
        if self._deadline is not None:
            self._deadline.cancel()
        self._part = part
        self._deadline = self.loop.call_later(DEADLINES_S.get(part[1], ANSWER_S), self.transport.abort)


DEADLINES_S = {h11.IDLE: HEAD_S, h11.SEND_BODY: BODY_S, h11.DONE: ANSWER_S}


def peer_from(tls: ssl.SSLObject | None) -> Peer:
    """Who is at the other end of a connection."""
    if tls is None:
        return Peer()
    certificate = tls.getpeercert(binary_form=True) or b""
    fingerprint = hashlib.sha256(certificate).hexdigest() if certificate else ""
    return Peer(common_name(tls.getpeercert() or {}), fingerprint, certificate, tls.version() or "")


def common_name(certificate: Any) -> str:
    """The subject's common name in the form ssl gives, or an empty string."""
    for relative_name in certificate.get("subject", ()):
        for key, value in relative_name:
            if key == "commonName":
                return str(value)
    return ""


class WatchedServer(uvicorn.Server):
    """Tells the service manager when it listens, and that it lives: only after the database has answered."""

    def __init__(self, config: uvicorn.Config, engine: sa.Engine, manager: ServiceManager) -> None:
        super().__init__(config)
        self._engine = engine
        self._manager = manager
        self._due_s = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._manager.ready()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second."""
        now_s = asyncio.get_running_loop().time()
        if self._manager.interval_s and now_s >= self._due_s:
            self._due_s = now_s + self._manager.interval_s
            if trouble := await asyncio.to_thread(_trouble, self._engine):
                log.error("cannot vouch for the aggregator: %s", trouble)
            else:
                self._manager.alive()
        return await super().on_tick(counter)


def _trouble(engine: sa.Engine) -> str:
    """Why the database does not answer; empty when it does."""
    try:
        with reading(engine) as db:
            db.execute(sa.select(1))
    except (DatabaseError, BusyError, sa.exc.SQLAlchemyError) as error:
        return str(error)
    return ""


def serve(options: ServerOptions) -> None:
    """Serve until SIGTERM. Raises OSError when the address cannot be had, ValueError for a file of passwords that is none."""
    trust = ssl.create_default_context(cafile=str(options.notify_ca)) if options.notify_ca else None
    passwords = load_passwords(options.osmp_passwords) if options.osmp_passwords else {}
    here = Installation(options.mode, load_authority(options.tls), ensure_catalogue_key(options.data).public_hex)
    engine = open_database(options.data, options.database_url)
    private = options.private_merchants
    app = create_app(engine, options.mode, trust, passwords, installation=here, private_merchants=private)
    config = uvicorn.Config(
        app,
        http=PeerProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=str(options.tls / f"{SERVER}.pem"),
        ssl_keyfile=str(options.tls / f"{SERVER}.key"),
        ssl_ca_certs=str(options.tls / "ca.pem"),
        ssl_cert_reqs=ssl.CERT_OPTIONAL,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
        limit_concurrency=CONNECTIONS_MAX,
    )
    config.load()
    assert config.ssl is not None
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    with _listener(options) as listener:
        manager = ServiceManager(os.environ)
        server = WatchedServer(config, engine, manager)
        _announce(options.ready_file, listener)
        end_cleanly_on_sigterm()
        try:
            server.run(sockets=[listener])
        finally:
            manager.close()


def _listener(options: ServerOptions) -> socket.socket:
    return socket.create_server((options.host, options.port), backlog=BACKLOG, reuse_port=options.share_port)


def end_cleanly_on_sigterm() -> None:
    """Uvicorn stops on SIGTERM and then raises it once more for whoever had a handler before: let that be nobody."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)


def _announce(ready_file: Path | None, listener: socket.socket) -> None:
    if ready_file is not None:
        port = listener.getsockname()[1]
        ready_file.write_text(json.dumps({"port": port, "pid": os.getpid()}))
