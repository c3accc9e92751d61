"""Keeps the till's catalogue: what is on disk at the start, then whatever newer one the aggregator has.

Answers for: when it is asked for, that only a proved and newer one replaces the one before, that the last good one stays.
Does not answer for: proof and file (`catalogue_file`), what of it is offered (`domain.catalogue`).
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from kiosk.domain import events
from kiosk.domain.events import Event
from kiosk.gateways import port
from kiosk.gateways.port import Gateway
from kiosk.till import catalogue_file
from kiosk.till.catalogue_file import CatalogueError, SignedCatalogue

log = logging.getLogger(__name__)

ASK_INTERVAL_S = 600.0  #: with an ETag it costs a few hundred bytes
ASK_AGAIN_S = 15.0  #: while the aggregator does not answer


def file_beside(journal_file: Path) -> Path:
    """Where the catalogue of the till with this journal is kept."""
    return journal_file.with_name(f"{journal_file.name}.catalogue")


class CatalogueKeeper:
    """`key`: the pinned Ed25519 key, hex. `post` takes events.CatalogueLearnt."""

    def __init__(self, path: Path, key: str, gateway: Gateway, post: Callable[[Event], None]) -> None:
        self._path = path
        self._key = key
        self._gateway = gateway
        self._post = post
        self._known: SignedCatalogue | None = None
        self._wanted = asyncio.Event()

    def start(self) -> None:
        """Offer what was kept, if it can still be proved."""
        try:
            found = catalogue_file.kept(self._path, self._key)
        except CatalogueError as error:
            log.error("catalogue: the one on disk is not used: %s", error)  # noqa: TRY400 - the reason says it all
            return
        if found is not None:
            self._adopt(found)

    def fetch_soon(self) -> None:
        """There is said to be a newer one."""
        self._wanted.set()

    async def watch(self) -> None:
        """Ask for ever."""
        while True:
            self._wanted.clear()
            wait_s = await self._ask()
            try:
                async with asyncio.timeout(wait_s):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def _ask(self) -> float:
        """Ask once; how many seconds the next time is away."""
        match await self._gateway.catalogue(self._known.etag if self._known else ""):
            case port.CatalogueFetched(etag=etag, signature=signature, body=body):
                await self._judge(etag, signature, body)
            case port.CatalogueUnavailable(cause=cause):
                log.warning("catalogue: %s", cause)
                return ASK_AGAIN_S
            case port.CatalogueUnchanged():
                pass
        return ASK_INTERVAL_S

    async def _judge(self, etag: str, signature: str, body: bytes) -> None:
        """Take a proved and newer one; keep the last good one otherwise. Checking megabytes is for a thread."""
        try:
            found = await asyncio.to_thread(catalogue_file.prove, self._key, etag, signature, body)
        except CatalogueError as error:
            log.error("catalogue: the one fetched is not used: %s", error)  # noqa: TRY400 - the reason says it all
            return
        known = self._known.catalogue.version if self._known else 0
        if found.catalogue.version <= known:
            log.warning("catalogue: version %d was fetched and %d is known; not used", found.catalogue.version, known)
            return
        try:
            await asyncio.to_thread(catalogue_file.keep, self._path, found)
        except OSError as error:
            log.warning("catalogue: version %d cannot be kept on disk: %s", found.catalogue.version, error)
        self._adopt(found)

    def _adopt(self, found: SignedCatalogue) -> None:
        self._known = found
        log.info("catalogue: version %d, %d services", found.catalogue.version, len(found.catalogue.services))
        self._post(events.CatalogueLearnt(found.catalogue))
