"""The loop around a scanner's line: open it, read, tell, and open it again when it breaks. The only awaiting file of this room.

Answers for: being the one owner of the port, and that nobody who pulls it out or floods it holds anything up. Does not answer
for: lines (`lines`), what a text means (the listener).
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from drivers.channel import ByteChannel
from drivers.errors import ChannelTimeoutError, DriverError
from drivers.scanner.interface import Connected, Disconnected, Dropped, Listener, Read
from drivers.scanner.lines import LineReader
from drivers.serial_channel import open_serial

READ_BYTES = 512
READ_S = 60.0  #: how often a silent line is looked at again
STALE_S = 1.0  #: half a line that is not finished in this time was noise
REOPEN_FIRST_S = 0.25  #: after the line broke; doubles up to the most
REOPEN_MOST_S = 5.0

OpenChannel = Callable[[], Awaitable[ByteChannel]]


class LineScanner:
    """A Scanner that sends lines and is never spoken to."""

    def __init__(self, open_channel: OpenChannel) -> None:
        self._open_channel = open_channel
        self._trouble = ""

    async def run(self, listener: Listener) -> None:
        """Own the line until cancelled."""
        patience_s = REOPEN_FIRST_S
        while True:
            try:
                channel = await self._open_channel()
            except DriverError as error:
                await self._report(listener, str(error))
            else:
                patience_s = REOPEN_FIRST_S
                await self._live(channel, listener)
            await asyncio.sleep(patience_s)
            patience_s = min(REOPEN_MOST_S, patience_s * 2)

    async def _live(self, channel: ByteChannel, listener: Listener) -> None:
        """Until the line breaks."""
        lines = LineReader()
        self._trouble = ""
        try:
            await listener(Connected())
            while True:
                await self._hear(channel, lines, listener)
        except DriverError as error:
            await self._report(listener, str(error))
        finally:
            await channel.close()

    async def _hear(self, channel: ByteChannel, lines: LineReader, listener: Listener) -> None:
        try:
            data = await channel.read(READ_BYTES, STALE_S if lines.is_waiting else READ_S)
        except ChannelTimeoutError:
            lines.forget()
            return
        for line in lines.feed(data):
            await listener(Read(line.text) if line.text else Dropped(line.fault))

    async def _report(self, listener: Listener, trouble: str) -> None:
        """The same trouble is told once, not at every try."""
        if trouble != self._trouble:
            self._trouble = trouble
            await listener(Disconnected(trouble))


def open_scanner(port: str, baud: int) -> LineScanner:
    """The scanner on a serial port; it is looked for when it runs."""
    return LineScanner(partial(_open, port, baud))


async def _open(port: str, baud: int) -> ByteChannel:
    return open_serial(port, baud)
