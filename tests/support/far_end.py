"""A far end that behaves as badly as asked: raw TLS on loopback, so that nothing well-mannered stands between."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from kiosk.aggregator.tls import make_demo_authority
from kiosk.gateways.tls import terminal_ssl_context

Behaviour = Callable[["Line"], Awaitable[None]]


class Line:
    """One connection whose request has been read whole."""

    def __init__(self, writer: asyncio.StreamWriter, request: bytes = b"") -> None:
        self._writer = writer
        self.request = request
        self.gone = asyncio.Event()

    async def say(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def below_tls(self, data: bytes) -> None:
        """Bytes onto the wire past TLS, as a broken router would."""
        self._writer.get_extra_info("socket")._sock.send(data)

    def reset(self) -> None:
        self._writer.transport.abort()


def http(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


def says(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> Behaviour:
    async def behave(line: Line) -> None:
        await line.say(http(status, body, *headers, length=length))

    return behave


class FarEnd:
    """`requests` holds every request whose head and body came."""

    def __init__(self, folder: Path, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._living: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.folder = folder
        self.requests: list[bytes] = []
        self.url = ""

    def terminal_context(self) -> ssl.SSLContext:
        name = self.folder / "terminal-0001"
        return terminal_ssl_context(self.folder / "ca.pem", name.with_suffix(".pem"), name.with_suffix(".key"))

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        living = asyncio.current_task()
        assert living is not None
        self._living.add(living)
        self._writers.append(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = await reader.readexactly(int(lengths[0].partition(b":")[2])) if lengths else b""
            self.requests.append(head + body)
            await self._behaviour(Line(writer, head + body))
        except (OSError, asyncio.IncompleteReadError):
            return  # the caller hung up, which is what many of these stories are about
        finally:
            self._living.discard(living)
            writer.close()

    async def end(self) -> None:
        for living in tuple(self._living):
            living.cancel()
        await asyncio.gather(*self._living, return_exceptions=True)
        for writer in self._writers:
            with suppress(AttributeError):  # Python 3.11's TLS transport cannot be aborted twice
                writer.transport.abort()  # a good-bye would wait for an answer from a line that is cut
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)
        await breath()


async def breath() -> None:
    """Let the loop see ends that are already here: connections that never got as far as a request are nobody's."""
    for _ in range(20):
        await asyncio.sleep(0)


def server_context(folder: Path, authority: Path, newest=ssl.TLSVersion.MAXIMUM_SUPPORTED) -> ssl.SSLContext:
    """The certificate in `folder`; whoever comes with one of `authority` shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_verify_locations(str(authority / "ca.pem"))
    context.verify_mode = ssl.CERT_OPTIONAL
    context.maximum_version = newest
    context.load_cert_chain(str(folder / "aggregator.pem"), str(folder / "aggregator.key"))
    return context


@asynccontextmanager
async def far_end(
    folder: Path,
    behaviour: Behaviour,
    identity: Path | None = None,
    newest=ssl.TLSVersion.MAXIMUM_SUPPORTED,
):
    """`identity`: a folder with another server certificate; `newest`: version of TLS."""
    make_demo_authority(folder, ["0001"])
    end = FarEnd(folder, behaviour)
    context = server_context(identity or folder, folder, newest)
    server = await asyncio.start_server(end.meet, "127.0.0.1", 0, ssl=context)
    end.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield end
    finally:
        server.close()
        await end.end()
        await server.wait_closed()


async def hold(_line: Line) -> None:
    """Say nothing, for ever."""
    await asyncio.Event().wait()


async def hang_up(_line: Line) -> None:
    """Close without a word."""


async def reset(line: Line) -> None:
    line.reset()


async def garble(line: Line) -> None:
    await line.say(b"\x00\xff not HTTP at all \r\n\r\n")


async def garble_tls(line: Line) -> None:
    line.below_tls(b"\x17\x03\x03\x00\x20" + b"\xa5" * 32)
    await asyncio.Event().wait()


async def drip(line: Line) -> None:
    """A byte now and then: every single read is in time, the whole never ends."""
    await line.say(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await line.say(b" ")
        await asyncio.sleep(0.02)


def http_date(in_s: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + in_s))
