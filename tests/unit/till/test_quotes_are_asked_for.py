"""What the till's hands make of an order to ask, and of every answer."""

import asyncio
import logging
from dataclasses import replace

import pytest

from kiosk.domain import events, orders
from kiosk.domain.state import State
from kiosk.gateways import port
from kiosk.till.hands import DeviceHands
from tests.support.catalogue import PHONE_TYPED, QUOTES

TYPED = PHONE_TYPED[0][1]
ASKED = orders.AskQuote("", "top-up", PHONE_TYPED)
ANSWER = port.Quoted(
    "q-top-up",
    "",
    "Northern Mobile",
    "Prepaid top-up",
    500,
    "EUR",
    10**16,
    "credit_all",
    "top-up",
    "…123",
    open_amount=True,
    max_minor=20_000,
    details=(("Name", "I. P."),),
)


class Gateway:
    def __init__(self, answer):
        self.answer, self.wanted = answer, None

    async def quote(self, wanted):
        self.wanted = wanted
        return self.answer


def asks(answer):
    """The event that an answer becomes, and what the gateway was asked."""

    async def story():
        heard, gateway = asyncio.Queue(), Gateway(answer)
        hands = DeviceHands(None, None, gateway, "EUR", None, None, None, None, heard.put_nowait)
        hands.perform(ASKED, State())
        async with asyncio.timeout(5):
            return await heard.get(), gateway.wanted

    return asyncio.run(story())


def test_a_service_is_asked_about_with_what_was_typed_and_answered_whole():
    event, wanted = asks(ANSWER)
    assert wanted == port.QuoteWanted("", "EUR", "top-up", PHONE_TYPED)
    assert event == events.OrderQuoted(replace(QUOTES["top-up"], account="…123"), PHONE_TYPED, (("Name", "I. P."),))


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        (port.QuoteRefused("nothing_due", ""), events.OrderRefused("", "nothing_due", "top-up", PHONE_TYPED)),
        (port.QuoteUnavailable("no connection"), events.OrderUnavailable("", "top-up", PHONE_TYPED)),
    ],
)
def test_every_answer_says_what_it_is_about(answer, event):
    assert asks(answer)[0] == event


def test_a_far_end_that_repeats_what_was_typed_does_not_bring_it_into_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    asks(port.QuoteUnavailable(f"HTTP 500: no subscriber {TYPED}"))
    assert "no subscriber" in caplog.text
    assert TYPED not in caplog.text
