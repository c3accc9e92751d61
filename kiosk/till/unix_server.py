"""A listening AF_UNIX socket with a task for every connection: what the till's two doors have in common.

Answers for: the socket's file and its mode, stale files of dead tills, that no connection outlives it. Does not answer for:
what is said on a connection.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class UnixServer:
    """`serve` has one connection; when it returns or raises, the connection is closed."""

    def __init__(self, path: Path, serve: Serve) -> None:
        self._path = path
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the socket, for its owner and group alone."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._connected, path=str(self._path))
        os.chmod(self._path, 0o660)  # noqa: PTH101 - a socket path, not a file of ours; who may talk shares the till's group

    async def close(self) -> None:
        """Hang up on everybody. Idempotent."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._path.unlink(missing_ok=True)
        self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._live(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _live(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()  # closes before it waits: a cancel in here leaves nothing open
            with suppress(OSError):
                await writer.wait_closed()
