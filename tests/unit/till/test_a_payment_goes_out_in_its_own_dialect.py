"""A till whose dialect was changed while payments were waiting: none is sent in a dialect it was not frozen for."""

import asyncio
import logging

import pytest

from kiosk.domain import orders
from kiosk.domain.events import PostResult
from kiosk.domain.state import Payment, Redemption, State
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS
from kiosk.till.hands import DeviceHands


class Line:
    """A gateway that takes everything and remembers it."""

    def __init__(self, dialect):
        self.capabilities = DIALECTS[dialect].capabilities
        self.sent = []

    async def redeem(self, redemption_id, body, amount_minor, currency):
        self.sent.append((redemption_id, body, amount_minor, currency))
        return port.Redeemed("R2", 300)

    async def post(self, payment_id, body):
        self.sent.append((payment_id, body))
        return port.Accepted("R1")


def send(dialect, frozen_for):
    """What becomes of one waiting payment, and what went out."""
    payment = Payment("000100000000100001", "0001-000001", 7000, "EUR", frozen_for, b"frozen", 0)
    line, heard = Line(dialect), []

    async def story():
        hands = DeviceHands(None, None, line, "EUR", None, None, None, None, heard.append)
        hands.perform(orders.PostPayment(payment.payment_id), State(payments={payment.payment_id: payment}))
        while not heard:
            await asyncio.sleep(0)

    asyncio.run(story())
    (answered,) = heard
    return answered, line.sent


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_payment_of_the_tills_own_dialect_is_sent(dialect):
    answered, sent = send(dialect, dialect)
    assert (answered.result, sent) == (PostResult.ACCEPTED, [("000100000000100001", b"frozen")])


@pytest.mark.parametrize(
    ("dialect", "frozen_for"), [("osmp", "terminal_api"), ("terminal_api", "osmp"), ("epay", "osmp")]
)
def test_a_payment_of_another_dialect_is_held_and_the_log_says_how_to_send_it(caplog, dialect, frozen_for):
    with caplog.at_level(logging.ERROR):
        answered, sent = send(dialect, frozen_for)
    assert sent == []
    assert answered.result is PostResult.NOT_FINAL
    assert f"frozen for {frozen_for}, and this till speaks {dialect}: held" in answered.detail
    assert "000100000000100001" in caplog.text
    assert "run the till with that dialect" in caplog.text


def redeem(dialect, frozen_for):
    """As `send`, of one that is paid with a code."""
    redemption = Redemption("000100000000100002", "0001-000002", 7000, "EUR", frozen_for, b"frozen", 0, 7300)
    line, heard = Line(dialect), []

    async def story():
        hands = DeviceHands(None, None, line, "EUR", None, None, None, None, heard.append)
        name = redemption.redemption_id
        hands.perform(orders.PostRedemption(name), State(redemptions={name: redemption}))
        while not heard:
            await asyncio.sleep(0)

    asyncio.run(story())
    return heard[0], line.sent


def test_a_payment_with_a_code_is_sent_as_it_was_frozen_and_its_answer_says_what_is_left():
    answered, sent = redeem("terminal_api", "terminal_api")
    assert (answered.result, answered.detail, answered.left_minor) == (PostResult.ACCEPTED, "R2", 300)
    assert sent == [("000100000000100002", b"frozen", 7000, "EUR")]


def test_a_payment_with_a_code_is_held_where_the_dialect_is_another():
    answered, sent = redeem("osmp", "terminal_api")
    assert (answered.result, sent) == (PostResult.NOT_FINAL, [])
