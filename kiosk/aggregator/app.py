"""The aggregator as one ASGI application: every face, one form of refusal, bounded bodies, the notifier beside them."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.merchants.invoice_face import invoice_router, refund_router
from kiosk.aggregator.merchants.merchant_face import merchant_router
from kiosk.aggregator.merchants.notify import Notifier
from kiosk.aggregator.storage.errors import BusyError
from kiosk.aggregator.terminals.osmp_face import osmp_router
from kiosk.aggregator.terminals.pairing import Installation
from kiosk.aggregator.terminals.terminal_face import terminal_router
from kiosk.terminal_api import FieldFault, Mode, Problem, ProblemCode

log = logging.getLogger(__name__)

BODY_BYTES_MAX = 65_536

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def create_app(
    engine: sa.Engine,
    mode: Mode,
    notify_trust: ssl.SSLContext | None = None,
    osmp_passwords: Mapping[str, str] | None = None,
    *,
    installation: Installation | None = None,
    private_merchants: bool | None = None,
) -> FastAPI:
    """The application; its life is the notifier's. Without an `installation` nobody is paired.

    `osmp_passwords`: as `osmp_face.load_passwords` reads them. `private_merchants`: tell merchants in private networks too; None:
    as the mode is a test or not.
    """
    private_allowed = mode is Mode.TEST if private_merchants is None else private_merchants
    notifier = Notifier(engine, notify_trust, private_allowed=private_allowed)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        telling = asyncio.create_task(notifier.run())
        yield
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)

    app = FastAPI(title="Kiosk aggregator", version="1", lifespan=life, docs_url=None, redoc_url=None)
    here = installation or Installation(mode)
    app.include_router(terminal_router(engine, here, notifier.wake))
    app.include_router(osmp_router(engine, mode, notifier.wake, osmp_passwords or {}))
    app.state.wake = notifier.wake
    for router in (merchant_router(engine), invoice_router(engine), refund_router(engine)):
        app.include_router(router)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_such_thing)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(sa.exc.DataError, _not_storable)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(BoundedBodies)
    return app


def _answer(status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(problem), status, headers, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return _answer(error.status, Problem(error.code, error.message, error.faults))


async def _invalid(_request: Request, error: Exception) -> Response:
    """Every fault by field; what was sent is not echoed."""
    assert isinstance(error, RequestValidationError)
    faults = tuple(
        FieldFault(".".join(str(part) for part in fault["loc"][1:]) or "body", fault["msg"]) for fault in error.errors()
    )
    return _answer(422, Problem(ProblemCode.INVALID_REQUEST, "the request does not fit its description", faults))


async def _no_such_thing(_request: Request, error: Exception) -> Response:
    """No such address, no such method, or a body that is no text."""
    assert isinstance(error, HTTPException)
    problem = Problem(ProblemCode.INVALID_REQUEST, str(error.detail))
    return _answer(error.status_code, problem, error.headers)


async def _busy(_request: Request, error: Exception) -> Response:
    """Nothing was changed; the same request may come again."""
    return _answer(503, Problem(ProblemCode.INTERNAL, str(error)))


async def _not_storable(request: Request, error: Exception) -> Response:
    """Texts with a NUL, which PostgreSQL does not keep."""
    log.warning("%s %s holds what the database does not keep: %s", request.method, request.url.path, error)
    return _answer(422, Problem(ProblemCode.INVALID_REQUEST, "a text holds a character that cannot be kept"))


async def _broken(request: Request, error: Exception) -> Response:
    """Our fault: said so, without its trace; the log has it."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(500, Problem(ProblemCode.INTERNAL, "the aggregator failed; the request may be sent again"))


class BoundedBodies:
    """Refuses a request whose body is larger than anything we take."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: read whole and bounded, then handed on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > BODY_BYTES_MAX:
                problem = Problem(ProblemCode.INVALID_REQUEST, f"a body has at most {BODY_BYTES_MAX} bytes")
                await _answer(413, problem)(scope, receive, send)
                return
        parts = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def whole() -> Message:
            return parts.pop() if parts else await receive()

        await self._app(scope, whole, send)
