"""The real gateway against the real aggregator over real HTTPS."""

import asyncio
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import msgspec
import pytest
import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.money import verify
from kiosk.aggregator.storage.accounts import entry
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.payments import payment
from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.terminal_api import freeze
from kiosk.terminal_api import Mode
from tests.support.aggregator import LOGIN, PASSWORD2, installation


def captured(quoted: port.Quoted, payment_id="000100000000100001", amount_minor=None) -> bytes:
    order = Order(
        quoted.quote_id,
        quoted.order_number,
        quoted.payee,
        quoted.description,
        amount_minor or quoted.amount_minor,
        quoted.currency,
        quoted.expires_at_us,
        OverpayPolicy(quoted.overpay),
    )
    wanted = ToFreeze(
        payment_id, order, order.amount_minor, ((2000, 1), (5000, 1)), quoted.expires_at_us - 60_000_000, 41, "ab" * 32
    )
    return freeze(wanted)


async def notified(here, number):
    async with asyncio.timeout(10):
        while not admin.order_report(here.engine, number)["merchant_notified"]:
            await asyncio.sleep(0.02)


def test_an_order_is_quoted_paid_and_the_merchant_told(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            assert (await gateway.health()).live is False
            number = await here.order()
            quoted = await gateway.quote(port.QuoteWanted(number, "EUR"))
            assert (quoted.payee, quoted.amount_minor) == ("Bookshop", 7000)
            body = captured(quoted)
            first = await gateway.post("000100000000100001", body)
            assert isinstance(first, port.Accepted)
            assert await gateway.post("000100000000100001", body) == first
            assert await gateway.status("000100000000100001") == first
            await notified(here, number)
            refused = await gateway.quote(port.QuoteWanted(number, "EUR"))
            assert refused.code == "order_already_paid"
            base = signatures.state_base(LOGIN, "1", PASSWORD2)
            async with here.client() as client:
                fields = {"MerchantLogin": LOGIN, "InvoiceID": "1", "Signature": signatures.digest(base, "sha256")}
                state = await client.get("/Merchant/WebService/Service.asmx/OpStateExt", params=fields)
            assert "100" in [node.text for node in ET.fromstring(state.content).iter() if node.tag.endswith("Code")]
            await gateway.close()
            with reading(here.engine) as db:
                legs = db.execute(sa.select(entry.c.account, entry.c.amount_minor).order_by(entry.c.line)).all()
                assert verify.verify(db).is_right
            assert legs == [
                ("cash:0001", 7000),
                ("merchant:bookshop", -7000),
                ("merchant:bookshop", 175),
                ("commission", -175),
            ]
        (line,) = (tmp_path / "merchant" / "notifications.jsonl").read_text().splitlines()
        assert json.loads(line)["OutSum"] == "70.00"
        assert json.loads(line)["Shp_cart"] == "7"

    asyncio.run(story())


def test_one_payment_from_many_connections_at_once_is_taken_once(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway(deadline_s=20.0)
            quoted = await gateway.quote(port.QuoteWanted(await here.order(), "EUR"))
            body = captured(quoted)
            answers = await asyncio.gather(*(gateway.post("000100000000100001", body) for _ in range(20)))
            assert len(set(answers)) == 1
            assert isinstance(answers[0], port.Accepted)
            await gateway.close()
            with reading(here.engine) as db:
                assert db.execute(sa.select(sa.func.count()).select_from(payment)).scalar() == 1

    asyncio.run(story())


def test_an_order_is_paid_once_and_the_second_payment_refused_for_ever(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            number = await here.order()
            quotes = [await gateway.quote(port.QuoteWanted(number, "EUR")) for _ in range(2)]
            await gateway.post("000100000000100001", captured(quotes[0]))
            second = captured(quotes[1], "000100000000100002")
            answers = [await gateway.post("000100000000100002", second) for _ in range(2)]
            assert [answer.code for answer in answers] == ["order_already_paid"] * 2
            await gateway.close()

    asyncio.run(story())


def test_an_id_with_another_body_changes_nothing_and_is_not_final(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            quoted = await gateway.quote(port.QuoteWanted(await here.order(), "EUR"))
            await gateway.post("000100000000100001", captured(quoted))
            other = captured(quoted, amount_minor=6900)
            answer = await gateway.post("000100000000100001", other)
            assert isinstance(answer, port.Unknown)
            assert "idempotency_conflict" in answer.cause
            await gateway.close()

    asyncio.run(story())


def test_a_wrong_amount_is_refused_by_name(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            quoted = await gateway.quote(port.QuoteWanted(await here.order(), "EUR"))
            answer = await gateway.post("000100000000100001", captured(quoted, amount_minor=6900))
            assert answer.code == "amount_mismatch"
            await gateway.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("number", "currency", "code"),
    [("1234567890", "EUR", "order_not_found"), ("real", "RUB", "currency_mismatch"), ("old", "EUR", "order_expired")],
)
def test_orders_that_cannot_be_paid_are_refused_by_name(tmp_path, database, number, currency, code):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            known = await here.order(**({"ExpirationDate": "2020-01-01T00:00:00+00:00"} if number == "old" else {}))
            asked = known if number in {"real", "old"} else number
            refused = await gateway.quote(port.QuoteWanted(asked, currency))
            assert refused.code == code
            await gateway.close()

    asyncio.run(story())


@pytest.mark.parametrize("terminal", ["0666", None])
def test_a_stranger_is_turned_away(tmp_path, database, terminal):
    async def story():
        async with installation(tmp_path, database=database) as here:
            if terminal:
                gateway = here.gateway(terminal)
                answer = await gateway.health()
                assert "terminal_unknown" in answer.cause
                await gateway.close()
                return
            async with here.client() as client:
                answer = await client.get("/terminal/v1/health")
            assert answer.status_code == 401
            assert answer.json()["code"] == "terminal_unknown"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SignatureValue": "0" * 64}, "SignatureValue"),
        ({"MerchantLogin": "nobody"}, "MerchantLogin"),
        ({"OutSum": "abc"}, "SignatureValue"),
    ],
)
def test_a_bad_start_says_what_to_fix(tmp_path, database, change, says):
    async def story():
        async with installation(tmp_path, database=database) as here, here.client() as client:
            fields = {"MerchantLogin": LOGIN, "OutSum": "1", "InvId": "", "SignatureValue": "", **change}
            answer = await client.post("/Merchant/Indexjson.aspx", data=fields)
            assert answer.status_code == 400
            assert answer.json()["errorMessage"].startswith(says)

    asyncio.run(story())


def test_invalid_requests_name_the_field_and_big_ones_are_bounded(tmp_path, database):
    async def story():
        async with installation(tmp_path, database=database) as here:
            gateway = here.gateway()
            answer = await gateway._call(
                "POST", "/terminal/v1/quotes", b'{"order_number":"123456789012345678901","currency":"EURO"}'
            )
            faults = [fault["field"] for fault in json.loads(answer.body)["faults"]]
            assert answer.status == 422
            assert faults == ["order_number", "currency"]
            answer = await gateway._call("POST", "/terminal/v1/quotes", b"x" * 70_000)
            assert answer.status == 413
            answer = await gateway._call("POST", "/terminal/v1/quotes", b"{")
            assert answer.status == 422
            await gateway.close()
            async with here.client() as client:
                paths = (await client.get("/openapi.json")).json()
            assert "/terminal/v1/payments" in paths["paths"]
            wanted = paths["components"]["schemas"]["QuoteRequest"]["properties"]["order_number"]
            assert wanted["maxLength"] == 20

    asyncio.run(story())


def test_a_deaf_merchant_is_told_again_until_it_answers(tmp_path, database):
    async def story():
        async with installation(tmp_path, merchant_url="http://127.0.0.1:9/result", database=database) as here:
            gateway = here.gateway()
            number = await here.order()
            quoted = await gateway.quote(port.QuoteWanted(number, "EUR"))
            assert isinstance(await gateway.post("000100000000100001", captured(quoted)), port.Accepted)
            async with asyncio.timeout(10):
                while admin.order_report(here.engine, number)["notification_attempts"] < 2:
                    await asyncio.sleep(0.05)
            report = admin.order_report(here.engine, number)
            assert not report["merchant_notified"]
            assert report["state"] == 50
            await gateway.close()

    asyncio.run(story())


def test_a_live_aggregator_says_so(tmp_path, database):
    async def story():
        async with installation(tmp_path, mode=Mode.LIVE, database=database) as here:
            gateway = here.gateway()
            assert (await gateway.health()).live is True
            await gateway.close()

    asyncio.run(story())


def test_a_frozen_body_is_the_same_every_time():
    quoted = port.Quoted("q", "1000000017", "Bookshop", "A book", 7000, "EUR", 2 * 10**15, "hold")
    assert captured(quoted) == captured(replace(quoted))
    assert msgspec.json.decode(captured(quoted))["payment_id"] == "000100000000100001"
