"""The invoice and refund services over HTTP, Robokassa-compatible: signed JWTs in, JSON out.

Answers for: routes and the form of answers. Does not answer for: what is behind them (`invoices`, `refunds`).
A refusal is 200 with `isSuccess` or `success` false, as clients of these services expect it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import Response
from msgspec import Raw
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.errors import MerchantError
from kiosk.aggregator.merchants import compact_jwt, invoices
from kiosk.aggregator.merchants.compact_jwt import Token
from kiosk.aggregator.merchants.merchant_face import INVOICE_PAGE, PAGE
from kiosk.aggregator.money import refunds
from kiosk.domain.money import format_major

Carry = Callable[[Token], Mapping[str, Any]]


def _json(value: Mapping[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _refused(error: MerchantError) -> Mapping[str, Any]:
    """Clients read `message` or `errorMessage`, so both say it; `fault` is our own name of it."""
    return {"errorCode": error.code, "errorMessage": str(error), "message": str(error), "fault": error.fault.value}


def invoice_router(engine: sa.Engine) -> APIRouter:
    """Create, deactivate, list."""
    router = APIRouter(prefix="/InvoiceServiceWebApi/api", tags=["merchant"])

    async def answer(request: Request, carry: Carry) -> Response:
        try:
            return _json(await run_in_threadpool(carry, compact_jwt.read(await request.body())))
        except MerchantError as error:
            return _json({"isSuccess": False, **_refused(error)})

    @router.post("/CreateInvoice", operation_id="create_invoice")
    async def create(request: Request) -> Response:
        base = f"{request.url.scheme}://{request.url.netloc}"

        def carry(token: Token) -> Mapping[str, Any]:
            made = invoices.create(engine, token)
            path = f"{PAGE}/{made.token}" if made.token else f"{INVOICE_PAGE}/{made.encoded_id}"
            found = {"id": made.id, "invId": made.inv_id, "encodedId": made.encoded_id}
            return {"isSuccess": True, "url": base + path, **found}

        return await answer(request, carry)

    @router.post("/DeactivateInvoice", operation_id="deactivate_invoice")
    async def deactivate(request: Request) -> Response:
        def carry(token: Token) -> Mapping[str, Any]:
            invoices.deactivate(engine, token)
            return {"isSuccess": True}

        return await answer(request, carry)

    @router.post("/GetInvoiceInformationList", operation_id="list_invoices")
    async def listed(request: Request) -> Response:
        return await answer(request, lambda token: invoices.listed(engine, token))

    return router


def refund_router(engine: sa.Engine) -> APIRouter:
    """Create and ask."""
    router = APIRouter(prefix="/RefundService/Refund", tags=["merchant"])

    @router.post("/Create", operation_id="create_refund")
    async def create(request: Request) -> Response:
        try:
            token = compact_jwt.read(await request.body())
            request_id = await run_in_threadpool(refunds.create, engine, token)
        except MerchantError as error:
            return _json({"success": False, "requestId": None, **_refused(error)})
        return _json({"success": True, "requestId": request_id, "message": ""})

    @router.get("/GetState", operation_id="refund_state")
    async def state(id: str = "") -> Response:  # noqa: A002 - its name in the query
        try:
            amount_minor, currency, label = await run_in_threadpool(refunds.state_of, engine, id)
        except MerchantError as error:
            return _json(_refused(error), 404)
        amount = Raw(format_major(amount_minor, currency).encode())
        return _json({"requestId": id, "amount": amount, "label": label})

    return router
