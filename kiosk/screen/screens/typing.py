"""Typing with letters: what was typed above, the keyboard below."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import keyboard as _keyboard  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import tiles as _tiles  # noqa: F401 - its classes are named in the kv

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class TypingTitle(BoxLayout):
    """What is being typed; one line."""

    view = StringProperty("")


class TypingScreen(BoxLayout):
    """Shows a TypingView."""

    view = ObjectProperty(rebind=True)
