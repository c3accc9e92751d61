"""A code from a slip pays for something else at a terminal, exactly once, in parts if need be."""

import asyncio
from datetime import UTC, datetime

import sqlalchemy as sa

from kiosk.aggregator.money import claims
from kiosk.aggregator.money.books import Account, AccountKind, balance_minor
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.redemptions import redemption
from kiosk.domain import codes
from kiosk.terminal_api import ClaimRequest
from tests.support.terminals import by_hand, post, quote_of, seeded_services, story
from tests.support.world import KEY

CODE = codes.mint("0001", 7, KEY.sign)


async def claim(client, amount_minor=3000, number=1, code=CODE):
    statement = codes.statement(code, amount_minor, "EUR", 1_790_000_000, KEY.sign)
    claim_id = f"0001-claim-{number}"
    wanted = ClaimRequest(claim_id, code, "leftover", amount_minor, "EUR", statement, KEY.public_key)
    answer = await post(client, "claims", wanted, claim_id)
    assert answer.status_code == 200, answer.text


async def redeem(client, quote_id, number=1, code=CODE, **changes):
    body = {"redemption_id": f"0001-redemption-{number}", "code": code, "quote_id": quote_id} | changes
    return await post(client, "redemptions", body, body["redemption_id"])


async def parking(client):
    return (await quote_of(client, service_id="parking-day", plate="CB1234AB", zone="blue")).json()["quote_id"]


def with_claims(tell, *amounts):
    async def told(here):
        seeded_services(here.engine, here.tls.parent / "data")
        async with by_hand(here) as client:
            for number, amount_minor in enumerate(amounts, 1):
                await claim(client, amount_minor, number)
            await tell(here, client)
        with reading(here.engine) as db:
            assert verify(db).is_right

    return told


def test_what_is_open_under_a_code_is_told_and_nothing_of_a_stranger(tmp_path, database):
    async def tell(here, client):
        answer = await post(client, "codes", {"code": codes.in_groups(CODE).lower()})
        assert answer.json() == {"amount_minor": 3500, "currency": "EUR"}
        unknown = await post(client, "codes", {"code": codes.mint("0001", 8, KEY.sign)})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "code_unknown")
        mistyped = await post(client, "codes", {"code": "0" * 15 + "1"})
        assert (mistyped.status_code, mistyped.json()["faults"][0]["field"]) == (422, "code")

    story(tmp_path, database, with_claims(tell, 3000, 500))


def test_a_code_pays_a_quote_and_what_is_over_stays_open_and_is_paid_over_the_desk(tmp_path, database):
    async def tell(here, client):
        paid = await redeem(client, await parking(client))
        assert (paid.json()["paid_minor"], paid.json()["left_minor"]) == (1000, 600)
        assert (await post(client, "codes", {"code": CODE})).json()["amount_minor"] == 600
        again = await redeem(client, await parking(client), 2)
        assert (again.status_code, again.json()["code"]) == (409, "code_too_small")
        (handed,) = claims.redeem(here.engine, CODE, "Maria", "came with the slip")
        assert (handed["amount_minor"], handed["paid_minor"]) == (900, 600)
        assert [one["open_minor"] for one in claims.look_up(here.engine, CODE)] == [0, 0]
        gone = await redeem(client, await parking(client), 3)
        assert gone.json()["code"] == "code_redeemed"
        with reading(here.engine) as db:
            assert balance_minor(db, Account(AccountKind.CLAIMS), "EUR") == 0
            assert balance_minor(db, Account(AccountKind.PAID_OUT), "EUR") == -600

    story(tmp_path, database, with_claims(tell, 700, 900))


def test_a_claim_that_is_used_up_stands_in_the_register_of_that_day(tmp_path, database):
    async def tell(here, client):
        await redeem(client, await parking(client))
        (used, part) = claims.look_up(here.engine, CODE)
        assert (used["redeemed_by"], part["redeemed_by"]) == ("terminal 0001", "")
        with reading(here.engine) as db:
            moment = db.execute(sa.text("SELECT max(redeemed_us) FROM claim")).scalar()
        name = datetime.fromtimestamp(moment / 10**6, UTC).date().isoformat()
        found = (await client.get(f"/terminal/v1/registers/{name}")).json()
        assert [(one["claim_id"], one["amount_minor"]) for one in found["claims"]] == [("0001-claim-1", 700)]

    story(tmp_path, database, with_claims(tell, 700, 900))


def test_the_same_redemption_from_many_connections_pays_once(tmp_path, database):
    async def tell(here, client):
        quote_id = await parking(client)
        answers = await asyncio.gather(*(redeem(client, quote_id) for _ in range(12)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1

    story(tmp_path, database, with_claims(tell, 5000))


def test_a_code_that_is_spent_at_several_terminals_at_once_pays_what_it_covers(tmp_path, database):
    async def tell(here, client):
        async with by_hand(here, "0002") as other:
            both = [client, other]
            quotes = [(each, await parking(each)) for each in both for _ in range(4)]
            asked = (redeem(each, quote_id, number) for number, (each, quote_id) in enumerate(quotes))
            answers = await asyncio.gather(*asked)
        codes_of = sorted(answer.json().get("code", "paid") for answer in answers)
        assert codes_of == ["code_too_small"] * 6 + ["paid"] * 2
        with reading(here.engine) as db:
            assert db.execute(sa.select(sa.func.sum(redemption.c.paid_minor))).scalar() == 2000

    story(tmp_path, database, with_claims(tell, 2500))


def test_one_quote_is_not_paid_by_two_redemptions_nor_in_cash_after_one(tmp_path, database):
    async def tell(here, client):
        quote_id = await parking(client)
        answers = await asyncio.gather(*(redeem(client, quote_id, number) for number in range(4)))
        assert sorted(answer.json().get("code", "paid") for answer in answers) == ["order_already_paid"] * 3 + ["paid"]

    story(tmp_path, database, with_claims(tell, 9000))


def test_a_redemption_id_with_another_body_changes_nothing(tmp_path, database):
    async def tell(here, client):
        await redeem(client, await parking(client))
        other = await redeem(client, await parking(client))
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
        unknown = await redeem(client, "nothing", 2)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "quote_unknown")

    story(tmp_path, database, with_claims(tell, 9000))
