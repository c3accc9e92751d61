"""The till tells the service manager that it lives, and only what it has just seen for itself.

Answers for: three proofs a round: an event goes through mailbox, rules and journal; the acceptor's line is worked; the buyer's
door opens. Does not answer for: whether devices or network are well (`lights`): a jammed acceptor is no reason to start again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from kiosk.link import codec
from kiosk.link.messages import Welcome
from kiosk.service_manager import ServiceManager

log = logging.getLogger(__name__)

IDLE_S = 10.0  #: between rounds where no watchdog waits; the status is kept fresh all the same
PROOF_S = 5.0  #: one proof may take so long
ACCEPTOR_S = 20.0  #: a driver waits 10 s at most before it opens a silent line again
READ_BYTES = 4096


class Vouching:
    """`heard` puts a tick through the till and returns when it is done; `acceptor_idle_s`: since the line was last worked;
    `door`: the buyer's socket; `status`: one line on how the till is.
    """

    def __init__(
        self,
        manager: ServiceManager,
        heard: Callable[[], Awaitable[None]],
        acceptor_idle_s: Callable[[], float],
        door: Path,
        status: Callable[[], str],
    ) -> None:
        self._manager = manager
        self._heard = heard
        self._acceptor_idle_s = acceptor_idle_s
        self._door = door
        self._status = status
        self._trouble = ""
        self.rounds = 0  #: that have ended

    async def run(self) -> None:
        """For ever: prove, then say so."""
        self._manager.ready()
        while True:
            self._told(await self.missing())
            self.rounds += 1
            await asyncio.sleep(self._manager.interval_s or IDLE_S)

    def _told(self, missing: str) -> None:
        if not missing:
            self._manager.alive()
        elif missing != self._trouble:
            log.error("cannot vouch for the till: %s", missing)
        self._trouble = missing
        self._manager.status(missing or self._status())

    async def missing(self) -> str:
        """The first proof that is missing, in words; empty when there are all."""
        for words, proof in (("no event goes through", self._mailbox), ("the buyer's door", self._opened)):
            try:
                async with asyncio.timeout(PROOF_S):
                    await proof()
            except TimeoutError:
                return f"{words}: no answer in {PROOF_S:.0f} s"
            except (OSError, codec.LinkError) as error:
                return f"{words}: {error}"
        idle_s = self._acceptor_idle_s()
        return f"the acceptor's line has not been worked for {idle_s:.0f} s" if idle_s > ACCEPTOR_S else ""

    async def _mailbox(self) -> None:
        await self._heard()

    async def _opened(self) -> None:
        """Knock as a screen does, and hear who is there."""
        reader, writer = await asyncio.open_unix_connection(self._door)
        try:
            frames = codec.FrameReader()
            found: list[bytes] = []
            while not found:
                data = await reader.read(READ_BYTES)
                if not data:
                    raise codec.LinkError("it was shut at once")
                found = frames.feed(data)
            if not isinstance(codec.decode_to_screen(found[0]), Welcome):
                raise codec.LinkError("somebody else answers")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
