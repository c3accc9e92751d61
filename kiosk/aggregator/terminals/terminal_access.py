"""What every route of the terminal API shares: who is asking, how a refusal looks, one id in header and body.

Answers for: FastAPI's side of `identity`, and idempotency keys. Does not answer for: routes (`terminal_face`, `terminal_life`).
"""

from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.terminals.identity import ensure_modern, identify, peer_of
from kiosk.terminal_api import FieldFault, Mode, Problem, ProblemCode

REFUSALS = (400, 401, 404, 409, 410, 413, 422, 500, 503)
PROBLEMS: dict[int | str, dict[str, Any]] = {status: {"model": Problem} for status in REFUSALS}


def who_asks(engine: sa.Engine, mode: Mode) -> Callable[[Request], Awaitable[str]]:
    """A dependency: the number of the terminal whose certificate the connection showed. Raises RefusedError."""

    async def known_terminal(request: Request) -> str:
        peer = peer_of(request.scope)
        ensure_modern(peer)
        return await run_in_threadpool(identify, engine, mode, peer)

    return known_terminal


async def over_modern_tls(request: Request) -> None:
    """A dependency for who has no certificate yet. Raises RefusedError."""
    ensure_modern(peer_of(request.scope))


def ensure_same(idempotency_key: str, of_body: str, name: str) -> None:
    """Raises RefusedError unless the header's key is the body's id."""
    if idempotency_key.strip('"') != of_body:
        fault = FieldFault("Idempotency-Key", f"must be the {name} of the body")
        raise RefusedError(422, ProblemCode.INVALID_REQUEST, "header and body disagree", (fault,))
