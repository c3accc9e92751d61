"""A real till process and a far end that speaks raw HTTPS: orders come with its heartbeats, and a restart is a restart once."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.aggregator.terminals import heartbeats, remote_orders
from kiosk.cli.till import EXIT_RESTART
from kiosk.terminal_api import OrderKind
from kiosk.till import journal
from kiosk.till.journal_file import closed_journal
from kiosk.till.verify import verify
from tests.support.far_end import far_end, http
from tests.support.scene import Scene, scene
from tests.support.twins import twins

WAIT_S = 60.0


@dataclass
class Operator:
    """An aggregator that knows two things: how it is, and what is ordered of the terminal."""

    orders: list[dict] = field(default_factory=list)
    beats: list[dict] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def behave(self, line):
        head, _, body = line.request.partition(b"\r\n\r\n")
        path = head.split(b" ")[1]
        answers = {b"/terminal/v1/heartbeats": self._beat, b"/terminal/v1/health": self._health}
        answer = answers[path](body) if path in answers else None
        await line.say(http(200, json.dumps(answer).encode()) if answer else http(404))

    def _health(self, _body):
        return {"time": datetime.now(UTC).isoformat(), "mode": "test"}

    def _beat(self, body):
        beat = json.loads(body)
        self.beats.append(beat)
        self.heard.set()
        final = {told["order_id"] for told in beat["acknowledged"] if told["progress"] != "received"}
        self.orders = [order for order in self.orders if order["order_id"] not in final]
        return {**self._health(b""), "catalogue_version": 0, "orders": self.orders}

    def order(self, order_id, kind):
        expires = datetime.now(UTC) + timedelta(hours=1)
        self.orders.append({"order_id": order_id, "kind": kind, "expires_at": expires.isoformat()})

    async def until(self, holds):
        """Until a heartbeat says what is wanted."""
        async with asyncio.timeout(WAIT_S):
            while not (self.beats and holds(self.beats[-1])):
                self.heard.clear()
                await self.heard.wait()


@dataclass
class Place:
    """What a scene wants to know of an aggregator."""

    url: str
    tls: Path


@asynccontextmanager
async def kiosk(folder):
    operator = Operator()
    tls = folder / "tls"
    tls.mkdir()
    async with far_end(tls, operator.behave) as end, twins(folder):
        scene = Scene(folder, Place(end.url, tls))
        try:
            yield scene, operator
        finally:
            await scene.kill_tills()


def test_a_restart_is_obeyed_once_and_a_lock_outlives_it(tmp_path):
    async def story():
        async with kiosk(tmp_path) as (scene, operator):
            operator.order("o1", "lock")
            operator.order("o2", "restart")
            operator.order("o3", "a kind of next year")
            till = await scene.start_till()
            async with asyncio.timeout(WAIT_S):
                assert await till.wait() == EXIT_RESTART
            again = await scene.start_till()
            await operator.until(lambda beat: len(beat["acknowledged"]) == 3)
            told = {one["order_id"]: one["progress"] for one in operator.beats[-1]["acknowledged"]}
            assert told == {"o1": "done", "o2": "done", "o3": "refused"}
            assert operator.beats[-1]["accepting"] is False
            assert await scene.end_till(again) == 0
            assert operator.orders == []

    asyncio.run(story())
    assert verify(tmp_path / "journal.sqlite").faults == []
    with closed_journal(tmp_path / "journal.sqlite") as connection:
        names = [row.name for row in journal.rows(connection, 0, journal.GENESIS)]
    assert names.count("TillStarted") == 2
    assert names.count("RemoteOrderEnded") == 3


def test_the_reference_aggregator_hears_how_the_till_is_and_how_its_orders_ended(tmp_path):
    async def story():
        async with scene(tmp_path / "kiosk") as stage:
            engine = stage.here.engine
            for kind in (OrderKind.LOCK, OrderKind.RESTART):
                remote_orders.give(engine, "0001", kind, "Maria", 3600)
            till = await stage.start_till()
            async with asyncio.timeout(WAIT_S):
                assert await till.wait() == EXIT_RESTART
                again = await stage.start_till()
                while [one["progress"] for one in remote_orders.history(engine, "0001")] != ["done", "done"]:
                    await asyncio.sleep(0.05)
            (state,) = [one["state"] for one in heartbeats.states(engine, 60) if one["number"] == "0001"]
            assert state["accepting"] is False
            assert {part["part"]: part["light"] for part in state["parts"]}["acceptance"] == "amber"
            assert await stage.end_till(again) == 0

    asyncio.run(story())
