"""Clients that send or take their bytes one by one, or far too many: each is cut off, and others are served meanwhile."""

import asyncio
import ssl
from contextlib import suppress

import h11
import pytest

from kiosk.aggregator import server
from kiosk.aggregator.catalogue import catalogue
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from tests.support.terminals import EXAMPLES, by_hand, quote_of, seeded_services, story, trust_of

SOON_S = 0.3
LONG_S = 2.0  #: that a request takes less is sure even where much else is going on


def impatient(monkeypatch, *parts, soon_s=SOON_S):
    """From now on these parts of a request have to come soon."""
    monkeypatch.setattr(server, "DEADLINES_S", server.DEADLINES_S | dict.fromkeys(parts, soon_s))


async def connected(here, context=None):
    host, _, port = here.url.removeprefix("https://").partition(":")
    return await asyncio.open_connection(host, int(port), ssl=context or trust_of(here), server_hostname="localhost")


async def is_cut(reader):
    """The far end hangs up, with or without a word."""
    async with asyncio.timeout(10):
        with suppress(ConnectionError, ssl.SSLError):
            while await reader.read(65_536):
                pass
    return True


async def drip(writer, text):
    """One byte at a time, for ever."""
    with suppress(ConnectionError):
        for byte in text:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(SOON_S / 10)


def test_every_part_of_a_request_has_an_end_and_what_a_client_sends_a_near_one():
    assert set(server.DEADLINES_S) == {h11.IDLE, h11.SEND_BODY, h11.DONE}
    assert max(server.DEADLINES_S[h11.IDLE], server.DEADLINES_S[h11.SEND_BODY]) <= 30
    assert server.DEADLINES_S[h11.DONE] <= 120


HEAD = b"POST /terminal/v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("at_once", "slowly"),
    [
        (b"", b""),
        (b"", HEAD * 100),
        (HEAD + b"Content-Length: 60000\r\n\r\n", b"x" * 60_000),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000),
    ],
    ids=["says nothing", "drips its head", "drips its body", "drips chunks"],
)
def test_a_client_that_takes_its_time_is_cut_off_and_others_are_served(
    tmp_path, database, monkeypatch, at_once, slowly
):
    async def tell(here):
        async with by_hand(here) as client:
            assert (await client.get("/terminal/v1/health")).status_code == 200
            impatient(monkeypatch, h11.IDLE, h11.SEND_BODY)
            reader, writer = await connected(here)
            writer.write(at_once)
            dripping = asyncio.create_task(drip(writer, slowly))
            assert (await client.get("/terminal/v1/health")).status_code == 200
            assert await is_cut(reader)
        dripping.cancel()
        writer.transport.abort()

    story(tmp_path, database, tell)


def long_catalogue(engine, folder):
    """About a megabyte of services."""
    seeded_services(engine, folder)
    text = (EXAMPLES / "examples.toml").read_text()
    begins = text.index('[[service]]\nid = "parking-day"')
    one = text[begins : text.index('[[service]]\nid = "donation"')]
    many = (one.replace('"parking-day"', f'"parking-{number}"') for number in range(1500))
    catalogue.import_draft(engine, text + "\n".join(many))
    catalogue.publish(engine, ensure_catalogue_key(folder), "Maria")


def test_a_client_that_does_not_take_its_answer_is_cut_off(tmp_path, database, monkeypatch):
    async def tell(here):
        await asyncio.to_thread(long_catalogue, here.engine, database.data)
        reader, writer = await connected(here, here.context())
        impatient(monkeypatch, h11.DONE, soon_s=LONG_S)
        writer.transport.pause_reading()
        ask = b"GET /terminal/v1/catalogue HTTP/1.1\r\nHost: localhost\r\n\r\n"
        writer.write(ask * 30)  # far more than the system keeps between the two
        await gone(here)
        writer.transport.resume_reading()
        assert await is_cut(reader)
        writer.transport.abort()

    story(tmp_path, database, tell)


async def gone(here):
    """Until the server has no connection left."""
    async with asyncio.timeout(30):
        while here.connections():
            await asyncio.sleep(SOON_S / 10)


def test_a_connection_lives_as_long_as_its_requests_are_whole(tmp_path, database, monkeypatch):
    async def tell(here):
        impatient(monkeypatch, h11.IDLE, h11.SEND_BODY, h11.DONE, soon_s=LONG_S)
        reader, writer = await connected(here, here.context())
        clock = asyncio.get_running_loop().time
        started = clock()
        while clock() < started + 1.5 * LONG_S:
            writer.write(b"GET /terminal/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            await reader.readuntil(b"}")
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    story(tmp_path, database, tell)


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in chunks"])
def test_a_huge_body_is_refused_before_it_is_whole(tmp_path, database, declared):
    async def tell(here):
        reader, writer = await connected(here)
        length = b"Content-Length: 1000000000\r\n\r\n" if declared else b"Transfer-Encoding: chunked\r\n\r\n"
        writer.write(HEAD + length)
        part = b"x" * 8192
        with suppress(ConnectionError):
            for _ in range(20):
                writer.write(part if declared else b"2000\r\n" + part + b"\r\n")
                await writer.drain()
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.transport.abort()

    story(tmp_path, database, tell)


def test_heads_without_end_are_refused(tmp_path, database):
    async def tell(here):
        reader, writer = await connected(here)
        with suppress(ConnectionError):
            writer.write(b"GET / HTTP/1.1\r\n" + b"X-More: " + b"y" * 200_000)
            await writer.drain()
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")
        writer.transport.abort()
        async with by_hand(here) as client:
            assert (await quote_of(client, "1000000017")).status_code == 404

    story(tmp_path, database, tell)
