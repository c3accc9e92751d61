"""Every screen anybody can meet, by name: what contact sheets show, and what tests read as data, draw and measure.

Answers for: the collection, and the same scene in another language. Does not answer for: looks.
"""

from collections.abc import Mapping
from dataclasses import replace as with_glass

from msgspec.structs import replace

from kiosk.screen.glass import Glass
from kiosk.screen.mode import Mode
from kiosk.screen.scenes.codes import CODES
from kiosk.screen.scenes.letters import LETTERED
from kiosk.screen.scenes.orders import ORDERS
from kiosk.screen.scenes.services import SERVICES
from kiosk.screen.scenes.staff import STAFF

BUYERS: Mapping[str, Glass] = {**SERVICES, **LETTERED, **CODES, **ORDERS}
SCENES: Mapping[str, Glass] = {**BUYERS, **STAFF}


def in_language(scene: Glass, language: str) -> Glass:
    """The scene as a buyer of `language` sees it."""
    return scene if scene.snapshot is None else with_glass(scene, snapshot=replace(scene.snapshot, language=language))


def in_mode(scene: Glass, mode: Mode) -> Glass:
    """The scene as it is shown in `mode`."""
    return with_glass(scene, mode=mode)
