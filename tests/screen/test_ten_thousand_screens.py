"""The screen runs for months: changing it over and over leaves nothing behind. KIOSK_CHANGES=10000 for the long run."""

import gc
import os
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

from kivy.clock import Clock

from kiosk.screen.app import KioskApp
from kiosk.screen.glass import Glass
from kiosk.screen.mode import ACCESSIBLE, NORMAL
from kiosk.screen.scenes import SCENES, in_language, in_mode
from tests.screen.harness import RecordingLink, running, turn

CHANGES = int(os.environ.get("KIOSK_CHANGES", "150"))
TURNS_TO_REST = 5
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
RSS_GROWTH_MAX = 0.05  #: between the first and the last quarter
OBJECTS_GROWTH_MAX = 100  #: of any one type: less than one a change


def rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def objects() -> Counter[str]:
    for _ in range(TURNS_TO_REST):  # the last screen but one is let go of by what is still due
        Clock._max_fps = 0
        turn()
        gc.collect()
    return Counter(f"{type(item).__module__}.{type(item).__qualname__}" for item in gc.get_objects())


def change(app: KioskApp, scene: Glass) -> None:
    app._glass = scene
    app._show()
    Clock._max_fps = 0
    turn()


def test_changing_the_screen_leaves_nothing_behind() -> None:
    looks = [("bg", NORMAL), ("ru", ACCESSIBLE)]
    scenes = list(islice(SCENES.values(), 0, None, 20))
    seen = [in_mode(in_language(scene, language), mode) for language, mode in looks for scene in scenes]
    with running(RecordingLink()) as app:
        for scene in islice(cycle(seen), max(CHANGES // 2, len(seen))):  # every cache is filled
            change(app, scene)
        change(app, seen[0])
        before, rss_before = objects(), rss_bytes()
        for scene in islice(cycle(seen), CHANGES):
            change(app, scene)
        change(app, seen[0])
        after, rss_after = objects(), rss_bytes()
    grown = {name: after[name] - before[name] for name in after if after[name] - before[name] > OBJECTS_GROWTH_MAX}
    assert grown == {}
    assert rss_after < rss_before * (1 + RSS_GROWTH_MAX), f"{rss_before} → {rss_after}"
