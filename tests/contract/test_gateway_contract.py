"""What every gateway promises, whatever its dialect and whatever the far end says: the same stories for all of them.

Far ends and lines are the tests' own, on real sockets with real TLS. Nothing here may leave a secret in a log or an answer. What
becomes of a payment on a line that breaks is in `test_gateway_exactly_once`.
"""

import asyncio
import gzip
import json
import socket
import ssl

import pytest

from kiosk.aggregator.tls import make_demo_authority
from kiosk.domain.facts import ReportKind
from kiosk.domain.rules import ClaimToFreeze
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS
from kiosk.gateways.terminal_api import freeze_claim
from kiosk.gateways.wire import ANSWER_BYTES_MAX
from tests.support.certificates import DAY, pin_in, server_certificate
from tests.support.dialects import AMOUNT, CASES, NUMBER, PAYMENT, SECRET, Books
from tests.support.far_end import drip, far_end, garble, garble_tls, hang_up, hold, http, reset, says
from tests.support.gateway_stories import CODE, SOON_S, ask, paid_over, play, port_of, post

# --- every answer has its outcome ------------------------------------------------------------------------------------


def test_taken_is_accepted_and_names_what_both_sides_know_it_by(case, tmp_path, told):
    books = Books()
    answer, (request,) = post(case, tmp_path, case.truth(books))
    assert isinstance(told(answer), port.Accepted)
    assert answer.reference
    assert books.total == AMOUNT
    assert SECRET.encode() not in request  # it is a proof or a header in base64, never itself


def test_a_final_no_is_a_refusal_and_only_that(case, tmp_path, told):
    assert isinstance(told(post(case, tmp_path, says(200, case.no.partition(b"\r\n\r\n")[2]))[0]), port.Refused)


@pytest.mark.parametrize("status", [429, 503])
def test_not_now_is_tried_again_after_the_time_the_far_end_asks_for(case, tmp_path, told, status):
    answer, _ = post(case, tmp_path, says(status, b"", "Retry-After: 7"))
    assert isinstance(told(answer), port.Retry)
    assert answer.not_before_s == 7


def test_not_now_in_the_dialects_own_words_is_tried_again(case, tmp_path, told):
    async def behave(line):
        await line.say(case.later)

    assert isinstance(told(post(case, tmp_path, behave)[0]), port.Retry)


def test_a_word_nobody_has_published_is_unknown(case, tmp_path, told):
    async def behave(line):
        await line.say(case.strange)

    assert isinstance(told(post(case, tmp_path, behave)[0]), port.Unknown)


async def huge_header(line):
    await line.say(b"HTTP/1.1 200 X\r\nX-Much: " + b"m" * 2_000_000 + b"\r\n\r\n")


async def endless_header(line):
    await line.say(b"HTTP/1.1 200 X\r\n")
    while True:
        await line.say(b"X-More: more\r\n")
        await asyncio.sleep(0)


async def endless_body(line):
    await line.say(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await line.say(b"400\r\n" + b" " * 1024 + b"\r\n")


async def endless_promises(line):
    while True:
        await line.say(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0)


ENTITIES = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ha"}">' for at in range(12))
BOMB = f"<?xml version='1.0'?><!DOCTYPE r [{ENTITIES}]><response><result>0</result><sum>&e11;</sum></response>".encode()
FILE = b"<!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><response><result>0</result><sum>&f;</sum></response>"

UNUSABLE = {
    "hangs up": hang_up,
    "resets": reset,
    "is silent": hold,
    "drips": drip,
    "is no HTTP": garble,
    "breaks TLS": garble_tls,
    "has a huge header": huge_header,
    "has headers without end": endless_header,
    "has a body without end": endless_body,
    "promises for ever": endless_promises,
    "is empty": says(200),
    "is a page": says(200, b"<html><body>Log in</body></html>", "Content-Type: text/html"),
    "is half": says(200, b'{"STATUS": "0'),
    "is nested without end": says(200, b"[" * 60_000),
    "is an element in an element in an element": says(200, b"<a>" * 20_000),
    "is bad UTF-8": says(200, b'{"STATUS": "\xff\xfe"}'),
    "is too long": says(200, b" " * (ANSWER_BYTES_MAX + 1)),
    "is a compressed bomb": says(200, gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip"),
    "is a bomb of entities": says(200, BOMB),
    "asks for a file of ours": says(200, FILE),
    "is no answer and no error": says(204),
    "failed": says(500, b"<html>sorry</html>"),
    "is a gateway that failed": says(502),
}


@pytest.mark.parametrize("behaviour", UNUSABLE.values(), ids=UNUSABLE)
def test_an_answer_that_cannot_be_used_is_no_answer(case, tmp_path, told, behaviour):
    assert isinstance(told(post(case, tmp_path, behaviour, SOON_S)[0]), port.Unknown)
    wanted = port.QuoteWanted(NUMBER, "EUR")
    quoted, _ = ask(case, tmp_path, behaviour, lambda gateway: gateway.quote(wanted), SOON_S)
    assert isinstance(told(quoted), port.QuoteUnavailable)
    health, _ = ask(case, tmp_path, behaviour, lambda gateway: gateway.health(), SOON_S)
    assert isinstance(told(health), port.Unhealthy)


def test_a_right_answer_of_any_length_is_read_up_to_the_limit_and_no_further(case, tmp_path, told):
    for length, expected in ((ANSWER_BYTES_MAX, port.Accepted), (ANSWER_BYTES_MAX + 1, port.Unknown)):
        for packed in (False, True):

            async def behave(line, length=length, packed=packed):
                body = case.provider(line.request, Books()).partition(b"\r\n\r\n")[2].ljust(length)
                await line.say(http(200, gzip.compress(body), "Content-Encoding: gzip") if packed else http(200, body))

            assert isinstance(told(post(case, tmp_path, behave)[0]), expected)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_sends_us_elsewhere(case, tmp_path, told, status):
    async def story():
        books = Books()
        async with far_end(tmp_path, case.truth(books)) as elsewhere:
            sent_there = says(status, b"", f"Location: {elsewhere.url}{case.path}")
            async with far_end(tmp_path, sent_there) as end:
                gateway = case.open(end.url, end.folder)
                answer = await gateway.post(PAYMENT, case.body(tmp_path))
                await gateway.close()
            return answer, elsewhere.requests, books

    answer, heard_elsewhere, books = play(story())
    assert isinstance(told(answer), port.Unknown)
    assert (heard_elsewhere, books.total) == ([], 0)


@pytest.mark.parametrize("status", [201, 206, 400, 401, 403, 404, 409, 422, 500])
def test_success_under_another_status_is_not_believed(case, tmp_path, told, status):
    books = Books()

    async def behave(line):
        body = case.provider(line.request, books).partition(b"\r\n\r\n")[2]
        await line.say(http(status, body))

    assert isinstance(told(post(case, tmp_path, behave)[0]), port.Unknown)


# --- only the right far end hears anything ---------------------------------------------------------------------------


def wrong_ends(folder):
    make_demo_authority(folder / "ours", ["0001"])
    make_demo_authority(folder / "stranger", ["0001"])
    ours = folder / "ours"
    return {
        "another authority's": folder / "stranger",
        "out of date": server_certificate(ours, folder / "old", ends=-DAY),
        "for another host": server_certificate(ours, folder / "elsewhere", host="127.0.0.2"),
    }


@pytest.mark.parametrize("which", ["another authority's", "out of date", "for another host"])
def test_a_far_end_whose_certificate_is_wrong_hears_nothing(case, tmp_path, told, which):
    books = Books()
    answer, heard = post(case, tmp_path / "ours", case.truth(books), identity=wrong_ends(tmp_path)[which])
    assert isinstance(told(answer), port.NotSent)
    assert (heard, books.total) == ([], 0)


def test_a_pinned_far_end_is_known_by_its_key_alone(case, tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    now, coming = pin_in(tmp_path), pin_in(server_certificate(tmp_path, tmp_path / "next"))
    for pins, identity, expected in (
        ((now, coming), None, port.Accepted),
        ((now, coming), tmp_path / "next", port.Accepted),
        ((now.upper(),), None, port.Accepted),
        ((coming,), None, port.NotSent),
        ((now,), tmp_path / "next", port.NotSent),
    ):
        books = Books()
        answer, heard = post(case, tmp_path, case.truth(books), identity=identity, pins=pins)
        assert isinstance(told(answer), expected)
        assert bool(heard) == bool(books.total) == (expected is port.Accepted)


def test_a_renewed_certificate_of_the_same_key_keeps_its_pin(tmp_path):
    make_demo_authority(tmp_path, ["0001"])
    renewed = server_certificate(tmp_path, tmp_path / "renewed", key_of=tmp_path)
    assert (renewed / "aggregator.pem").read_bytes() != (tmp_path / "aggregator.pem").read_bytes()
    assert pin_in(renewed) == pin_in(tmp_path)


def test_our_own_api_wants_tls_1_3_and_a_dialect_takes_1_2(case, tmp_path, told):
    async def story():
        books = Books()
        async with far_end(tmp_path, case.truth(books), newest=ssl.TLSVersion.TLSv1_2) as end:
            return await paid_over(case, end, port_of(end)), end.requests, books.total

    answer, heard, total = play(story())
    expected = port.NotSent if case.name == "terminal_api" else port.Accepted
    assert isinstance(told(answer), expected)
    assert bool(heard) == bool(total) == (expected is port.Accepted)


def test_proxies_of_the_environment_are_not_asked(case, tmp_path, told, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as trap:
        for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{trap.getsockname()[1]}")
        answer, _ = post(case, tmp_path, case.truth(Books()))
        trap.setblocking(False)
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert isinstance(told(answer), port.Accepted)


# --- what a dialect cannot do ----------------------------------------------------------------------------------------


def test_a_call_outside_of_the_capabilities_is_answered_and_not_sent(case, tmp_path, told):
    can = DIALECTS[case.name].capabilities

    async def everything(gateway):
        assert gateway.capabilities == can
        return {
            "reports": [await gateway.report(kind, "r1", b"{}") for kind in ReportKind if kind not in can.reports],
            "heartbeat": can.heartbeat or await gateway.heartbeat(b"{}"),
            "catalogue": can.catalogue or await gateway.catalogue(""),
            "register": can.register or await gateway.register("2030-01-01"),
            "status": can.status_by is port.StatusBy.QUERY or await gateway.status(PAYMENT),
        }

    make_demo_authority(tmp_path, ["0001"])
    answers, heard = ask(case, tmp_path, hang_up, everything)
    told(answers)
    assert heard == []
    assert all(isinstance(answer, port.Unknown) for answer in answers["reports"])
    expected = {
        "heartbeat": port.Unhealthy,
        "catalogue": port.CatalogueUnavailable,
        "register": port.RegisterUnavailable,
        "status": port.Unknown,
    }
    assert all(answers[name] is True or isinstance(answers[name], kind) for name, kind in expected.items())


def test_a_claims_code_goes_to_the_far_end_and_into_no_log(case, tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    body = freeze_claim(ClaimToFreeze("c1", CODE, "leftover", 3000, "EUR", f"KIOSK2*{CODE}*", "ab" * 32))
    refusal = json.dumps({"code": "invalid_request", "message": "statement: wrong", "faults": []}).encode()
    for behaviour in (hang_up, reset, garble, says(200, body), says(422, refusal), says(200, b"{}")):
        answer, heard = ask(
            case, tmp_path, behaviour, lambda gateway: gateway.report(ReportKind.CLAIM, "c1", body), deadline_s=1.0
        )
        assert isinstance(told(answer), port.Unknown)
        takes = ReportKind.CLAIM in DIALECTS[case.name].capabilities.reports
        assert [CODE.encode() in request for request in heard] == ([True] if takes else [])


def test_an_order_is_quoted_before_cash(case, tmp_path, told):
    wanted = port.QuoteWanted(NUMBER, "EUR")
    make_demo_authority(tmp_path, ["0001"])
    quoted, _ = ask(case, tmp_path, case.truth(Books()), lambda gateway: gateway.quote(wanted))
    assert (told(quoted).order_number, quoted.amount_minor, quoted.currency) == (NUMBER, AMOUNT, "EUR")
    assert quoted.description == "A book"


def test_a_far_end_that_is_there_is_healthy_and_not_live(case, tmp_path, told):
    health, _ = ask(case, tmp_path, case.truth(Books()), lambda gateway: gateway.health())
    assert told(health).live is False


def test_the_secret_stands_in_no_record(case, tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    far = case.far("https://127.0.0.1:9", tmp_path)
    gateway = DIALECTS[case.name].open(far)
    told(far)
    told(vars(gateway).get("_settings"))
    told(gateway)
    play(gateway.close())


def test_every_dialect_there_is_keeps_this_contract():
    assert set(CASES) == set(DIALECTS)
    assert all(name == dialect.capabilities.dialect for name, dialect in DIALECTS.items())
    assert json.dumps(sorted(CASES)) == '["epay", "osmp", "terminal_api"]'
