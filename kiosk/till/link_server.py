"""The till's end of the link: an AF_UNIX socket that takes commands and gives snapshots.

Answers for: framing, versions, and that malformed input closes that one client and harms nothing. Does not answer for: what a
command means. A tap is taken only if the screen it was made on is still the one shown: its revision must not be older than
the moment the phase changed.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.domain import events
from kiosk.domain.catalogue import NO_CATALOGUE
from kiosk.domain.events import Event
from kiosk.domain.rules import Rules
from kiosk.domain.state import State
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.link.catalogue_pages import pages_of
from kiosk.link.staff import StaffCommand
from kiosk.till.unix_server import UnixServer
from kiosk.till.view import Face, snapshot

log = logging.getLogger(__name__)

CLIENTS_MAX = 4  #: a screen and a few tools; anyone more is turned away
READ_BYTES = 4096

#: What a finger means, by the command's type.
MEANINGS: Mapping[type, Callable[..., Event]] = {
    m.ChooseLanguage: lambda c: events.LanguageTapped(c.language),
    m.LookUpOrder: lambda c: events.OrderTyped(c.number),
    m.LookUpService: lambda c: events.ServiceAsked(c.service_id, c.fields),
    m.LookUpCode: lambda c: events.CodeAsked(c.code),
    m.PayWithCode: lambda _: events.PayWithCodeTapped(),
    m.DropCode: lambda _: events.CodeDropTapped(),
    m.Scanned: lambda c: events.Scanned(c.text),
    m.ConfirmOffer: lambda c: events.OfferConfirmed(c.without_receipt),
    m.FinishCash: lambda _: events.FinishTapped(),
    m.Cancel: lambda _: events.CancelTapped(),
    m.MoreTime: lambda _: events.MoreTimeTapped(),
    m.Leave: lambda _: events.LeaveTapped(),
}


class LinkServer:
    """Publishes the latest snapshot to every client, and the catalogue in pages between snapshots; a slow client gets the newest,
    not all of them. What people with keys ask for goes to `take_staff`.
    """

    def __init__(
        self,
        path: Path,
        rules: Rules,
        face: Face,
        post: Callable[[Event], None],
        take_staff: Callable[[StaffCommand], None],
    ) -> None:
        self._rules = rules
        self._face = face
        self._post = post
        self._take_staff = take_staff
        self._latest: m.Snapshot | None = None
        self._catalogue = NO_CATALOGUE
        self._pages: tuple[bytes, ...] = ()
        self._phase_revision = 0
        self._changed = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = UnixServer(path, self._client)

    def publish(self, state: State, mono_s: float) -> None:
        """Show `state`. A snapshot that says nothing new is not sent."""
        if state.catalogue is not self._catalogue:
            self._catalogue = state.catalogue
            self._pages = tuple(codec.encode_to_screen(page) for page in pages_of(state.catalogue))
        old = self._latest
        new = snapshot(state, self._rules, self._face, mono_s, old.revision if old else 0)
        if new == old:
            return
        revision = (old.revision if old else 0) + 1
        new = snapshot(state, self._rules, self._face, mono_s, revision)
        if old is None or new.phase is not old.phase:
            self._phase_revision = revision
        self._latest = new
        self._changed.set()
        self._changed = asyncio.Event()

    @property
    def screens(self) -> int:
        """How many are connected."""
        return len(self._writers)

    def restart_screens(self) -> None:
        """Tell every screen to end, so that it is started anew."""
        for writer in self._writers:
            writer.write(codec.encode_to_screen(m.StartAgain()))

    async def start(self) -> None:
        """Open the socket."""
        await self._server.start()

    async def close(self) -> None:
        """Hang up on everybody. Idempotent."""
        await self._server.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._writers) >= CLIENTS_MAX:
            log.warning("link: a client too many was turned away")
            return
        writer.write(codec.encode_to_screen(m.Welcome()))
        self._writers.add(writer)
        telling = asyncio.create_task(self._tell(writer))
        try:
            await self._listen(reader)
        except codec.LinkError as error:
            log.warning("link: client closed for malformed input: %s", error)
        except OSError as error:
            log.info("link: client gone: %s", error)
        finally:
            self._writers.discard(writer)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        told = None
        pages, next_page = self._pages, 0
        while True:
            changed, latest = self._changed, self._latest
            if pages is not self._pages:
                pages, next_page = self._pages, 0
            if latest is not None and latest is not told:
                writer.write(codec.encode_to_screen(latest))
                await writer.drain()
                told = latest
            elif next_page < len(pages):
                writer.write(pages[next_page])
                await writer.drain()
                next_page += 1
            else:
                await changed.wait()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        frames = codec.FrameReader()
        while data := await reader.read(READ_BYTES):
            for frame in frames.feed(data):
                self._take(codec.decode_command(frame))

    def _take(self, frame: m.CommandFrame) -> None:
        if frame.revision < self._phase_revision:
            log.info("link: late tap ignored: %s", frame)
            return
        meaning = MEANINGS.get(type(frame.command))
        if meaning is not None:
            self._post(meaning(frame.command))
        elif isinstance(frame.command, StaffCommand):
            self._take_staff(frame.command)
        else:
            log.info("link: not done at this kiosk: %s", type(frame.command).__name__)
