"""HTTPS for the aggregator: uvicorn, client certificates asked for but optional, the peer's name handed to the application.

Answers for: sockets, TLS, a clean end on SIGTERM. Does not answer for: what is served.
ASGI servers do not hand on client certificates by themselves, so the protocol puts the common name into the scope.
"""

import json
import os
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk.aggregator.app import create_app
from kiosk.aggregator.osmp_face import load_passwords
from kiosk.aggregator.storage.database import open_database
from kiosk.aggregator.tls import SERVER
from kiosk.terminal_api import Mode


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`listen`: host and port, port 0 for any. `notify_ca`: who vouches for merchants' servers, beside the system's.
    `osmp_passwords`: of terminals that speak OSMP without a certificate.

    `database_url`: of another database than the file in `data`; may hold a password. `private_merchants`: as in `create_app`.
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


class PeerProtocol(H11Protocol):
    """h11 with the client certificate's common name in every request's scope."""

    def connection_made(self, transport: Any) -> None:
        """A connection whose handshake is done."""
        super().connection_made(transport)
        app = cast("Callable[..., Any]", self.app)
        peer = {"common_name": common_name(transport.get_extra_info("peercert") or {})}

        async def with_peer(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["kiosk.peer"] = peer
            await app(scope, receive, send)

        self.app = with_peer


def common_name(certificate: dict[str, Any]) -> str:
    """The subject's common name in the form ssl gives, or an empty string."""
    for relative_name in certificate.get("subject", ()):
        for key, value in relative_name:
            if key == "commonName":
                return str(value)
    return ""


def serve(options: ServerOptions) -> None:
    """Serve until SIGTERM. Raises OSError when the address cannot be had, ValueError for a file of passwords that is none."""
    trust = ssl.create_default_context(cafile=str(options.notify_ca)) if options.notify_ca else None
    passwords = load_passwords(options.osmp_passwords) if options.osmp_passwords else {}
    engine = open_database(options.data, options.database_url)
    app = create_app(engine, options.mode, trust, passwords, private_merchants=options.private_merchants)
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
        timeout_graceful_shutdown=5,
    )
    config.load()
    assert config.ssl is not None
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server((options.host, options.port), backlog=128) as listener:
        server = uvicorn.Server(config)
        _announce(options.ready_file, listener)
        end_cleanly_on_sigterm()
        server.run(sockets=[listener])


def end_cleanly_on_sigterm() -> None:
    """Uvicorn stops on SIGTERM and then raises it once more for whoever had a handler before: let that be nobody."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)


def _announce(ready_file: Path | None, listener: socket.socket) -> None:
    if ready_file is not None:
        port = listener.getsockname()[1]
        ready_file.write_text(json.dumps({"port": port, "pid": os.getpid()}))
