"""The terminal API over HTTP, where money is concerned: `kiosk.terminal_api` says what, this says where.

Answers for: routes of quotes, payments, claims, codes, registers. Does not answer for: who is asking (`terminal_access`), a
terminal's life beside payments (`terminal_life`).
"""

from collections.abc import Callable
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.money import claims, payments, quotes, redemptions, registers
from kiosk.aggregator.terminals.pairing import Installation
from kiosk.aggregator.terminals.terminal_access import PROBLEMS, ensure_same, who_asks
from kiosk.aggregator.terminals.terminal_life import life_router
from kiosk.terminal_api import (
    ClaimRequest,
    ClaimState,
    CodeRequest,
    CodeState,
    PaymentRequest,
    PaymentState,
    Quote,
    QuoteRequest,
    RedemptionRequest,
    RedemptionState,
    Register,
)

IdempotencyKey = Annotated[str, Header(max_length=66)]


def terminal_router(engine: sa.Engine, here: Installation, wake: Callable[[], None]) -> APIRouter:
    """Every route of a terminal. `wake` is called when a merchant may have to be told."""
    router = APIRouter(prefix="/terminal/v1", tags=["terminal"], responses=PROBLEMS)
    router.include_router(_payments(engine, here, wake))
    router.include_router(_claims(engine, here, wake))
    router.include_router(life_router(engine, here))
    return router


def _payments(engine: sa.Engine, here: Installation, wake: Callable[[], None]) -> APIRouter:
    router = APIRouter()
    known_terminal = who_asks(engine, here.mode)

    @router.post("/quotes")
    async def make_quote(wanted: QuoteRequest, number: Annotated[str, Depends(known_terminal)]) -> Quote:
        return await run_in_threadpool(quotes.offer, engine, number, wanted)

    @router.post("/payments")
    async def take_payment(
        sent: PaymentRequest,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: IdempotencyKey,
    ) -> PaymentState:
        ensure_same(idempotency_key, sent.payment_id, "payment_id")
        state = await run_in_threadpool(payments.take, engine, number, sent, await request.body())
        wake()
        return state

    @router.get("/payments/{payment_id}")
    async def tell_payment(payment_id: str, number: Annotated[str, Depends(known_terminal)]) -> PaymentState:
        return await run_in_threadpool(payments.state_of, engine, number, payment_id)

    @router.get("/registers/{day}")
    async def tell_register(day: str, number: Annotated[str, Depends(known_terminal)]) -> Register:
        return await run_in_threadpool(registers.of_day, engine, number, day)

    return router


def _claims(engine: sa.Engine, here: Installation, wake: Callable[[], None]) -> APIRouter:
    router = APIRouter()
    known_terminal = who_asks(engine, here.mode)

    @router.post("/claims")
    async def take_claim(
        sent: ClaimRequest,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: IdempotencyKey,
    ) -> ClaimState:
        ensure_same(idempotency_key, sent.claim_id, "claim_id")
        return await run_in_threadpool(claims.register, engine, number, sent, await request.body())

    @router.post("/codes")
    async def tell_code(wanted: CodeRequest, _number: Annotated[str, Depends(known_terminal)]) -> CodeState:
        return await run_in_threadpool(redemptions.look_up, engine, wanted)

    @router.post("/redemptions")
    async def redeem_code(
        sent: RedemptionRequest,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: IdempotencyKey,
    ) -> RedemptionState:
        ensure_same(idempotency_key, sent.redemption_id, "redemption_id")
        state = await run_in_threadpool(redemptions.pay, engine, number, sent, await request.body())
        wake()
        return state

    return router
