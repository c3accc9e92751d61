"""Shops and buyers for the merchant's side: a shop with every setting, and cash that comes in without a till."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kiosk.aggregator.money import payments, quotes
from kiosk.aggregator.shops import registration
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.shops.registration import TechnicalSettings
from kiosk.aggregator.vault import Secret
from kiosk.terminal_api import CashCount, PaymentRequest, QuoteRequest
from tests.support.aggregator import LOGIN, PASSWORD1, PASSWORD2, installation, serving
from tests.support.merchant_client import Library

ANN = By("Ann", "a test")
SHOP = Library(LOGIN, PASSWORD1, PASSWORD2, "three-three-three")
TEST_SHOP = Library(LOGIN, "test-one-one", "test-two-two")
_numbers = count(1)


@asynccontextmanager
async def shop_installation(folder, database=None, **settings):
    """The installation of `tests.support.aggregator` whose shop has all passwords. `settings`: technical ones to change."""
    urls = {"merchant_url": settings.pop("merchant_url")} if "merchant_url" in settings else {}
    async with installation(folder, database=database, **urls) as here:
        whole = TechnicalSettings(
            password3=Secret(SHOP.password3),
            test_password1=Secret(TEST_SHOP.password1),
            test_password2=Secret(TEST_SHOP.password2),
            **settings,
        )
        await asyncio.to_thread(registration.change_settings, here.engine, LOGIN, whole, ANN)
        yield here


def put_in_cash(engine, number: str, amount_minor=None, currency="EUR", terminal="0001", captured=None) -> str:
    """A terminal quotes the order, takes the cash and posts it; the payment's id."""
    quote = quotes.offer(engine, terminal, QuoteRequest(number, currency))
    return post_cash(engine, quote, amount_minor or quote.amount_minor, terminal, captured)


def post_cash(engine, quote, amount_minor: int, terminal="0001", captured=None) -> str:
    payment_id = f"{terminal}{next(_numbers):014d}"
    at = captured or datetime.now(UTC).isoformat()
    cash = (CashCount(amount_minor, 1),)
    request = PaymentRequest(
        payment_id, quote.quote_id, quote.order_number, amount_minor, quote.currency, cash, at, 1, "00" * 32
    )
    payments.take(engine, terminal, request, payment_id.encode())
    return payment_id


class ToldShop:
    """A merchant's server that keeps what it is told and answers as `answer(form)` says."""

    def __init__(self, answer=None) -> None:
        self.told: list[tuple[str, dict[str, str]]] = []
        self.answer = answer or (lambda form: PlainTextResponse(f"OK{form['InvId']}"))
        self.new = asyncio.Event()
        self.over = asyncio.Event()

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._result, methods=["GET", "POST"])])

    async def _result(self, request):
        form = (
            {**request.query_params, **dict(await request.form())} if request.method == "POST" else request.query_params
        )
        self.told.append((f"{request.method} {request.url.path}", dict(form)))
        self.new.set()
        answer = self.answer(dict(form))
        return await self._before_it_is_over(answer) if asyncio.iscoroutine(answer) else answer

    async def _before_it_is_over(self, answer):
        """A server that ends leaves no answer hanging."""
        answering, ending = asyncio.ensure_future(answer), asyncio.ensure_future(self.over.wait())
        await asyncio.wait([answering, ending], return_when=asyncio.FIRST_COMPLETED)
        late = not answering.done()
        for task in (answering, ending):
            task.cancel()
        await asyncio.gather(answering, ending, return_exceptions=True)
        return PlainTextResponse("too late") if late else answering.result()

    async def until(self, times: int) -> None:
        async with asyncio.timeout(15):
            while len(self.told) < times:
                self.new.clear()
                await self.new.wait()


@asynccontextmanager
async def told_shop(answer=None):
    """The shop and its URL."""
    shop = ToldShop(answer)
    async with serving(shop.app()) as port:
        yield shop, f"http://127.0.0.1:{port}"
        shop.over.set()
