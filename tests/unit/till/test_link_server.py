"""The till's end of the link over a real socket: bounded, typed, and nobody's malformed input is anybody else's trouble."""

import asyncio
import logging
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain import events, moves
from kiosk.domain.fold import fold
from kiosk.domain.state import State
from kiosk.link import codec
from kiosk.link import messages as m
from kiosk.link.catalogue_pages import Assembler
from kiosk.till.link_server import CLIENTS_MAX, LinkServer
from kiosk.till.view import Face
from tests.support.catalogue import CATALOGUE, PHONE_TYPED
from tests.support.world import RULES

FACE = Face(m.TerminalView("0001", "Kiosk", "Street", "+359"), ("en", "bg", "ru"), lambda _body: "")


@asynccontextmanager
async def link():
    heard = []
    with tempfile.TemporaryDirectory() as folder:
        server = LinkServer(Path(folder) / "buyer.sock", RULES, FACE, heard.append, heard.append)
        await server.start()
        server.publish(State(), 0.0)
        try:
            yield server, Path(folder) / "buyer.sock", heard
        finally:
            await server.close()


class Screen:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self._frames, self._waiting = codec.FrameReader(), []

    @classmethod
    async def connect(cls, path):
        return cls(*await asyncio.open_unix_connection(str(path)))

    async def message(self):
        while not self._waiting:
            data = await asyncio.wait_for(self.reader.read(4096), 5)
            if not data:
                return None
            self._waiting += self._frames.feed(data)
        return codec.decode_to_screen(self._waiting.pop(0))

    def tap(self, command, revision=99):
        self.writer.write(codec.encode_command(m.CommandFrame(command, revision)))

    async def close(self):
        self.writer.close()
        await self.writer.wait_closed()


def test_a_screen_is_welcomed_and_shown_the_truth():
    async def story():
        async with link() as (server, path, heard):
            screen = await Screen.connect(path)
            assert await screen.message() == m.Welcome()
            assert (await screen.message()).phase is m.Phase.WELCOME
            screen.tap(m.ChooseLanguage("bg"))
            server.publish(fold(State(), moves.LanguageChosen("bg")), 0.0)
            shown = await screen.message()
            assert (shown.phase, shown.language) == (m.Phase.ENTRY, "bg")
            assert heard == [events.LanguageTapped("bg")]
            await screen.close()

    asyncio.run(story())


def test_a_tap_on_a_screen_that_is_gone_does_nothing():
    async def story():
        async with link() as (server, path, heard):
            screen = await Screen.connect(path)
            await screen.message()
            old = (await screen.message()).revision
            server.publish(fold(State(), moves.LanguageChosen("bg")), 0.0)
            new = (await screen.message()).revision
            screen.tap(m.ChooseLanguage("ru"), old)
            screen.tap(m.LookUpOrder("1"), new)
            async with asyncio.timeout(5):
                while not heard:
                    await asyncio.sleep(0.01)
            assert heard == [events.OrderTyped("1")]
            await screen.close()

    asyncio.run(story())


def offering(catalogue):
    return fold(fold(State(), moves.CatalogueSeen(catalogue)), moves.LanguageChosen("bg"))


async def catalogue_of(screen):
    """All that comes until a catalogue is whole: the catalogue, and the snapshots between its pages."""
    assembler, snapshots = Assembler(), []
    while True:
        message = await screen.message()
        if isinstance(message, m.Snapshot):
            snapshots.append(message)
        elif isinstance(message, m.CataloguePage) and (found := assembler.add(message)):
            return found, snapshots


def test_a_screen_is_given_the_catalogue_when_it_comes_and_when_it_changes():
    async def story():
        async with link() as (server, path, _heard):
            server.publish(offering(CATALOGUE), 0.0)
            screen = await Screen.connect(path)
            found, snapshots = await catalogue_of(screen)
            assert found == CATALOGUE
            assert [shown.catalogue_version for shown in snapshots] == [7]
            newer = replace(CATALOGUE, version=8)
            server.publish(offering(newer), 0.0)
            found, snapshots = await catalogue_of(screen)
            assert (found, snapshots[-1].catalogue_version) == (newer, 8)
            await screen.close()

    asyncio.run(story())


def test_no_snapshot_waits_behind_a_large_catalogue():
    async def story():
        large = replace(
            CATALOGUE,
            services=tuple(replace(CATALOGUE.services[0], service_id=f"s{number}") for number in range(5000)),
        )
        async with link() as (server, path, _heard):
            server.publish(offering(large), 0.0)
            screen = await Screen.connect(path)
            while not isinstance(page := await screen.message(), m.CataloguePage):
                pass
            server.publish(fold(offering(large), moves.LanguageChosen("ru")), 0.0)
            while not isinstance(message := await screen.message(), m.Snapshot):
                page = message
            assert message.language == "ru"
            assert page.page + 1 < page.pages, "the rest of the catalogue comes after it"
            await screen.close()

    asyncio.run(story())


def test_what_somebody_typed_is_in_no_log_even_when_their_tap_came_late(caplog):
    async def story():
        async with link() as (server, path, heard):
            screen = await Screen.connect(path)
            await screen.message()
            old = (await screen.message()).revision
            server.publish(offering(CATALOGUE), 0.0)
            asked = m.LookUpService("top-up", PHONE_TYPED)
            screen.tap(asked, old)
            screen.tap(asked)
            async with asyncio.timeout(5):
                while not heard:
                    await asyncio.sleep(0.01)
            assert heard == [events.ServiceAsked("top-up", PHONE_TYPED)]
            await screen.close()

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())
    assert "late tap ignored" in caplog.text
    assert PHONE_TYPED[0][1] not in caplog.text


CODE = "K7Q2M9X4R1T8W3Z6"


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (m.LookUpCode(CODE), events.CodeAsked(CODE)),
        (m.Scanned(CODE), events.Scanned(CODE)),
        (m.PayWithCode(), events.PayWithCodeTapped()),
        (m.DropCode(), events.CodeDropTapped()),
    ],
)
def test_what_is_said_of_codes_is_heard_and_no_code_is_in_a_log(caplog, command, event):
    async def story():
        async with link() as (server, path, heard):
            screen = await Screen.connect(path)
            await screen.message()
            old = (await screen.message()).revision
            server.publish(offering(CATALOGUE), 0.0)
            screen.tap(command, old)
            screen.tap(command)
            async with asyncio.timeout(5):
                while not heard:
                    await asyncio.sleep(0.01)
            assert heard == [event]
            await screen.close()

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())
    assert "late tap ignored" in caplog.text
    assert CODE not in caplog.text + repr(event)


@pytest.mark.parametrize(
    "garbage",
    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x02{}", b"\0\0\0\x05hello", b"\0\0\0\x10" + b'{"command": null'],
)
def test_garbage_closes_its_sender_and_harms_nobody(garbage):
    async def story():
        async with link() as (server, path, heard):
            good, bad = await Screen.connect(path), await Screen.connect(path)
            bad.writer.write(garbage)
            async with asyncio.timeout(5):
                while await bad.message() is not None:
                    pass
            await good.message()
            await good.message()
            good.tap(m.Cancel())
            server.publish(fold(State(), moves.LanguageChosen("bg")), 0.0)
            assert (await good.message()).phase is m.Phase.ENTRY
            async with asyncio.timeout(5):
                while not heard:
                    await asyncio.sleep(0.01)
            await good.close()
            await bad.close()

    asyncio.run(story())


def test_one_client_too_many_is_turned_away():
    async def story():
        async with link() as (_, path, _heard):
            screens = [await Screen.connect(path) for _ in range(CLIENTS_MAX)]
            for screen in screens:
                assert await screen.message() == m.Welcome()
            extra = await Screen.connect(path)
            assert await extra.message() is None
            for screen in [*screens, extra]:
                await screen.close()

    asyncio.run(story())
