"""The merchant's side over HTTP, Robokassa-compatible: payment start, the buyer's pages, the XML web service.

Answers for: routes, and the form in which a refusal is told. Does not answer for: what is behind a route (`starting`, `orders`,
`pay_page`, `web_service`).
"""

from collections.abc import Mapping

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.errors import MerchantError
from kiosk.aggregator.merchants import (
    invoices,
    merchant_fields,
    pay_page,
    starting,
    ways_back,
    web_service,
    xml_answers,
)
from kiosk.aggregator.merchants.merchant_fields import Fields
from kiosk.aggregator.merchants.pay_page import View
from kiosk.aggregator.moments import now_us
from kiosk.aggregator.money import orders, refunds
from kiosk.aggregator.money.orders import Started
from kiosk.aggregator.storage.database import reading
from kiosk.aggregator.storage.orders import orders as orders_table

PAGE = "/Merchant/Index"
INVOICE_PAGE = "/Merchant/Invoice"
SERVICE = "/WebService/Service.asmx"
XML = "text/xml; charset=utf-8"

OUTCOMES = {"paid": orders.pay_test, "failed": orders.fail_test}


def merchant_router(engine: sa.Engine) -> APIRouter:
    """Every route of a merchant or its buyer under /Merchant."""
    router = APIRouter(prefix="/Merchant", tags=["merchant"])
    _add_starts(router, engine)
    _add_pages(router, engine)
    _add_invoice_pages(router, engine)
    _add_service(router, engine)
    return router


async def fields_of(request: Request) -> Fields:
    """Query and form together, as merchants send either. Raises MerchantError."""
    query: bytes = request.scope["query_string"]
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST":
        return merchant_fields.read_urlencoded(query, b"")
    if kind != "multipart/form-data":
        return merchant_fields.read_urlencoded(query, await request.body())
    form = (await request.form()).multi_items()
    pairs = [*request.query_params.multi_items(), *((name, text) for name, text in form if isinstance(text, str))]
    return merchant_fields.read_pairs(pairs)


def _to(path: str, name: str) -> RedirectResponse:
    """On to a page by GET, so that loading it again repeats nothing."""
    return RedirectResponse(f"{path}/{name}", 303, headers={"Cache-Control": "no-store"})


# --- payment start ----------------------------------------------------------------------------------------------------


def _add_starts(router: APIRouter, engine: sa.Engine) -> None:
    async def begin(request: Request) -> Started:
        return await run_in_threadpool(orders.start, engine, await fields_of(request))

    @router.get("/Index.aspx", response_class=HTMLResponse, operation_id="start_by_link")
    @router.post("/Index.aspx", response_class=HTMLResponse, operation_id="start_by_form")
    async def start(request: Request) -> Response:
        try:
            return _to(PAGE, (await begin(request)).token)
        except MerchantError as error:
            return pay_page.show_fault(str(error), starting.culture(request.query_params.get("Culture", "")))

    @router.post("/Indexjson.aspx", operation_id="start_json")
    async def start_json(request: Request) -> Response:
        """`invoiceID` is the end of the buyer's page's address; `orderNumber` is what the buyer types at a terminal."""
        try:
            started = await begin(request)
        except MerchantError as error:
            return JSONResponse({"invoiceID": None, **problem(error)}, 400)
        told = {"invoiceID": started.token, "orderNumber": started.number}
        return JSONResponse({**told, "errorCode": 0, "errorMessage": None, "fault": None})


def problem(error: MerchantError) -> Mapping[str, object]:
    """A refusal in JSON: Robokassa's result code, our own name of it, and what to fix."""
    return {"errorCode": error.code, "errorMessage": str(error), "fault": error.fault.value}


# --- pages for buyers -------------------------------------------------------------------------------------------------


def _language(request: Request, culture: str) -> str:
    return starting.culture(request.query_params.get("culture", culture))


def _add_pages(router: APIRouter, engine: sa.Engine) -> None:
    @router.get("/Index/{token}", response_class=HTMLResponse, operation_id="payment_page")
    async def show(token: str, request: Request) -> Response:
        view = await run_in_threadpool(_view, engine, token)
        if view is None:
            return pay_page.show_nothing(_language(request, "en"))
        return pay_page.show(view, _language(request, view.order.culture))

    @router.post("/Index/{token}", response_class=HTMLResponse, operation_id="end_test")
    async def end_test(token: str, request: Request) -> Response:
        outcome = str((await request.form()).get("outcome", ""))
        if outcome in OUTCOMES and await run_in_threadpool(OUTCOMES[outcome], engine, token):
            request.app.state.wake()
        return _to(PAGE, token)


def _view(engine: sa.Engine, token: str) -> View | None:
    """The order of a page with everything the page shows."""
    found = orders.find(engine, orders_table.c.token == token)
    if found is None:
        return None
    with reading(engine) as db:
        ways = (ways_back.success(db, found), ways_back.fail(db, found))
        return View(found, f"{PAGE}/{token}", now_us(), *ways, refunds.of_order(db, found.id))


def _add_invoice_pages(router: APIRouter, engine: sa.Engine) -> None:
    @router.get("/Invoice/{encoded_id}", response_class=HTMLResponse, operation_id="invoice_page")
    async def show(encoded_id: str, request: Request) -> Response:
        row = await run_in_threadpool(invoices.look, engine, encoded_id)
        if row is None:
            return pay_page.show_nothing(_language(request, "en"))
        return pay_page.show_invoice(row, _language(request, row.culture), is_open=invoices.is_open(row))

    @router.post("/Invoice/{encoded_id}", response_class=HTMLResponse, operation_id="order_by_invoice")
    async def begin(encoded_id: str, request: Request) -> Response:
        try:
            started = await run_in_threadpool(invoices.order_by, engine, encoded_id)
        except MerchantError as error:
            return pay_page.show_fault(str(error), _language(request, "en"))
        return _to(PAGE, started.token)


# --- XML web service --------------------------------------------------------------------------------------------------


def _add_service(router: APIRouter, engine: sa.Engine) -> None:
    @router.get(SERVICE + "/{method}", response_class=Response, operation_id="service_by_link")
    @router.post(SERVICE + "/{method}", response_class=Response, operation_id="service_by_form")
    async def ask(method: str, request: Request) -> Response:
        if method not in web_service.METHODS:
            return Response(f"methods: {', '.join(web_service.METHODS)}\n", 404, media_type="text/plain")
        try:
            fields = await fields_of(request)
        except MerchantError as error:
            refused = [xml_answers.result(error.code, str(error))]
            return Response(xml_answers.document(method, refused), media_type=XML)
        nodes = await run_in_threadpool(web_service.answer, engine, method, fields)
        return Response(xml_answers.document(method, nodes), media_type=XML)

    @router.post(SERVICE, response_class=Response, operation_id="service_by_soap")
    async def soap(request: Request) -> Response:
        try:
            method, pairs = xml_answers.read_envelope(await request.body())
            fields = merchant_fields.read_pairs(pairs)
        except MerchantError as error:
            return Response(xml_answers.soap_fault(str(error)), 500, media_type=XML)
        nodes = await run_in_threadpool(web_service.answer, engine, method, fields)
        return Response(xml_answers.envelope(method, nodes), media_type=XML)
