"""The aggregator as an OSMP provider, over real HTTPS: asked by our own gateway, and as terminals of other makers ask."""

import asyncio
import hashlib
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.aggregator import admin
from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.storage.accounts import entry
from kiosk.aggregator.storage.database import open_database, reading, run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.orders import orders, quote
from kiosk.aggregator.storage.payments import payment
from kiosk.aggregator.terminals.osmp_face import _answer, load_passwords
from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS
from tests.support.aggregator import LOGIN, PASSWORD2, installation
from tests.support.dialects import CASES, PAYMENT

MOSCOW = timezone(timedelta(hours=3))
PASSWORD = "0123456789abcdef0123456789abcdef"
PASSWORDS = {"0001": hashlib.sha256(PASSWORD.encode()).hexdigest()}


def story(tmp_path, tell, **how):
    async def play():
        async with installation(tmp_path, **how) as here:
            return await tell(here)

    return asyncio.run(play())


def client(here, terminal="0001", **how):
    """A terminal of another maker; without a number, one that shows no certificate."""
    trust = here.context(terminal) if terminal else ssl.create_default_context(cafile=str(here.tls / "ca.pem"))
    return httpx.AsyncClient(base_url=here.url, verify=trust, trust_env=False, **how)


def stamp(at=None):
    return (at or datetime.now(UTC)).astimezone(MOSCOW).strftime("%Y%m%d%H%M%S")


def pay(number, txn_id="77001", total="70.00", **changes):
    return {"command": "pay", "txn_id": txn_id, "txn_date": stamp(), "account": number, "sum": total, **changes}


def check(number, **changes):
    return {"command": "check", "txn_id": "0", "account": number, "sum": "0.00", **changes}


async def said(line, parameters):
    answer = await line.get("/osmp", params=parameters)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return {node.tag: node.text or "" for node in ET.fromstring(answer.content)}


async def result(line, parameters):
    return (await said(line, parameters))["result"]


def credited(here):
    with reading(here.engine) as db:
        cash = entry.c.account.startswith("cash")
        return list(db.execute(sa.select(entry.c.amount_minor).where(cash)).scalars())


def test_an_order_is_paid_by_our_own_gateway_and_the_merchant_told(tmp_path, database):
    async def tell(here):
        case = CASES["osmp"]
        gateway = case.open(here.url, here.tls)
        health = await gateway.health()
        number = await here.order()
        quoted = await gateway.quote(port.QuoteWanted(number, "EUR"))
        assert (health.live, quoted.payee, quoted.description) == (False, "Bookshop", "A book")
        assert (quoted.amount_minor, quoted.details) == (7000, ())
        order = Order(quoted.quote_id, number, "", "", 7000, "EUR", quoted.expires_at_us, OverpayPolicy.HOLD)
        now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
        freeze = DIALECTS["osmp"].freezer(case.far(here.url, here.tls))
        body = freeze(ToFreeze(PAYMENT, order, 7000, ((2000, 1), (5000, 1)), now_us, 41, "ab" * 32))
        answers = await asyncio.gather(*(gateway.post(PAYMENT, body) for _ in range(10)))
        assert len(set(answers)) == 1
        assert isinstance(answers[0], port.Accepted)
        refused = await gateway.quote(port.QuoteWanted(number, "EUR"))
        assert refused.code == "order_expired"
        unknown = await gateway.quote(port.QuoteWanted("1234567890", "EUR"))
        assert unknown.code == "order_not_found"
        await gateway.close()
        async with asyncio.timeout(10):
            while not admin.order_report(here.engine, number)["merchant_notified"]:
                await asyncio.sleep(0.02)
        base = signatures.state_base(LOGIN, "1", PASSWORD2)
        async with here.client() as shop:
            fields = {"MerchantLogin": LOGIN, "InvoiceID": "1", "Signature": signatures.digest(base, "sha256")}
            state = await shop.get("/Merchant/WebService/Service.asmx/OpStateExt", params=fields)
        assert "100" in [node.text for node in ET.fromstring(state.content).iter() if node.tag.endswith("Code")]
        assert credited(here) == [7000]
        with reading(here.engine) as db:
            assert db.execute(sa.select(payment.c.payment_id)).scalars().all() == [PAYMENT]

    story(tmp_path, tell, database=database)


def test_answers_look_as_the_protocol_has_them(tmp_path):
    async def tell(here):
        number = await here.order()
        async with client(here) as line:
            checked = (await line.get("/osmp", params=check(number))).text
            paid = (await line.get("/osmp", params=pay(number))).text
        with reading(here.engine) as db:
            expires_us = db.execute(sa.select(quote.c.expires_us)).scalar()
            reference = db.execute(sa.select(payment.c.reference)).scalar()
        expires = stamp(datetime.fromtimestamp(expires_us // 1_000_000, UTC))
        assert checked == (
            '<?xml version="1.0" encoding="UTF-8"?>\n<response>\n  <osmp_txn_id>0</osmp_txn_id>\n  <result>0</result>\n'
            '  <comment>A book</comment>\n  <fields>\n    <field1 name="amount">70.00</field1>\n'
            '    <field2 name="payee">Bookshop</field2>\n    <field3 name="description">A book</field3>\n'
            f'    <field4 name="expires">{expires}</field4>\n  </fields>\n</response>\n'
        )
        assert paid == (
            '<?xml version="1.0" encoding="UTF-8"?>\n<response>\n  <osmp_txn_id>77001</osmp_txn_id>\n'
            f"  <prv_txn>{reference}</prv_txn>\n  <sum>70.00</sum>\n  <result>0</result>\n  <comment>OK</comment>\n"
            "</response>\n"
        )

    story(tmp_path, tell)


def test_a_transaction_that_comes_again_gets_its_first_answer_and_credits_nothing(tmp_path, database):
    async def tell(here):
        number = await here.order()
        async with client(here) as line:
            first = await said(line, pay(number))
            again = await said(line, pay(number, txn_date=stamp(datetime.now(UTC) + timedelta(minutes=5))))
            zeros = await said(line, pay(number, txn_id="0000000077001"))
            form = await line.post("/osmp", data=pay(number))
            assert first == again == zeros
            assert ET.fromstring(form.content).findtext("prv_txn") == first["prv_txn"]
            other_sum = await said(line, pay(number, total="69.00"))
            assert (other_sum["result"], other_sum["comment"]) == (
                "215",
                "this payment id came before with another body; nothing was changed",
            )
            assert await result(line, pay(number, txn_id="77002")) == "79"
            assert await result(line, pay(number, txn_id="77002")) == "79"
        assert credited(here) == [7000]

    story(tmp_path, tell, database=database)


def test_a_payment_from_another_terminal_under_a_used_id_changes_nothing(tmp_path):
    async def tell(here):
        number = await here.order()
        async with client(here) as line, client(here, "0002") as other:
            await said(line, pay(number))
            await said(other, check(await here.order()))
            assert await result(other, pay(number)) in {"8", "79", "215"}
        assert credited(here) == [7000]

    story(tmp_path, tell)


def test_cash_taken_in_time_is_credited_however_late_it_is_told_of(tmp_path, database):
    async def tell(here):
        number = await here.order()
        async with client(here) as line:
            await said(line, check(number))
            captured = stamp()
            past_us = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp() * 1_000_000)
            run_writing(here.engine, lambda db: db.execute(orders.update().values(expires_us=past_us)))
            assert await result(line, check(number)) == "79"
            late = await said(line, pay(number, txn_date=captured))
            assert (late["result"], late["sum"]) == ("0", "70.00")
            second = await here.order()
            await said(line, check(second))
            after = stamp(datetime.now(UTC) + timedelta(hours=2))
            assert await result(line, pay(second, "77003", txn_date=after)) == "79"

    story(tmp_path, tell, database=database)


def test_a_pay_without_a_check_is_taken(tmp_path):
    async def tell(here):
        async with client(here) as line:
            assert await result(line, pay(await here.order(), ccy="EUR")) == "0"
        assert credited(here) == [7000]

    story(tmp_path, tell)


BAD = {
    "command": ({"command": "cancel"}, "31", "command: must be check or pay"),
    "no command": ({"command": ""}, "31", "command: must be check or pay"),
    "account": ({"account": "79161234567890123456789"}, "4", "account: must be an order number, digits alone"),
    "letters": ({"account": "abc"}, "4", "account: must be an order number, digits alone"),
    "unknown": ({"account": "1234567890"}, "5", "no order has this number; check the digits"),
    "txn_id": ({"txn_id": "0"}, "31", "txn_id: must be a positive number of at most 20 digits"),
    "long txn_id": ({"txn_id": "1" * 21}, "31", "txn_id: must be a positive number of at most 20 digits"),
    "sum": ({"sum": "70,00"}, "31", "sum or ccy: '70,00' is not an amount"),
    "no sum": ({"sum": "0.00"}, "241", "sum: cannot be paid"),
    "long sum": ({"sum": "70." + "0" * 18}, "31", "sum: must have at most 20 characters"),
    "much": ({"sum": "99999999999999999"}, "242", "sum: cannot be paid"),
    "another sum": ({"sum": "69.99"}, "300", "the order costs another amount"),
    "txn_date": ({"txn_date": "2030-01-01"}, "31", "txn_date: must be YYYYMMDDhhmmss in Moscow time"),
    "no date": ({"txn_date": ""}, "31", "txn_date: must be YYYYMMDDhhmmss in Moscow time"),
    "currency": ({"ccy": "RUB"}, "40", "this order is in EUR"),
    "no currency": ({"ccy": "XYZ"}, "31", "sum or ccy: unknown currency 'XYZ'"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_wrong_has_its_code_and_says_what_to_fix(tmp_path, bad):
    change, code, words = bad

    async def tell(here):
        async with client(here) as line:
            told = await said(line, {**pay(await here.order()), **change})
        assert (told["result"], told["comment"][: len(words)]) == (code, words)
        assert credited(here) == []

    story(tmp_path, tell)


def test_a_check_of_another_sum_says_whether_it_is_too_small_or_too_big(tmp_path):
    async def tell(here):
        number = await here.order()
        async with client(here) as line:
            sums = {total: await result(line, check(number, sum=total)) for total in ("69.99", "70.00", "70.01")}
        assert sums == {"69.99": "241", "70.00": "0", "70.01": "242"}

    story(tmp_path, tell)


def test_a_parameter_that_stands_twice_is_refused(tmp_path):
    async def tell(here):
        number, other = await here.order(), await here.order()
        async with client(here) as line:
            told = await said(line, [*pay(number).items(), ("account", other)])
        assert (told["result"], told["comment"]) == ("31", "account: stands twice")
        assert credited(here) == []

    story(tmp_path, tell)


NAMES = st.sampled_from(["command", "txn_id", "account", "sum", "txn_date", "ccy", "prv_id", "x"])
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["check", "pay", "0", "1", "1000000016", "70.00", "1e9", "٧", "²", "EUR", "20300101000000", "9" * 5000]
    ),
)


@pytest.fixture(scope="module", name="shop")
def _shop(tmp_path_factory):
    engine = open_database(tmp_path_factory.mktemp("face"))
    admin.set_terminal(engine, "0001", active=True)
    yield engine
    engine.dispose()


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
@settings(max_examples=300, deadline=None)
def test_whatever_is_asked_is_answered_in_xml_with_a_code(shop, parameters):
    root = ET.fromstring(_answer(shop, "0001", parameters))
    assert root.tag == "response"
    assert root.findtext("result").isdigit()
    assert root.findtext("result") != "0"


def test_a_request_of_very_many_parameters_is_bounded_work(shop):
    assert "<result>31</result>" in _answer(shop, "0001", [("a", "")] * 60_000)


def test_what_a_shop_calls_itself_cannot_break_the_xml(tmp_path):
    async def tell(here):
        name = 'Books & "Sons" <script>]]>\x01\x0b\ufffe'
        run_writing(here.engine, lambda db: db.execute(merchant.update().values(name=name)))
        async with client(here) as line:
            answer = await line.get("/osmp", params=check(await here.order()))
        fields = {node.get("name"): node.text for node in ET.fromstring(answer.content).iterfind("fields/*")}
        assert fields["payee"] == name[:-3] + "   "

    story(tmp_path, tell)


@pytest.mark.parametrize(
    ("terminal", "credentials", "status"),
    [
        ("0001", None, 200),
        (None, ("0001", PASSWORD), 200),
        (None, None, 401),
        (None, ("0001", PASSWORD[:-1]), 401),
        (None, ("0001", ""), 401),
        (None, ("0002", PASSWORD), 401),
        (None, ("0666", PASSWORD), 401),
        ("0666", None, 401),
        ("0666", ("0001", PASSWORD), 401),
    ],
)
def test_only_a_terminal_that_is_known_by_certificate_or_password_is_heard(tmp_path, terminal, credentials, status):
    async def tell(here):
        number = await here.order()
        how = {"auth": credentials} if credentials else {}
        async with client(here, terminal, **how) as line:
            answer = await line.get("/osmp", params=pay(number))
        assert answer.status_code == status
        assert credited(here) == ([7000] if status == 200 else [])
        assert "<" not in answer.text or status == 200  # no business answer may be read out of a refusal to listen

    story(tmp_path, tell, osmp_passwords=PASSWORDS)


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Bearer x", "basic MDAwMQ=="])
def test_credentials_that_are_none_are_turned_away(tmp_path, header):
    async def tell(here):
        async with client(here, None, headers={"Authorization": header}) as line:
            answer = await line.get("/osmp", params=check("1"))
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="osmp"')

    story(tmp_path, tell, osmp_passwords=PASSWORDS)


def test_passwords_are_kept_as_hashes_and_a_bad_line_is_named(tmp_path):
    file = tmp_path / "passwords"
    file.write_text("\n".join(f"{number}:{digest}" for number, digest in PASSWORDS.items()))
    assert load_passwords(file) == PASSWORDS
    file.write_text(f"0001:{PASSWORDS['0001']}\n0002:{PASSWORD}\n")
    with pytest.raises(ValueError, match="line 2: must be number:sha256 in hex") as caught:
        load_passwords(file)
    assert PASSWORD not in str(caught.value)


def test_a_terminal_of_another_maker_over_basic_is_served_by_our_gateway_too(tmp_path):
    async def tell(here):
        case = CASES["osmp"]
        (here.tls / "secret").write_text(PASSWORD)
        far = replace(case.far(here.url, here.tls), certificate_file=None, key_file=None)
        (here.tls / "secret").write_text(PASSWORD)
        gateway = DIALECTS["osmp"].open(far)
        assert isinstance(await gateway.health(), port.Healthy)
        assert isinstance(await gateway.quote(port.QuoteWanted(await here.order(), "EUR")), port.Quoted)
        await gateway.close()

    story(tmp_path, tell, osmp_passwords=PASSWORDS)
