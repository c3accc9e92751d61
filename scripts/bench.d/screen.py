#!/usr/bin/env python3
"""What the screen costs and how quick it is, beside an empty Kivy app in the same run. Exit code 1 when a limit is exceeded.

start        process start to the first frame, seconds (as the service manager hears of it)
idle_cpu     share of a core while nothing happens           rss      resident memory, MB
snapshot     a snapshot arrives → its frame is shown, ms     touch    a finger leaves the glass → its frame is shown, ms
             both when nothing happened before, at moments the screen cannot know; median and 99th of a hundred
note_fps     frames a second while the cash screen changes with every frame, and processor time of one, all threads

Drawn by the software renderer; sounds go to SDL's dummy. Other work on this machine is in every figure and, for the floor, too.
"""

# ruff: noqa: E402 - Kivy reads the environment while it is imported

import itertools
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kiosk.screen.environment import prepare

HOME = tempfile.TemporaryDirectory()
os.environ.pop("DISPLAY", None)
os.environ |= {"KIVY_NO_CONSOLELOG": "1", "SDL_AUDIODRIVER": "dummy"}
prepare(os.environ, Path(HOME.name))  # before Kivy is imported

from kivy.base import EventLoop
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.finger import Finger
from kiosk.screen.scenes.parts import CASH, ENTRY, NO_CASH, WELCOME, note
from tests.screen.fake_till import FakeTill
from tests.screen.harness import RecordingLink, running, turn

SIZE = "1024x768"
PATIENCE_S = 60
IDLE_S = 6.0
SETTLED_S = 3.0
REST_S = 2.3  #: after it the screen looks ten times a second
MOVING_S = 4.0
CHANCE = random.Random(7)  # noqa: S311 - a moment, no secret
TRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 100
RATIOS = {"start": "s", "rss": "mb"}
LIMITS = {"start_ratio": 6.0, "idle_cpu": 0.01, "rss_ratio": 2.0, "snapshot_p99_ms": 150, "touch_p99_ms": 100}

FLOOR = """
import os, socket
from kivy.config import Config
Config.set("graphics", "width", "1024"); Config.set("graphics", "height", "768"); Config.set("graphics", "multisamples", "0")
Config.set("graphics", "maxfps", "10")
from kivy.app import App
from kivy.base import EventLoop
from kivy.uix.widget import Widget
class Empty(App):
    def build(self):
        return Widget()
    def on_start(self):
        EventLoop.window.bind(on_flip=self.flipped)
    def flipped(self, *_):
        EventLoop.window.unbind(on_flip=self.flipped)
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
Empty().run()
"""


class Manager:
    """Hears READY, as the service manager does."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(PATIENCE_S)

    def wait(self) -> None:
        assert self._socket.recv(64) == b"READY=1"


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def process_figures(argv: list[str], manager: Manager) -> dict[str, float]:
    """Start, idle, memory."""
    environment = {**os.environ, "NOTIFY_SOCKET": manager.address}
    began_s = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own programs
        argv, env=environment, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        try:
            manager.wait()
            start_s = time.perf_counter() - began_s
            time.sleep(SETTLED_S)
            before_s = cpu_s(process.pid)
            time.sleep(IDLE_S)
            idle = (cpu_s(process.pid) - before_s) / IDLE_S
            return {"start_s": start_s, "idle_cpu": idle, "rss_mb": rss_mb(process.pid)}
        finally:
            process.send_signal(signal.SIGKILL)


def say_welcome(path: Path) -> None:
    """A till that has just said WELCOME: the screen that idles is the one people meet."""
    till = FakeTill(path)

    def serve() -> None:
        till.wait_for_client()
        till.say(m.Welcome(), WELCOME)

    threading.Thread(target=serve, daemon=True).start()


class Watch:
    """When frames are shown, by this process's own window, whose loop is turned by hand with the app's own clock."""

    def __init__(self) -> None:
        self.flips: list[float] = []
        EventLoop.window.bind(on_flip=self._flipped)

    def _flipped(self, *_event: object) -> None:
        self.flips.append(time.perf_counter())

    def turn_for(self, seconds: float, each: Callable[[], object] = lambda: None) -> None:
        until_s = time.perf_counter() + seconds
        while time.perf_counter() < until_s:
            each()
            turn()

    def latency_ms(self, act: Callable[[], object]) -> float:
        """From a moment within a turn of the loop, which the loop cannot know, to the end of the first frame after it."""
        struck_s: list[float] = []
        threading.Timer(CHANCE.uniform(0.0, 0.1), lambda: struck_s.append(time.perf_counter())).start()
        while not struck_s:
            turn()
        shown = len(self.flips)
        act()
        while len(self.flips) == shown:
            turn()
        return (self.flips[shown] - struck_s[0]) * 1000

    def latencies_ms(self, act: Callable[[int], object]) -> list[float]:
        """Every fourth finds the screen at rest, the others find it busy, as in life."""
        found = []
        for number in range(TRIES):
            self.turn_for(REST_S if number % 4 == 0 else 0.05)
            found.append(self.latency_ms(partial(act, number)))
        return found


def cash_of(number: int) -> m.Snapshot:
    return replace(CASH, revision=number, cash=replace(NO_CASH, left_minor=number, notes=(note(500),) * (number % 5)))


def in_window() -> dict[str, float]:
    """What a buyer waits for."""
    with running(RecordingLink()) as app:
        watch, numbers = Watch(), itertools.count(1)
        snapshot = watch.latencies_ms(lambda number: app.take_snapshot(cash_of(number)))
        app.take_snapshot(ENTRY)
        watch.turn_for(REST_S)

        def touch(number: int) -> None:
            button = app.find_button(f"key:{number % 10}" if number % 7 else "erase_all")
            finger = Finger(*button.to_window(*button.center))
            finger.put_down()
            finger.lift()

        app.pressed("key:1")
        touched = watch.latencies_ms(touch)
        app.take_snapshot(CASH)
        watch.turn_for(REST_S)
        before, cpu_began_s = len(watch.flips), time.process_time()
        watch.turn_for(MOVING_S, lambda: app.take_snapshot(cash_of(next(numbers))))
        frames, cpu_took_s = len(watch.flips) - before, time.process_time() - cpu_began_s
    return {
        "snapshot_median_ms": statistics.median(snapshot),
        "snapshot_p99_ms": statistics.quantiles(snapshot, n=100)[98],
        "touch_median_ms": statistics.median(touched),
        "touch_p99_ms": statistics.quantiles(touched, n=100)[98],
        "note_fps": frames / MOVING_S,
        "note_frame_cpu_ms": cpu_took_s / frames * 1000,
    }


def main() -> int:
    folder = Path(HOME.name)
    manager = Manager(folder)
    empty = folder / "empty.py"
    empty.write_text(FLOOR)
    floor = process_figures([sys.executable, str(empty)], manager)
    say_welcome(folder / "till.sock")
    argv = [sys.executable, "-m", "kiosk", "screen", "--socket", str(folder / "till.sock"), "--size", SIZE]
    ours = process_figures(argv, manager)
    ratios = {f"{name}_ratio": ours[f"{name}_{unit}"] / floor[f"{name}_{unit}"] for name, unit in RATIOS.items()}
    figures = {**ours, **ratios, **in_window()}
    for key, value in {**{f"floor.{key}": value for key, value in floor.items()}, **figures}.items():
        limit = LIMITS.get(key)
        print(f"{key:22} {value:10.3f}{f'   limit {limit}' if limit else ''}")
    over = [key for key, limit in LIMITS.items() if figures[key] > limit]
    print("over the limit: " + ", ".join(over) if over else "all within their limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
