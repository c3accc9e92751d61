"""Benchmarks of the aggregator: a backlog drained, payments per second, cost as orders grow.

Figures are ratios to bare HTTPS requests to the same server, measured in the same run; client and server share this machine.
Usage: scripts/bench aggregator [--backlog 2000] [--payments 600] [--orders 1000 10000 100000] [--folder DIR]
The full measure: --backlog 10000 --orders 1000 10000 100000 1000000
"""

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.merchants import deliveries
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import numbers, payments, quotes, registers
from kiosk.aggregator.money.books import AccountKind
from kiosk.aggregator.storage.accounts import account, booking, entry
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.storage.orders import orders, quote
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.terminals import heartbeats
from kiosk.domain.money import format_major
from kiosk.terminal_api import Mode, PaymentRequest, QuoteRequest
from tests.support.aggregator import LOGIN
from tests.support.aggregator_process import AMOUNT_MINOR, Aggregator, frozen, furnish, pay_until_answered
from tests.support.aggregator_process import numbers as terminal_numbers
from tests.support.databases import CAREFUL, Cluster, Place
from tests.support.terminals import BEAT, now

NOWHERE = "http://127.0.0.1:9/result"
TERMINALS = 16
IN_FLIGHT = 4  #: of one terminal's outbox
DAY_US = 86_400 * 10**6
ROWS_AT_ONCE = 5000
SAMPLES = 60
PAYMENT = msgspec.json.Decoder(PaymentRequest)


def say(name: str, value: str, note: str = "") -> None:
    print(f"  {name:<66} {value:>24}   {note}".rstrip())


@contextmanager
def places(folder: Path) -> Iterator[Callable[[str], Place]]:
    """A new database on either engine, on the same disk; both sync every commit."""
    cluster = Cluster(CAREFUL)
    cluster.folder.rmdir()
    cluster.folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-", dir="/var/tmp"))  # its own user must get in
    cluster.start()

    def new(engine_name: str) -> Place:
        data = Path(tempfile.mkdtemp(dir=folder)) / "data"
        data.mkdir()
        if engine_name == "sqlite":
            return Place("sqlite", data)
        file = data / "database-url"
        file.write_text(cluster.new_database())
        return Place(engine_name, data, file.read_text(), file)

    try:
        yield new
    finally:
        cluster.destroy()


def fill(engine: sa.Engine, count: int, terminals: list[str], *, paid: bool, first: int = 1) -> list[tuple[str, str]]:
    """`count` orders with quotes, spread over the terminals: open ones, or paid, booked and told. Quote ids and numbers."""
    made: list[tuple[str, str]] = []
    for start in range(first, first + count, ROWS_AT_ONCE):
        ids = range(start, min(start + ROWS_AT_ONCE, first + count))
        rows = list(ids)
        run_writing(engine, lambda db, rows=rows: _fill(db, rows, terminals, paid=paid))
        made += [(f"q{number}", numbers.order_number(number)) for number in rows]
    return made


def _fill(db: sa.Connection, ids: list[int], terminals: list[str], *, paid: bool) -> None:
    at_us = now_us()
    common = {
        "login": LOGIN,
        "out_sum": format_major(AMOUNT_MINOR, "EUR"),
        "amount_minor": AMOUNT_MINOR,
        "extras": "{}",
    }
    state = {"state": 100 if paid else 5, "currency": "EUR", "description": "A book", "created_us": at_us}
    lives = {"expires_us": at_us + DAY_US}
    mine = {number: terminals[number % len(terminals)] for number in ids}
    db.execute(
        orders.insert(),
        [
            {"id": n, "number": numbers.order_number(n), "inv_id": n, "payment_id": f"p{n}" if paid else None}
            | common
            | state
            | lives
            for n in ids
        ],
    )
    db.execute(quote.insert(), [{"quote_id": f"q{n}", "order_id": n, "terminal": mine[n]} | lives for n in ids])
    if paid:
        _fill_paid(db, mine, at_us)


def _fill_paid(db: sa.Connection, mine: dict[int, str], at_us: int) -> None:
    """As if they had come over the last hundred days."""
    spread = max(1, 100 * DAY_US // (max(mine) + 1))
    texts = dict.fromkeys(("fingerprint", "code", "message"), "") | {"status": "accepted", "journal_head": "ab" * 32}
    money = {"amount_minor": AMOUNT_MINOR, "currency": "EUR", "journal_seq": 1, "captured_at": now()}
    rows = [
        {"payment_id": f"p{n}", "terminal": number, "order_id": n, "reference": f"K{n}"}
        | {"received_us": at_us - DAY_US - n * spread}
        for n, number in mine.items()
    ]
    db.execute(payment.insert(), [row | texts | money for row in rows])
    told = {"attempts": 1, "next_us": at_us, "delivered_us": at_us, "last_answer": "OK"}
    db.execute(notification.insert(), [{"order_id": n} | told for n in mine])
    booked = [{"id": 1000 * n, "kind": "payment", "reference": f"p{n}", "booked_us": at_us} for n in mine]
    db.execute(booking.insert(), booked)
    legs = [leg | {"booking_id": 1000 * n, "currency": "EUR"} for n, number in mine.items() for leg in _legs(number)]
    db.execute(entry.insert(), legs)


def _legs(number: str) -> list[dict[str, object]]:
    commission = AMOUNT_MINOR * 250 // 10_000
    moves = (f"cash:{number}", AMOUNT_MINOR), (f"merchant:{LOGIN}", -AMOUNT_MINOR)
    fees = (f"merchant:{LOGIN}", commission), ("commission", -commission)
    return [{"line": line, "account": code, "amount_minor": sum_} for line, (code, sum_) in enumerate(moves + fees)]


def open_accounts(engine: sa.Engine, terminals: list[str]) -> None:
    rows = [{"code": f"cash:{n}", "kind": AccountKind.CASH.value, "owner": n} for n in terminals]
    rows += [{"code": f"merchant:{LOGIN}", "kind": "merchant", "owner": LOGIN}]
    rows += [{"code": "commission", "kind": "commission", "owner": ""}]
    run_writing(engine, lambda db: db.execute(account.insert(), rows))


async def raced(jobs: list[Callable[[], Awaitable[object]]], at_once: int) -> float:
    """Seconds until all are done, `at_once` of them under way."""
    waiting = iter(jobs)

    async def worker() -> None:
        for job in waiting:
            await job()

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return time.perf_counter() - started


async def bare_s(aggregator: Aggregator, count: int, at_once: int) -> float:
    """The same number of requests that ask for nothing, over the same connections."""
    async with aggregator.client("0001") as client:
        return await raced([lambda: client.get("/nothing")] * count, at_once)


async def backlog(place: Place, count: int) -> None:
    """One terminal was offline for days and comes back."""
    aggregator = Aggregator(place.data.parent, place)
    engine = furnish(aggregator, 1, NOWHERE)
    waiting = fill(engine, count, ["0001"], paid=False)
    bodies = [(f"{n:018d}", frozen(f"{n:018d}", *pair)) for n, pair in enumerate(waiting, 1)]
    await aggregator.start()
    async with aggregator.client("0001", deadline_s=60) as client:
        floor_s = await bare_s(aggregator, count, IN_FLIGHT)
        drained_s = await raced([lambda one=one: taken(client, *one) for one in bodies], IN_FLIGHT)
    await aggregator.end()
    engine.dispose()
    ratio = f"{drained_s / floor_s:.1f}  ({drained_s:.1f} s)"
    say(f"{count} queued payments drained / as many bare requests, {place.name}", ratio)


async def taken(client: object, payment_id: str, body: bytes) -> None:
    answer = await pay_until_answered(client, payment_id, body)
    assert answer["status"] == "accepted", answer


async def rate(place: Place, workers: int, count: int) -> None:
    """Many terminals at once, each over a connection of its own."""
    aggregator = Aggregator(place.data.parent, place)
    engine = furnish(aggregator, TERMINALS, NOWHERE)
    terminals = terminal_numbers(TERMINALS)
    waiting = fill(engine, count, terminals, paid=False)
    await aggregator.start(workers)
    clients = {number: aggregator.client(number, deadline_s=60) for number in terminals}
    jobs = []
    for n, pair in enumerate(waiting, 1):
        client = clients[terminals[n % TERMINALS]]
        body = frozen(f"{n:018d}", *pair)
        jobs.append(lambda client=client, n=n, body=body: taken(client, f"{n:018d}", body))
    await asyncio.gather(*(client.get("/nothing") for client in clients.values()))
    floor_s = await raced(
        [lambda c=clients[terminals[n % TERMINALS]]: c.get("/nothing") for n in range(count)], TERMINALS
    )
    took_s = await raced(jobs, TERMINALS)
    await asyncio.gather(*(client.aclose() for client in clients.values()))
    await aggregator.end()
    engine.dispose()
    figure = f"{count / took_s:.0f}  ({count / floor_s:.0f} bare)"
    say(f"payments a second, {TERMINALS} terminals, {place.name}, {workers} worker(s)", figure)


def growth(new: Callable[[str], Place], engine_name: str, sizes: list[int]) -> None:
    """What single deeds cost with that many orders paid before; milliseconds, the median."""
    aggregator = Aggregator(Path(tempfile.mkdtemp()), new(engine_name))
    engine = furnish(aggregator, TERMINALS, NOWHERE)
    terminals = terminal_numbers(TERMINALS)
    open_accounts(engine, terminals)
    filled = 0
    for size in sizes:
        fill(engine, size - filled, terminals, paid=True, first=filled + 1)
        filled = size
        if engine_name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.exec_driver_sql("ANALYZE")
        deeds = measured(engine, 10**7 + size)
        say(f"{engine_name}, {size} orders: " + ", ".join(deeds), " ".join(f"{ms:.1f}" for ms in deeds.values()), "ms")
    engine.dispose()
    shutil.rmtree(aggregator.folder)


def measured(engine: sa.Engine, first: int) -> dict[str, float]:
    """The deeds of a terminal's day, and the notifier's look."""
    pairs = fill(engine, SAMPLES, ["0001"], paid=False, first=first)
    bodies = iter([frozen(f"{first + n:018d}", *pair) for n, pair in enumerate(pairs)])
    sent: list[bytes] = []
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * 86_400))

    def take(body: bytes) -> None:
        sent.append(body)
        payments.take(engine, "0001", PAYMENT.decode(body), body)

    deeds: dict[str, Callable[[int], object]] = {
        "quote": lambda n: quotes.offer(engine, "0001", QuoteRequest(pairs[n][1], "EUR")),
        "payment": lambda _n: take(next(bodies)),
        "again": lambda n: payments.take(engine, "0001", PAYMENT.decode(sent[n]), sent[n]),
        "heartbeat": lambda _n: heartbeats.take(engine, Mode.TEST, "0001", BEAT),
        "register": lambda _n: registers.of_day(engine, "0001", day),
        "due": lambda _n: deliveries.take(engine, 1, {}, 1),
    }
    return {name: median_ms(deed) for name, deed in deeds.items()}


def median_ms(deed: Callable[[int], object]) -> float:
    samples = []
    for n in range(SAMPLES):
        started = time.perf_counter()
        deed(n)
        samples.append(time.perf_counter() - started)
    return 1000 * statistics.median(samples)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backlog", type=int, default=2000)
    parser.add_argument("--payments", type=int, default=600)
    parser.add_argument("--orders", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where databases are written; the disk is part of the figures")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=args.folder or os.environ.get("TMPDIR")))
    with places(folder) as new:
        for engine_name in ("sqlite", "postgresql"):
            asyncio.run(backlog(new(engine_name), args.backlog))
        for engine_name, workers in (("sqlite", 1), ("sqlite", 2), ("postgresql", 1), ("postgresql", 2)):
            asyncio.run(rate(new(engine_name), workers, args.payments))
        for engine_name in ("sqlite", "postgresql"):
            growth(new, engine_name, args.orders)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
