"""Tiles: large choices in rows and columns by their number and the window, and a strip of small ones."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screen.views import TileView
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.parts import show_views

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

IN_ONE_LINE_MAX = 3  #: more tiles than these stand in two lines or more


class TileButton(KioskButton):
    """Something to choose. Texts with more than `SHORT_LETTERS` are written smaller."""

    view = ObjectProperty(TileView("", "", enabled=False), rebind=True)
    SHORT_LETTERS = 26


class TileNote(BoxLayout):
    """A quieter word; one line."""

    view = StringProperty("")


class TileGrid(GridLayout):
    """A shelf has room for `lines` rows of two, however many tiles there are: a tile is as large on every page. With one line the
    tiles fill the room, from two to six of them. `room_px`: the height there is.
    """

    lines = NumericProperty(1)
    room_px = NumericProperty(0)
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[TileView, ...]) -> None:
        """Show these."""
        show_views(self, "TileButton", views)

    def columns_for(self, count: int, lines: int, tall: bool, large: bool) -> int:
        """How many tiles stand beside one another."""
        if tall and lines > 1:
            return 2 if large else 1
        if tall:
            return 1 if count <= IN_ONE_LINE_MAX + 1 else 2
        if lines > 1 or count in {2, 4}:
            return 2
        return 2 if large and count > IN_ONE_LINE_MAX else IN_ONE_LINE_MAX

    def rows_of(self, count: int, lines: int, columns: int) -> int:
        """How many rows there must be room for."""
        return int(lines) * 2 // columns if lines > 1 else -(-count // columns)

    def row_px(self, room_px: float, gap_px: float, most_px: float, rows: int) -> float:
        """How high each of so many rows is."""
        return max(1.0, min(most_px, (room_px + gap_px) / max(1, rows) - gap_px))


class StripButton(KioskButton):
    """A small tile: what many choose, one touch away."""

    view = ObjectProperty(TileView("", "", enabled=False), rebind=True)


class TileStrip(BoxLayout):
    """Small tiles side by side."""

    view = ObjectProperty(())

    def on_view(self, _self: object, views: tuple[TileView, ...]) -> None:
        """Show these."""
        show_views(self, "StripButton", views)
