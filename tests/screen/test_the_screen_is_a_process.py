"""`kiosk screen` as it is started: environment, robot, pictures, SIGTERM."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.mode import NORMAL
from kiosk.screen.scenes.parts import CASH, SOME_CASH, WELCOME
from tests.screen.fake_till import FakeTill

PATIENCE_S = 40
SILENT = {"SDL_AUDIODRIVER": "dummy"}


def robot(name: str, **arguments: str) -> list[str]:
    return ["--robot", f"tests.screen.robot:{name}", "--robot-args", json.dumps(arguments)]


def until_there(file: Path, process: "subprocess.Popen[bytes]", words: str = "") -> str:
    """What stands in `file`, once `words` are in it."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (file.exists() and words in file.read_text()):
        assert process.poll() is None, "the screen ended"
        assert time.monotonic() < deadline_s, f"{file.read_text() if file.exists() else 'nothing'} is not {words}"
        os.sched_yield()
    return file.read_text()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def kiosk_screen(path: Path, *options: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"} | SILENT | more
    argv = [sys.executable, "-m", "kiosk", "screen", "--socket", str(path), "--size", "1024x768", *options]
    with subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_robot_touches_and_sigterm_ends_it_in_order(tmp_path: Path) -> None:
    path, shots = tmp_path / "till.sock", tmp_path / "shots"
    tapper = [*robot("Tapper", role="language:ru"), "--fullscreen"]
    with FakeTill(path) as till, kiosk_screen(path, "--shots", str(shots), *tapper) as process:
        till.wait_for_client()
        till.say(m.Welcome(), WELCOME)
        assert till.hear() == m.CommandFrame(m.ChooseLanguage("ru"), WELCOME.revision)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    assert not any(shots.glob("*.png"))


def test_the_till_may_want_it_started_anew(tmp_path: Path) -> None:
    path = tmp_path / "till.sock"
    with FakeTill(path) as till, kiosk_screen(path, "--fullscreen") as process:
        till.wait_for_client()
        till.say(m.Welcome(), WELCOME, m.StartAgain())
        assert process.wait(PATIENCE_S) == 75


def test_wrong_options_are_refused_before_a_window_opens(tmp_path: Path) -> None:
    with kiosk_screen(tmp_path / "till.sock", "--robot", "nonsense") as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert b"write MODULE:CLASS" in said


def test_sigterm_ends_it_also_while_it_looks_for_its_till(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with kiosk_screen(tmp_path / "nowhere.sock", *robot("Teller", file=str(seen))) as process:
        until_there(seen, process, "StatusView")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


def test_sigterm_ends_it_also_while_a_till_takes_its_call_and_says_nothing(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with (
        FakeTill(tmp_path / "till.sock") as till,
        kiosk_screen(tmp_path / "till.sock", *robot("Teller", file=str(seen))) as process,
    ):
        till.wait_for_client()
        until_there(seen, process, "StatusView")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


def test_killed_within_a_payment_it_shows_the_same_screen_again_as_it_is_for_everybody(tmp_path: Path) -> None:
    path, seen = tmp_path / "till.sock", tmp_path / "seen"
    cash = replace(CASH, cash=SOME_CASH, unhurried=True)
    told = []
    with FakeTill(path) as till:
        for killed in (True, False):
            seen.unlink(missing_ok=True)
            with kiosk_screen(path, *robot("Teller", file=str(seen))) as process:
                till.wait_for_client()
                till.say(m.Welcome(), cash)
                told.append(until_there(seen, process, "CashView"))
                process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
                process.wait(PATIENCE_S)
    assert told[0] == told[1]
    assert str(NORMAL) in told[1]


@pytest.mark.parametrize(("how", "words"), [("raise", b"a fault in a callback"), ("thread", b"a fault in a thread")])
def test_a_fault_ends_the_process_and_is_logged(tmp_path: Path, how: str, words: bytes) -> None:
    trouble = tmp_path / "trouble"
    with (
        FakeTill(tmp_path / "till.sock") as till,
        kiosk_screen(tmp_path / "till.sock", *robot("Troublemaker", file=str(trouble), how=how)) as process,
    ):
        till.wait_for_client()
        trouble.touch()
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert words in said


def test_a_screen_that_hangs_stops_its_pulse(tmp_path: Path) -> None:
    trouble, begun = tmp_path / "trouble", tmp_path / "trouble.begun"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, FakeTill(tmp_path / "till.sock") as till:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        watched = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000"}
        hangs = robot("Troublemaker", file=str(trouble), how="hang")
        with kiosk_screen(tmp_path / "till.sock", *hangs, **watched) as process:
            till.wait_for_client()
            assert [manager.recv(64) for _ in range(4)] == [b"READY=1", *[b"WATCHDOG=1"] * 3]
            trouble.touch()
            until_there(begun, process)
            manager.setblocking(False)
            with suppress(BlockingIOError):
                while manager.recv(64):
                    pass
            manager.settimeout(1.5)
            with pytest.raises(TimeoutError):
                manager.recv(64)


def test_the_service_manager_hears_that_it_lives_and_that_it_ends(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        watched = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000"}
        with kiosk_screen(tmp_path / "nowhere.sock", **watched) as process:
            heard = [manager.recv(64) for _ in range(3)]
            process.send_signal(signal.SIGTERM)
            while heard[-1] == b"WATCHDOG=1" or len(heard) < 4:
                heard.append(manager.recv(64))
            assert process.wait(PATIENCE_S) == 0
    assert heard[0] == b"READY=1"
    assert heard[-1] == b"STOPPING=1"


def test_no_voice_is_left_behind(tmp_path: Path) -> None:
    plugged, seen = tmp_path / "jack", tmp_path / "seen"
    speech = ["--voice", "sh -c 'cat >/dev/null; exec sleep 600'", "--headset", str(plugged)]
    with (
        FakeTill(tmp_path / "till.sock") as till,
        kiosk_screen(tmp_path / "till.sock", *speech, *robot("Teller", file=str(seen))) as process,
    ):
        till.wait_for_client()
        till.say(m.Welcome(), WELCOME)
        until_there(seen, process, "WelcomeView")
        plugged.write_text("1\n")
        assert till.hear().command == m.TakeYourTime(wanted=True)
        until_there(seen, process, "spoken=True")
        speaking = children_of(process.pid)
        assert len(speaking) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
        assert not Path(f"/proc/{speaking[0]}").exists()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--voice", "espeak 'ng", b"No closing quotation"),
        ("--volume", "101", b"a whole number from 0 to 100"),
        ("--mode-key", "f99", b"f1 to f15"),
        ("--headset-keys", "f14", b"two keys"),
    ],
)
def test_wrong_options_of_the_senses_are_named(tmp_path: Path, option: str, value: str, said: bytes) -> None:
    with kiosk_screen(tmp_path / "till.sock", option, value) as process:
        _, words = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert said in words
