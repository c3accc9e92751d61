"""Whatever the far end does, the gateway answers with one of the port's outcomes and raises nothing."""

import asyncio
import gzip
import json
import socket

import pytest

from kiosk.domain.facts import Order, OverpayPolicy
from kiosk.domain.rules import ToFreeze
from kiosk.gateways import port
from kiosk.gateways.terminal_api import OUTCOMES, TerminalApiGateway, freeze
from kiosk.gateways.wire import ANSWER_BYTES_MAX, RETRY_AFTER_S_MAX
from kiosk.terminal_api import ProblemCode
from tests.support.far_end import (
    drip,
    far_end,
    garble,
    garble_tls,
    hang_up,
    hold,
    http_date,
    reset,
    says,
)

PAYMENT = "000100000000100001"
ORDER = Order("q1", "1000000016", "Bookshop", "A book", 7000, "EUR", 2 * 10**15, OverpayPolicy.HOLD)
BODY = freeze(ToFreeze(PAYMENT, ORDER, 7000, ((2000, 1), (5000, 1)), 19 * 10**14, 41, "ab" * 32))
ACCEPTED = {
    "payment_id": PAYMENT,
    "status": "accepted",
    "reference": "K1",
    "amount_minor": 7000,
    "currency": "EUR",
    "merchant_notified": False,
}
QUOTE = {
    "quote_id": "q1",
    "order_number": "1000000016",
    "payee": "Bookshop",
    "description": "A book",
    "amount_minor": 7000,
    "currency": "EUR",
    "expires_at": "2030-01-01T00:00:00+00:00",
}


def state(**changes) -> bytes:
    return json.dumps({**ACCEPTED, **changes}).encode()


def problem(code) -> bytes:
    return json.dumps({"code": code, "message": "why", "faults": []}).encode()


def ask(folder, behaviour, what, deadline_s=5.0, identity=None):
    """One call of a fresh gateway; its answer and what the far end heard."""

    async def story():
        async with far_end(folder, behaviour, identity) as end:
            gateway = TerminalApiGateway(end.url, end.terminal_context(), deadline_s)
            try:
                return await what(gateway), end.requests
            finally:
                await gateway.close()

    return asyncio.run(story())


def post(folder, behaviour, deadline_s=5.0):
    return ask(folder, behaviour, lambda gateway: gateway.post(PAYMENT, BODY), deadline_s)[0]


def status(folder, behaviour, deadline_s=5.0):
    return ask(folder, behaviour, lambda gateway: gateway.status(PAYMENT), deadline_s)[0]


def quote(folder, behaviour, deadline_s=5.0):
    return ask(folder, behaviour, lambda gateway: gateway.quote(port.QuoteWanted("1000000016", "EUR")), deadline_s)[0]


UNUSABLE = {
    "hangs up": hang_up,
    "resets": reset,
    "is silent": hold,
    "drips": drip,
    "is no HTTP": garble,
    "breaks TLS": garble_tls,
    "cuts the body": says(200, state()[:20], length=len(state())),
    "is empty": says(200),
    "is no JSON": says(200, b"<html>"),
    "is half JSON": says(200, state()[:-5]),
    "is bad UTF-8": says(200, state().replace(b"K1", b"\xff\xfe")),
    "is nested without end": says(200, b'{"more":' + b"[" * 60_000),
    "has a number too big": says(200, state().replace(b"7000", b"1e999")),
    "is another shape": says(200, b'{"payment_id": 1}'),
    "is too long": says(200, b" " * (ANSWER_BYTES_MAX + 1)),
    "is a bomb": says(200, gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip"),
    "redirects": says(302, b"", "Location: https://127.0.0.1:9/elsewhere"),
    "redirects the body": says(307, b"", "Location: https://127.0.0.1:9/elsewhere"),
    "is accepted by a proxy": says(201, state()),
    "failed": says(500, problem("internal")),
    "failed with a page": says(502, b"<html>Bad Gateway</html>"),
    "is a page of a captive portal": says(200, b"<html>Log in</html>", "Content-Type: text/html"),
}


@pytest.mark.parametrize("behaviour", UNUSABLE.values(), ids=UNUSABLE)
def test_an_answer_that_cannot_be_used_leaves_the_payment_unknown(tmp_path, behaviour):
    assert isinstance(post(tmp_path, behaviour, 1.0), port.Unknown)


@pytest.mark.parametrize("behaviour", UNUSABLE.values(), ids=UNUSABLE)
def test_an_answer_that_cannot_be_used_leaves_the_order_unquoted(tmp_path, behaviour):
    assert isinstance(quote(tmp_path, behaviour, 1.0), port.QuoteUnavailable)


@pytest.mark.parametrize("name", ["breaks TLS", "is bad UTF-8", "is nested without end", "is silent"])
def test_an_answer_that_cannot_be_used_is_ill_health_and_no_status(tmp_path, name):
    health, _ = ask(tmp_path, UNUSABLE[name], lambda gateway: gateway.health(), 1.0)
    assert isinstance(health, port.Unhealthy)
    assert isinstance(status(tmp_path, UNUSABLE[name], 1.0), port.Unknown)


def test_accepted_is_accepted_with_its_reference(tmp_path):
    assert post(tmp_path, says(200, state())) == port.Accepted("K1")
    assert status(tmp_path, says(200, state())) == port.Accepted("K1")


@pytest.mark.parametrize(
    "echo", [{"payment_id": "000100000000100002"}, {"amount_minor": 6999}, {"amount_minor": 70}, {"currency": "RUB"}]
)
@pytest.mark.parametrize("word", ["accepted", "refused"])
def test_a_final_word_about_something_else_is_not_final(tmp_path, echo, word):
    answer = says(200, state(**echo, status=word, code="order_already_paid"))
    assert isinstance(post(tmp_path, answer), port.Unknown)


@pytest.mark.parametrize("code", ProblemCode)
def test_every_code_of_a_refused_state_has_its_outcome(tmp_path, code):
    answer = post(tmp_path, says(200, state(status="refused", code=code.value, message="why")))
    assert type(answer) is OUTCOMES[code]


@pytest.mark.parametrize("code", ["", "something_new", "ORDER_ALREADY_PAID"])
def test_a_refusal_by_an_unknown_code_is_unknown(tmp_path, code):
    assert isinstance(post(tmp_path, says(200, state(status="refused", code=code))), port.Unknown)


def test_a_status_nobody_published_is_unknown(tmp_path):
    assert isinstance(post(tmp_path, says(200, state(status="pending"))), port.Unknown)


@pytest.mark.parametrize("http_status", [400, 401, 403, 404, 409, 410, 413, 422])
@pytest.mark.parametrize("code", ["order_already_paid", "idempotency_conflict", "terminal_unknown", "something_new"])
def test_a_problem_is_trouble_of_ours_and_never_refuses_a_payment(tmp_path, http_status, code):
    assert isinstance(post(tmp_path, says(http_status, problem(code))), port.Unknown)


@pytest.mark.parametrize("http_status", [429, 503])
@pytest.mark.parametrize(
    ("header", "low_s", "high_s"),
    [
        ("Retry-After: 7", 7, 7),
        (f"Retry-After: {'9' * 400}", RETRY_AFTER_S_MAX, RETRY_AFTER_S_MAX),
        (f"Retry-After: {http_date(120)}", 0, 120),
        (f"Retry-After: {http_date(-120)}", 0, 0),
        ("Retry-After: soon", 0, 0),
        ("X-Nothing: 1", 0, 0),
    ],
    ids=["seconds", "for ever", "a date", "a date gone by", "words", "unsaid"],
)
def test_not_now_is_tried_again_when_the_far_end_asks_for_it(tmp_path, http_status, header, low_s, high_s):
    for asked in (post, status):
        answer = asked(tmp_path, says(http_status, b"", header))
        assert isinstance(answer, port.Retry)
        assert low_s <= answer.not_before_s <= high_s


def test_nothing_was_sent_where_nobody_listens(tmp_path):
    async def story():
        async with far_end(tmp_path, hold) as end:
            context = end.terminal_context()
        gateway = TerminalApiGateway(end.url, context, 5.0)
        answers = await gateway.post(PAYMENT, BODY), await gateway.status(PAYMENT), await gateway.health()
        await gateway.close()
        return answers

    posted, told, health = asyncio.run(story())
    assert isinstance(posted, port.NotSent)
    assert isinstance(told, port.NotSent)
    assert isinstance(health, port.Unhealthy)


def test_nothing_was_sent_to_one_whom_our_authority_does_not_vouch_for(tmp_path):
    async def prepare():
        async with far_end(tmp_path / "stranger", hold):
            pass

    asyncio.run(prepare())
    answer, heard = ask(
        tmp_path / "ours",
        says(200, state()),
        lambda gateway: gateway.post(PAYMENT, BODY),
        identity=tmp_path / "stranger",
    )
    assert isinstance(answer, port.NotSent)
    assert heard == []


def test_nothing_was_sent_while_the_far_end_does_not_shake_hands(tmp_path):
    async def story():
        async with far_end(tmp_path, hold) as end:
            context = end.terminal_context()
        with socket.create_server(("127.0.0.1", 0)) as mute:
            gateway = TerminalApiGateway(f"https://127.0.0.1:{mute.getsockname()[1]}", context, 0.5)
            answer = await gateway.post(PAYMENT, BODY)
            await gateway.close()
            return answer

    assert isinstance(asyncio.run(story()), port.NotSent)


def test_the_same_bytes_and_key_go_out_every_time(tmp_path):
    async def twice(gateway):
        return [await gateway.post(PAYMENT, BODY) for _ in range(2)]

    _, heard = ask(tmp_path, hang_up, twice)
    assert len(heard) == 2
    assert all(request.endswith(b"\r\n\r\n" + BODY) for request in heard)
    assert all(f'idempotency-key: "{PAYMENT}"'.encode() in request.lower() for request in heard)


def test_a_body_that_is_no_payment_is_not_sent(tmp_path):
    answer, heard = ask(tmp_path, says(200, state()), lambda gateway: gateway.post(PAYMENT, b"\xff{"))
    assert isinstance(answer, port.Unknown)
    assert heard == []


@pytest.mark.parametrize(
    "change",
    [
        {"order_number": "1000000024"},
        {"currency": "RUB"},
        {"amount_minor": 0},
        {"amount_minor": -7000},
        {"amount_minor": 10**13},
        {"quote_id": ""},
        {"quote_id": "q" * 65},
        {"expires_at": "tomorrow"},
        {"expires_at": "2030-01-01T00:00:00"},
    ],
    ids=str,
)
def test_a_quote_of_something_else_is_no_quote(tmp_path, change):
    assert isinstance(quote(tmp_path, says(200, json.dumps({**QUOTE, **change}).encode())), port.QuoteUnavailable)


def test_a_quote_is_handed_on_whole(tmp_path):
    expected = port.Quoted("q1", "1000000016", "Bookshop", "A book", 7000, "EUR", 1_893_456_000_000_000, "hold")
    assert quote(tmp_path, says(200, json.dumps(QUOTE).encode())) == expected


@pytest.mark.parametrize(
    "code",
    ["order_not_found", "order_expired", "order_already_paid", "order_cancelled", "currency_mismatch"],
)
def test_the_orders_own_reasons_reach_the_buyer(tmp_path, code):
    assert quote(tmp_path, says(409, problem(code))) == port.QuoteRefused(code, "why")


@pytest.mark.parametrize("code", ["terminal_unknown", "invalid_request", "internal", "something_new"])
def test_reasons_that_are_not_the_orders_do_not(tmp_path, code):
    assert isinstance(quote(tmp_path, says(401, problem(code))), port.QuoteUnavailable)


def test_only_a_refusal_by_the_order_itself_is_told_not_one_by_a_server_that_fails(tmp_path):
    assert isinstance(quote(tmp_path, says(500, problem("order_not_found"))), port.QuoteUnavailable)


def test_every_code_stands_in_the_table():
    assert set(OUTCOMES) == set(ProblemCode)
