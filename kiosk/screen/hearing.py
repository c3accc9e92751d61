"""Glass and focus → what a buyer who listens has before them. Pure.

Answers for: the same screen presented aloud, what is typed, the time that is warned of. Does not answer for: what is said of it
(`spoken`).
"""

from kiosk.screen import browsing as browse
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import At
from kiosk.screen.chrome import is_warned
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.spoken import Heard
from kiosk.screen.words import OWN_NAMES, Words


def heard(glass: Glass, focus: str) -> Heard:
    """What is to be heard now. `focus`: role of the control that has it, or empty."""
    snapshot, view = glass.snapshot, present(glass, aloud=True)
    language = snapshot.language if snapshot else next(iter(OWN_NAMES))
    seconds_left = snapshot.seconds_left if snapshot and glass.linked and is_warned(snapshot) else -1
    scene = (type(view), glasses.scene(glass))
    return Heard(view, scene, Words.of(language), focus, seconds_left, _typing(glass))


def _typing(glass: Glass) -> str:
    match glasses.place(glass):
        case At.FIELD:
            return browse.text_of(glass.browsing)
        case At.SEARCH:
            return glass.browsing.query
        case _:
            return glass.typed
