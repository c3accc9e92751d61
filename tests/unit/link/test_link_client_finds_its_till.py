import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.domain.catalogue import Catalogue
from kiosk.link import messages as m
from kiosk.link.catalogue_pages import pages_of
from kiosk.link.client import LinkClient
from kiosk.screen.scenes.parts import ENTRY, WELCOME
from tests.screen.fake_till import FakeTill
from tests.support.catalogue import CATALOGUE

PATIENCE_S = 15.0


class Listener:
    """A client and all it told."""

    def __init__(self, path: Path) -> None:
        self.snapshots: queue.Queue[m.Snapshot] = queue.Queue()
        self.reasons: queue.Queue[str] = queue.Queue()
        self.client = LinkClient(path, self.snapshots.put, self.reasons.put)

    def snapshot(self) -> m.Snapshot:
        return self.snapshots.get(timeout=PATIENCE_S)

    def reason(self) -> str:
        return self.reasons.get(timeout=PATIENCE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.sock"


@pytest.fixture
def listener(path: Path) -> Iterator[Listener]:
    listener = Listener(path)
    yield listener
    listener.client.close()


@pytest.fixture
def till(path: Path) -> Iterator[FakeTill]:
    with FakeTill(path) as till:
        yield till


def test_a_snapshot_comes_and_a_command_goes_with_the_revision_it_answers(till: FakeTill, listener: Listener) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(m.Welcome(), ENTRY)
    assert listener.snapshot() == ENTRY
    assert listener.client.send(m.LookUpOrder("482915"), revision=7)
    assert till.hear() == m.CommandFrame(m.LookUpOrder("482915"), 7)


def test_a_catalogue_is_told_once_all_its_pages_are_there(till: FakeTill, path: Path) -> None:
    told: queue.Queue[Catalogue] = queue.Queue()
    client = LinkClient(path, lambda _: None, lambda _: None, told.put)
    client.start()
    try:
        till.wait_for_client()
        till.say(m.Welcome(), ENTRY, *pages_of(CATALOGUE))
        assert told.get(timeout=PATIENCE_S) == CATALOGUE
        assert told.empty()
    finally:
        client.close()


def test_a_till_that_comes_later_is_found(path: Path, listener: Listener) -> None:
    listener.client.start()
    assert "No such file" in listener.reason()
    with FakeTill(path) as till:
        till.wait_for_client()
        till.say(m.Welcome(), WELCOME)
        assert listener.snapshot() == WELCOME


def test_a_till_that_went_away_is_told_of_and_found_again(till: FakeTill, listener: Listener) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(m.Welcome(), WELCOME)
    listener.snapshot()
    till.hang_up()
    assert listener.reason() == "the till hung up"
    till.wait_for_client()
    till.say(m.Welcome(), replace(WELCOME, revision=1))
    assert listener.snapshot().revision == 1


def test_a_till_of_another_version_is_not_listened_to(till: FakeTill, listener: Listener) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(m.Welcome(link_version=m.LINK_VERSION + 1), WELCOME)
    assert f"link version {m.LINK_VERSION + 1}" in listener.reason()
    assert listener.snapshots.empty()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff\xff\xff", "a frame of 4294967295 bytes"),
        (b"\x00\x00\x00\x02{}", "not a message of the till"),
    ],
)
def test_garbage_ends_that_connection_only(till: FakeTill, listener: Listener, data: bytes, reason: str) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(m.Welcome(), WELCOME)
    listener.snapshot()
    till.say_bytes(data)
    assert reason in listener.reason()
    till.wait_for_client()
    till.say(m.Welcome(), ENTRY)
    assert listener.snapshot() == ENTRY


def test_a_snapshot_before_the_welcome_is_refused(till: FakeTill, listener: Listener) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(WELCOME)
    assert "before its welcome" in listener.reason()


def test_a_command_to_a_till_that_is_away_is_lost_and_said_so(listener: Listener) -> None:
    assert not listener.client.send(m.Cancel(), revision=1)


def test_a_till_that_does_not_listen_never_blocks_a_finger(till: FakeTill, listener: Listener) -> None:
    listener.client.start()
    till.wait_for_client()
    till.say(m.Welcome(), WELCOME)
    listener.snapshot()
    long = m.LookUpOrder("1" * 60_000)
    sent = [listener.client.send(long, revision=1) for _ in range(20)]
    assert not all(sent)
