"""Requests made up from the aggregator's own OpenAPI description: no 500, no stack trace, every answer as described.

In this process, without sockets: what is asked is what the application does with any request, not how it travels. Made-up ids
reach nothing, so every other request is given a key that agrees with its body and a quote that is there.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from itertools import cycle

import httpx
import pytest
import requests
import schemathesis
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, checks

from kiosk.aggregator import admin
from kiosk.aggregator.app import create_app
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.money import quotes
from kiosk.aggregator.money.verify import verify
from kiosk.aggregator.storage.database import open_database, reading
from kiosk.aggregator.terminals.identity import EXTENSION, TLS, Peer
from kiosk.aggregator.terminals.pairing import Installation
from kiosk.aggregator.tls import load_authority, make_authority
from kiosk.terminal_api import Mode, QuoteRequest
from tests.support.databases import place_on
from tests.support.terminals import now, seeded_services

SEED = int(os.environ.get("KIOSK_SEED", "20261124"))
EXAMPLES = int(os.environ.get("KIOSK_EXAMPLES", "12"))  #: of each route
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)
MOMENTS = ("captured_at", "sent_at")
IDS = ("payment_id", "claim_id", "redemption_id", "collection_id")


@dataclass
class Api:
    """The application behind a connection of terminal 0001."""

    app: object
    engine: sa.Engine

    async def __call__(self, scope, receive, send):
        scope.setdefault("extensions", {})[EXTENSION] = Peer("0001", "", b"", TLS)
        await self.app(scope, receive, send)

    def quote(self):
        return quotes.offer(self.engine, "0001", QuoteRequest("", "EUR", "donation")).quote_id


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("api")
    with place_on(request.param, request, empty=False) as place:
        engine = open_database(place.data, place.url)
        make_authority(folder)
        admin.set_terminal(engine, "0001", active=True)
        seeded_services(engine, place.data)
        here = Installation(Mode.TEST, load_authority(folder), ensure_catalogue_key(place.data).public_hex)
        yield Api(create_app(engine, Mode.TEST, installation=here), engine)
        with reading(engine) as db:
            assert verify(db).is_right
        engine.dispose()


DESCRIPTION = schemathesis.openapi.from_dict(create_app(sa.create_engine("sqlite://"), Mode.TEST).openapi())


def routes():
    """Every route of a terminal."""
    return [found.ok() for found in DESCRIPTION.include(path_regex="^/terminal/").get_all_operations()]


async def sent(case, api):
    """The request as it would stand on the wire, to the application in this loop."""
    asked = case.as_transport_kwargs("http://aggregator.test")
    known = ("method", "url", "headers", "params", "json", "data")
    prepared = requests.Request(**{name: asked[name] for name in known if name in asked}).prepare()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api, raise_app_exceptions=False)) as client:
        headers = {name: value for name, value in prepared.headers.items() if name != "Content-Length"}
        return await client.request(prepared.method, prepared.url, headers=headers, content=prepared.body)


turns = cycle((True, False))


def made_to_reach_something(case, api):
    """Every other request: a key that agrees, a quote that is there, a moment that is one."""
    body = case.body if isinstance(case.body, dict) else {}
    if not next(turns):
        return
    if "quote_id" in body:
        body |= {"quote_id": api.quote(), "order_number": "", "service_id": "donation"}
    body |= {name: now() for name in MOMENTS if name in body}
    if "day" in case.path_parameters:
        case.path_parameters["day"] = now()[:10]
    for name in IDS:
        if isinstance(body.get(name), str) and body[name].isascii() and body[name].isprintable():
            case.headers["Idempotency-Key"] = body[name]


def asked_of(routes_of):
    """What fits the description, and, of bodies, what does not."""
    for route in routes_of:
        kinds = list(GenerationMode) if route.method == "post" else [GenerationMode.POSITIVE]
        yield from (pytest.param(route, kind, id=f"{route.label} {kind.value}") for kind in kinds)


@pytest.mark.parametrize(("route", "kind"), list(asked_of(routes())))
def test_any_request_gets_an_answer_that_fits_the_description(api, route, kind):
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=DESCRIPTION[route.path][route.method].as_strategy(kind))
    def ask(case):
        made_to_reach_something(case, api)
        answer = runner.run(sent(case, api))
        assert b"Traceback" not in answer.content
        case.validate_response(answer, checks=CHECKS)

    sys.stdout.write(f"KIOSK_SEED={SEED}\n")
    with asyncio.Runner() as runner:
        ask()


def test_every_refusal_that_is_described_is_a_problem(api):
    for route in routes():
        refusals = {status: answer for status, answer in route.definition.raw["responses"].items() if status[0] in "45"}
        assert {"401", "422", "500", "503"} <= refusals.keys()
        for answer in refusals.values():
            assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")
