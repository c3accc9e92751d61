"""The till's pulse: tells the aggregator how the kiosk is, and hears whether it is there and what it wants.

Answers for: when it is told, what it tells. Does not answer for: what an answer means (`domain.remote_orders`).
A heartbeat is a picture of the moment and in no journal: one that is lost is told again, newer, by the next. What must not be
lost, orders and how they ended, are facts, and stand in every heartbeat until the aggregator is known to have heard them.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from kiosk import terminal_api as api
from kiosk.domain import events, totals
from kiosk.domain.decide import why_closed
from kiosk.domain.events import Event
from kiosk.domain.order_book import KnownOrder, StandingOrder, to_acknowledge
from kiosk.domain.rules import MICROSECONDS
from kiosk.domain.state import State
from kiosk.gateways import port
from kiosk.gateways.port import Gateway
from kiosk.gateways.terminal_api.freeze import encoder
from kiosk.till.clock import SystemClock
from kiosk.till.journal import Journal
from kiosk.till.lights import parts

log = logging.getLogger(__name__)

SOON_S = 2.0  #: while the aggregator is not known to be there
IDLE_S = 20.0
WORDS_MAX = 300  #: characters of a reason
ORDERS_MAX = 50  #: acknowledged in one heartbeat
DENOMINATIONS_MAX = 50
NOTES_MAX = 100_000  #: of one denomination, as the terminal API writes them


class Pulse:
    """`saw` is told of every state; `post` takes what was heard and what the disk has room for."""

    def __init__(
        self,
        gateway: Gateway,
        journal: Journal,
        clock: SystemClock,
        software: str,
        currency: str,
        has_room: Callable[[], bool],
        post: Callable[[Event], None],
    ) -> None:
        self._gateway = gateway
        self._journal = journal
        self._clock = clock
        self._software = software
        self._currency = currency
        self._has_room = has_room
        self._post = post
        self._state: State | None = None
        self._trouble = ""

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state

    async def watch(self) -> None:
        """Look after the disk and the aggregator for ever."""
        while True:
            self._post(events.StorageLooked(self._has_room()))
            answered = await self._beat()
            self._post(answered)
            there = isinstance(answered, events.HeartbeatAnswered) or answered.up
            await asyncio.sleep(IDLE_S if there else SOON_S)

    async def _beat(self) -> events.HeartbeatAnswered | events.HealthSeen:
        """By heartbeat where the aggregator takes one. One that it does not take must not keep buyers from paying: then a
        plain look at its health says whether it is there.
        """
        if self._state is None or not self._gateway.capabilities.heartbeat:
            return await self._look()
        journal = self._journal
        now_us = self._clock.utc_us()
        beat = heartbeat(self._state, self._software, self._currency, now_us, journal.seq, journal.head)
        match await self._gateway.heartbeat(encoder.encode(beat)):
            case port.HeartbeatHeard() as heard:
                self._trouble = ""
                return answered(heard, beat)
            case port.Unhealthy(cause=cause):
                self._tell(f"heartbeat: {cause}")
                return await self._look()

    async def _look(self) -> events.HealthSeen:
        match await self._gateway.health():
            case port.Healthy(live=live, skew_s=skew_s):
                return events.HealthSeen(up=True, live=live, skew_s=skew_s)
            case port.Unhealthy(cause=cause):
                self._tell(cause)
                return events.HealthSeen(up=False, live=None)

    def _tell(self, trouble: str) -> None:
        """Once for each trouble, not every two seconds."""
        if trouble != self._trouble:
            log.warning("aggregator: %s", trouble)
        self._trouble = trouble


def answered(heard: port.HeartbeatHeard, beat: api.Heartbeat) -> events.HeartbeatAnswered:
    """An answer in the domain's words, with what of ours it acknowledges."""
    standing = tuple(StandingOrder(order.order_id, order.kind, order.expires_at_us) for order in heard.orders)
    told = tuple(a.order_id for a in beat.acknowledged if a.progress is not api.OrderProgress.RECEIVED)
    return events.HeartbeatAnswered(heard.live, heard.skew_s, heard.catalogue_version, standing, told)


def heartbeat(
    state: State, software: str, currency: str, utc_us: int, journal_seq: int, journal_head: bytes
) -> api.Heartbeat:
    """How the kiosk is: `state` after the journal's row `journal_seq`, in the kiosk's own `currency`."""
    known = to_acknowledge(state.remote, state.devices.listed_again)
    return api.Heartbeat(
        sent_at=datetime.fromtimestamp(utc_us / MICROSECONDS, UTC).isoformat(),
        software=software[:WORDS_MAX],
        journal_seq=journal_seq,
        journal_head=journal_head.hex(),
        parts=tuple(
            api.PartState(part, light, words[:WORDS_MAX]) for part, (light, words) in parts(state, utc_us).items()
        ),
        currency=currency,
        cash=_cash(state, currency),
        queued=len(state.outbox),
        accepting=not why_closed(state),
        catalogue_version=state.catalogue.version,
        acknowledged=tuple(_acknowledged(order) for order in known[:ORDERS_MAX]),
    )


def _cash(state: State, currency: str) -> tuple[api.CashCount, ...]:
    """What the box holds of this collection period, by denomination."""
    held = totals.notes(state.totals, "stacked", currency)
    counts = (api.CashCount(value_minor, min(count, NOTES_MAX)) for value_minor, count in held.items())
    return tuple(counts)[:DENOMINATIONS_MAX]


def _acknowledged(order: KnownOrder) -> api.OrderAcknowledged:
    return api.OrderAcknowledged(order.order_id, api.OrderProgress(order.progress.value), order.words[:WORDS_MAX])
