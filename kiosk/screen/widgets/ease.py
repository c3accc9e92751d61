"""The fixed button: at the same place on every screen, it makes everything large and clear, and once more as it was."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import ColorProperty
from kivy.uix.widget import Widget

from kiosk.screen.theme import DAY
from kiosk.screen.widgets.button import KioskButton

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class Person(Widget):
    """Head, arms and legs, drawn."""

    ink = ColorProperty(DAY.ink)


class EaseButton(KioskButton):
    """A person with open arms and two letters of different size; its words are for the ear."""
