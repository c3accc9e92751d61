"""The XML web service over real HTTPS, by GET, POST and SOAP, on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import order_states, quotes
from kiosk.aggregator.money.order_states import LATE_CASH_US, State, is_over
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.orders import orders as orders_table
from kiosk.aggregator.storage.orders import quote
from kiosk.terminal_api import QuoteRequest
from tests.support.merchant_client import NS, SERVICE, codes, hashed
from tests.support.merchants import SHOP, TEST_SHOP, post_cash, put_in_cash, shop_installation

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def told(tmp_path, database, tell, **settings):
    async def story():
        async with shop_installation(tmp_path, database, **settings) as here, here.client() as client:
            return await tell(here, client)

    return asyncio.run(story())


async def begin(client, fields) -> str:
    return (await client.post("/Merchant/Indexjson.aspx", data=fields)).json()["orderNumber"]


async def ask(client, inv_id, method="OpStateExt", **changes):
    return await client.get(f"{SERVICE}/{method}", params={**SHOP.op_state(inv_id), **changes})


async def until_state(client, inv_id, state):
    async with asyncio.timeout(10):
        while codes((await ask(client, inv_id)).content)[1] != state:
            await asyncio.sleep(0.05)


def test_the_state_of_a_payment_from_created_to_done(tmp_path, database):
    async def tell(here, client):
        number = await begin(client, SHOP.start("70.0", "5", Shp_cart="Книга <7>"))
        for method in ("OpState", "OpStateExt"):
            assert codes((await ask(client, "5", method)).content) == ("0", "5")
        put_in_cash(here.engine, number)
        here.wake()
        await until_state(client, "5", "100")
        answer = await ask(client, "5")
        root = ET.fromstring(answer.content)
        assert (answer.headers["content-type"], root.tag) == ("text/xml; charset=utf-8", f"{NS}OperationStateResponse")
        info = {node.tag.removeprefix(NS): node.text for node in root.find(f"{NS}Info")}
        assert len(info.pop("OpKey")) == 40
        info.pop("PaymentMethod")
        assert info == {
            "IncCurrLabel": "TerminalKiosk",
            "IncSum": "70.00",
            "IncAccount": number,
            "OutCurrLabel": "EUR",
            "OutSum": "70.0",
            "Fee": "1.75",
        }
        assert root.findtext(f"{NS}UserField/{NS}Field/{NS}Value") == "Книга <7>"
        at = root.findtext(f"{NS}State/{NS}StateDate")
        assert len(at.partition(".")[2].partition("+")[0]) == 7
        assert abs(datetime.fromisoformat(at) - datetime.now(UTC)) < timedelta(minutes=1)

    told(tmp_path, database, tell)


def test_what_cannot_be_answered_has_its_code_and_no_data(tmp_path, database):
    async def tell(here, client):
        await begin(client, SHOP.start("1", "5"))
        await begin(client, TEST_SHOP.start("1", "6", IsTest="1"))
        asked = {
            "1": await ask(client, "5", Signature="0" * 64),
            "2": await ask(client, "5", MerchantLogin="nobody"),
            "3": await ask(client, "7"),
        }
        for code, answer in asked.items():
            root = ET.fromstring(answer.content)
            assert (answer.status_code, root.findtext(f"{NS}Result/{NS}Code")) == (200, code)
            assert [child.tag for child in root] == [f"{NS}Result"]
            assert root.findtext(f"{NS}Result/{NS}Description")
            assert SHOP.password2 not in answer.text
        assert codes((await ask(client, "6")).content) == ("3", None)
        huge = await client.get(f"{SERVICE}/OpState", params=SHOP.op_state("9" * 5000))
        assert codes(huge.content) == ("3", None)
        assert (await client.get(f"{SERVICE}/DropTables")).status_code == 404
        assert codes((await client.get(f"{SERVICE}/OpState?a=1&a=2")).content) == ("1000", None)

    told(tmp_path, database, tell)


def test_post_and_soap_say_the_same(tmp_path):
    async def tell(here, client):
        await begin(client, SHOP.start("1", "5"))
        fields = SHOP.op_state("5")
        posted = await client.post(f"{SERVICE}/OpStateExt", data=fields)
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
        body = (
            '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f'<OpStateExt xmlns="http://merchant.roboxchange.com/WebService/">{inner}</OpStateExt></s:Body></s:Envelope>'
        )
        soap = await client.post(SERVICE, content=body, headers={"Content-Type": "text/xml"})
        found = ET.fromstring(soap.content).find(f"{SOAP}Body/{NS}OpStateExtResponse/{NS}OpStateExtResult")
        assert found.findtext(f"{NS}State/{NS}Code") == codes(posted.content)[1] == "5"

    told(tmp_path, None, tell)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" if n == 1 else f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + ']><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x>&a9;</x></s:Body></s:Envelope>'
)


DECLARED = (
    '<!DOCTYPE b [<!ENTITY five "5">]><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<OpState xmlns="http://merchant.roboxchange.com/WebService/"><InvoiceID>&five;</InvoiceID></OpState>'
    "</s:Body></s:Envelope>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        '<!DOCTYPE b SYSTEM "file:///etc/passwd"><b/>',
        '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>',
        "<a>" * 20_000,
        "not xml",
        "",
        '<?xml version="1.0" encoding="klingon"?><a/>',
        DECLARED,
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>',
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Drop/></s:Body></s:Envelope>',
    ],
    ids=range(10),
)
def test_xml_that_bites_is_a_fault_and_nothing_else(tmp_path, body):
    async def tell(here, client):
        answer = await client.post(SERVICE, content=body, headers={"Content-Type": "text/xml"})
        fault = ET.fromstring(answer.content).find(f"{SOAP}Body/{SOAP}Fault")
        assert (answer.status_code, fault.findtext("faultcode")) == (500, "soap:Client")
        assert "root:" not in answer.text

    told(tmp_path, None, tell)


def test_the_ways_to_pay_are_those_at_a_terminal_and_cost_nothing(tmp_path):
    async def tell(here, client):
        async def get(method, **fields):
            answer = await client.get(f"{SERVICE}/{method}", params={"MerchantLogin": SHOP.login, **fields})
            return ET.fromstring(answer.content)

        currencies = await get("GetCurrencies", Language="ru")
        (currency,) = currencies.iter(f"{NS}Currency")
        group = currencies.find(f"{NS}Groups/{NS}Group")
        assert (currencies.tag, group.get("Code")) == (f"{NS}CurrenciesList", "Terminals")
        assert (currency.get("Label"), currency.get("Alias")) == ("TerminalKiosk", "Terminal")
        assert currency.get("Name") == "Наличные в терминале"
        (method,) = (await get("GetPaymentMethods", Language="en")).iter(f"{NS}Method")
        assert (method.get("Code"), method.get("Description")) == ("Terminal", "Cash at a terminal")
        for label in ("", "TerminalKiosk", "terminal"):
            rates = await get("GetRates", IncCurrLabel=label, OutSum="10.5")
            assert next(rates.iter(f"{NS}Rate")).get("IncSum") == "10.50"
        assert (await get("GetRates", IncCurrLabel="BankCard", OutSum="1")).findtext(f"{NS}Result/{NS}Code") == "1000"
        assert (await get("GetRates", OutSum="x")).findtext(f"{NS}Result/{NS}Code") == "1000"
        assert (await get("CalcOutSumm", IncSum="100.00")).findtext(f"{NS}OutSum") == "100.00"
        signed = hashed("sha256", f"{SHOP.login}:100.00:{SHOP.password1}")
        assert (await get("CalcOutSumm", IncSum="100.00", SignatureValue=signed)).findtext(f"{NS}OutSum") == "100.00"
        wrong = await get("CalcOutSumm", IncSum="100.00", SignatureValue="0")
        assert [child.tag for child in wrong] == [f"{NS}Result"]

    told(tmp_path, None, tell)


def test_an_order_nobody_pays_becomes_10_when_it_is_looked_at_and_by_the_sweep(tmp_path, database):
    async def tell(here, client):
        old = {"ExpirationDate": "2026-01-01T00:00:00.0000000+03:00"}
        await begin(client, SHOP.start("1", "5") | old)
        answer = await ask(client, "5")
        assert codes(answer.content) == ("0", "10")
        at = ET.fromstring(answer.content).findtext(f"{NS}State/{NS}StateDate")
        assert at == "2025-12-31T21:00:00.0000000+00:00"
        for number in ("6", "7"):
            await begin(client, SHOP.start("1", number) | old)
        assert await asyncio.to_thread(order_states.sweep, here.engine) == 2
        assert await asyncio.to_thread(order_states.sweep, here.engine) == 0

    told(tmp_path, database, tell)


def test_cash_that_was_taken_in_time_is_good_although_the_order_is_too_old_by_now(tmp_path, database):
    async def tell(here, client):
        number = await begin(client, SHOP.start("1", "5"))
        quoted = quotes.offer(here.engine, "0001", QuoteRequest(number, "EUR"))
        captured = datetime.now(UTC).isoformat()
        past = orders_table.update().values(expires_us=now_us() - 1)
        run_writing(here.engine, lambda db: db.execute(past))
        assert codes((await ask(client, "5")).content) == ("0", "5")
        assert await asyncio.to_thread(order_states.sweep, here.engine) == 0
        post_cash(here.engine, quoted, 100, captured=captured)
        here.wake()
        await until_state(client, "5", "100")

    told(tmp_path, database, tell)


def test_after_days_offline_the_order_is_over_and_late_cash_goes_back_to_the_buyer(tmp_path, database):
    async def tell(here, client):
        number = await begin(client, SHOP.start("1", "5"))
        quoted = quotes.offer(here.engine, "0001", QuoteRequest(number, "EUR"))
        captured = datetime.now(UTC).isoformat()

        def age(db):
            db.execute(orders_table.update().values(expires_us=now_us() - LATE_CASH_US))
            db.execute(quote.update().values(expires_us=now_us() - LATE_CASH_US))

        run_writing(here.engine, age)
        assert codes((await ask(client, "5")).content) == ("0", "10")
        post_cash(here.engine, quoted, 100, captured=captured)
        assert codes((await ask(client, "5")).content) == ("0", "10")

    told(tmp_path, database, tell)


def test_cash_that_is_refused_ends_the_order_in_60(tmp_path, database):
    async def tell(here, client):
        number = await begin(client, SHOP.start("70", "5"))
        quoted = quotes.offer(here.engine, "0001", QuoteRequest(number, "EUR"))
        post_cash(here.engine, quoted, 6900)
        answer = await ask(client, "5")
        assert codes(answer.content) == ("0", "60")
        assert ET.fromstring(answer.content).findtext(f"{NS}Info/{NS}IncSum") == "69.00"
        with pytest.raises(Exception, match="was refused; order again"):
            quotes.offer(here.engine, "0001", QuoteRequest(number, "EUR"))
        paid = await begin(client, SHOP.start("70", "6"))
        first, second = (quotes.offer(here.engine, "0001", QuoteRequest(paid, "EUR")) for _ in range(2))
        post_cash(here.engine, first, 7000)
        post_cash(here.engine, second, 7000)
        assert codes((await ask(client, "6")).content)[1] in {"50", "100"}

    told(tmp_path, database, tell)


def test_only_created_orders_wait_in_vain():
    assert is_over(State.CREATED, 10, None, 10)
    assert not is_over(State.CREATED, 11, None, 10)
    assert not is_over(State.CREATED, 10, 9, 10)
    assert is_over(State.CREATED, 10, 9, 9 + LATE_CASH_US)
    assert not any(is_over(state, 0, None, 10) for state in State if state is not State.CREATED)
