"""Catalogue, register, heartbeat and reports over the terminal API: what is heard, and what is not taken for an answer."""

import asyncio
import json

import pytest

from kiosk.domain.facts import ReportKind
from kiosk.gateways import port
from kiosk.gateways.terminal_api import TerminalApiGateway
from tests.support.far_end import far_end, garble, hang_up, says

DAY = "2030-01-01"
AT, AT_US = "2030-01-01T00:00:00+00:00", 1_893_456_000_000_000
PAID = {
    "payment_id": "000100000000100001",
    "reference": "K1",
    "amount_minor": 7000,
    "currency": "EUR",
    "captured_at": AT,
    "received_at": AT,
}
REDEEMED = {"claim_id": "c1", "reference": "C1", "amount_minor": 300, "currency": "EUR", "redeemed_at": AT}
REGISTER = {"day": DAY, "closed": True, "payments": [PAID], "claims": [REDEEMED]}
HEARD = {
    "time": AT,
    "mode": "test",
    "catalogue_version": 3,
    "orders": [{"order_id": "o1", "kind": "lock", "expires_at": AT}],
}
SIGNED = ('ETag: "v3"', "Kiosk-Signature: abcd")
ANSWERS = {
    ReportKind.CLAIM: {"claim_id": "r1", "status": "open", "reference": "R1"},
    ReportKind.COLLECTION: {"collection_id": "r1", "reference": "R1", "difference_minor": -5},
}
PATHS = {ReportKind.CLAIM: b"/terminal/v1/claims", ReportKind.COLLECTION: b"/terminal/v1/collections"}


def ask(folder, behaviour, what):
    async def story():
        async with far_end(folder, behaviour) as end:
            gateway = TerminalApiGateway(end.url, end.terminal_context(), 5.0)
            try:
                return await what(gateway), end.requests
            finally:
                await gateway.close()

    return asyncio.run(story())


def ok(what, **changes):
    return says(200, json.dumps({**what, **changes}).encode())


def test_a_catalogue_comes_as_its_exact_bytes_with_etag_and_signature(tmp_path):
    body = b'{"version": 3,   "signed": "as it stands"}'
    told, (heard,) = ask(tmp_path, says(200, body, *SIGNED), lambda gateway: gateway.catalogue(""))
    assert told == port.CatalogueFetched('"v3"', body, "abcd")
    assert b"if-none-match" not in heard.lower()


def test_a_catalogue_that_is_known_is_not_fetched_again(tmp_path):
    told, (heard,) = ask(tmp_path, says(304), lambda gateway: gateway.catalogue('"v3"'))
    assert told == port.CatalogueUnchanged()
    assert b'if-none-match: "v3"' in heard.lower()


@pytest.mark.parametrize(
    "behaviour",
    [
        hang_up,
        garble,
        says(304),
        says(500),
        says(200, b"{}"),
        says(200, b"{}", SIGNED[0]),
        says(200, b"{}", SIGNED[1]),
        says(200, b"{}", 'ETag: "трета"', SIGNED[1]),
    ],
    ids=["cut", "no HTTP", "unchanged, and none is known", "failed", "bare", "unsigned", "no ETag", "an odd ETag"],
)
def test_what_is_no_catalogue_is_unavailable(tmp_path, behaviour):
    told, _ = ask(tmp_path, behaviour, lambda gateway: gateway.catalogue(""))
    assert isinstance(told, port.CatalogueUnavailable)


def test_a_register_is_read_whole(tmp_path):
    told, (heard,) = ask(tmp_path, ok(REGISTER), lambda gateway: gateway.register(DAY))
    payment = port.RegisteredPayment("000100000000100001", "K1", 7000, "EUR", AT_US, AT_US)
    assert told == port.RegisterRead(DAY, True, (payment,), (port.RegisteredClaim("c1", "C1", 300, "EUR", AT_US),))
    assert heard.startswith(b"GET /terminal/v1/registers/2030-01-01 ")


@pytest.mark.parametrize(
    "behaviour",
    [
        hang_up,
        says(404),
        ok(REGISTER, day="2030-01-02"),
        ok(REGISTER, payments=[{**PAID, "captured_at": "yesterday, rather late"}]),
        ok(REGISTER, payments=[{**PAID, "amount_minor": 0}]),
    ],
    ids=["cut", "not found", "another day", "no time", "no amount"],
)
def test_what_is_no_register_of_that_day_is_unavailable(tmp_path, behaviour):
    told, _ = ask(tmp_path, behaviour, lambda gateway: gateway.register(DAY))
    assert isinstance(told, port.RegisterUnavailable)


@pytest.mark.parametrize("day", ["", "\n", "\x00", "..", "2030-01-01?x=1", "/" * 5000])
def test_a_day_that_is_none_is_no_reason_to_fall(tmp_path, day):
    told, _ = ask(tmp_path, ok(REGISTER), lambda gateway: gateway.register(day))
    assert isinstance(told, port.RegisterUnavailable)


def test_a_heartbeat_brings_back_what_is_wanted_of_the_terminal(tmp_path):
    told, (heard,) = ask(tmp_path, ok(HEARD), lambda gateway: gateway.heartbeat(b'{"the": "beat"}'))
    assert (told.live, told.catalogue_version, told.orders) == (False, 3, (port.RemoteOrder("o1", "lock", AT_US),))
    assert told.skew_s < 0  # the far end's clock stands in 2030
    assert heard.startswith(b"POST /terminal/v1/heartbeats ")
    assert heard.endswith(b'{"the": "beat"}')


@pytest.mark.parametrize(
    "behaviour", [hang_up, says(401), ok(HEARD, time="now"), ok(HEARD, orders=[{"kind": "dance"}])]
)
def test_a_heartbeat_nobody_hears_is_ill_health(tmp_path, behaviour):
    told, _ = ask(tmp_path, behaviour, lambda gateway: gateway.heartbeat(b"{}"))
    assert isinstance(told, port.Unhealthy)


@pytest.mark.parametrize("kind", ReportKind)
def test_every_kind_of_report_goes_to_its_place_and_is_accepted_by_its_id(tmp_path, kind):
    told, (heard,) = ask(tmp_path, ok(ANSWERS[kind]), lambda gateway: gateway.report(kind, "r1", b"{}"))
    assert told == port.Accepted("R1")
    assert heard.startswith(b"POST " + PATHS[kind] + b" ")
    assert b'idempotency-key: "r1"' in heard.lower()


@pytest.mark.parametrize("kind", ReportKind)
def test_an_answer_about_another_report_is_unknown(tmp_path, kind):
    told, _ = ask(tmp_path, ok(ANSWERS[kind]), lambda gateway: gateway.report(kind, "r2", b"{}"))
    assert isinstance(told, port.Unknown)
