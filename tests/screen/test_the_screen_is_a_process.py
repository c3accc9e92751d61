"""`kiosk screen` as it is started: environment, robot, pictures, SIGTERM."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.link import messages as m
from kiosk.screen.scenes.parts import WELCOME
from tests.screen.fake_till import FakeTill

PATIENCE_S = 20


@contextmanager
def kiosk_screen(path: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    argv = [sys.executable, "-m", "kiosk", "screen", "--socket", str(path), "--size", "1024x768", *options]
    with subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_robot_touches_and_sigterm_ends_it_in_order(tmp_path: Path) -> None:
    path, shots = tmp_path / "till.sock", tmp_path / "shots"
    robot = ["--robot", "tests.screen.robot:Tapper", "--robot-args", '{"role": "language:ru"}', "--fullscreen"]
    with FakeTill(path) as till, kiosk_screen(path, "--shots", str(shots), *robot) as process:
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
