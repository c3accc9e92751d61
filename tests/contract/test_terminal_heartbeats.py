"""How terminals are, what is asked of them, and who is not what it seems; cash boxes that were taken."""

import asyncio
import json

import pytest
import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money.books import Account, AccountKind, balance_minor
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.fleet import heartbeat
from kiosk.aggregator.terminals import heartbeats, pairing
from kiosk.cli.main import main
from tests.support.terminals import Key, at, beat, box, by_hand, client_of, collect, now, pay, post, quote_of, story

SECOND_US = 10**6


def command(database, capsys, *arguments):
    code = main(["aggregator", *arguments, *database.options])
    return code, capsys.readouterr()


def terminals(database, capsys, *options):
    _, said = command(database, capsys, "terminals", *options)
    return {one["number"]: one for one in json.loads(said.out)}


def test_the_last_state_is_kept_and_who_is_silent_is_listed(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            parts = [{"part": "printer", "light": "amber", "words": "paper near its end"}]
            answer = await post(client, "heartbeats", {**_beat(), "parts": parts, "queued": 3})
            assert (answer.json()["mode"], answer.json()["catalogue_version"]) == ("test", 0)
        found = await asyncio.to_thread(terminals, database, capsys)
        assert found["0001"]["state"]["queued"] == 3
        assert found["0001"]["state"]["parts"][0]["words"] == "paper near its end"
        assert found["0001"]["state"]["cash"] == [{"value_minor": 5000, "count": 2}]
        assert {number: one["silent"] for number, one in found.items()} == {"0001": False, "0002": True}
        odd = await asyncio.to_thread(terminals, database, capsys, "--odd")
        assert list(odd) == ["0002"]

    story(tmp_path, database, tell)


def _beat():
    return {
        "sent_at": now(),
        "software": "kiosk",
        "journal_seq": 5,
        "journal_head": "cd" * 32,
        "parts": [],
        "currency": "EUR",
        "cash": [{"value_minor": 5000, "count": 2}],
        "queued": 0,
        "accepting": True,
        "catalogue_version": 0,
    }


def test_the_history_is_bounded_in_time_and_in_rows(tmp_path, database, monkeypatch):
    async def tell(here):
        start = now_us()
        async with by_hand(here) as client:
            for after_s in (0, 10, 40, 60, 70, 8 * 86_400):
                with at(monkeypatch, heartbeats, start + after_s * SECOND_US):
                    assert (await beat(client)).status_code == 200
        with reading(here.engine) as db:
            kept = db.execute(sa.select(heartbeat.c.received_us - start)).scalars().all()
        assert kept == [8 * 86_400 * SECOND_US]

    story(tmp_path, database, tell)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ({"journal_seq": 99}, "journal_fell"),
        ({"journal_head": "00" * 32}, "journal_forked"),
    ],
)
def test_two_terminals_with_one_identity_are_noticed_and_still_paid_from(tmp_path, database, capsys, second, kind):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client)
            await beat(client, **second)
            found = (await asyncio.to_thread(terminals, database, capsys))["0001"]
            assert (found["disputed"], [alarm["kind"] for alarm in found["alarms"]]) == (True, [kind])
            quoted = (await quote_of(client, await here.order())).json()
            assert (await pay(client, quoted)).json()["status"] == "accepted"
            settle = ["settle-alarms", "--number", "0001", "--by", "Maria", "--reason", "a disk was put back"]
            code, _ = await asyncio.to_thread(command, database, capsys, *settle)
            assert code == 0
            found = (await asyncio.to_thread(terminals, database, capsys))["0001"]
            assert (found["disputed"], found["alarms"]) == (False, [])

    story(tmp_path, database, tell)


def test_heads_of_payments_and_collections_count_too_but_late_ones_are_no_alarm(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client, journal_seq=500)
            quoted = (await quote_of(client, await here.order())).json()
            await pay(client, quoted, journal_seq=41)
            assert not (await asyncio.to_thread(terminals, database, capsys))["0001"]["disputed"]
            await collect(client, box(journal_seq=41, journal_head="00" * 32))
            found = (await asyncio.to_thread(terminals, database, capsys))["0001"]
            assert [alarm["kind"] for alarm in found["alarms"]] == ["journal_forked"]

    story(tmp_path, database, tell)


def test_a_heartbeat_that_was_held_up_on_its_way_is_no_alarm(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client, sent_at="2026-01-01T00:00:30+00:00", journal_seq=101)
            await beat(client, sent_at="2026-01-01T00:00:00+00:00", journal_seq=100)
        found = (await asyncio.to_thread(terminals, database, capsys))["0001"]
        assert (found["disputed"], found["state"]["journal_seq"]) == (False, 101)

    story(tmp_path, database, tell)


def test_pairing_again_begins_a_new_journal(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await beat(client, journal_seq=500)
            key = Key.new()
            token = pairing.make_token(here.engine, "0001", "", "", 60)
            wanted = {"token": token, "certificate_request": key.request(), "software": ""}
            got = (await post(client, "pairings", wanted)).json()
        async with client_of(here, key, got["certificate"], tmp_path) as client:
            await beat(client, journal_seq=1, journal_head="00" * 32)
            await beat(client, journal_seq=2)
        assert not (await asyncio.to_thread(terminals, database, capsys))["0001"]["disputed"]

    story(tmp_path, database, tell)


def test_an_order_is_told_until_it_is_done_and_its_progress_is_seen(tmp_path, database, capsys):
    async def tell(here):
        def run(*arguments):
            return command(database, capsys, "order-terminal", "--number", "0001", *arguments)

        code, said = await asyncio.to_thread(run, "lock", "--by", "Maria")
        order_id = said.out.strip()
        assert code == 0
        _, said = await asyncio.to_thread(run)
        assert json.loads(said.out)[0]["progress"] == "waiting"
        async with by_hand(here) as client, by_hand(here, "0002") as other:
            (told,) = (await beat(client)).json()["orders"]
            assert (told["order_id"], told["kind"]) == (order_id, "lock")
            _, said = await asyncio.to_thread(run)
            assert json.loads(said.out)[0]["progress"] == "delivered"
            progress = {"order_id": order_id, "progress": "done", "words": ""}
            assert (await post(other, "heartbeats", {**_beat(), "acknowledged": [progress]})).json()["orders"] == []
            received = {**progress, "progress": "received", "words": "somebody is paying"}
            answer = await post(client, "heartbeats", {**_beat(), "acknowledged": [received]})
            assert len(answer.json()["orders"]) == 1
            _, said = await asyncio.to_thread(run)
            (order,) = json.loads(said.out)
            assert (order["progress"], order["words"]) == ("received", "somebody is paying")
            answer = await post(client, "heartbeats", {**_beat(), "acknowledged": [progress]})
            assert answer.json()["orders"] == []
            _, said = await asyncio.to_thread(run)
            assert json.loads(said.out)[0]["progress"] == "done"

    story(tmp_path, database, tell)


def test_an_order_that_nobody_fetched_in_time_is_dropped(tmp_path, database, capsys, monkeypatch):
    async def tell(here):
        run = ["order-terminal", "--number", "0001", "fetch-catalogue", "--by", "Maria", "--expires", "1"]
        await asyncio.to_thread(command, database, capsys, *run)
        async with by_hand(here) as client:
            with at(monkeypatch, heartbeats, now_us() + 3600 * SECOND_US):
                assert (await beat(client)).json()["orders"] == []

    story(tmp_path, database, tell)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--number", "0001", "lock"], 2, "--by PERSON"),
        (["--number", "0009", "lock", "--by", "Maria"], 1, "there is no terminal 0009"),
    ],
)
def test_orders_need_a_person_and_a_terminal(database, capsys, arguments, code, says):
    got, said = command(database, capsys, "order-terminal", *arguments)
    assert got == code
    assert says in said.err


# --- cash boxes ---------------------------------------------------------------------------------------------------------


async def paid_order(here, client, number=1, **changes):
    quoted = (await quote_of(client, await here.order())).json()
    assert (await pay(client, quoted, f"00010000000010000{number}", **changes)).json()["status"] == "accepted"


def balance(here, kind):
    with reading(here.engine) as db:
        assert verify(db).is_right
        return balance_minor(db, Account(kind, "0001"), "EUR")


def test_a_collection_moves_the_box_into_transit_once_and_compares(tmp_path, database):
    async def tell(here):
        async with by_hand(here) as client:
            await paid_order(here, client)
            answers = await asyncio.gather(*(collect(client, box()) for _ in range(6)))
            assert {answer.text for answer in answers} == {answers[0].text}
            assert answers[0].json()["difference_minor"] == 0
            other = await collect(client, box(person="Ivan"))
            assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
        assert [balance(here, kind) for kind in (AccountKind.CASH, AccountKind.TRANSIT)] == [0, 7000]

    story(tmp_path, database, tell)


def test_payments_that_were_in_the_box_and_come_later_close_the_difference(tmp_path, database):
    async def tell(here):
        async with by_hand(here) as client:
            await paid_order(here, client)
            first = await collect(client, box(1, 14_000, confirmed_minor=7000, queued_minor=7000))
            assert first.json()["difference_minor"] == 7000
            assert balance(here, AccountKind.SUSPENSE) == -7000
            await paid_order(here, client, 2)
            await paid_order(here, client, 3)
            second = await collect(client, box(2, 7000, previous="11", own="22"))
            assert second.json()["difference_minor"] == 0
        kinds = (AccountKind.CASH, AccountKind.TRANSIT, AccountKind.SUSPENSE)
        assert [balance(here, kind) for kind in kinds] == [0, 21_000, 0]

    story(tmp_path, database, tell)


def test_a_box_with_less_than_our_books_say_is_told_so(tmp_path, database):
    async def tell(here):
        async with by_hand(here) as client:
            await paid_order(here, client)
            answer = await collect(client, box(1, 2000))
            assert answer.json()["difference_minor"] == -5000
            empty = await collect(client, box(2, 0, previous="11", own="22"))
            assert empty.json()["difference_minor"] == -5000
        assert balance(here, AccountKind.SUSPENSE) == 5000

    story(tmp_path, database, tell)


def test_gaps_and_breaks_in_the_row_of_collections_are_listed(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            reports = (
                box(1),
                box(2, previous="11", own="22"),
                box(5, previous="44", own="55"),
                box(6, previous="99", own="66"),
                box(6, previous="55", own="66", collection_id="another"),
            )
            for report in reports:
                assert (await collect(client, report)).status_code == 200
        _, said = await asyncio.to_thread(command, database, capsys, "collections", "--number", "0001")
        found = [(one["period"], one["oddities"]) for one in json.loads(said.out)]
        assert found == [
            (1, []),
            (2, []),
            (5, ["no report of period 3 to 4"]),
            (6, ["its slip does not follow on the one before"]),
            (6, ["period 6 was reported twice"]),
        ]

    story(tmp_path, database, tell)


def test_a_report_that_does_not_agree_with_itself_is_taken_and_looked_at_by_a_person(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            answer = await collect(client, box(1, 7000, orphan_minor=500))
            assert answer.status_code == 200
        (alarm,) = (await asyncio.to_thread(terminals, database, capsys))["0001"]["alarms"]
        assert (alarm["kind"], "places 7500" in alarm["words"]) == ("collection_sums", True)

    story(tmp_path, database, tell)


def test_notes_in_doubt_are_beside_the_sums_of_a_report(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1, 7000, suspense_minor=500))
        assert (await asyncio.to_thread(terminals, database, capsys))["0001"]["alarms"] == []

    story(tmp_path, database, tell)


def test_what_only_collections_tell_of_is_explained_and_the_rest_is_not(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await paid_order(here, client)
            sums = {"confirmed_minor": 7000, "test_minor": 1000, "orphan_minor": 500}
            await collect(client, box(1, 8500, **sums))
            await collect(client, box(2, 3000, previous="11", own="22", confirmed_minor=0, queued_minor=3000))
        _, said = await asyncio.to_thread(command, database, capsys, "collections", "--number", "0001")
        found = [(one["difference_minor"], one["unexplained_minor"]) for one in json.loads(said.out)]
        assert found == [(1500, 0), (4500, 3000)]

    story(tmp_path, database, tell)


def test_a_box_that_went_alone_is_an_alarm(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            assert (await collect(client, box(1, attended=False))).status_code == 200
        (alarm,) = (await asyncio.to_thread(terminals, database, capsys))["0001"]["alarms"]
        assert (alarm["kind"], "7000 EUR went with the box" in alarm["words"]) == ("box_alone", True)
        _, said = await asyncio.to_thread(command, database, capsys, "collections", "--number", "0001")
        assert [one["attended"] for one in json.loads(said.out)] == [False]

    story(tmp_path, database, tell)


def test_a_slip_of_two_currencies_is_reported_twice_and_nothing_is_odd_about_it(tmp_path, database, capsys):
    async def tell(here):
        async with by_hand(here) as client:
            await collect(client, box(1))
            await collect(client, box(1, currency="RUB", collection_id="0001-z00001-RUB"))
            await collect(client, box(2, previous="11", own="22"))
        _, said = await asyncio.to_thread(command, database, capsys, "collections", "--number", "0001")
        assert [one["oddities"] for one in json.loads(said.out)] == [[], [], []]

    story(tmp_path, database, tell)
