"""`kill -9` of the aggregator at random moments while terminals pay: nothing it acknowledged is lost, every merchant is told."""

import asyncio
import json
import os
import random
import signal
import sys

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders
from kiosk.aggregator.storage.payments import payment
from tests.support.aggregator_process import (
    Aggregator,
    frozen,
    furnish,
    merchant,
    numbers,
    order,
    pay_until_answered,
    quote_until_answered,
)

SEED = int(os.environ.get("KIOSK_SEED", "20261124"))
KILLS = int(os.environ.get("KIOSK_KILLS", "4"))
TERMINALS = 8
ENOUGH = 12  #: payments at least, however fast it was killed


class Load:
    """Terminals that pay one order after another until they are told to stop."""

    def __init__(self, aggregator, engine) -> None:
        self.aggregator = aggregator
        self.engine = engine
        self.acknowledged: dict[str, str] = {}
        self.is_over = False

    async def one(self, number):
        async with self.aggregator.client(number, deadline_s=10.0) as client:
            place = 0
            while not self.is_over:
                place += 1
                order_number = await asyncio.to_thread(order, self.engine)
                quote_id = await quote_until_answered(client, order_number)
                payment_id = f"{number}{place:014d}"
                answer = await pay_until_answered(client, payment_id, frozen(payment_id, quote_id, order_number))
                assert answer["status"] == "accepted", answer
                self.acknowledged[payment_id] = answer["reference"]


async def kill_and_start_again(aggregator, rng, load):
    for _ in range(KILLS):
        before = len(load.acknowledged)
        await asyncio.sleep(rng.uniform(0.05, 1.5))
        await aggregator.end(signal.SIGKILL)
        await aggregator.start()
        while len(load.acknowledged) == before:
            await asyncio.sleep(0.02)


def test_nothing_that_was_acknowledged_is_lost_and_every_merchant_is_told(tmp_path, database):
    sys.stdout.write(f"KIOSK_SEED={SEED}\n")
    aggregator, rng = Aggregator(tmp_path, database), random.Random(SEED)

    async def story():
        async with merchant(tmp_path / "merchant") as (result_url, told):
            engine = await asyncio.to_thread(furnish, aggregator, TERMINALS, result_url)
            load = Load(aggregator, engine)
            await aggregator.start()
            try:
                paying = [asyncio.create_task(load.one(number)) for number in numbers(TERMINALS)]
                await kill_and_start_again(aggregator, rng, load)
                while len(load.acknowledged) < ENOUGH:
                    await asyncio.sleep(0.02)
                load.is_over = True
                await asyncio.gather(*paying)
                await aggregator.end(signal.SIGKILL)
                await asyncio.to_thread(let_a_minute_pass, engine)
                await aggregator.start()
                await until_told(engine)
            finally:
                await aggregator.end(signal.SIGKILL)
            return engine, load.acknowledged, told

    async def until_told(engine):
        async with asyncio.timeout(60):
            while await asyncio.to_thread(waiting, engine):
                await asyncio.sleep(0.05)

    engine, acknowledged, told = asyncio.run(story())
    with reading(engine) as db:
        kept = dict(db.execute(sa.select(payment.c.payment_id, payment.c.reference)).all())
        paid = db.execute(sa.select(orders.c.inv_id).where(orders.c.payment_id.is_not(None))).scalars().all()
        found = verify(db)
    engine.dispose()
    assert kept == acknowledged
    assert found.is_right, found.faults
    assert found.bookings == len(acknowledged)
    assert {int(json.loads(line)["InvId"]) for line in told.read_text().splitlines()} == set(paid)


def let_a_minute_pass(engine):
    """A call that was under way when its worker died is nobody else's until its time is up."""
    soon = notification.update().where(notification.c.delivered_us.is_(None))
    run_writing(engine, lambda db: db.execute(soon.values(next_us=now_us())))


def waiting(engine):
    """Payments whose merchant has not answered yet."""
    with reading(engine) as db:
        still = sa.select(sa.func.count()).select_from(payment).join(orders, orders.c.id == payment.c.order_id)
        return db.execute(still.where(orders.c.state != 100)).scalar()
