"""The screens for people with keys: board, parts, sheets, what hands do, logs, trials, numbers with letters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.screens.staff_touch import TouchPicture
from kiosk.screen.staff import views as v
from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import staff as _staff  # noqa: F401 - as above

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class StaffScreen(BoxLayout):
    """Shows a view."""

    view = ObjectProperty(rebind=True)


class BoardScreen(StaffScreen):
    """Shows a BoardView."""


class PartScreen(StaffScreen):
    """Shows a PartView."""


class SheetScreen(StaffScreen):
    """Shows a SheetView."""


class HandsScreen(StaffScreen):
    """Shows a HandsView. A short title is written larger."""

    SHORT_LETTERS = 24


class LinesScreen(StaffScreen):
    """Shows a LinesView."""


class TrialScreen(StaffScreen):
    """Shows a TrialView."""


STAFF_SCREENS: Mapping[type, Any] = {
    v.BoardView: BoardScreen,
    v.PartView: PartScreen,
    v.SheetView: SheetScreen,
    v.HandsView: HandsScreen,
    v.LinesView: LinesScreen,
    v.TrialView: TrialScreen,
    v.TouchView: TouchPicture,
}
