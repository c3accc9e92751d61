"""The frame around every screen and the question over it: what stays at the same place from beginning to end."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.image import Image

from kiosk.screen.views import ButtonView, Chrome, DialogView
from kiosk.screen.widgets import button as _button  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import ease as _ease  # noqa: F401 - as above
from kiosk.screen.widgets import room as _room  # noqa: F401 - as above
from kiosk.screen.widgets.parts import Rows

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

NO_CHROME = Chrome("", (), -1, (), None, None, "", "", "")
NO_DIALOG = DialogView("", "", ButtonView("", "", enabled=False))


class StepMark(BoxLayout):
    """One step of the way: `view` is (number, text, how far: -1 behind, 0 here, 1 ahead). Only where one is, is named."""

    view = ObjectProperty(("", "", 1), rebind=True)
    here = BooleanProperty(False)


class StepBar(Rows):
    """The whole way; nothing of it when it is `gone`."""

    chrome = ObjectProperty(NO_CHROME, rebind=True)
    gone = BooleanProperty(False)

    def on_chrome(self, _self: object, _chrome: Chrome) -> None:
        """Mark each step: behind, here, ahead."""
        self.views = () if self.gone else step_marks(self.chrome)

    on_gone = on_chrome


class Logo(Image):
    """The operator's, if there is one."""


class Header(BoxLayout):
    """Where the buyer is, and the other languages (within low reach they stand in the footer). `gone`: height is dearest."""

    chrome = ObjectProperty(NO_CHROME, rebind=True)
    gone = BooleanProperty(False)


class Actions(BoxLayout):
    """The fixed button at the bottom left, back beside it, the one primary action at the bottom right, on every screen. A longer
    sentence is `lifted` above them in a tall window; a short one, as comes while somebody types, moves nothing.
    """

    chrome = ObjectProperty(NO_CHROME, rebind=True)
    shown = BooleanProperty(False)
    lifted = BooleanProperty(False)
    BESIDE_LETTERS = 30


class Footer(BoxLayout):
    """Which terminal this is and whom to call. `lines`: one below the other, beside the languages."""

    chrome = ObjectProperty(NO_CHROME, rebind=True)
    lines = BooleanProperty(False)


class Frame(BoxLayout):
    """Header, the screen's own content, actions, footer. Content goes into `ids.holder`."""

    chrome = ObjectProperty(NO_CHROME, rebind=True)


class Dialog(AnchorLayout):
    """A question over everything. Touches that miss its buttons go nowhere."""

    view = ObjectProperty(NO_DIALOG, rebind=True)

    def on_touch_down(self, touch: Any) -> bool:
        """Take every touch."""
        super().on_touch_down(touch)
        return True


def step_marks(chrome: Chrome) -> tuple[tuple[str, str, int], ...]:
    """Steps with how far each is: behind, here, ahead."""
    marks = []
    for number, text in enumerate(chrome.steps):
        where = (number > chrome.step) - (number < chrome.step)
        marks.append(("✓" if where < 0 else str(number + 1), text, where))
    return tuple(marks)
