"""Large tiles to choose from: home, shelves of services, fields that are chosen from."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import tiles as _tiles  # noqa: F401 - its classes are named in the kv

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class TilesScreen(BoxLayout):
    """Shows a TilesView."""

    view = ObjectProperty(rebind=True)
