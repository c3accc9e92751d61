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

CHANGES = int(os.environ.get("KIOSK_CHANGES", "40"))
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
RSS_GROWTH_MAX = 0.05  #: between the first and the last quarter
OBJECTS_GROWTH_MAX = 60  #: of any one type: a leak of one object a change would be hundreds


def rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def objects() -> Counter[str]:
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
        for scene in seen:  # every cache is filled once
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
