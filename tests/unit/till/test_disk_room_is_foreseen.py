"""A disk that fills up is noticed before it bites: no session begins, and what has begun can be finished."""

from pathlib import Path

import pytest

from kiosk.domain import events
from kiosk.domain.decide import why_closed
from kiosk.domain.facts import ResultKind
from kiosk.domain.moves import NoteTrouble
from kiosk.domain.session import Phase
from kiosk.till.reserve import MEGABYTE, Reserve
from tests.support.play import Player
from tests.support.world import VirtualClock, World


class Disk:
    """As full as it is told to be."""

    def __init__(self, free_mb):
        self.free_mb = free_mb

    def free_bytes(self, _folder: Path) -> int:
        return int(self.free_mb * MEGABYTE)


@pytest.fixture
def kept(tmp_path):
    disk = Disk(100)
    return disk, Reserve(tmp_path / "journal.sqlite", 2, disk.free_bytes), tmp_path / "journal.sqlite.reserve"


def test_the_reserve_is_taken_while_there_is_plenty(kept):
    _, reserve, file = kept
    assert reserve.has_room()
    assert file.stat().st_size == 2 * MEGABYTE


def test_below_the_limit_there_is_no_room_and_the_reserve_stays(kept):
    disk, reserve, file = kept
    reserve.has_room()
    disk.free_mb = 1.5
    assert not reserve.has_room()
    assert file.exists()


def test_with_nothing_left_the_reserve_is_given_up_and_taken_again_only_when_there_is_plenty(kept):
    disk, reserve, file = kept
    reserve.has_room()
    disk.free_mb = 0.2
    assert not reserve.has_room()
    assert not file.exists()
    disk.free_mb = 5
    assert not reserve.has_room()
    disk.free_mb = 7
    assert reserve.has_room()
    assert file.exists()


def test_a_disk_that_cannot_be_asked_takes_no_money(tmp_path):
    def broken(_folder):
        raise OSError("input/output error")

    assert not Reserve(tmp_path / "journal.sqlite", 2, broken).has_room()


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()


def test_no_session_begins_without_room(player):
    player.say(events.StorageLooked(has_room=False))
    assert why_closed(player.state) == "no_room"
    player.say(events.LanguageTapped("en"))
    player.say(events.OrderTyped("1000000008"))
    assert player.state.session.phase is Phase.ENTRY
    player.say(events.StorageLooked(has_room=True))
    player.pay()
    assert player.world.physical.paid


def test_a_running_session_takes_no_more_notes_and_is_finished(player):
    player.go_to_cash()
    player.insert(5000)
    player.say(events.StorageLooked(has_room=False))
    assert not player.world.accepting
    player.say(events.NoteInEscrow(2000, "EUR"))
    assert player.state.session.trouble is NoteTrouble.STOPPED
    player.settle()
    player.wait(70)
    assert player.state.session.result is ResultKind.NOT_ENOUGH
    assert player.world.physical.claims
