"""The service manager's socket, a real one: it hears of the screen while frames are drawn, and not a moment longer."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.screen.pulse import Pulse


class Manager:
    """The service manager's end."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(address)

    def heard(self) -> list[str]:
        found = []
        while True:
            try:
                found.append(self._socket.recv(256).decode())
            except BlockingIOError:
                return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.close()


class Screen:
    """Draws the frames it is asked for, unless it hangs; is well, unless it is not."""

    def __init__(self, **environment: str) -> None:
        self.asked = 0
        self.well = True
        self.pulse = Pulse(environment, self.ask, lambda: self.well)

    def ask(self) -> None:
        self.asked += 1

    def live(self, seconds: range, *, draws: bool = True) -> None:
        for now_s in seconds:
            before = self.asked
            self.pulse.beat(now_s)
            if draws and self.asked > before:
                self.pulse.drawn(now_s)


def watched(path: Path) -> Screen:
    return Screen(NOTIFY_SOCKET=str(path / "notify"), WATCHDOG_USEC="30000000", WATCHDOG_PID=str(os.getpid()))


def test_it_is_ready_with_the_first_frame_and_well_three_times_within_the_watchdogs_time(manager, tmp_path) -> None:
    screen = watched(tmp_path)
    screen.live(range(1, 31))
    screen.pulse.close()
    assert manager.heard() == ["READY=1", *["WATCHDOG=1"] * 3, "STOPPING=1"]


def test_a_loop_that_turns_without_drawing_is_not_well(manager, tmp_path) -> None:
    screen = watched(tmp_path)
    screen.live(range(1, 100), draws=False)
    screen.pulse.close()
    assert manager.heard() == ["STOPPING=1"]


def test_a_screen_that_hangs_says_nothing(manager, tmp_path) -> None:
    screen = watched(tmp_path)
    screen.live(range(1, 2))
    manager.heard()
    assert manager.heard() == []
    screen.pulse.close()


def test_a_screen_whose_link_nobody_looks_after_is_not_well(manager, tmp_path) -> None:
    screen = watched(tmp_path)
    screen.well = False
    screen.live(range(1, 100))
    screen.well = True
    screen.live(range(100, 101))
    screen.pulse.close()
    assert manager.heard() == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_the_abstract_namespace_is_understood() -> None:
    name = f"kiosk-pulse-test-{os.getpid()}"
    manager = Manager("\0" + name)
    screen = Screen(NOTIFY_SOCKET="@" + name)
    screen.live(range(1, 3))
    screen.pulse.close()
    screen.pulse.close()
    assert manager.heard() == ["READY=1", "STOPPING=1"]
    manager.close()


def test_the_watchdog_of_another_process_is_none_of_ours(manager, tmp_path) -> None:
    screen = Screen(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="30000000", WATCHDOG_PID="1")
    screen.live(range(1, 100))
    screen.pulse.close()
    assert manager.heard() == ["READY=1", "STOPPING=1"]


def test_without_a_service_manager_no_frame_is_asked_for() -> None:
    screen = Screen()
    screen.live(range(1, 100))
    screen.pulse.close()
    assert screen.asked == 0


def test_a_service_manager_that_has_gone_harms_nothing(tmp_path: Path) -> None:
    screen = Screen(NOTIFY_SOCKET=str(tmp_path / "nobody"), WATCHDOG_USEC="3000000")
    screen.live(range(1, 5))
    screen.pulse.close()
