"""The merchant's side over HTTP, Robokassa-compatible: payment start, a page for the buyer, OpStateExt.

Answers for: parameters, pages and XML as merchants' libraries expect them. Does not answer for: orders themselves.
"""

from collections.abc import Mapping
from html import escape
from string import Template
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator import orders
from kiosk.aggregator.errors import MerchantError
from kiosk.aggregator.moments import rfc3339
from kiosk.aggregator.orders import Started

NAMESPACE = "http://merchant.roboxchange.com/WebService/"

PAGE = Template(
    """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pay at a terminal</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#16202c}
strong{display:block;font-size:2.6rem;letter-spacing:.06em;margin:.2em 0}</style>
<h1>$payee</h1><p>$description</p><p>Order number for the payment terminal<strong>$number</strong></p>
<p>Amount: <b>$out_sum $currency</b>, no fee.<br>Pay before $expires.</p></html>"""
)


def merchant_router(engine: sa.Engine) -> APIRouter:
    """Every route of a merchant or its buyer."""
    router = APIRouter(prefix="/Merchant", tags=["merchant"])

    @router.get("/Index.aspx", response_class=HTMLResponse, operation_id="start_by_link")
    @router.post("/Index.aspx", response_class=HTMLResponse, operation_id="start_by_form")
    async def start(request: Request) -> Response:
        try:
            started = await run_in_threadpool(orders.start, engine, await _fields(request))
        except MerchantError as error:
            return HTMLResponse(f"<h1>This payment cannot be started</h1><p>{escape(str(error))}</p>", 400)
        return HTMLResponse(_page(started))

    @router.post("/Indexjson.aspx", operation_id="start_json")
    async def start_json(request: Request) -> Response:
        try:
            started = await run_in_threadpool(orders.start, engine, await _fields(request))
        except MerchantError as error:
            return JSONResponse({"errorCode": error.code, "error": str(error)}, 400)
        return JSONResponse({"invoiceID": started.number, "errorCode": 0, "error": None})

    @router.get("/WebService/Service.asmx/OpStateExt", response_class=Response, operation_id="op_state_by_link")
    @router.post("/WebService/Service.asmx/OpStateExt", response_class=Response, operation_id="op_state_by_form")
    async def op_state(request: Request) -> Response:
        fields = await _fields(request)
        asked = (fields.get("MerchantLogin", ""), fields.get("InvoiceID", ""), fields.get("Signature", ""))
        try:
            found = await run_in_threadpool(orders.state_of, engine, *asked)
        except MerchantError as error:
            return _xml({"Result": {"Code": str(error.code), "Description": str(error)}})
        moment = rfc3339(found.created_us)
        return _xml(
            {
                "Result": {"Code": "0"},
                "State": {"Code": str(found.state), "RequestDate": moment, "StateDate": moment},
                "Info": {"IncCurrLabel": "TerminalKiosk", "IncSum": found.out_sum, "OutSum": found.out_sum},
            }
        )

    return router


async def _fields(request: Request) -> Mapping[str, str]:
    """Query and form together, as merchants send either; the form wins."""
    form = await request.form() if request.method == "POST" else {}
    return {**request.query_params, **{name: value for name, value in form.items() if isinstance(value, str)}}


def _page(started: Started) -> str:
    return PAGE.substitute(
        payee=escape(started.payee),
        description=escape(started.description),
        number=started.number,
        out_sum=escape(started.out_sum),
        currency=started.currency,
        expires=rfc3339(started.expires_us),
    )


def _xml(parts: Mapping[str, Mapping[str, str]]) -> Response:
    root = ET.Element("OperationStateResponse", xmlns=NAMESPACE)
    for name, values in parts.items():
        part = ET.SubElement(root, name)
        for tag, text in values.items():
            ET.SubElement(part, tag).text = text
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), media_type="text/xml")
