"""The pieces the screens for people with keys are laid out with: lights, checks, sums, log lines, letters."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screen.staff.views import CheckRowView, ColumnView, LightView
from kiosk.screen.views import BannerView, Pair, Tone
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.parts import Card, show_views

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class SignedTitle(BoxLayout):
    """A title beside its sign; a word and a quiet note at its right end."""

    tone = OptionProperty(Tone.PLAIN, options=list(Tone))
    text = StringProperty("")
    state = StringProperty("")
    note = StringProperty("")


class BoardTitle(BoxLayout):
    """The whole kiosk in a sentence."""

    view = ObjectProperty(BannerView(Tone.PLAIN, ""), rebind=True)


class LightButton(KioskButton):
    """A part on the board."""

    view = ObjectProperty(LightView("", "", Tone.PLAIN, "", "", enabled=False), rebind=True)


class LightReason(BoxLayout):
    """Why a part has its light, and what to do."""

    view = ObjectProperty(LightView("", "", Tone.PLAIN, "", ""), rebind=True)


class LightGrid(GridLayout):
    """All parts, two in a row. `seam`: between them."""

    views = ObjectProperty(())
    seam = NumericProperty(10)

    def on_views(self, _self: object, views: tuple[LightView, ...]) -> None:
        """Show these."""
        show_views(self, "LightButton", views)


class TaskButton(KioskButton):
    """What can be done on this page, beside its one primary action."""


class CheckRow(BoxLayout):
    """What one check found, and below it what to do."""

    view = ObjectProperty(CheckRowView(Tone.PLAIN, "", ""), rebind=True)


class Quieter(BoxLayout):
    """A quiet sentence in small letters, as wide as there is room."""

    view = StringProperty("")


class LogLine(BoxLayout):
    """One line of a log, on one line."""

    view = StringProperty("")


class SumRow(BoxLayout):
    """A label and an amount at its right end."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class SumTotal(BoxLayout):
    """What the rows above come to."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class SumColumn(Card):
    """Rows, and their sum below a line."""

    view = ObjectProperty(ColumnView("", ()), rebind=True)


class Columns(BoxLayout):
    """Sheets side by side, or one above another in a tall window."""

    of = StringProperty("")
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[object, ...]) -> None:
        """Show these."""
        show_views(self, self.of, views)
