"""How the contract of gateways is told: one case a dialect, one conversation, and an ear for secrets over all of it.

The fixtures `case`, `heard` and `told` are everybody's (tests/conftest.py).
"""

import asyncio
import base64
import logging

import pytest

from kiosk.aggregator.tls import make_demo_authority
from tests.support.dialects import CASES, PAYMENT, SECRET, USER
from tests.support.far_end import far_end

SOON_S = 0.4  #: a deadline that a far end which never finishes reaches
CODE = "K7Q2M9X4R1T8W3Z6"
SECRETS = (SECRET, CODE, base64.b64encode(f"{USER}:{SECRET}".encode()).decode(), "Authorization")


@pytest.fixture(params=CASES, name="case")
def _case(request):
    return CASES[request.param]


class _Everything(logging.Handler):
    def __init__(self):
        super().__init__(1)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(scope="module", name="heard")
def _heard():
    """All that was logged and all that was answered in this file, without a filter; looked through at the end."""
    handler, root = _Everything(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(level)
    assert handler.lines
    assert not [line for line in handler.lines for secret in SECRETS if secret in line]


@pytest.fixture(name="told")
def _told(heard):
    def note(answer):
        heard.append(repr(answer))
        return answer

    return note


def play(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def ask(case, folder, behaviour, what, deadline_s=5.0, identity=None, pins=()):
    """One conversation of a fresh gateway; its answer and what the far end heard."""

    async def story():
        async with far_end(folder, behaviour, identity) as end:
            gateway = case.open(end.url, end.folder, deadline_s, pins)
            try:
                return await what(gateway), end.requests
            finally:
                await gateway.close()

    return play(story())


def post(case, folder, behaviour, deadline_s=5.0, **how):
    make_demo_authority(folder, ["0001"])
    body = case.body(folder)
    return ask(case, folder, behaviour, lambda gateway: gateway.post(PAYMENT, body), deadline_s, **how)


async def paid_over(case, end, target_port, deadline_s=5.0):
    gateway = case.open(f"https://127.0.0.1:{target_port}", end.folder, deadline_s)
    try:
        return await gateway.post(PAYMENT, case.body(end.folder))
    finally:
        await gateway.close()


def port_of(end):
    return int(end.url.rpartition(":")[2])
