"""The worker that tells merchants: ResultURL with the Password#2 signature, until it answers `OK<InvId>`.

Answers for: many calls at a time and few to one shop, so that a slow merchant holds up nobody else; sweeping old orders beside.
Does not answer for: what is told and when (`deliveries`), the call (`merchant_line`).
"""

import asyncio
import logging
import ssl
from collections import Counter
from contextlib import suppress

import sqlalchemy as sa

from kiosk.aggregator.merchants import deliveries
from kiosk.aggregator.merchants.deliveries import Delivery
from kiosk.aggregator.merchants.merchant_line import MerchantLine
from kiosk.aggregator.money import order_states
from kiosk.aggregator.storage.errors import BusyError

log = logging.getLogger(__name__)

AT_ONCE = 32
AT_ONCE_OF_SHOP = 2
SWEEP_S = 60.0
BUSY_WAIT_S = 1.0  #: when the database asks to come again
COMES_BACK = (BusyError, sa.exc.OperationalError)  #: a database that is busy or being restarted


class Notifier:
    """One worker; a database has any number. `wake` when there may be something new."""

    def __init__(
        self, engine: sa.Engine, trusted: ssl.SSLContext | None = None, *, private_allowed: bool = False
    ) -> None:
        self._engine = engine
        self._trusted = trusted
        self._private_allowed = private_allowed
        self._new = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()

    def wake(self) -> None:
        """There may be something to tell."""
        self._new.set()

    async def run(self) -> None:
        """Until cancelled; calls on their way are cut, and their merchants told later."""
        line = MerchantLine(self._trusted, private_allowed=self._private_allowed)
        sweeping = asyncio.create_task(self._sweep())
        try:
            while True:
                self._new.clear()
                await self._begin(line)
                await self._rest()
        finally:
            for task in (sweeping, *self._calls):
                task.cancel()
            await asyncio.gather(sweeping, *self._calls, return_exceptions=True)
            await line.close()

    async def _begin(self, line: MerchantLine) -> None:
        """Take what is due until nothing is left that may be begun now."""
        with suppress(*COMES_BACK):
            while room := AT_ONCE - len(self._calls):
                taken = await asyncio.to_thread(deliveries.take, self._engine, room, dict(self._busy), AT_ONCE_OF_SHOP)
                for delivery in taken:
                    self._start(line, delivery)
                if not taken:
                    return

    def _start(self, line: MerchantLine, delivery: Delivery) -> None:
        self._busy[delivery.login] += 1
        call = asyncio.create_task(self._tell(line, delivery))
        self._calls.add(call)
        call.add_done_callback(lambda done: self._ended(done, delivery.login))

    def _ended(self, call: asyncio.Task[None], login: str) -> None:
        self._calls.discard(call)
        self._busy -= Counter([login])
        self._new.set()
        if not call.cancelled() and call.exception() is not None:
            log.error("telling shop %s failed; it is tried again later", login, exc_info=call.exception())

    async def _tell(self, line: MerchantLine, delivery: Delivery) -> None:
        if delivery.fields and delivery.url:
            answer = (await line.call(delivery.method, delivery.url, delivery.fields)).text
        else:
            answer = "the shop's technical settings are not whole: no ResultURL, password or hash"
        told = await asyncio.to_thread(deliveries.keep, self._engine, delivery, answer)
        level = logging.INFO if told else logging.WARNING
        log.log(level, "order %s, attempt %s: shop answered %.200r", delivery.order_id, delivery.attempt, answer)

    async def _rest(self) -> None:
        """Until a call ends, somebody wakes us, or the next time is due."""
        try:
            patience_s = await asyncio.to_thread(deliveries.patience_s, self._engine, dict(self._busy), AT_ONCE_OF_SHOP)
        except COMES_BACK:
            patience_s = BUSY_WAIT_S
        if len(self._calls) >= AT_ONCE:
            patience_s = deliveries.LOOK_S
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._new.wait()

    async def _sweep(self) -> None:
        while True:
            with suppress(*COMES_BACK):
                await asyncio.to_thread(order_states.sweep, self._engine)
            await asyncio.sleep(SWEEP_S)
