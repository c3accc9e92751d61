"""Whatever a line does to a payment with a code, the same bytes sent until a final word leave one redemption; no code in a word.

The far end is the tests' own, on real sockets with real TLS; the line is cut or reset at any byte.
"""

import json

import pytest

from kiosk.aggregator.tls import make_demo_authority
from kiosk.domain.rules import RedemptionToFreeze
from kiosk.gateways import port
from kiosk.gateways.terminal_api import CAPABILITIES, freeze_redemption
from kiosk.terminal_api import ProblemCode
from tests.support.dialects import CASES, PAYMENT
from tests.support.far_end import far_end, garble, hang_up, http, reset, says
from tests.support.faulty_line import Fault, How, faulty_line
from tests.support.gateway_stories import CODE, ask, play, port_of
from tests.support.world import ORDER

CASE = CASES["terminal_api"]
BODY = freeze_redemption(RedemptionToFreeze(PAYMENT, CODE, ORDER))
STATE = {"redemption_id": PAYMENT, "reference": "R1", "paid_minor": 7000, "left_minor": 3000, "currency": "EUR"}


class Books:
    """What the far end paid out of codes, by id."""

    def __init__(self):
        self.paid = {}

    def behaviour(self):
        async def behave(line):
            head, _, body = line.request.partition(b"\r\n\r\n")
            asked = json.loads(body)
            assert head.startswith(b"POST /terminal/v1/redemptions ")
            if asked["redemption_id"] not in self.paid:
                self.paid[asked["redemption_id"]] = [7000]
            await line.say(http(200, json.dumps(STATE).encode(), "Connection: close"))

        return behave


async def redeemed_over(end, target_port):
    gateway = CASE.open(f"https://127.0.0.1:{target_port}", end.folder)
    try:
        return await gateway.redeem(PAYMENT, BODY, 7000, "EUR")
    finally:
        await gateway.close()


async def lengths(folder):
    async with far_end(folder, Books().behaviour()) as end, faulty_line(port_of(end)) as line:
        assert await redeemed_over(end, line.port) == port.Redeemed("R1", 3000)
        return line.up_bytes, line.down_bytes


def cuts(up, down):
    """Through the handshake, the request, head and body of the answer."""
    edges_up = {0, 1, 5, up - 1} | set(range(0, up, max(1, up // 24)))
    edges_down = {0, 1, 5, down - 1} | set(range(0, down, max(1, down // 24)))
    return [Fault(up=at) for at in sorted(edges_up)] + [Fault(down=at) for at in sorted(edges_down)]


@pytest.mark.parametrize("how", [How.CLOSE, How.RESET])
def test_a_line_cut_at_any_byte_neither_loses_nor_doubles_a_redemption(tmp_path, told, how):
    seen = set()

    async def story():
        up, down = await lengths(tmp_path)
        for cut in cuts(up, down):
            books = Books()
            async with far_end(tmp_path, books.behaviour()) as end:
                async with faulty_line(port_of(end), Fault(cut.up, cut.down, how)) as line:
                    answer = told(await redeemed_over(end, line.port))
                assert not isinstance(answer, (port.Refused, port.Retry)), cut
                if isinstance(answer, port.NotSent):
                    assert end.requests == [], cut
                if isinstance(answer, port.Redeemed):
                    assert books.paid == {PAYMENT: [7000]}, cut
                seen.add((type(answer), bool(books.paid)))
                assert told(await redeemed_over(end, port_of(end))) == port.Redeemed("R1", 3000), cut
                assert books.paid == {PAYMENT: [7000]}, cut

    play(story())
    assert {(port.NotSent, False), (port.Unknown, False), (port.Unknown, True)} <= seen


def redeem(folder, behaviour, deadline_s=5.0):
    make_demo_authority(folder, ["0001"])
    return ask(CASE, folder, behaviour, lambda g: g.redeem(PAYMENT, BODY, 7000, "EUR"), deadline_s)


def state(**changes):
    return json.dumps(STATE | changes).encode()


def problem(code, message=""):
    return json.dumps({"code": code, "message": message or f"nobody may repeat {CODE}", "faults": []}).encode()


@pytest.mark.parametrize(
    "behaviour",
    [
        hang_up,
        reset,
        garble,
        says(200, b"{}"),
        says(200, state(redemption_id="another")),
        says(200, state(paid_minor=6999)),
        says(200, state(currency="RUB")),
        says(200, state(left_minor=-1)),
        says(500, problem("code_too_small")),
        says(409, problem("something_new")),
        says(404, b"<html>no such page</html>"),
    ],
)
def test_what_is_no_word_about_this_redemption_is_unknown(tmp_path, told, behaviour):
    assert isinstance(told(redeem(tmp_path, behaviour)[0]), port.Unknown)


#: What refuses a redemption for ever; all others are somebody's fault that can be mended.
FINAL = {
    "order_not_found",
    "order_expired",
    "order_already_paid",
    "order_cancelled",
    "quote_unknown",
    "code_unknown",
    "code_redeemed",
    "code_too_small",
    "currency_mismatch",
    "shop_inactive",
}


@pytest.mark.parametrize("code", [code.value for code in ProblemCode])
def test_every_refusal_has_its_outcome_and_none_repeats_the_code(tmp_path, told, code):
    answer, (request,) = redeem(tmp_path, says(409, problem(code)))
    assert isinstance(told(answer), port.Refused if code in FINAL else port.Unknown)
    assert request.partition(b"\r\n\r\n")[2] == BODY
    assert f'idempotency-key: "{PAYMENT}"'.encode() in request.lower()


def test_not_now_is_tried_again_after_the_time_the_far_end_asks_for(tmp_path, told):
    assert told(redeem(tmp_path, says(503, b"", "Retry-After: 7"))[0]) == port.Retry(7.0, "HTTP 503")


def test_a_body_that_was_erased_is_not_sent(tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    answer, heard = ask(CASE, tmp_path, says(200, state()), lambda g: g.redeem(PAYMENT, b"", 7000, "EUR"))
    assert isinstance(told(answer), port.Unknown)
    assert heard == []


# --- looking up -----------------------------------------------------------------------------------------------------


def look_up(folder, behaviour):
    make_demo_authority(folder, ["0001"])
    return ask(CASE, folder, behaviour, lambda gateway: gateway.look_up_code(CODE))


@pytest.mark.parametrize("left", [0, 3000])
def test_what_is_left_under_a_code_is_told(tmp_path, told, left):
    answer, (request,) = look_up(tmp_path, says(200, json.dumps({"amount_minor": left, "currency": "EUR"}).encode()))
    assert told(answer) == port.CodeOpen(left, "EUR")
    assert request.startswith(b"POST /terminal/v1/codes ")


def test_a_code_nobody_registered_is_not_known(tmp_path, told):
    assert told(look_up(tmp_path, says(404, problem("code_unknown")))[0]) == port.CodeNotKnown()


@pytest.mark.parametrize(
    "behaviour",
    [
        hang_up,
        says(200, b"{}"),
        says(404, b"no such page"),
        says(500, problem("code_unknown")),
        says(422, problem("internal")),
    ],
)
def test_no_usable_answer_is_said_so_and_repeats_no_code(tmp_path, told, behaviour):
    answer = told(look_up(tmp_path, behaviour)[0])
    assert isinstance(answer, port.CodeUnavailable)
    assert answer.asked


@pytest.mark.parametrize("name", sorted(set(CASES) - {"terminal_api"}))
def test_a_dialect_without_codes_says_so_and_keeps_what_it_cannot_send(tmp_path, told, name):
    make_demo_authority(tmp_path, ["0001"])

    async def both(gateway):
        return await gateway.look_up_code(CODE), await gateway.redeem(PAYMENT, BODY, 7000, "EUR"), gateway.capabilities

    (looked, redeemed, capabilities), heard = ask(CASES[name], tmp_path, hang_up, both)
    assert (told(looked).asked, isinstance(told(redeemed), port.Unknown), capabilities.codes) == (False, True, False)
    assert heard == []
    assert CAPABILITIES.codes
