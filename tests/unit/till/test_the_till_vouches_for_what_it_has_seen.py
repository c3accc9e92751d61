"""READY, WATCHDOG and STATUS on a real socket; no proof, no word."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from kiosk.link import codec
from kiosk.link.messages import Welcome
from kiosk.service_manager import ServiceManager
from kiosk.till import vouching
from kiosk.till.unix_server import UnixServer
from kiosk.till.vouching import Vouching


@pytest.fixture
def manager_socket(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.setblocking(False)
        yield heard


def told(heard: socket.socket) -> list[str]:
    words = []
    while True:
        try:
            words.append(heard.recv(4096).decode())
        except BlockingIOError:
            return words


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000", **more}


def in_the_till(tmp_path: Path, story, *, heard=None, idle_s: float = 0.0, welcome: bytes | None = None) -> None:
    """`story(vouching)` beside a door that greets."""

    async def goes_through() -> None:
        pass

    async def greet(_reader, writer) -> None:
        writer.write(codec.encode_to_screen(Welcome()) if welcome is None else welcome)
        await writer.drain()

    async def play() -> None:
        door = UnixServer(tmp_path / "door", greet)
        await door.start()
        manager = ServiceManager(environment(tmp_path))
        try:
            await story(Vouching(manager, heard or goes_through, lambda: idle_s, tmp_path / "door", lambda: "open"))
        finally:
            manager.close()
            await door.close()

    asyncio.run(play())


async def a_round(vouches: Vouching) -> None:
    running = asyncio.create_task(vouches.run())
    while not vouches.rounds:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_a_till_that_is_well_says_so(tmp_path: Path, manager_socket: socket.socket) -> None:
    in_the_till(tmp_path, a_round)
    assert told(manager_socket) == ["READY=1", "WATCHDOG=1", "STATUS=open", "STOPPING=1"]


def test_without_a_proof_there_is_no_word(tmp_path: Path, manager_socket: socket.socket, monkeypatch) -> None:
    monkeypatch.setattr(vouching, "PROOF_S", 0.05)

    async def stuck() -> None:
        await asyncio.Event().wait()

    in_the_till(tmp_path, a_round, heard=stuck)
    words = told(manager_socket)
    assert "WATCHDOG=1" not in words
    assert any("no event goes through: no answer" in word for word in words)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"idle_s": 60.0}, "the acceptor's line has not been worked for 60 s"),
        ({"welcome": b""}, "the buyer's door: it was shut at once"),
        ({"welcome": b"\0\0\0\2{}"}, "the buyer's door: not a message of the till"),
    ],
)
def test_each_missing_proof_is_named(tmp_path: Path, manager_socket: socket.socket, wrong, says: str) -> None:
    in_the_till(tmp_path, a_round, **wrong)
    words = told(manager_socket)
    assert "WATCHDOG=1" not in words
    assert any(word.startswith(f"STATUS={says}") for word in words)


def test_nobody_listens_to_a_till_at_a_desk(tmp_path: Path) -> None:
    manager = ServiceManager({})
    manager.ready()
    manager.close()
    assert not manager.listens
    assert manager.interval_s == 0


@pytest.mark.parametrize(
    ("more", "interval_s"),
    [
        ({}, 10.0),
        ({"WATCHDOG_PID": str(os.getpid())}, 10.0),
        ({"WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
        ({"WATCHDOG_USEC": ""}, 0.0),
    ],
)
def test_the_watchdogs_time_is_a_third_of_what_it_waits(tmp_path: Path, manager_socket, more, interval_s) -> None:
    manager = ServiceManager(environment(tmp_path, **more))
    assert manager.interval_s == interval_s
    manager.close()


def test_a_manager_that_went_away_is_no_fault_of_the_till(tmp_path: Path) -> None:
    manager = ServiceManager(environment(tmp_path))
    manager.alive()
    manager.close()


def test_an_abstract_socket_is_found(tmp_path: Path) -> None:
    name = f"kiosk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}")
        heard.setblocking(False)
        manager = ServiceManager({"NOTIFY_SOCKET": f"@{name}"})
        manager.status("two\nlines")
        manager.close()
        assert told(heard) == ["STATUS=two lines", "STOPPING=1"]
