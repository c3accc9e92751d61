"""Refunds: out of the merchant's balance, under a code for the buyer; over real HTTPS, on both engines."""

import asyncio
import re

from kiosk.aggregator.money import books, claims, refunds, verify
from kiosk.aggregator.money.books import Account, AccountKind
from kiosk.aggregator.storage.database import reading
from kiosk.domain.codes import parse
from tests.support.merchant_client import SERVICE, codes
from tests.support.merchants import SHOP, put_in_cash, shop_installation

API = "/RefundService/Refund"


def told(tmp_path, database, tell, **settings):
    async def story():
        async with shop_installation(tmp_path, database, **settings) as here, here.client() as client:
            await tell(here, client)
            with reading(here.engine) as db:
                assert verify.verify(db).faults == ()

    return asyncio.run(story())


async def begin(client, out_sum="70.00", inv_id="5") -> dict:
    return (await client.post("/Merchant/Indexjson.aspx", data=SHOP.start(out_sum, inv_id))).json()


async def op_key(client, inv_id="5") -> str:
    answer = await client.get(f"{SERVICE}/OpStateExt", params=SHOP.op_state(inv_id))
    found = re.search(r"<OpKey>(\w+)</OpKey>", answer.text)
    return found[1] if found else ""


async def paid(here, client, **what) -> tuple[dict, str]:
    made = await begin(client, **what)
    put_in_cash(here.engine, made["orderNumber"])
    return made, await op_key(client, what.get("inv_id", "5"))


async def refund(client, payload, library=SHOP) -> dict:
    answer = await client.post(
        f"{API}/Create", content=library.refund_jwt(payload).encode(), headers={"Content-Type": "application/jwt"}
    )
    assert answer.status_code == 200
    return answer.json()


async def state(client, request_id) -> dict:
    return (await client.get(f"{API}/GetState", params={"id": request_id})).json()


def balance(here, kind, owner="") -> int:
    with reading(here.engine) as db:
        return books.balance_minor(db, Account(kind, owner), "EUR")


async def code_on_page(client, made) -> str:
    text = (await client.get(f"/Merchant/Index/{made['invoiceID']}")).text
    return re.search(r'class="code">([^<]+)<', text)[1]


def test_what_is_given_back_waits_for_the_buyer_under_a_code_on_the_page(tmp_path, database):
    async def tell(here, client):
        await paid(here, client, out_sum="100.00", inv_id="1")
        made, key = await paid(here, client)
        done = await refund(client, {"OpKey": key})
        assert done["success"]
        assert await state(client, done["requestId"]) == {
            "requestId": done["requestId"],
            "amount": 70.0,
            "label": "processing",
        }
        assert balance(here, AccountKind.CLAIMS) == -7000
        code = await code_on_page(client, made)
        assert parse(code).terminal_number == "0000"
        (handed,) = await asyncio.to_thread(claims.redeem, here.engine, code, "Maria", "a refund")
        assert (handed["amount_minor"], handed["reason"]) == (7000, "refund")
        assert (await state(client, done["requestId"]))["label"] == "finished"
        assert "paid out" in (await client.get(f"/Merchant/Index/{made['invoiceID']}")).text
        answer = await client.get(f"{SERVICE}/OpState", params=SHOP.op_state("5"))
        assert codes(answer.content)[1] in {"50", "100"}

    told(tmp_path, database, tell)


def test_parts_may_be_given_back_but_never_more_than_was_paid(tmp_path, database):
    async def tell(here, client):
        await paid(here, client, out_sum="100.00", inv_id="1")
        _, key = await paid(here, client)
        first = await refund(client, {"OpKey": key, "RefundSum": 20.5})
        again = await refund(client, {"OpKey": key, "RefundSum": 20.5})
        assert first == again
        assert (await refund(client, {"OpKey": key, "RefundSum": 49.51}))["fault"] == "amount_out_of_range"
        assert (await state(client, (await refund(client, {"OpKey": key}))["requestId"]))["amount"] == 49.5
        assert (await refund(client, {"OpKey": key, "RefundSum": 0.01}))["fault"] == "amount_out_of_range"
        assert balance(here, AccountKind.CLAIMS) == -7000

    told(tmp_path, database, tell)


def test_the_same_words_much_later_are_another_refund(tmp_path, database, monkeypatch):
    async def tell(here, client):
        await paid(here, client, out_sum="100.00", inv_id="1")
        _, key = await paid(here, client)
        first = await refund(client, {"OpKey": key, "RefundSum": 20})
        monkeypatch.setattr(refunds, "REPEATED_US", 0)
        assert (await refund(client, {"OpKey": key, "RefundSum": 20}))["requestId"] != first["requestId"]
        assert balance(here, AccountKind.CLAIMS) == -4000

    told(tmp_path, database, tell)


def test_a_merchant_gives_back_only_what_it_has_however_many_ask_at_once(tmp_path, database):
    async def tell(here, client):
        _, key = await paid(here, client)
        refused = await refund(client, {"OpKey": key})
        assert (refused["success"], refused["message"]) == (False, "NotEnoughOperationFunds")
        asked = await asyncio.gather(*(refund(client, {"OpKey": key, "RefundSum": 20 + n / 100}) for n in range(6)))
        assert sum(one["success"] for one in asked) == 3
        assert 0 > balance(here, AccountKind.MERCHANT, SHOP.login) > -2000

    told(tmp_path, database, tell)


def test_only_the_shop_itself_and_only_of_money_it_has(tmp_path, database):
    async def tell(here, client):
        _, key = await paid(here, client)
        for library, payload in (
            (SHOP.using(password3=SHOP.password1), {"OpKey": key}),
            (SHOP, {"OpKey": "0" * 40}),
            (SHOP, {}),
        ):
            assert (await refund(client, payload, library))["fault"] == "signature_wrong"
        unpaid = await begin(client, inv_id="6")
        assert await op_key(client, "6") == ""
        with reading(here.engine) as db:
            hidden = db.exec_driver_sql("SELECT op_key FROM orders WHERE inv_id = 6").scalar()
        assert (await refund(client, {"OpKey": hidden}))["fault"] == "not_refundable"
        put_in_cash(here.engine, unpaid["orderNumber"], 6900)
        refused = await refund(client, {"OpKey": await op_key(client, "6")})
        assert "under the code on the slip" in refused["message"]
        assert (await client.get(f"{API}/GetState", params={"id": "nothing"})).status_code == 404
        assert balance(here, AccountKind.CLAIMS) == 0

    told(tmp_path, database, tell)
