"""Fifty terminals at once, one payment from everywhere at once: credited once, the books balance; one worker and two."""

import asyncio

import pytest
import sqlalchemy as sa

from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.accounts import entry
from kiosk.aggregator.storage.database import reading
from tests.support.aggregator_process import (
    AMOUNT_MINOR,
    Aggregator,
    frozen,
    furnish,
    numbers,
    order,
    pay_until_answered,
    post,
    quote_until_answered,
)
from tests.support.databases import place_on

TERMINALS = 50
NOWHERE = "http://127.0.0.1:9/result"


@pytest.fixture(params=[("sqlite", 1), ("postgresql", 1), ("postgresql", 2)], ids=lambda one: f"{one[0]}-{one[1]}")
def installed(request, tmp_path):
    engine_name, workers = request.param
    with place_on(engine_name, request, empty=False) as place:
        yield Aggregator(tmp_path, place), workers


def test_terminals_that_pay_at_once_are_all_credited_once(installed):
    aggregator, workers = installed
    engine = furnish(aggregator, TERMINALS, NOWHERE)
    own = {number: order(engine) for number in numbers(TERMINALS)}
    wanted_by_all = order(engine)

    async def one(number):
        async with aggregator.client(number) as client:
            paid = []
            for place, order_number in enumerate((own[number], wanted_by_all), 1):
                quote_id = await quote_until_answered(client, order_number)
                quoted.append(number)
                while place == 2 and len(quoted) < 2 * TERMINALS:
                    await asyncio.sleep(0.01)
                payment_id = f"{number}{place:014d}"
                paid.append(await pay_until_answered(client, payment_id, frozen(payment_id, quote_id, order_number)))
            return paid

    async def all_of_them():
        await aggregator.start(workers)
        try:
            return await asyncio.gather(*(one(number) for number in numbers(TERMINALS)))
        finally:
            await aggregator.end()

    quoted = []
    answers = asyncio.run(all_of_them())
    assert all(first["status"] == "accepted" for first, _ in answers)
    second = sorted(str(answer["code"] or answer["status"]) for _, answer in answers)
    assert second == ["accepted", *["order_already_paid"] * (TERMINALS - 1)]
    with reading(engine) as db:
        found = verify(db)
        cash = sa.select(sa.func.sum(entry.c.amount_minor)).where(entry.c.account.like("cash:%"))
        assert db.execute(cash).scalar() == (TERMINALS + 1) * AMOUNT_MINOR
    assert found.is_right, found.faults
    engine.dispose()


def test_one_payment_from_many_connections_is_credited_once(installed):
    aggregator, workers = installed
    engine = furnish(aggregator, 1, NOWHERE)
    order_number = order(engine)

    async def story():
        await aggregator.start(workers)
        clients = [aggregator.client("0001") for _ in range(20)]
        try:
            quote_id = await quote_until_answered(clients[0], order_number)
            body = frozen("000100000000000001", quote_id, order_number)
            posts = (post(client, "000100000000000001", body) for client in clients for _ in range(3))
            return await asyncio.gather(*posts)
        finally:
            await asyncio.gather(*(client.aclose() for client in clients))
            await aggregator.end()

    answers = asyncio.run(story())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    with reading(engine) as db:
        found = verify(db)
    assert (found.is_right, found.bookings) == (True, 1)
    engine.dispose()
