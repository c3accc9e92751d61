"""A code looked up for the buyer at the screen: our own journal and the aggregator at once, one answer of both.

Answers for: that either may fail without the other, and that no code reaches a log. Does not answer for: what the buyer is told
(`domain.code_lookup`), how often somebody may ask (likewise).
"""

import asyncio
import logging
from collections.abc import Callable

from kiosk.domain.events import CodeLookedUp, Event
from kiosk.domain.held_codes import CodeTold, CodeWord
from kiosk.domain.state import State
from kiosk.gateways import port
from kiosk.gateways.port import Gateway
from kiosk.link.service import ReceiptBy
from kiosk.till.past_visits import NoSuchVisitError, PastVisits

log = logging.getLogger(__name__)


class CodeDesk:
    """`post` drops what was found into the till's mailbox."""

    def __init__(self, visits: PastVisits, gateway: Gateway, post: Callable[[Event], None]) -> None:
        self._visits = visits
        self._gateway = gateway
        self._post = post

    async def look_up(self, code: str, *, ours: bool) -> None:
        """Ask both, tell once."""
        visit, told = await asyncio.gather(self._visit(code, ours=ours), self._told(code))
        self._post(CodeLookedUp(code, visit, told))

    async def _visit(self, code: str, *, ours: bool) -> State | None:
        """A visit of ours that left money, or may have; one that was paid with another's code leaves none."""
        if not ours:
            return None
        try:
            visit = await self._visits.find(ReceiptBy.CODE, code)
        except NoSuchVisitError as error:
            log.info("a code of this kiosk was looked up: %s", error)
            return None
        return visit if visit.redemption is None else None

    async def _told(self, code: str) -> CodeTold:
        match await self._gateway.look_up_code(code):
            case port.CodeOpen(open_minor=open_minor, currency=currency):
                return CodeTold(CodeWord.OPEN, open_minor, currency)
            case port.CodeNotKnown():
                return CodeTold(CodeWord.UNKNOWN)
            case port.CodeUnavailable(cause=cause, asked=asked):
                log.info("a code could not be looked up there: %s", cause)
                return CodeTold(CodeWord.UNHEARD if asked else CodeWord.NOT_ASKED)
