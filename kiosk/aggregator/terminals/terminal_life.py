"""The terminal API over HTTP beside payments: pairing, certificates, health, heartbeats, the catalogue, collections.

Answers for: where and how. Does not answer for: who is asking (`terminal_access`), what follows.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kiosk.aggregator.catalogue import catalogue
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.terminals import collections, heartbeats, pairing
from kiosk.aggregator.terminals.identity import peer_of
from kiosk.aggregator.terminals.pairing import Installation
from kiosk.aggregator.terminals.terminal_access import ensure_same, over_modern_tls, who_asks
from kiosk.terminal_api import (
    SIGNATURE_HEADER,
    Catalogue,
    CollectionReport,
    CollectionState,
    Health,
    Heartbeat,
    HeartbeatAnswer,
    Paired,
    PairingRequest,
    ProblemCode,
    RenewalRequest,
)

NOT_MODIFIED = 304
CATALOGUE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Catalogue, "description": f"The exact bytes that {SIGNATURE_HEADER} is over"},
    NOT_MODIFIED: {"description": "The one whose ETag was sent is the newest"},
}


def life_router(engine: sa.Engine, here: Installation) -> APIRouter:
    """Routes without money."""
    router = APIRouter()
    router.include_router(_identities(engine, here))
    router.include_router(_states(engine, here))
    return router


def _identities(engine: sa.Engine, here: Installation) -> APIRouter:
    router = APIRouter()
    known_terminal = who_asks(engine, here.mode)

    @router.post("/pairings", dependencies=[Depends(over_modern_tls)])
    async def pair(wanted: PairingRequest) -> Paired:
        return await run_in_threadpool(pairing.pair, engine, here, wanted)

    @router.post("/certificates")
    async def renew(
        wanted: RenewalRequest, request: Request, number: Annotated[str, Depends(known_terminal)]
    ) -> Paired:
        return await run_in_threadpool(pairing.renew, engine, here, number, peer_of(request.scope), wanted)

    @router.get("/health")
    async def health(_number: Annotated[str, Depends(known_terminal)]) -> Health:
        return Health(here.mode, datetime.now(UTC).isoformat())

    return router


def _states(engine: sa.Engine, here: Installation) -> APIRouter:
    router = APIRouter()
    known_terminal = who_asks(engine, here.mode)

    @router.post("/heartbeats")
    async def take_heartbeat(beat: Heartbeat, number: Annotated[str, Depends(known_terminal)]) -> HeartbeatAnswer:
        return await run_in_threadpool(heartbeats.take, engine, here.mode, number, beat)

    @router.get("/catalogue", responses=CATALOGUE_ANSWERS, response_class=Response)
    async def tell_catalogue(
        number: Annotated[str, Depends(known_terminal)], if_none_match: Annotated[str, Header()] = ""
    ) -> Response:
        found = await run_in_threadpool(catalogue.for_terminal, engine, number)
        if found is None:
            raise RefusedError(404, ProblemCode.SERVICE_UNKNOWN, "no catalogue has been published yet")
        headers = {"ETag": found.etag, SIGNATURE_HEADER: found.signature}
        known = {etag.strip().removeprefix("W/") for etag in if_none_match.split(",")}
        if found.etag in known:
            return Response(None, NOT_MODIFIED, headers)
        return Response(found.body, 200, headers, media_type="application/json")

    @router.post("/collections")
    async def take_collection(
        report: CollectionReport,
        request: Request,
        number: Annotated[str, Depends(known_terminal)],
        idempotency_key: Annotated[str, Header(max_length=66)],
    ) -> CollectionState:
        ensure_same(idempotency_key, report.collection_id, "collection_id")
        return await run_in_threadpool(collections.take, engine, number, report, await request.body())

    return router
