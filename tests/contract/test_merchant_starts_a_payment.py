"""Payment starts as real libraries send them, over real HTTPS, on both engines; signed by formulas written here."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, quote, quote_plus, urlencode, urlsplit

import pytest
import zxingcpp
from PIL import Image

from kiosk.aggregator import admin
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.shops import registration
from kiosk.aggregator.shops.registration import TechnicalSettings
from kiosk.domain import order_number
from tests.support.merchant_client import BETWEEN, Library, hashed
from tests.support.merchants import ANN, SHOP, TEST_SHOP, put_in_cash, shop_installation

INDEX, JSON_INDEX = "/Merchant/Index.aspx", "/Merchant/Indexjson.aspx"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RECEIPT = '{"items":[{"name":"Книга + чай","quantity":1,"sum":70,"tax":"none"}]}'


def told(tmp_path, database, tell, **settings):
    async def story():
        async with shop_installation(tmp_path, database, **settings) as here, here.client() as client:
            return await tell(here, client)

    return asyncio.run(story())


async def begin(client, fields) -> dict:
    return (await client.post(JSON_INDEX, data=fields)).json()


async def page(client, invoice_id, **query):
    return await client.get(f"/Merchant/Index/{invoice_id}", params=query)


def changed(fields, name, change) -> dict[str, str]:
    """After signing."""
    return fields | {name: change(fields[name])}


WAYS = {
    "plain": SHOP.start(),
    "own number": SHOP.start(inv_id="7"),
    "zero is no number": SHOP.start(inv_id="0"),
    "upper case": changed(SHOP.start(), "SignatureValue", str.upper),
    "extras by name": SHOP.start(Shp_b="2", Shp_a="1"),
    "extras of mixed case by lower name": SHOP.using(sort_key=str.lower).start(shp_a="1", Shp_b="2"),
    "extras of mixed case by bytes": SHOP.start(shp_a="1", Shp_b="2"),
    "extras sorted by the whole pair": SHOP.using(sort_key=lambda name: f"{name}=").start(Shp_a="1", Shp_a1="2"),
    "extras without underscore": SHOP.start(shpparam1="None", shpparam2="None"),
    "encoded extra as the official library has it": SHOP.start(Shp_mail=quote_plus("a+b@example.com c")),
    "currency and address": SHOP.start(OutSumCurrency="EUR", UserIp="2001:db8::1"),
    "receipt raw": SHOP.start(Receipt=RECEIPT),
    "receipt encoded once": SHOP.start(Receipt=quote(RECEIPT)),
    "receipt encoded once more than signed": changed(SHOP.start(Receipt=quote_plus(RECEIPT)), "Receipt", quote_plus),
    "everything": SHOP.start(
        out_sum="70.0",
        inv_id="2147483647",
        OutSumCurrency="EUR",
        UserIp="192.0.2.1",
        Receipt=RECEIPT,
        ResultUrl2="https://shop.example:8443/told?x=1",
        SuccessUrl2="https://shop.example/thanks",
        SuccessUrl2Method="POST",
        FailUrl2="https://shop.example/sorry",
        FailUrl2Method="GET",
        Email="buyer@example.com",
        Culture="ru",
        Encoding="utf-8",
        IncCurrLabel="BankCard",
        Shp_cart="7",
    ),
}


def test_every_way_of_signing_is_taken_by_link_form_and_json(tmp_path, database):
    async def tell(here, client):
        for name, fields in WAYS.items():
            answers = [
                await client.get(INDEX, params=fields),
                await client.post(INDEX, data=fields),
                await client.post(INDEX, files={key: (None, value) for key, value in fields.items()}),
            ]
            assert [answer.status_code for answer in answers] == [303] * 3, (name, answers[0].text)
            shown = await page(client, (await begin(client, fields))["invoiceID"])
            assert (shown.status_code, "Bookshop" in shown.text) == (200, True), name

    told(tmp_path, database, tell)


@pytest.mark.parametrize("hash_name", ["md5", "ripemd160", "sha1", "sha256", "sha384", "sha512"])
def test_every_hash_a_shop_may_choose_signs(tmp_path, hash_name):
    async def tell(here, client):
        other = SHOP.using(hash_name="md5" if hash_name != "md5" else "sha1")
        assert (await begin(client, SHOP.using(hash_name=hash_name).start()))["errorCode"] == 0
        assert (await begin(client, other.start()))["fault"] == "signature_wrong"

    told(tmp_path, None, tell, hash_name=hash_name)


def test_older_names_and_any_letter_case_are_understood(tmp_path, database):
    async def tell(here, client):
        fields = SHOP.start(inv_id="12")
        old = {"MrchLogin": fields.pop("MerchantLogin"), "Desc": fields.pop("Description"), **fields}
        first = await begin(client, old)
        shown = await page(client, first["invoiceID"])
        assert "A book" in shown.text
        spelled = {name.lower(): value for name, value in SHOP.start(inv_id="13").items()}
        assert (await begin(client, spelled))["errorCode"] == 0
        renamed = SHOP.start(inv_id="14")
        renamed["InvoiceID"] = renamed.pop("InvId")
        assert (await begin(client, renamed))["errorCode"] == 0

    told(tmp_path, database, tell)


def test_windows_1251_is_the_default_and_signed_as_its_bytes(tmp_path, database):
    async def tell(here, client):
        for said in ({}, {"Encoding": "windows-1251"}):
            fields = SHOP.start(encoding="cp1251", Shp_name="Иван", **said) | {"Description": "Книга"}
            body = urlencode(fields, encoding="cp1251").encode()
            made = (await client.post(JSON_INDEX, content=body, headers=FORM)).json()
            assert "Книга" in (await page(client, made["invoiceID"])).text
        wrong = urlencode(SHOP.start(Encoding="utf-8", Shp_name="Иван"), encoding="cp1251").encode()
        assert (await client.post(JSON_INDEX, content=wrong, headers=FORM)).json()["fault"] == "encoding_wrong"
        unsaid = SHOP.start(Shp_name="Иван") | {"Description": "Книга"}
        assert "Книга" in (await page(client, (await begin(client, unsaid))["invoiceID"])).text

    told(tmp_path, database, tell)


def test_the_same_start_again_is_the_same_order_and_another_one_is_refused(tmp_path, database):
    async def tell(here, client):
        fields = SHOP.start(inv_id="5", Shp_cart="1")
        first, again = await begin(client, fields), await begin(client, fields)
        assert first == again
        together = await asyncio.gather(*(begin(client, SHOP.start(inv_id="6")) for _ in range(8)))
        assert len({made["invoiceID"] for made in together}) == 1
        for other in (SHOP.start(out_sum="71.00", inv_id="5", Shp_cart="1"), SHOP.start(inv_id="5", Shp_cart="2")):
            refused = await begin(client, other)
            assert (refused["errorCode"], refused["fault"], refused["invoiceID"]) == (4, "number_taken", None)
        test = await begin(client, TEST_SHOP.start(inv_id="5", IsTest="1"))
        assert test["invoiceID"] != first["invoiceID"]

    told(tmp_path, database, tell)


def test_numbers_left_to_us_are_all_different(tmp_path, database):
    async def tell(here, client):
        made = await asyncio.gather(*(begin(client, SHOP.start()) for _ in range(10)))
        reports = [admin.order_report(here.engine, one["orderNumber"]) for one in made]
        assert sorted(report["inv_id"] for report in reports) == list(range(1, 11))

    told(tmp_path, database, tell)


FAULTS = {
    "nobody": (SHOP.using(login="nobody").start(), 2, "shop_unknown"),
    "no signature": (SHOP.start() | {"SignatureValue": ""}, 1, "signature_missing"),
    "wrong signature": (SHOP.start() | {"SignatureValue": "0" * 64}, 1, "signature_wrong"),
    "password 2": (Library("bookshop", "two-two-two", "").start(), 1, "signature_wrong"),
    "not an amount": (SHOP.start(out_sum="70,00"), 1000, "amount_invalid"),
    "negative": (SHOP.start(out_sum="-1"), 1000, "amount_invalid"),
    "nothing": (SHOP.start(out_sum="0.00"), 1000, "amount_out_of_range"),
    "tenths of a cent": (SHOP.start(out_sum="1.001"), 1000, "amount_invalid"),
    "too much": (SHOP.start(out_sum="99999999999"), 1000, "amount_out_of_range"),
    "endless": (SHOP.start(out_sum="1" + "0" * 5000), 1000, "amount_out_of_range"),
    "number of letters": (SHOP.start(inv_id="abc"), 1000, "number_invalid"),
    "number too high": (SHOP.start(inv_id="2147483648"), 1000, "number_invalid"),
    "other currency": (SHOP.start(OutSumCurrency="USD"), 1000, "currency_mismatch"),
    "no currency": (SHOP.start(OutSumCurrency="ABC"), 1000, "currency_unknown"),
    "no address": (SHOP.start(UserIp="300.1.1.1"), 1000, "address_invalid"),
    "date": (SHOP.start() | {"ExpirationDate": "tomorrow"}, 1000, "date_invalid"),
    "date far away": (SHOP.start() | {"ExpirationDate": "2999-01-01T00:00:00.0000000+03:00"}, 1000, "date_too_far"),
    "long words": (SHOP.start() | {"Description": "x" * 101}, 1000, "description_too_long"),
    "receipt": (SHOP.start(Receipt="{not json"), 1000, "receipt_invalid"),
    "hold": (SHOP.start(StepByStep="true"), 1000, "hold_not_offered"),
    "recurring": (SHOP.start() | {"Recurring": "true"}, 1000, "recurring_not_offered"),
    "previous": (SHOP.start(inv_id="9") | {"PreviousInvoiceID": "8"}, 1000, "recurring_not_offered"),
    "script as url": (SHOP.start(SuccessUrl2="javascript:alert(1)"), 1000, "url_invalid"),
    "colon in url": (SHOP.start(SuccessUrl2="https://shop.example/a:GET"), 1000, "url_invalid"),
    "method": (SHOP.start(SuccessUrl2="https://shop.example/", SuccessUrl2Method="PUT"), 1000, "method_invalid"),
    "encoding": (SHOP.start() | {"Encoding": "ebcdic"}, 1000, "encoding_unknown"),
    "two extras in one": (SHOP.start(Shp_a="1:Shp_b=2"), 1000, "extra_ambiguous"),
    "long extras": (SHOP.start(Shp_a="x" * 3000), 1000, "extras_too_long"),
    "long mail": (SHOP.start() | {"Email": "x" * 300}, 1000, "email_too_long"),
}


def test_every_fault_has_its_own_name_and_says_what_to_fix(tmp_path):
    async def tell(here, client):
        for name, (fields, code, fault) in FAULTS.items():
            answer = await client.post(JSON_INDEX, data=fields)
            said = answer.json()
            assert (answer.status_code, said["errorCode"], said["fault"]) == (400, code, fault), name
            assert len(said["errorMessage"]) > 10
            assert not any(secret in answer.text for secret in (SHOP.password1, SHOP.password2)), name
            shown = await client.post(INDEX, data=fields)
            assert unescape(shown.text).count(said["errorMessage"]) == 1, name
        twice = [*SHOP.start().items(), ("OutSum", "1.00")]
        answer = await client.post(JSON_INDEX, content=urlencode(twice).encode(), headers=FORM)
        assert answer.json()["fault"] == "parameter_twice"
        many = urlencode([(f"x{number}", "1") for number in range(500)]).encode()
        assert (await client.post(JSON_INDEX, content=many, headers=FORM)).json()["fault"] == "parameters_too_many"
        return [fault for _, _, fault in FAULTS.values()]

    assert len(set(told(tmp_path, None, tell))) >= 21


def test_a_shop_without_test_passwords_or_blocked_is_told_so(tmp_path):
    async def tell(here, client):
        registration.block(here.engine, SHOP.login, ANN)
        assert (await begin(client, SHOP.start()))["fault"] == "shop_inactive"
        registration.unblock(here.engine, SHOP.login, ANN)
        assert (await begin(client, SHOP.start()))["errorCode"] == 0

    told(tmp_path, None, tell)


def test_an_expiration_date_with_seven_decimals_bounds_the_order(tmp_path, database):
    async def tell(here, client):
        soon = datetime.now(UTC) + timedelta(minutes=5)
        date = f"{soon:%Y-%m-%dT%H:%M:%S}.1234567+00:00"
        made = await begin(client, SHOP.start() | {"ExpirationDate": date})
        shown = await page(client, made["invoiceID"])
        assert f"{soon:%Y-%m-%d %H:%M} UTC" in shown.text
        old = await begin(client, SHOP.start() | {"ExpirationDate": "2020-01-01T03:00:00.0000000+03:00"})
        assert "no longer valid" in (await page(client, old["invoiceID"])).text

    told(tmp_path, database, tell)


def test_the_page_shows_number_code_amount_and_payee_in_the_buyers_language(tmp_path, database):
    async def tell(here, client):
        made = await begin(client, SHOP.start(out_sum="1270.5") | {"Culture": "bg"})
        shown = (await page(client, made["invoiceID"])).text
        number = made["orderNumber"]
        assert '<html lang="bg">' in shown
        assert order_number.in_groups(number).replace(" ", "\u00a0") in shown
        assert "1\u00a0270.50\u00a0EUR" in shown
        assert all(words in shown for words in ("Bookshop", "A book", "без такса", "Как се плаща"))
        assert "<script" not in shown
        assert '<html lang="ru">' in (await page(client, made["invoiceID"], culture="ru")).text
        assert order_number.read(_scanned(shown)) == number

    told(tmp_path, database, tell)


def _scanned(html: str) -> str:
    """What a scanner reads from the page's drawing."""
    size = int(re.search(r'viewBox="0 0 (\d+)', html)[1])
    picture = Image.new("L", (size, size), 255)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", html):
        picture.putpixel((int(x), int(y)), 0)
    (found,) = zxingcpp.read_barcodes(picture.resize((size * 8, size * 8)))
    return found.text


def test_what_a_merchant_writes_is_text_on_the_page_and_nothing_else(tmp_path):
    evil = "\"><script>alert(1)</script><img src=x onerror='1'>{{7*7}}$payee"

    async def tell(here, client):
        made = await begin(client, SHOP.start() | {"Description": evil, "Culture": evil[:20]})
        answer = await page(client, made["invoiceID"], culture=evil)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert unescape(answer.text).count(evil) == 1
        refused = await client.get(INDEX, params={"MerchantLogin": "<script>x</script>"})
        assert "<script" not in refused.text
        for shown in (answer, refused):
            policy = shown.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert shown.headers["x-content-type-options"] == "nosniff"
            assert shown.headers["referrer-policy"] == "no-referrer"
            assert shown.headers["cache-control"] == "no-store"
        assert (await page(client, "0" * 32)).status_code == 404
        assert (await page(client, made["orderNumber"])).status_code == 404

    told(tmp_path, None, tell)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_paid_page_leads_back_with_a_signature_of_password_1(tmp_path, database, method):
    back = TechnicalSettings(success_url="https://shop.example/thanks?a=b", success_method=method)

    async def tell(here, client):
        registration.change_settings(here.engine, SHOP.login, back, ANN)
        made = await begin(client, SHOP.start(out_sum="70.0", inv_id="31", Shp_cart="7"))
        put_in_cash(here.engine, made["orderNumber"])
        shown = (await page(client, made["invoiceID"])).text
        assert "Paid. Thank you!" in shown
        form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', shown))
        if method == "GET":
            link = urlsplit(unescape(re.search(r'href="(https://shop[^"]+)"', shown)[1]))
            form = {name: values[0] for name, values in parse_qs(link.query).items()}
            assert form.pop("a") == "b"
            assert 'http-equiv="refresh"' in shown
        form.pop("viewport", None)
        assert {name: form[name] for name in ("OutSum", "InvId", "Shp_cart", "Culture")} == {
            "OutSum": "70.0",
            "InvId": "31",
            "Shp_cart": "7",
            "Culture": "en",
        }
        assert SHOP.is_from_aggregator(form, SHOP.password1)

    told(tmp_path, database, tell)


def test_urls_of_one_payment_go_before_those_of_the_shop(tmp_path):
    async def tell(here, client):
        own = {
            "SuccessUrl2": "https://own.example/yes",
            "SuccessUrl2Method": "POST",
            "FailUrl2": "https://own.example/no",
        }
        made = await begin(client, SHOP.start(**own))
        assert "https://own.example/no?" in unescape((await page(client, made["invoiceID"])).text)
        put_in_cash(here.engine, made["orderNumber"])
        answer = await page(client, made["invoiceID"])
        assert 'action="https://own.example/yes"' in answer.text
        assert "form-action 'self' https://own.example" in answer.headers["content-security-policy"]

    told(tmp_path, None, tell, success_url="https://shop.example/thanks", fail_url="https://shop.example/sorry")


def test_a_test_order_takes_no_cash_and_ends_on_its_page(tmp_path, database):
    async def tell(here, client):
        assert (await begin(client, SHOP.start(IsTest="1")))["fault"] == "signature_wrong"
        made = await begin(client, TEST_SHOP.start(IsTest="1"))
        with pytest.raises(RefusedError, match="this is a test order"):
            await asyncio.to_thread(put_in_cash, here.engine, made["orderNumber"])
        shown = (await page(client, made["invoiceID"])).text
        assert made["orderNumber"] not in shown
        ended = await client.post(f"/Merchant/Index/{made['invoiceID']}", data={"outcome": "paid"})
        assert ended.status_code == 303
        assert "Paid." in (await page(client, made["invoiceID"])).text
        real = await begin(client, SHOP.start())
        await client.post(f"/Merchant/Index/{real['invoiceID']}", data={"outcome": "paid"})
        assert admin.order_report(here.engine, real["orderNumber"])["state"] == 5

    told(tmp_path, database, tell)


def test_the_formulas_here_are_those_that_were_published():
    assert len(BETWEEN) == 9
    start = Library("robo-demo", "password#1", "", hash_name="md5").start(
        "10.00", "", OutSumCurrency="USD", UserIp="127.0.0.1"
    )
    assert start["SignatureValue"] == "9113fcc7a218deb0b5bc1c9c8e28c513"
    assert hashed("md5", "demo:1.00:1:p1:shp_a=1:Shp_b=2").startswith("fadd7f4b")
