"""The terminal API over HTTP: `kiosk.terminal_api` says what, this says where and how it is refused.

Answers for: routes, who is asking (the peer certificate's name), and that every refusal is a Problem naming the field.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator import claims, orders, payments
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.terminals import terminal
from kiosk.terminal_api import (
    ClaimRequest,
    ClaimState,
    FieldFault,
    Health,
    Mode,
    PaymentRequest,
    PaymentState,
    Problem,
    ProblemCode,
    Quote,
    QuoteRequest,
)

PROBLEMS: dict[int | str, dict[str, Any]] = {status: {"model": Problem} for status in (401, 404, 409, 410, 413, 422)}


def peer_name(request: Request) -> str:
    """Common name of the client's certificate, put into the scope by the server's protocol; empty without one."""
    return str(request.scope.get("extensions", {}).get("kiosk.peer", {}).get("common_name", ""))


def terminal_router(engine: sa.Engine, mode: Mode, wake: Callable[[], None]) -> APIRouter:
    """Every route of a terminal."""
    router = APIRouter(prefix="/terminal/v1", tags=["terminal"], responses=PROBLEMS)

    async def known_terminal(request: Request) -> str:
        number = peer_name(request)
        if not await run_in_threadpool(is_active, engine, number):
            message = f"terminal {number!r} is not registered" if number else "show the terminal's client certificate"
            raise RefusedError(401, ProblemCode.TERMINAL_UNKNOWN, message)
        return number

    @router.get("/health")
    async def health(_number: Annotated[str, Depends(known_terminal)]) -> Health:
        return Health(mode, datetime.now(UTC).isoformat())

    @router.post("/quotes")
    async def make_quote(wanted: QuoteRequest, number: Annotated[str, Depends(known_terminal)]) -> Quote:
        return await run_in_threadpool(orders.offer, engine, number, wanted)

    @router.post("/payments")
    async def take_payment(
        sent: PaymentRequest,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: Annotated[str, Header(max_length=66)],
    ) -> PaymentState:
        _agree(idempotency_key, sent.payment_id, "payment_id")
        state = await run_in_threadpool(payments.take, engine, number, sent, await request.body())
        wake()
        return state

    @router.get("/payments/{payment_id}")
    async def tell_payment(payment_id: str, number: Annotated[str, Depends(known_terminal)]) -> PaymentState:
        return await run_in_threadpool(payments.state_of, engine, number, payment_id)

    @router.post("/claims")
    async def take_claim(
        sent: ClaimRequest,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: Annotated[str, Header(max_length=66)],
    ) -> ClaimState:
        _agree(idempotency_key, sent.claim_id, "claim_id")
        return await run_in_threadpool(claims.register, engine, number, sent, await request.body())

    return router


def _agree(idempotency_key: str, of_body: str, name: str) -> None:
    if idempotency_key.strip('"') != of_body:
        fault = FieldFault("Idempotency-Key", f"must be the {name} of the body")
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, "header and body disagree", (fault,))


def is_active(engine: sa.Engine, number: str) -> bool:
    """Whether a terminal of this number is registered and not revoked."""
    with reading(engine) as db:
        return bool(db.execute(sa.select(terminal.c.active).where(terminal.c.number == number)).scalar())
