"""The invoice service: JWTs as libraries make them, links, lists; over real HTTPS, on both engines."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlsplit

import pytest

from tests.support.merchant_client import Library, b64, codes, jwt
from tests.support.merchants import SHOP, TEST_SHOP, put_in_cash, shop_installation

API = "/InvoiceServiceWebApi/api"
JSON = {"Content-Type": "application/json"}
ONE = {"InvoiceType": "OneTime", "Culture": "ru", "InvId": 1, "OutSum": 70.5, "Description": "Книга"}
ALL = {
    "CurrentPage": 1,
    "PageSize": 10,
    "InvoiceStatuses": ["Paid", "Expired", "Notpaid"],
    "InvoiceTypes": ["OneTime", "Reusable"],
    "DateFrom": "2020-01-01T00:00:00",
    "DateTo": "2100-01-01T00:00:00.0000000+03:00",
}


def told(tmp_path, database, tell, **settings):
    async def story():
        async with shop_installation(tmp_path, database, **settings) as here, here.client() as client:
            return await tell(here, client)

    return asyncio.run(story())


async def call(client, name, payload, library=SHOP, **how):
    body = payload if isinstance(payload, str) else library.invoice_jwt(payload, **how)
    answer = await client.post(f"{API}/{name}", content=body.encode(), headers=JSON)
    assert answer.status_code == 200
    return answer.json()


async def listed(client, **changes):
    return await call(client, "GetInvoiceInformationList", {**ALL, **changes})


async def numbers(client, **changes):
    return [one["invId"] for one in (await listed(client, **changes))["invoices"]]


async def order_number(client, url) -> str:
    text = (await client.get(urlsplit(url).path)).text
    return "".join(text.partition('role="img" aria-label="')[2].partition('"')[0].split())


def test_the_published_vector_comes_out_the_same():
    payload = '{"MerchantLogin":"demo","InvoiceType":"OneTime","Culture":"ru","InvId":1,"OutSum":1}'
    made = jwt(json.loads(payload), "demo:p1", "MD5", "md5")
    assert made.count(".") == 2
    head = b64(b'{"alg":"MD5","typ":"JWT"}')
    signed = f"{head}.{b64(payload.encode())}"
    assert b64(hmac.new(b"demo:p1", signed.encode(), hashlib.md5).digest()) == "VQI_IcyNhJYujzm9Z7i4hw"


def test_an_invoice_is_an_order_that_can_be_paid_and_is_listed_as_it_stands(tmp_path, database):
    async def tell(here, client):
        made = await call(client, "CreateInvoice", {**ONE, "UserFields": {"shp_a": "1", "b": "2"}})
        assert (made["isSuccess"], made["invId"]) == (True, 1)
        assert made["url"].startswith(f"{here.url}/Merchant/Index/")
        again = await call(client, "CreateInvoice", {**ONE, "UserFields": {"shp_a": "1", "b": "2"}})
        assert again == made
        other = await call(client, "CreateInvoice", {**ONE, "OutSum": 71})
        assert (other["isSuccess"], other["fault"]) == (False, "number_taken")
        assert "Книга" in (await client.get(urlsplit(made["url"]).path)).text
        put_in_cash(here.engine, await order_number(client, made["url"]))
        await call(client, "CreateInvoice", {**ONE, "InvId": None, "OutSum": "9.99", "MerchantComments": "for Ann"})
        await call(client, "CreateInvoice", {**ONE, "InvId": 3, "ExpirationDate": "2021-01-01T00:00:00Z"})
        found = await listed(client)
        assert [(one["invId"], one["status"], one["outSum"]) for one in found["invoices"]] == [
            (3, "Expired", 70.5),
            (2, "Notpaid", 9.99),
            (1, "Paid", 70.5),
        ]
        assert (found["totalCount"], found["totalPages"]) == (3, 1)
        assert found["invoices"][2]["paymentDate"]

    told(tmp_path, database, tell)


def test_lists_are_filtered_and_come_in_pages(tmp_path, database):
    async def tell(here, client):
        for number in range(1, 8):
            words = {"Description": f"Book {number} 100%", "MerchantComments": "Sofia" if number % 2 else "Varna"}
            await call(client, "CreateInvoice", {**ONE, "InvId": number, "OutSum": number, **words})
        await call(client, "CreateInvoice", {**ONE, "InvoiceType": "Reusable", "OutSum": 50})
        assert await numbers(client, PageSize=3, IsAscending=True) == [1, 2, 3]
        assert await numbers(client, PageSize=3, CurrentPage=3, IsAscending=True) == [7, None]
        assert await numbers(client, PageSize=3, CurrentPage=9) == []
        assert await numbers(client, InvoiceTypes=["Reusable"]) == [None]
        assert await numbers(client, SumFrom=3, SumTo=4.0) == [4, 3]
        assert await numbers(client, Keywords="varna") == [6, 4, 2]
        assert await numbers(client, Keywords="5 100%") == [5]
        assert await numbers(client, Keywords="_") == []
        assert await numbers(client, InvoiceStatuses=["paid"]) == []
        assert await numbers(client, DateTo="2021-01-01") == []
        assert len(await numbers(client, PaymentAliases=["Terminal"])) == 8
        assert await numbers(client, PaymentAliases=["BankCard"]) == []

    told(tmp_path, database, tell)


def test_a_reusable_link_gives_every_buyer_an_order_until_it_is_closed(tmp_path, database):
    async def tell(here, client):
        made = await call(client, "CreateInvoice", {**ONE, "InvoiceType": "Reusable", "UserFields": {"shp_a": "1"}})
        path = urlsplit(made["url"]).path
        assert (made["invId"], path) == (None, f"/Merchant/Invoice/{made['encodedId']}")
        assert "Получить номер" in (await client.get(path)).text
        started = [(await client.post(path)).headers["location"] for _ in range(2)]
        first, second = [await order_number(client, url) for url in started]
        assert first != second
        put_in_cash(here.engine, first)
        assert (await listed(client))["invoices"][0]["status"] == "Paid"
        assert (await call(client, "DeactivateInvoice", {"EncodedId": made["encodedId"]}))["isSuccess"]
        assert (await client.get(path)).status_code == 410
        assert "is closed" in (await client.post(path)).text
        state = codes(
            (await client.get("/Merchant/WebService/Service.asmx/OpState", params=SHOP.op_state("2"))).content
        )
        assert state == ("0", "10")
        assert (await client.get("/Merchant/Invoice/nothing")).status_code == 404

    told(tmp_path, database, tell)


def test_an_invoice_is_closed_by_any_of_its_names_but_not_once_paid(tmp_path, database):
    async def tell(here, client):
        for number, name in ((1, "invId"), (2, "id"), (3, "encodedId")):
            made = await call(client, "CreateInvoice", {**ONE, "InvId": number})
            named = {name[0].upper() + name[1:]: made[name]}
            assert (await call(client, "DeactivateInvoice", named)) == {"isSuccess": True}
            assert (await call(client, "DeactivateInvoice", named))["isSuccess"]
            assert "no longer valid" in (await client.get(urlsplit(made["url"]).path + "?culture=en")).text
        assert {one["status"] for one in (await listed(client))["invoices"]} == {"Expired"}
        made = await call(client, "CreateInvoice", {**ONE, "InvId": 4})
        put_in_cash(here.engine, await order_number(client, made["url"]))
        assert (await call(client, "DeactivateInvoice", {"InvId": 4}))["fault"] == "invoice_closed"
        assert (await call(client, "DeactivateInvoice", {"InvId": 99}))["fault"] == "invoice_unknown"
        assert (await call(client, "DeactivateInvoice", {}))["fault"] == "field_invalid"

    told(tmp_path, database, tell)


ALGORITHMS = {
    "MD5": "md5",
    "SHA1": "sha1",
    "HS1": "sha1",
    "SHA256": "sha256",
    "HS256": "sha256",
    "HS384": "sha384",
    "HS512": "sha512",
    "RIPEMD160": "ripemd160",
}


def test_every_named_algorithm_is_taken_and_nothing_is_taken_unsigned(tmp_path):
    async def tell(here, client):
        for number, (alg, hash_name) in enumerate(ALGORITHMS.items(), 1):
            made = await call(client, "CreateInvoice", {**ONE, "InvId": number}, alg=alg, hash_name=hash_name)
            assert made["isSuccess"], alg
        whole = json.loads(SHOP.invoice_jwt(ONE))
        head, payload, signature = whole.split(".")
        none = b64(b'{"alg":"none"}')
        bad = {
            "token_invalid": [
                f"{none}.{payload}.",
                f"{head}.{payload}",
                "",
                "{}",
                '"x"',
                f"{head}.@.{signature}",
                '"\u00fc"',
            ],
            "signature_wrong": [
                f"{head}.{payload}.",
                f"{head}.{payload}.{signature[:-2]}AA",
                f"{head}.{payload}.{b64(b'0' * 16)}",
            ],
            "shop_unknown": [f"{head}.{b64(b'{}')}.{signature}", SHOP.using(login="nobody").invoice_jwt(ONE)],
        }
        for fault, bodies in bad.items():
            for body in bodies:
                answer = await client.post(f"{API}/CreateInvoice", content=body.encode(), headers=JSON)
                assert (answer.json()["fault"], answer.json()["isSuccess"]) == (fault, False), body
                assert answer.json()["message"]
        wrong = Library(SHOP.login, SHOP.password2, "")
        assert (await call(client, "CreateInvoice", ONE, wrong))["fault"] == "signature_wrong"

    told(tmp_path, None, tell)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"OutSum": -1}, "amount_invalid"),
        ({"OutSum": 0}, "amount_out_of_range"),
        ({"OutSum": None}, "amount_invalid"),
        ({"OutSum": [1]}, "field_invalid"),
        ({"OutSum": 1.005}, "amount_invalid"),
        ({"OutSum": True}, "field_invalid"),
        ({"InvId": -1}, "number_invalid"),
        ({"InvId": 2**31}, "number_invalid"),
        ({"InvoiceType": "Weekly"}, "field_invalid"),
        ({"Description": "x" * 101}, "description_too_long"),
        ({"Description": 7}, "field_invalid"),
        ({"UserFields": ["a"]}, "field_invalid"),
        ({"InvoiceItems": [{}] * 101}, "field_invalid"),
        ({"SuccessUrl2Data": {"Url": "javascript:alert(1)"}}, "url_invalid"),
        ({"FailUrl2Data": {"Url": "https://a.example/", "Method": "PUT"}}, "method_invalid"),
        ({"ExpirationDate": "soon"}, "date_invalid"),
        ({"AdditionalParameters": {"StepByStep": "true"}}, "hold_not_offered"),
        ({"AdditionalParameters": {"Token": "x"}}, "recurring_not_offered"),
    ],
    ids=str,
)
def test_every_fault_of_an_invoice_has_its_name(tmp_path, change, fault):
    async def tell(here, client):
        refused = await call(client, "CreateInvoice", {**ONE, **change})
        assert (refused["isSuccess"], refused["fault"]) == (False, fault)
        assert (await listed(client))["totalCount"] == 0

    told(tmp_path, None, tell)


def test_test_invoices_are_signed_by_the_test_pair_and_kept_apart(tmp_path):
    async def tell(here, client):
        test = {**ONE, "AdditionalParameters": {"IsTest": "1"}}
        assert (await call(client, "CreateInvoice", test))["fault"] == "signature_wrong"
        made = await call(client, "CreateInvoice", test, TEST_SHOP)
        assert "Тестовый заказ" in (await client.get(urlsplit(made["url"]).path)).text
        assert (await listed(client))["totalCount"] == 0
        assert (await call(client, "GetInvoiceInformationList", {**ALL, **test}, TEST_SHOP))["totalCount"] == 1

    told(tmp_path, None, tell)


@pytest.mark.parametrize(
    "change",
    [
        {"CurrentPage": 0},
        {"PageSize": 10**9},
        {"InvoiceStatuses": []},
        {"InvoiceTypes": ["Daily"]},
        {"DateFrom": "x"},
        {"DateTo": None},
        {"SumFrom": "abc"},
        {"Keywords": 5},
    ],
    ids=str,
)
def test_every_fault_of_a_list_is_told(tmp_path, change):
    async def tell(here, client):
        refused = await listed(client, **change)
        assert refused["isSuccess"] is False
        assert next(iter(change)) in refused["message"]

    told(tmp_path, None, tell)
