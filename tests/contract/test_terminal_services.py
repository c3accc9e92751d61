"""A service is quoted, paid and told of as an order is, over real HTTPS, on both engines."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.catalogue import catalogue, payees
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import payments, registers
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.catalogue import service_order
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.orders import orders
from tests.support.aggregator import LOGIN, PASSWORD2
from tests.support.terminals import (
    ACCOUNT,
    EXAMPLES,
    NOTHING_DUE,
    PHONE,
    at,
    by_hand,
    pay,
    payment_of,
    post,
    quote_of,
    seeded_services,
    story,
)


def with_services(tell, *, shops_url=None):
    async def told(here):
        seeded_services(here.engine, here.tls.parent / "data", **({"result_url": shops_url} if shops_url else {}))
        async with by_hand(here) as client:
            return await tell(here, client)

    return told


def test_each_kind_of_amount_is_quoted_as_its_payee_wants(tmp_path, database):
    async def tell(here, client):
        mobile = (await quote_of(client, service_id="mobile-top-up", phone=PHONE)).json()
        assert (mobile["amount_minor"], mobile["max_minor"], mobile["open_amount"]) == (100, 20_000, True)
        assert (mobile["payee"], mobile["overpay"], mobile["order_number"]) == ("Test-Mobile", "credit_all", "")
        assert mobile["account"] == "+359 ** **3 3456".replace("**3", "***")
        bill = (await quote_of(client, service_id="electricity", customer=ACCOUNT)).json()
        assert (bill["amount_minor"], bill["open_amount"], bill["account"]) == (4820, False, "******0017")
        assert bill["details"][0] == {"label": "Name", "value": "T. Testova"}
        parking = (await quote_of(client, service_id="parking-day", plate="CB1234AB", zone="blue")).json()
        assert (parking["amount_minor"], parking["account"]) == (1000, "CB1234AB, blue")
        gift = (await quote_of(client, service_id="donation", note="")).json()
        assert (gift["amount_minor"], gift["account"]) == (100, "")

    story(tmp_path, database, with_services(tell))


@pytest.mark.parametrize(
    ("service", "fields", "status", "code", "says"),
    [
        ("nothing", {}, 404, "service_unknown", "fetch the catalogue"),
        ("mobile-top-up", {"phone": "12345"}, 422, "field_invalid", "fields.phone has 9 characters"),
        ("mobile-top-up", {"phone": "88812345x"}, 422, "field_invalid", "looks like +359 ## ### ####"),
        ("mobile-top-up", {"phone": "٨٨٨١٢٣٤٥٦"}, 422, "field_invalid", "looks like"),
        ("mobile-top-up", {}, 422, "field_invalid", "fields.phone has 9 characters"),
        ("mobile-top-up", {"phone": PHONE, "pin": "1"}, 422, "field_invalid", "fields.pin is no field"),
        ("parking-day", {"plate": "CB1234", "zone": "red"}, 422, "field_invalid", "fields.zone is one of blue, green"),
        ("electricity", {"customer": "9999999999"}, 404, "account_unknown", "check the digits"),
        ("electricity", {"customer": NOTHING_DUE}, 409, "nothing_due", "nothing is due"),
    ],
)
def test_what_cannot_be_paid_is_refused_before_cash_by_name(tmp_path, database, service, fields, status, code, says):
    async def tell(here, client):
        answer = await quote_of(client, service_id=service, **fields)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert says in answer.json()["message"]
        with reading(here.engine) as db:
            assert db.execute(sa.select(sa.func.count()).select_from(orders)).scalar() == 0

    story(tmp_path, database, with_services(tell))


def test_another_currency_both_and_neither_are_refused(tmp_path, database):
    async def tell(here, client):
        wanted = {"order_number": "", "currency": "RUB", "service_id": "donation", "fields": []}
        answer = await post(client, "quotes", wanted)
        assert (answer.status_code, answer.json()["code"]) == (409, "currency_mismatch")
        for number, service in (("1000000017", "donation"), ("", "")):
            both = await post(client, "quotes", wanted | {"order_number": number, "service_id": service})
            assert (both.status_code, both.json()["code"]) == (422, "invalid_request")

    story(tmp_path, database, with_services(tell))


def test_what_is_due_beyond_the_limits_is_not_taken_in_cash(tmp_path, database):
    async def tell(here, client):
        payees.import_accounts(here.engine, "electricity", f"account,due\n{ACCOUNT},2000.01\n")
        answer = await quote_of(client, service_id="electricity", customer=ACCOUNT)
        assert (answer.json()["code"], "2000.01 EUR is due" in answer.json()["message"]) == (
            "amount_out_of_range",
            True,
        )

    story(tmp_path, database, with_services(tell))


def test_a_paid_service_is_told_to_its_shop_and_asked_about_as_an_order_is(tmp_path, database):
    async def tell(here):
        async with by_hand(here) as client:
            quoted = (await quote_of(client, service_id="gift", note="hello")).json()
            paid = await pay(client, quoted, amount_minor=1234)
            assert paid.json()["status"] == "accepted"
            log = here.merchant_dir / "notifications.jsonl"
            async with asyncio.timeout(10):
                while not log.exists():
                    await asyncio.sleep(0.02)
            told = json.loads(log.read_text())
            assert (told["OutSum"], told["InvId"], told["Shp_service"], told["Shp_note"]) == (
                "12.34",
                "1",
                "gift",
                "hello",
            )
            async with asyncio.timeout(10):
                while not (await client.get("/terminal/v1/payments/000100000000100001")).json()["merchant_notified"]:
                    await asyncio.sleep(0.02)
        fields = {"MerchantLogin": LOGIN, "InvoiceID": "1"}
        fields["Signature"] = signatures.digest(signatures.state_base(LOGIN, "1", PASSWORD2), "sha256")
        async with here.client() as client:
            state = await client.get("/Merchant/WebService/Service.asmx/OpStateExt", params=fields)
        assert "100" in [node.text for node in ET.fromstring(state.content).iter() if node.tag.endswith("Code")]

    async def with_a_gift(here):
        seeded_services(here.engine, database.data)
        text = (EXAMPLES / "examples.toml").read_text().replace('"donation"', '"gift"')
        catalogue.import_draft(here.engine, text.replace('"test-help"', f'"{LOGIN}"'))
        catalogue.publish(here.engine, ensure_catalogue_key(database.data), "Maria")
        await tell(here)

    story(tmp_path, database, with_a_gift)


@pytest.mark.parametrize(
    ("amount_minor", "status", "code"),
    [
        (99, "refused", "amount_out_of_range"),
        (100, "accepted", ""),
        (20_000, "accepted", ""),
        (20_001, "refused", "amount_out_of_range"),
    ],
)
def test_a_buyer_who_decides_stays_within_the_limits(tmp_path, database, amount_minor, status, code):
    async def tell(here, client):
        quoted = (await quote_of(client, service_id="mobile-top-up", phone=PHONE)).json()
        answer = (await pay(client, quoted, amount_minor=amount_minor)).json()
        assert (answer["status"], answer["code"], answer["amount_minor"]) == (status, code, amount_minor)
        with reading(here.engine) as db:
            assert verify(db).is_right

    story(tmp_path, database, with_services(tell))


def test_what_was_due_when_it_was_quoted_is_taken_though_less_is_due_now(tmp_path, database):
    async def tell(here, client):
        quoted = (await quote_of(client, service_id="electricity", customer=ACCOUNT)).json()
        other = (await quote_of(client, service_id="electricity", customer=ACCOUNT)).json()
        assert (await pay(client, quoted)).json()["status"] == "accepted"
        assert (await quote_of(client, service_id="electricity", customer=ACCOUNT)).json()["code"] == "nothing_due"
        assert (await pay(client, other, "000100000000100002")).json()["status"] == "accepted"

    story(tmp_path, database, with_services(tell))


def test_a_payment_that_comes_long_after_its_quote_is_judged_by_when_cash_was_captured(tmp_path, database):
    async def tell(here, client):
        quoted = (await quote_of(client, service_id="parking-day", plate="CB1234AB", zone="blue")).json()
        late = await pay(client, quoted, captured_at="2099-01-01T00:00:00+00:00")
        assert (late.json()["status"], late.json()["code"]) == ("refused", "order_expired")
        quoted = (await quote_of(client, service_id="parking-day", plate="CB1234AB", zone="blue")).json()
        assert (await pay(client, quoted, "000100000000100002")).json()["status"] == "accepted"
        third = await pay(client, quoted, "000100000000100003")
        assert third.json()["code"] == "order_already_paid"

    story(tmp_path, database, with_services(tell))


def test_a_quote_is_good_for_its_own_terminal_and_service_alone(tmp_path, database):
    async def tell(here, client):
        quoted = (await quote_of(client, service_id="donation", note="")).json()
        wrong = await pay(client, quoted | {"service_id": "mobile-top-up"})
        assert wrong.json()["code"] == "quote_unknown"
        async with by_hand(here, "0002") as other:
            stolen = await pay(other, quoted, "000200000000100001")
            assert stolen.json()["code"] == "quote_unknown"
            mine = await other.get("/terminal/v1/payments/000100000000100001")
            assert (mine.status_code, mine.json()["code"]) == (404, "payment_unknown")

    story(tmp_path, database, with_services(tell))


def test_a_key_is_kept_for_ever_and_another_body_under_it_changes_nothing(tmp_path, database):
    async def tell(here, client):
        quoted = (await quote_of(client, service_id="donation", note="")).json()
        body = payment_of(quoted)
        first = await post(client, "payments", body, "000100000000100001")
        assert (await post(client, "payments", body, "000100000000100001")).json() == first.json()
        other = await post(client, "payments", body + b" ", "000100000000100001")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
        mixed = await post(client, "payments", body, "000100000000100009")
        assert mixed.json()["faults"][0]["field"] == "Idempotency-Key"
        async with by_hand(here, "0002") as stranger:
            theirs = await post(stranger, "payments", body, "000100000000100001")
            assert theirs.json()["code"] == "idempotency_conflict"

    story(tmp_path, database, with_services(tell))


def test_services_of_one_shop_quoted_at_once_get_their_own_numbers(tmp_path, database):
    async def tell(here, client):
        wanted = [quote_of(client, service_id="mobile-top-up", phone=PHONE) for _ in range(12)]
        quotes = [answer.json() for answer in await asyncio.gather(*wanted)]
        assert len({quoted["quote_id"] for quoted in quotes}) == 12
        with reading(here.engine) as db:
            inv_ids = db.execute(sa.select(orders.c.inv_id).join(service_order)).scalars().all()
        assert sorted(inv_ids) == list(range(1, 13))

    story(tmp_path, database, with_services(tell))


def test_a_day_stands_in_the_register_as_it_was_received_and_a_closed_one_stays(tmp_path, database, monkeypatch):
    async def tell(here, client):
        day = 86_400 * 10**6
        now = now_us() // day * day + day // 2
        yesterday = now - day
        for number, moment in ((1, yesterday), (2, now), (3, now)):
            quoted = (await quote_of(client, service_id="donation", note="")).json()
            with monkeypatch.context() as patched:
                patched.setattr(payments, "now_us", lambda moment=moment: moment)
                refused = {"captured_at": "2099-01-01T00:00:00+00:00"} if number == 3 else {}
                await pay(client, quoted, f"00010000000010000{number}", amount_minor=500, **refused)
        names = [text.isoformat()[:10] for text in map(_utc, (yesterday, now, now + day))]
        with at(monkeypatch, registers, now):
            found = [(await client.get(f"/terminal/v1/registers/{name}")).json() for name in names]
        assert [[one["payment_id"][-1] for one in day_["payments"]] for day_ in found] == [["1"], ["2"], []]
        assert [day_["closed"] for day_ in found] == [True, False, False]
        with at(monkeypatch, registers, now - day // 2 + 599 * 10**6):
            midnight = (await client.get(f"/terminal/v1/registers/{names[0]}")).json()
        assert not midnight["closed"]
        for wrong in ("yesterday", "2026-02-30", "20260101", "9999-12-31"):
            answer = await client.get(f"/terminal/v1/registers/{wrong}")
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    story(tmp_path, database, with_services(tell))


def _utc(us):
    return datetime.fromtimestamp(us / 10**6, UTC)


def test_the_commission_of_a_service_is_its_shops(tmp_path, database):
    async def tell(here, client):
        shop = admin.Merchant("test-help", "Test-Help", "1", "2", "sha256", "http://127.0.0.1:9/", "EUR", 0)
        admin.set_merchant(here.engine, replace(shop, commission_bp=1000))
        quoted = (await quote_of(client, service_id="donation", note="")).json()
        await pay(client, quoted, amount_minor=5000)
        with reading(here.engine) as db:
            found = {one.account: one.amount_minor for one in verify(db).balances}
        assert found == {"cash:0001": 5000, "merchant:test-help": -4500, "commission": -500}

    story(tmp_path, database, with_services(tell))
