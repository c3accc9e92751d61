"""Welcome, entry, and the screens of one sentence: checking, paying, out of service, no till."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class WelcomeScreen(BoxLayout):
    """Shows a WelcomeView."""

    view = ObjectProperty(rebind=True)


class EntryScreen(BoxLayout):
    """Shows an EntryView."""

    view = ObjectProperty(rebind=True)


class StatusScreen(BoxLayout):
    """Shows a StatusView."""

    view = ObjectProperty(rebind=True)
