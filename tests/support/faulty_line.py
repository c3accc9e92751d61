"""A line between a gateway and a far end that breaks at a byte: bytes are passed on as they are, TLS and all, up to there.

`up` is what the gateway sends, `down` what it gets. The line counts both, so that a test can cut everywhere.
"""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum

CHUNK = 65_536
NEVER = 2**62
LINGER_NOT = struct.pack("ii", 1, 0)  # a close that sends RST at once


class How(Enum):
    CLOSE = "closed"
    RESET = "reset"
    HOLD = "held"


@dataclass(frozen=True)
class Fault:
    """After so many bytes of a direction the line breaks; at once where it is 0."""

    up: int = NEVER
    down: int = NEVER
    how: How = How.CLOSE


class FaultyLine:
    """`up_bytes` and `down_bytes` are those of the last connection."""

    def __init__(self, target_port: int, fault: Fault) -> None:
        self._target_port = target_port
        self._fault = fault
        self._living: set[asyncio.Task] = set()
        self.port = 0
        self.up_bytes = self.down_bytes = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        living = asyncio.current_task()
        self._living.add(living)
        self.up_bytes = self.down_bytes = 0
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        pumps = [
            asyncio.create_task(self._pump(reader, far_writer, "up_bytes", self._fault.up)),
            asyncio.create_task(self._pump(far_reader, writer, "down_bytes", self._fault.down)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for end in (writer, far_writer):
                self._end(end)
            self._living.discard(living)
            await asyncio.gather(*pumps, writer.wait_closed(), far_writer.wait_closed(), return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: str, until: int) -> None:
        with suppress(OSError):
            while getattr(self, count) < until:
                data = await reader.read(min(CHUNK, until - getattr(self, count)))
                if not data:
                    return
                setattr(self, count, getattr(self, count) + len(data))
                writer.write(data)
                await writer.drain()
            if self._fault.how is How.HOLD:
                await asyncio.Event().wait()

    def _end(self, writer: asyncio.StreamWriter) -> None:
        if self._fault.how is How.RESET:
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            writer.transport.abort()
        else:
            writer.close()

    async def end(self) -> None:
        for living in tuple(self._living):
            living.cancel()
        await asyncio.gather(*self._living, return_exceptions=True)


@asynccontextmanager
async def faulty_line(target_port: int, fault: Fault = Fault()):
    line = FaultyLine(target_port, fault)
    server = await asyncio.start_server(line.meet, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        await line.end()
        await server.wait_closed()
