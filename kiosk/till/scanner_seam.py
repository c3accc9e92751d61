"""Where a serial scanner's words become the domain's: the only place in the till that knows both.

Answers for: that every text is heard and no text is logged. Does not answer for: what it means (`domain.scanning`).
"""

import logging
from collections.abc import Awaitable, Callable

from drivers.scanner.interface import Connected, Disconnected, Dropped, Read, Scanner, ScannerEvent
from kiosk.domain.events import Event, Scanned

log = logging.getLogger(__name__)


class ScannerSeam:
    """Listens to one scanner, and waits with the next text until the till has heard the last. It moves no money, so its troubles
    are for the log alone: what can be scanned can be typed.
    """

    def __init__(self, scanner: Scanner, heard: Callable[[Event], Awaitable[None]]) -> None:
        self._scanner = scanner
        self._heard = heard

    async def run(self) -> None:
        """Own the scanner until cancelled."""
        await self._scanner.run(self._listen)

    async def _listen(self, event: ScannerEvent) -> None:
        match event:
            case Read(text=text):
                await self._heard(Scanned(text))
            case Dropped(reason=reason):
                log.info("scanner: %s was dropped", reason)
            case Connected():
                log.info("scanner: the line is open")
            case Disconnected(detail=detail):
                log.warning("scanner: %s", detail)
