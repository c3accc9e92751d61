"""`kiosk aggregator report`: what an operator of many terminals sees, on SQLite and on PostgreSQL."""

import asyncio
import csv
import io
import json

from kiosk.cli.main import main
from kiosk.domain import codes
from kiosk.terminal_api import CashCount, ClaimRequest
from tests.support.terminals import beat, box, by_hand, collect, pay, post, quote_of, story
from tests.support.world import KEY


def report(database, capsys, *arguments):
    code = main(["aggregator", "report", *arguments, *database.options])
    return code, capsys.readouterr().out


def kinds(database, capsys):
    code, out = report(database, capsys, "differences", "--json")
    return code, {row["kind"]: row["amount_minor"] for row in json.loads(out)}


async def paid(here, client, payment_id, amount_minor=7000, **changes):
    number = await here.order(f"{amount_minor // 100}.00")
    quote = (await quote_of(client, number)).json()
    answer = await pay(client, quote, payment_id, **changes)
    assert answer.json()["status"] == "accepted"


def test_every_terminal_is_on_one_page(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            parts = [
                {"part": "printer", "light": "amber", "words": "paper near its end"},
                {"part": "acceptor", "light": "red", "words": "jammed"},
            ]
            await beat(client, parts=parts, queued=2, accepting=False)
        _, out = await asyncio.to_thread(report, database, capsys, "terminals", "--json")
        first, second = json.loads(out)
        assert (first["state"], first["trouble"]) == ("red", "acceptor: jammed; printer: paper near its end")
        assert (first["queued"], first["notes"], first["cash_minor"], first["accepting"]) == (2, 2, 10_000, False)
        assert (second["terminal"], second["state"], second["cash_minor"]) == ("0002", "never heard", None)
        code, text = await asyncio.to_thread(report, database, capsys, "terminals")
        assert code == 0
        assert "acceptor: jammed" in text
        assert "100.00" in text

    story(tmp_path, database, tell)


def test_cash_is_told_by_denomination(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client, cash=(CashCount(5000, 2), CashCount(500, 3)))
        _, out = await asyncio.to_thread(report, database, capsys, "cash", "--csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["value"], row["count"], row["amount"]) for row in rows] == [
            ("5.00", "3", "15.00"),
            ("50.00", "2", "100.00"),
        ]
        _, none = await asyncio.to_thread(report, database, capsys, "cash", "--number", "0002")
        assert none == "nothing to report\n"

    story(tmp_path, database, tell)


def test_collections_of_a_month_are_told(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, person="=Maria"))
            await collect(client, box(3))
        _, out = await asyncio.to_thread(report, database, capsys, "collections", "--csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        assert [(row["period"], row["stacked"], row["oddities"]) for row in rows] == [
            ("1", "70.00", ""),
            ("3", "70.00", "no report of period 2"),
        ]
        assert rows[0]["person"] == "'=Maria", "a spreadsheet must not take it for a formula"
        for days in (("--to", "2026-01-31"), ("--from", "2099-01-01")):
            _, none = await asyncio.to_thread(report, database, capsys, "collections", *days)
            assert none == "nothing to report\n"
        code, _ = await asyncio.to_thread(
            report, database, capsys, "collections", "--from", "2026-02-01", "--to", "2026-01-01"
        )
        assert code == 2

    story(tmp_path, database, tell)


def test_where_all_agrees_there_is_no_difference(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await paid(here, client, "000100000000100001")
            await beat(client, cash=(CashCount(7000, 1),))
        assert await asyncio.to_thread(kinds, database, capsys) == (0, {})

    story(tmp_path, database, tell)


def test_a_payment_on_its_way_is_no_loss_before_nor_after_the_box_is_taken(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client, cash=(CashCount(7000, 1),), queued=1)
            assert await asyncio.to_thread(kinds, database, capsys) == (0, {"in_the_box": 7000})
            await collect(client, box(1, confirmed_minor=0, queued_minor=7000))
            await beat(client, cash=(), queued=1)
            told = {"taken_out": 7000, "unexplained": 7000, "not_banked": 7000}
            assert await asyncio.to_thread(kinds, database, capsys) == (1, told)
            await paid(here, client, "000100000000100001")
            told = {"taken_out": 7000, "on_its_way": 7000, "not_banked": 7000}
            assert await asyncio.to_thread(kinds, database, capsys) == (0, told)

    story(tmp_path, database, tell)


def test_what_came_late_is_told_from_what_waits_now(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, confirmed_minor=0, queued_minor=7000))
            await paid(here, client, "000100000000100001")
            await beat(client, cash=(CashCount(7000, 1),), queued=1)
        told = {"in_the_box": 7000, "taken_out": 7000, "on_its_way": 7000, "not_banked": 7000}
        assert await asyncio.to_thread(kinds, database, capsys) == (0, told)

    story(tmp_path, database, tell)


def test_a_code_that_is_registered_after_its_box_was_taken_is_explained_too(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, confirmed_minor=0, unallocated_minor=7000))
            code = codes.mint("0001", 7, KEY.sign)
            statement = codes.statement(code, 7000, "EUR", 1_790_000_000, KEY.sign)
            claim = ClaimRequest("0001-000007-leftover", code, "leftover", 7000, "EUR", statement, KEY.public_key)
            assert (await post(client, "claims", claim, claim.claim_id)).status_code == 200
            await beat(client, cash=())
        told = {"taken_out": 7000, "on_its_way": 7000, "not_banked": 7000}
        assert await asyncio.to_thread(kinds, database, capsys) == (0, told)

    story(tmp_path, database, tell)


def test_test_money_is_explained_and_missing_money_is_not(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, stacked_minor=500, confirmed_minor=0, test_minor=500))
            told = {"taken_out": 500, "test_money": 500, "not_banked": 500}
            assert await asyncio.to_thread(kinds, database, capsys) == (0, told)
            await paid(here, client, "000100000000100001", journal_seq=250)
            await collect(client, box(2, stacked_minor=6500, previous="11", own="22"))
            code, found = await asyncio.to_thread(kinds, database, capsys)
            assert ("taken_out" in found, found["test_money"], found["unexplained"]) == (False, 500, -500)
            assert code == 1, "what is missing does not hide behind what is too much"

    story(tmp_path, database, tell)


def test_what_breaks_the_row_of_collections_is_a_difference(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, stacked_minor=500, confirmed_minor=400))
            await collect(client, box(2, stacked_minor=500, previous="99", own="22"))
            await collect(client, box(5, stacked_minor=500, previous="55", own="33"))
        code, found = await asyncio.to_thread(kinds, database, capsys)
        assert code == 1
        assert {"no_report", "broken_chain", "alarm"} <= set(found)

    story(tmp_path, database, tell)
