"""ResultURL: told until OK, once at a time, however a merchant's server behaves. Real HTTP both ways, on both engines."""

import asyncio
import logging
import ssl
import threading

import pytest
import sqlalchemy as sa
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse

from kiosk.aggregator import admin
from kiosk.aggregator.merchants import deliveries, merchant_line, notify
from kiosk.aggregator.merchants.merchant_line import MerchantLine
from kiosk.aggregator.merchants.notify import Notifier
from kiosk.aggregator.moments import DAY_US
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.notifications import notification
from kiosk.aggregator.tls import make_demo_authority
from kiosk.cli.main import main
from tests.support.aggregator import serving
from tests.support.merchant_client import Library
from tests.support.merchants import SHOP, TEST_SHOP, put_in_cash, shop_installation, told_shop


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """The first waits in hundredths of what they are."""
    monkeypatch.setattr(deliveries, "FIRST_WAIT_S", 0.02)
    monkeypatch.setattr(deliveries, "SOONEST_S", 0.01)


async def ordered(client, library=SHOP, **more) -> dict:
    return (await client.post("/Merchant/Indexjson.aspx", data=library.start(**more))).json()


async def paid(here, client, **more) -> str:
    """An order and the cash for it; its number."""
    number = (await ordered(client, **more))["orderNumber"]
    await asyncio.to_thread(put_in_cash, here.engine, number)
    return number


async def settled(here, number, field="merchant_notified", least=True):
    async with asyncio.timeout(15):
        while admin.order_report(here.engine, number)[field] < least:
            await asyncio.sleep(0.02)
    return admin.order_report(here.engine, number)


def story(tmp_path, database, tell, answer=None, **settings):
    """`tell(shop, here, client)` with a shop that answers as it is told to. The till's wake is left to the clock."""

    async def play():
        async with told_shop(answer) as (shop, url):
            installed = shop_installation(tmp_path, database, merchant_url=f"{url}/result", **settings)
            async with installed as here, here.client() as client:
                await tell(shop, here, client)

    return asyncio.run(play())


@pytest.fixture(autouse=True)
def looked_for(monkeypatch):
    """Payments here are posted past the face that wakes the notifier."""
    monkeypatch.setattr(deliveries, "LOOK_S", 0.05)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everything_a_merchant_expects_is_there_and_signed(tmp_path, database, method):
    async def tell(shop, here, client):
        number = await paid(
            here, client, out_sum="70.0", inv_id="9", Email="buyer@example.com", Shp_b="2", Shp_a="Иван"
        )
        report = await settled(here, number)
        (how, form), *_ = shop.told
        assert how == f"{method} /result"
        assert SHOP.is_from_aggregator(form, SHOP.password2)
        form.pop("SignatureValue")
        assert form == {
            "OutSum": "70.0",
            "InvId": "9",
            "Fee": "1.75",
            "EMail": "buyer@example.com",
            "PaymentMethod": "Terminal",
            "IncCurrLabel": "TerminalKiosk",
            "Shp_a": "Иван",
            "Shp_b": "2",
        }
        assert report["state"] == 100

    story(tmp_path, database, tell, result_method=method)


def test_result_url_2_is_told_instead_of_the_shops(tmp_path):
    async def play():
        async with told_shop() as (own, url), told_shop() as (shop, shop_url):
            async with shop_installation(tmp_path, merchant_url=shop_url) as here, here.client() as client:
                await settled(here, await paid(here, client, ResultUrl2=f"{url}/own"))
            assert [how for how, _ in own.told] == ["POST /own"]
            assert shop.told == []

    asyncio.run(play())


def test_a_test_payment_is_signed_by_the_test_pair_and_books_nothing(tmp_path, database):
    async def tell(shop, here, client):
        made = await ordered(client, TEST_SHOP, IsTest="1")
        await client.post(f"/Merchant/Index/{made['invoiceID']}", data={"outcome": "paid"})
        await settled(here, made["orderNumber"])
        ((_, form),) = shop.told
        assert TEST_SHOP.is_from_aggregator(form, TEST_SHOP.password2)
        assert not SHOP.is_from_aggregator(form, SHOP.password2)
        assert form["Fee"] == "0.00"
        with here.engine.connect() as db:
            assert db.execute(sa.text("SELECT count(*) FROM booking")).scalar() == 0

    story(tmp_path, database, tell)


def _dripping():
    async def drip():
        while True:
            yield b"O"
            await asyncio.sleep(0.01)

    return StreamingResponse(drip())


async def _hanging():
    await asyncio.sleep(3600)


def _endless():
    async def flood():
        while True:
            yield b"x" * 65536
            await asyncio.sleep(0)

    return StreamingResponse(flood())


BAD = {
    "wrong number": lambda form: PlainTextResponse("OK12345"),
    "nothing": lambda form: PlainTextResponse(""),
    "words": lambda form: PlainTextResponse(f"OK{form['InvId']} thank you"),
    "500": lambda form: PlainTextResponse("oops", 500),
    "elsewhere": lambda form: RedirectResponse("/elsewhere", 302),
    "hanging": lambda form: _hanging(),
    "dripping": lambda form: _dripping(),
    "endless": lambda form: _endless(),
    "binary": lambda form: PlainTextResponse(b"\xff\x00\xfe" * 100),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_answer_is_no_answer_and_the_next_good_one_counts(tmp_path, bad, monkeypatch):
    monkeypatch.setattr(merchant_line, "DEADLINE_S", 0.3)
    asked = []

    def answer(form):
        asked.append(form)
        return BAD[bad](form) if len(asked) < 3 else PlainTextResponse(f" OK{form['InvId']}\r\n")

    async def tell(shop, here, client):
        report = await settled(here, await paid(here, client))
        assert (len(shop.told), report["notification_attempts"], report["state"]) == (3, 3, 100)
        assert {how for how, _ in shop.told} == {"POST /result"}
        assert len({str(form) for _, form in shop.told}) == 1

    story(tmp_path, None, tell, answer)


def test_a_hanging_shop_holds_up_nobody_else(tmp_path, database, monkeypatch):
    monkeypatch.setattr(notify, "AT_ONCE", 4)

    async def tell(shop, here, client):
        async with told_shop() as (quick, url):
            other = second_shop(here.engine, f"{url}/quick")
            for _ in range(8):
                await paid(here, client)
            number = (await ordered(client, other))["orderNumber"]
            await asyncio.to_thread(put_in_cash, here.engine, number)
            await settled(here, number)
            assert len(quick.told) == 1
            assert len(shop.told) == 2

    story(tmp_path, database, tell, lambda form: _hanging())


def second_shop(engine, url) -> Library:
    """A shop of its own, active at once."""
    admin.set_merchant(engine, admin.Merchant("other", "Other", "other-one", "other-two", "sha256", url, "EUR", 0))
    return Library("other", "other-one", "other-two")


def test_several_workers_never_tell_the_same_at_the_same_time(tmp_path, database):
    now, most = {}, []

    async def slow(form):
        now[form["InvId"]] = now.get(form["InvId"], 0) + 1
        most.append(now[form["InvId"]])
        await asyncio.sleep(0.05)
        now[form["InvId"]] -= 1
        return PlainTextResponse(f"OK{form['InvId']}")

    async def tell(shop, here, client):
        numbers = [await paid(here, client) for _ in range(6)]
        others = [Notifier(here.engine, private_allowed=True) for _ in range(3)]
        running = [asyncio.create_task(one.run()) for one in others]
        for number in numbers:
            await settled(here, number)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert set(most) == {1}
        assert len(shop.told) == len(numbers)

    story(tmp_path, database, tell, slow)


def test_workers_who_look_at_once_take_each_delivery_once(database, tmp_path):
    async def prepare():
        async with (
            shop_installation(tmp_path, database, merchant_url="http://127.0.0.1:9/") as here,
            here.client() as client,
        ):
            numbers = [(await ordered(client))["orderNumber"] for _ in range(10)]
        engine = database.open()
        for number in numbers:
            put_in_cash(engine, number)
        return engine

    engine = asyncio.run(prepare())
    together, taken = threading.Barrier(4), []

    def look():
        together.wait()
        for _ in range(5):
            taken.extend(one.order_id for one in deliveries.take(engine, 4, {}, 4))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 10


def test_what_a_dead_worker_had_taken_is_taken_again_and_its_late_word_is_not_heard(tmp_path, database, monkeypatch):
    monkeypatch.setattr(deliveries, "LEASE_US", 0)

    async def prepare():
        async with (
            shop_installation(tmp_path, database, merchant_url="http://127.0.0.1:9/") as here,
            here.client() as client,
        ):
            return (await ordered(client))["orderNumber"]

    number = asyncio.run(prepare())
    engine = database.open()
    put_in_cash(engine, number)
    (dead,) = deliveries.take(engine, 1, {}, 1)
    (alive,) = deliveries.take(engine, 1, {}, 1)
    assert (dead.attempt, alive.attempt) == (1, 2)
    assert not deliveries.keep(engine, dead, dead.expected)
    assert admin.order_report(engine, number)["state"] == 50
    assert deliveries.keep(engine, alive, alive.expected)
    assert admin.order_report(engine, number)["state"] == 100
    engine.dispose()


def test_waits_grow_to_an_hour_and_no_further(monkeypatch):
    monkeypatch.setattr(deliveries, "FIRST_WAIT_S", 1.0)
    waits_s = [deliveries.wait_us(attempt) / 1e6 for attempt in range(1, 60)]
    assert 0.5 <= waits_s[0] <= 1.0
    assert all(0.5 * min(3600, 2**n) <= wait <= min(3600, 2**n) for n, wait in enumerate(waits_s))


def test_after_a_week_an_operator_is_asked_and_can_tell_again(tmp_path, database, capsys):
    deaf = [True]

    async def tell(shop, here, client):
        number = await paid(here, client, inv_id="77")
        await settled(here, number, "notification_attempts", 1)
        long_ago = notification.update().values(since_us=notification.c.since_us - 8 * DAY_US)
        await asyncio.to_thread(run_writing, here.engine, lambda db: db.execute(long_ago))
        async with asyncio.timeout(10):
            while not deliveries.untold(here.engine, given_up_only=True):
                await asyncio.sleep(0.02)
        attempts = len(shop.told)
        command = ["aggregator", "order", "untold", *database.options, "--given-up"]
        assert await asyncio.to_thread(main, command) == 1
        assert "InvId 77: given up; last: no" in capsys.readouterr().out
        assert len(shop.told) == attempts
        deaf.clear()
        again = ["aggregator", "order", "tell-again", *database.options, "--order", number]
        assert await asyncio.to_thread(main, again) == 0
        assert (await settled(here, number))["state"] == 100
        assert await asyncio.to_thread(main, command) == 0
        assert await asyncio.to_thread(main, again) == 0
        await shop.until(attempts + 2)
        assert (
            await asyncio.to_thread(main, ["aggregator", "order", "tell-again", *database.options, "--order", "1"]) == 1
        )

    story(tmp_path, database, tell, lambda form: PlainTextResponse("no" if deaf else f"OK{form['InvId']}"))


def test_a_suspended_order_takes_no_cash_tells_nobody_and_goes_on_when_released(tmp_path, database):
    deaf = [True]

    async def tell(shop, here, client):
        number = (await ordered(client, inv_id="3"))["orderNumber"]

        def do(action, **changes):
            who = {"--by": "Ann", "--reason": "looks odd"} | changes
            words = [word for pair in who.items() for word in pair]
            return main(["aggregator", "order", action, *database.options, "--order", number, *words])

        assert await asyncio.to_thread(do, "suspend", **{"--reason": " "}) == 1
        assert await asyncio.to_thread(do, "suspend") == 0
        assert await asyncio.to_thread(do, "suspend") == 1
        assert admin.order_report(here.engine, number)["state"] == 80
        with pytest.raises(Exception, match="held for a check"):
            await asyncio.to_thread(put_in_cash, here.engine, number)
        assert await asyncio.to_thread(do, "release") == 0
        assert await asyncio.to_thread(do, "release") == 1
        await asyncio.to_thread(put_in_cash, here.engine, number)
        await settled(here, number, "notification_attempts", 1)
        assert await asyncio.to_thread(do, "suspend") == 0
        assert deliveries.take(here.engine, 9, {}, 9) == []
        again = ["aggregator", "order", "tell-again", *database.options, "--order", number]
        assert await asyncio.to_thread(main, again) == 1
        deaf.clear()
        assert await asyncio.to_thread(do, "release") == 0
        assert (await settled(here, number))["state"] == 100
        assert await asyncio.to_thread(do, "suspend") == 1

    story(tmp_path, database, tell, lambda form: PlainTextResponse("no" if deaf else f"OK{form['InvId']}"))


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses_are_known_in_every_disguise(address):
    assert not merchant_line.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are_public(address):
    assert merchant_line.is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_outside_of_tests_a_private_address_is_never_called(host):
    async def play():
        async with told_shop() as (shop, url):
            line = MerchantLine(None, private_allowed=False)
            called = await line.call("POST", f"http://{host}:{url.rpartition(':')[2]}/", {"InvId": "1"})
            await line.close()
            assert (called.status, shop.told) == (0, [])
            assert "Error" in called.text

    asyncio.run(play())


@pytest.mark.parametrize(
    "url", ["ftp://x/", "file:///etc/passwd", "", "http://", "http://127.0.0.1:99999/", "http://[::1"]
)
def test_what_is_no_address_of_a_server_is_no_call(url):
    async def play():
        line = MerchantLine(None, private_allowed=True)
        called = await line.call("POST", url, {})
        await line.close()
        assert called.status == 0

    asyncio.run(play())


def test_of_an_answer_without_end_only_the_beginning_is_read():
    async def play():
        async with told_shop(lambda form: _endless()) as (_, url):
            line = MerchantLine(None, private_allowed=True)
            called = await line.call("POST", url, {"InvId": "1"})
            await line.close()
            assert called.text == "x" * merchant_line.ANSWER_BYTES_MAX

    asyncio.run(play())


def test_the_name_goes_along_with_the_address_in_host_and_tls(tmp_path):
    hosts = []

    async def play():
        make_demo_authority(tmp_path, [], ["localhost"])

        async def app(scope, receive, send):
            if scope["type"] == "http":
                hosts.append(dict(scope["headers"])[b"host"].decode())
                await PlainTextResponse("OK1")(scope, receive, send)

        keys = {"ssl_certfile": str(tmp_path / "aggregator.pem"), "ssl_keyfile": str(tmp_path / "aggregator.key")}
        trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        async with serving(app, **keys) as port:
            line = MerchantLine(trust, private_allowed=True)
            assert (await line.call("GET", f"https://localhost:{port}/?a=b", {"InvId": "1"})).text == "OK1"
            refused = await line.call("GET", f"https://127.0.0.1:{port}/", {})
            await line.close()
            assert "certificate" in refused.text
            assert hosts == [f"localhost:{port}"]

    asyncio.run(play())


def test_no_log_holds_a_password_a_signature_or_a_buyers_address(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    answers = iter([PlainTextResponse("no"), PlainTextResponse("no", 500)])

    async def tell(shop, here, client):
        number = await paid(here, client, Email="buyer@example.com", Shp_a="1")
        await settled(here, number)
        await ordered(client, SHOP.using(password1="a-wrong-one"))
        signatures = {form["SignatureValue"] for _, form in shop.told}
        ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("kiosk"))
        assert "answered" in ours
        for secret in (*signatures, SHOP.password1, SHOP.password2, SHOP.password3, "buyer@example.com"):
            assert secret not in caplog.text

    story(
        tmp_path, None, tell, lambda form: next(answers, PlainTextResponse(f"OK{form['InvId']}")), result_method="GET"
    )
