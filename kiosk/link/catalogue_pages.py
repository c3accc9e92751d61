"""The catalogue on the link: pages that each fit into a frame, so that no snapshot waits behind five thousand services.

Answers for: cutting into pages and putting together again, both bounded. Does not answer for: sockets, what is offered.
"""

import logging
from collections.abc import Iterator

import msgspec

from kiosk.domain.catalogue import Catalogue, Group, Service
from kiosk.link.messages import FRAME_BYTES_MAX, CataloguePage

log = logging.getLogger(__name__)

PAGES_MAX = 512  #: 32 MiB: more than the largest catalogue there may be
ITEMS_BYTES_MAX = FRAME_BYTES_MAX - 1024  #: what is around them takes a few hundred

_encoder = msgspec.json.Encoder()


def pages_of(catalogue: Catalogue) -> tuple[CataloguePage, ...]:
    """The pages of a catalogue; none of one that offers nothing. A single item too large for a frame is left out, with a word."""
    if not catalogue.services:
        return ()
    lots = list(_lots((*catalogue.groups, *catalogue.services)))
    return tuple(
        CataloguePage(
            catalogue.version,
            number,
            len(lots),
            tuple(item for item in lot if isinstance(item, Group)),
            tuple(item for item in lot if isinstance(item, Service)),
        )
        for number, lot in enumerate(lots)
    )


def _lots(items: tuple[Group | Service, ...]) -> Iterator[list[Group | Service]]:
    lot: list[Group | Service] = []
    filled = 0
    for item in items:
        size = len(_encoder.encode(item)) + 1
        if size > ITEMS_BYTES_MAX:
            name = item.group_id if isinstance(item, Group) else item.service_id
            log.warning("catalogue: %s has %d bytes and cannot be shown", name, size)
            continue
        if filled + size > ITEMS_BYTES_MAX:
            yield lot
            lot, filled = [], 0
        lot.append(item)
        filled += size
    yield lot


class Assembler:
    """Takes pages in order; a page of another version, or out of turn, begins anew."""

    def __init__(self) -> None:
        self._pages: list[CataloguePage] = []

    def add(self, page: CataloguePage) -> Catalogue | None:
        """The catalogue, once its last page is here."""
        known = self._pages
        follows = known and (page.version, page.pages) == (known[0].version, known[0].pages)
        if not follows or page.page != len(known):
            known = self._pages = []
        if page.page != len(known) or not page.page < page.pages <= PAGES_MAX:
            return None
        known.append(page)
        if len(known) < page.pages:
            return None
        self._pages = []
        groups = tuple(group for part in known for group in part.groups)
        return Catalogue(page.version, groups, tuple(service for part in known for service in part.services))
