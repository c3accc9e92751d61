"""The till's socket for tools: one request a connection, answers until it is done.

Answers for: framing, one client at a time, and that a tool never holds up cash. Does not answer for: rights (the socket's file
mode), what a tool makes of it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.link import codec
from kiosk.link import service as s
from kiosk.till.journal import Journal, JournalError
from kiosk.till.unix_server import UnixServer

log = logging.getLogger(__name__)

PAGES_AT_ONCE = 64  #: 256 KiB between two looks at the mailbox
REQUEST_WAIT_S = 5.0
READ_BYTES = 4096


Desk = Callable[[Any], Awaitable[s.ServiceAnswer]]
Talk = Callable[[Any, Callable[[s.ServiceAnswer], Awaitable[None]]], Awaitable[s.ServiceAnswer]]


class ServiceServer:
    """Serves tools beside the till's own loop. `desks`: who answers what is asked, by its type; `talks`: who answers it in
    several parts, told one after another before the last.
    """

    def __init__(
        self, path: Path, journal: Journal, desks: Mapping[type, Desk], talks: Mapping[type, Talk] | None = None
    ) -> None:
        self._talks = talks or {}
        self._journal = journal
        self._desks = desks
        self._server = UnixServer(path, self._client)
        self._busy = asyncio.Lock()

    async def start(self) -> None:
        """Open the socket."""
        await self._server.start()

    async def close(self) -> None:
        """Hang up on everybody. Idempotent."""
        await self._server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_WAIT_S):
                ask = await _request(reader)
            if not isinstance(ask, s.BackUpJournal):
                await _tell(writer, await self._ask_desk(ask, writer))
                return
            async with self._busy:
                await self._back_up(writer)
        except codec.LinkError as error:
            log.warning("service: client closed for malformed input: %s", error)
        except OSError as error:
            log.info("service: client gone: %s", error)

    async def _ask_desk(self, ask: s.ServiceAsk, writer: asyncio.StreamWriter) -> s.ServiceAnswer:
        desk, talk = self._desks.get(type(ask)), self._talks.get(type(ask))
        try:
            if talk is not None:
                return await talk(ask, partial(_tell, writer))
            return await desk(ask) if desk else s.Declined("this till cannot be asked for that")
        except JournalError as error:
            log.warning("service: %s", error)
            return s.Declined(str(error))

    async def _back_up(self, writer: asyncio.StreamWriter) -> None:
        copy = self._journal.path.with_name(f"{self._journal.path.name}.copy")
        copy.unlink(missing_ok=True)
        try:
            for remaining, in_all in self._journal.copy_to(copy, PAGES_AT_ONCE):
                await _tell(writer, s.Progress(in_all - remaining, in_all))
        except JournalError as error:
            copy.unlink(missing_ok=True)
            log.warning("service: %s", error)
            await _tell(writer, s.Declined(str(error)))
            return
        await _tell(writer, s.BackedUp(str(copy), self._journal.seq))


async def _request(reader: asyncio.StreamReader) -> s.ServiceAsk:
    frames = codec.FrameReader()
    while data := await reader.read(READ_BYTES):
        for frame in frames.feed(data):
            return codec.decode_service_ask(frame)
    raise codec.LinkError("the asker hung up before it asked")


async def _tell(writer: asyncio.StreamWriter, answer: s.ServiceAnswer) -> None:
    writer.write(codec.encode_service(answer))
    await writer.drain()
