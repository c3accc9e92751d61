"""Tiles: large choices, two in a row, one under another in a tall window."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screen.views import TileView
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.parts import show_views

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class TileButton(KioskButton):
    """Something to choose. `large`: there is room for a title; `long`: the text is written smaller, so that it stays on two
    lines; `short`: then there is no room for a note.
    """

    view = ObjectProperty(TileView("", "", enabled=False), rebind=True)
    SHORT_LETTERS = 26
    large = BooleanProperty(False)
    long = BooleanProperty(False)
    short = BooleanProperty(False)


class TileNote(BoxLayout):
    """A quieter word on a tile; one line."""

    view = StringProperty("")


class TileGrid(GridLayout):
    """There is room for `lines` rows of two, however many tiles there are: a tile is as large on every page."""

    lines = NumericProperty(1)
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[TileView, ...]) -> None:
        """Show these."""
        show_views(self, "TileButton", views)
