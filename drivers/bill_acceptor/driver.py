"""The loop around an engine: open the line, send, wait, tell, acknowledge, and open again when it breaks.

Answers for: being the one owner of the port, deadlines, and telling the listener before the unit is acknowledged. Does not
answer for: protocols (engines) or what an event means (the listener). The only awaiting file of this room.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from drivers.bill_acceptor.cash_box import CashBoxWatch
from drivers.bill_acceptor.engine import ProtocolEngine, Request
from drivers.bill_acceptor.interface import AcceptorEvent, Denomination, Disconnected, LineTrouble, Listener
from drivers.bill_acceptor.line_watch import LineWatch
from drivers.channel import ByteChannel
from drivers.errors import (
    CallTechnicianError,
    ChannelTimeoutError,
    DriverError,
    LinkLostError,
    PortBusyError,
    PortDeniedError,
    PortMissingError,
)

READ_BYTES = 512
STALE_READS_MAX = 16  #: reads of what came unasked, before it is left to the engine's frame reader
WRITE_S = 1.0
REOPEN_FIRST_S = 0.25  #: after the line broke; doubles up to the most
REOPEN_MOST_S = 5.0

#: What an error of the line is called; any other means that it broke. The first that fits counts.
TROUBLES: Mapping[type[DriverError], LineTrouble] = {
    PortMissingError: LineTrouble.PORT_MISSING,
    PortDeniedError: LineTrouble.PORT_DENIED,
    PortBusyError: LineTrouble.PORT_BUSY,
    CallTechnicianError: LineTrouble.PORT_WRONG,
}


class NobodyAnsweredError(LinkLostError):
    """No sensible answer since the line was opened."""


class EngineDriver:
    """A BillAcceptor: one engine on one line, reopened for ever."""

    def __init__(
        self,
        engine: ProtocolEngine,
        open_channel: Callable[[], Awaitable[ByteChannel]],
        nobody_answers: Callable[[], None] = lambda: None,
    ) -> None:
        """`nobody_answers` is called when a line stayed without an answer since it was opened, before it is opened again."""
        self._engine = engine
        self._open_channel = open_channel
        self._nobody_answers = nobody_answers
        self._trouble = ""
        self._box = CashBoxWatch()
        self._line = LineWatch()
        self._contact = False
        self.worked_s = 0.0

    def __repr__(self) -> str:
        return f"<acceptor {self._engine!r} {self._trouble}>".replace(" >", ">")

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Accept just these, all through escrow."""
        self._engine.enable(denominations)

    def disable(self) -> None:
        """Take no further note."""
        self._engine.enable(frozenset())

    def stack(self) -> None:
        """Stack the note in escrow."""
        self._engine.stack()

    def return_note(self) -> None:
        """Give the note in escrow back."""
        self._engine.return_note()

    async def run(self, listener: Listener) -> None:
        """Own the line until cancelled."""
        patience_s = REOPEN_FIRST_S
        while True:
            self.worked_s = _now_s()
            try:
                channel = await self._open_channel()
            except DriverError as error:
                await self._report(listener, str(error), _trouble_of(error))
            else:
                patience_s = REOPEN_FIRST_S
                await self._live(channel, listener)
            await asyncio.sleep(patience_s)
            patience_s = min(REOPEN_MOST_S, patience_s * 2)

    async def _live(self, channel: ByteChannel, listener: Listener) -> None:
        """Until the line breaks."""
        self._engine.line_up(_now_s())
        self._line.answered(_now_s())
        self._contact = False
        try:
            while True:
                await self._exchange(channel, listener)
        except ChannelTimeoutError as error:
            await self._report(listener, f"the line takes no bytes: {error}", LineTrouble.BROKEN)
        except NobodyAnsweredError as error:
            await self._report(listener, str(error), self._line.trouble)
        except DriverError as error:
            await self._report(listener, str(error), _trouble_of(error))
        finally:
            await channel.close()

    async def _exchange(self, channel: ByteChannel, listener: Listener) -> None:
        """One request and its answer, told, then acknowledged."""
        self.worked_s = _now_s()
        request = self._engine.request(self.worked_s)
        await asyncio.sleep(request.pause_s)
        await _discard_stale(channel)
        self._line.asked(request.frame)
        await channel.write(request.frame, WRITE_S)
        if await self._answered(channel, request):
            self._line.answered(_now_s())
            self._contact = True
        else:
            self._engine.no_reply(_now_s())
        for event in self._engine.events():
            await self._tell(listener, event)
        if not self._contact and self._line.is_lost(_now_s()):
            self._nobody_answers()
            raise NobodyAnsweredError(self._line.words)
        acknowledgement = self._engine.acknowledgement()
        if acknowledgement:
            await channel.write(acknowledgement, WRITE_S)

    async def _answered(self, channel: ByteChannel, request: Request) -> bool:
        deadline_s = _now_s() + request.reply_within_s
        while (left_s := deadline_s - _now_s()) > 0:
            try:
                data = await channel.read(READ_BYTES, left_s)
            except ChannelTimeoutError:
                return False
            if self._engine.feed(data, _now_s()):
                return True
            self._line.heard(data)
        return False

    async def _tell(self, listener: Listener, event: AcceptorEvent) -> None:
        """The event, and what it means for the cash box."""
        self._trouble = ""
        if isinstance(event, Disconnected):
            event = Disconnected(self._line.explain(event.detail), self._line.trouble)
            self._trouble = event.detail
        await listener(event)
        seen = self._box.hear(event)
        if seen is not None:
            await listener(seen)

    async def _report(self, listener: Listener, words: str, trouble: LineTrouble) -> None:
        """The same trouble is told once, not at every try."""
        if words != self._trouble:
            self._trouble = words
            await listener(Disconnected(words, trouble))


async def _discard_stale(channel: ByteChannel) -> None:
    """What came after its time answers nothing that is asked now."""
    with suppress(ChannelTimeoutError):
        for _ in range(STALE_READS_MAX):
            await channel.read(READ_BYTES, 0.0)


def _trouble_of(error: DriverError) -> LineTrouble:
    return next((trouble for kind, trouble in TROUBLES.items() if isinstance(error, kind)), LineTrouble.BROKEN)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
