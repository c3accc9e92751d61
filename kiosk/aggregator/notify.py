"""Telling merchants: ResultURL with the Password#2 signature, until it answers `OK<InvId>`.

Answers for: retrying for ever with growing waits kept on disk, waking at once for a new payment. Does not answer for: payments.
The only importer of httpx in this room.
"""

import asyncio
import json
import logging
import random
import ssl
from dataclasses import dataclass

import httpx
import sqlalchemy as sa

from kiosk.aggregator import shops, signatures
from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.orders import DONE
from kiosk.aggregator.shops import Shop
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 3600.0
LOOK_S = 30.0  #: at the latest, whatever nobody woke us for
ANSWER_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Due:
    """One notification to be made now."""

    order_id: int
    url: str
    form: dict[str, str]
    expected: str
    attempts: int


class Notifier:
    """One worker. `wake` when there may be something new."""

    def __init__(self, engine: sa.Engine, trusted: ssl.SSLContext | None = None) -> None:
        self._engine = engine
        self._verify = trusted or True
        self._new = asyncio.Event()

    def wake(self) -> None:
        """There may be something to tell."""
        self._new.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(verify=self._verify, trust_env=False, timeout=DEADLINE_S) as client:
            while True:
                self._new.clear()
                for due in self._due():
                    await self._tell(client, due)
                try:
                    async with asyncio.timeout(self._patience_s()):
                        await self._new.wait()
                except TimeoutError:
                    continue

    def _due(self) -> list[Due]:
        with reading(self._engine) as db:
            rows = db.execute(
                sa.select(notification, orders)
                .join(orders, orders.c.id == notification.c.order_id)
                .where(notification.c.delivered_us.is_(None), notification.c.next_us <= now_us())
                .order_by(notification.c.next_us)
                .limit(50)
            ).all()
            known = {login: shops.find(db, login) for login in {row.login for row in rows}}
        return [_due_of(row, shop) for row in rows if (shop := known[row.login])]

    def _patience_s(self) -> float:
        with reading(self._engine) as db:
            next_us = db.execute(
                sa.select(sa.func.min(notification.c.next_us)).where(notification.c.delivered_us.is_(None))
            ).scalar()
        return LOOK_S if next_us is None else min(LOOK_S, max(0.05, (next_us - now_us()) / MICROSECONDS))

    async def _tell(self, client: httpx.AsyncClient, due: Due) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                answer = (await client.post(due.url, data=due.form)).text[:ANSWER_CHARACTERS_MAX].strip()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            answer = f"{type(error).__name__}: {error}"[:ANSWER_CHARACTERS_MAX]
        log.info("order %s: merchant answered %r", due.order_id, answer)
        wait_s = random.uniform(0.5, 1.0) * min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**due.attempts)  # noqa: S311 - jitter
        run_writing(self._engine, lambda db: _keep(db, due, answer, wait_s))


def _keep(db: sa.Connection, due: Due, answer: str, wait_s: float) -> None:
    delivered = answer == due.expected
    values = {
        "attempts": due.attempts + 1,
        "last_answer": answer,
        "next_us": now_us() + int(wait_s * MICROSECONDS),
        "delivered_us": now_us() if delivered else None,
    }
    db.execute(notification.update().where(notification.c.order_id == due.order_id).values(**values))
    if delivered:
        db.execute(orders.update().where(orders.c.id == due.order_id).values(state=DONE))


def _due_of(row: sa.Row[tuple[object, ...]], shop: Shop) -> Due:
    extras = json.loads(row.extras)
    inv_id = str(row.inv_id)
    base = signatures.result_base(row.out_sum, inv_id, shop.password2.reveal(), extras)
    form = {
        "OutSum": row.out_sum,
        "InvId": inv_id,
        "Fee": "0.00",
        "PaymentMethod": "Terminal",
        "IncCurrLabel": "TerminalKiosk",
        "SignatureValue": signatures.digest(base, shop.hash_name),
        **extras,
    }
    return Due(row.order_id, shop.result_url, form, f"OK{inv_id}", row.attempts)
