"""The pieces screens are laid out with: cards, banners, rows, chips, amounts."""

from pathlib import Path
from typing import Any

from kivy.animation import Animation
from kivy.factory import Factory
from kivy.lang import Builder
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stacklayout import StackLayout
from kivy.uix.widget import Widget

from kiosk.screen.look import look
from kiosk.screen.theme import DAY, TYPE_MM
from kiosk.screen.views import BannerView, NoteRowView, Pair, Tone
from kiosk.screen.widgets.text import Say

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

GLIDE_S = 0.35  #: how long a note takes to its place
GLIDE_SHARE = 0.25  #: of the width of its row: from how far it comes


def show_views(parent: Widget, of: str, views: tuple[object, ...]) -> None:
    """Let `parent` have one widget of class `of` for each view. Widgets are kept while their number stays."""
    if len(parent.children) != len(views):
        parent.clear_widgets()
        for view in views:
            parent.add_widget(Factory.get(of)(view=view))
    for child, view in zip(reversed(parent.children), views, strict=True):
        child.view = view


class Rows(BoxLayout):
    """One widget of class `of` for each of `views`, in a line. No view, no space."""

    of = StringProperty("")
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[object, ...]) -> None:
        """Show these."""
        show_views(self, self.of, views)

    def on_of(self, _self: object, of: str) -> None:
        """Show the same with other widgets."""
        self.clear_widgets()
        show_views(self, of, self.views)


class Flow(StackLayout):
    """As Rows, but flowing over as many lines as it takes."""

    of = StringProperty("")
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[object, ...]) -> None:
        """Show these."""
        show_views(self, self.of, views)


class Column(BoxLayout):
    """From top to bottom."""


class Spring(Widget):
    """Takes the height nobody else wants, while it is `loose`."""

    loose = BooleanProperty(True)


class Card(BoxLayout):
    """A sheet with round corners."""

    ground = ColorProperty(DAY.card)
    rim = ColorProperty(DAY.line)
    border = NumericProperty(1)


class Banner(BoxLayout):
    """A sentence the buyer must not miss, with its sign."""

    view = ObjectProperty(BannerView(Tone.PLAIN, ""), rebind=True)
    border = NumericProperty(1)


class PairRow(BoxLayout):
    """A label over its value, which may be any length."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class PairLine(BoxLayout):
    """A label beside its value, where there are many."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class LineRow(BoxLayout):
    """A label and its value on one line."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class AmountCard(Card):
    """A label over an amount. `strong`: the one to look at; `good`: and to be glad of."""

    view = ObjectProperty(Pair("", ""), rebind=True)
    strong = BooleanProperty(False)
    good = BooleanProperty(False)
    scale = OptionProperty("amount", options=list(TYPE_MM))
    label_ink = ColorProperty(DAY.quiet)
    value_ink = ColorProperty(DAY.ink)


class AmountLine(Card):
    """As AmountCard, on one line: where height is dear."""

    view = ObjectProperty(Pair("", ""), rebind=True)
    strong = BooleanProperty(False)
    good = BooleanProperty(False)
    scale = OptionProperty("title", options=list(TYPE_MM))


class About(BoxLayout):
    """A quiet sentence beside a title."""

    view = StringProperty("")


class Title(Say):
    """What this screen is for."""


class NoteChip(Card):
    """An accepted banknote."""

    view = StringProperty("")


class NoteRow(BoxLayout):
    """A banknote that was put in, and what became of it."""

    view = ObjectProperty(NoteRowView("", "", Tone.PLAIN), rebind=True)
    shift_px = NumericProperty(0)  #: how far it still is from its place


class NumberedStep(BoxLayout):
    """One of the things to do, with its number."""

    view = ObjectProperty(("", ""), rebind=True)


class OtherLanguage(BoxLayout):
    """The same sentence in another language."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class Notes(Rows):
    """What became of each banknote, the latest first. A new one that is going in glides to its place, once."""

    def on_views(self, _self: object, views: tuple[Any, ...]) -> None:
        """Show these."""
        before, moves = len(self.children), look.moves and self.get_parent_window() is not None
        super().on_views(_self, views)
        if moves and len(self.children) > before and views[0].tone is Tone.BUSY:
            row = self.children[-1]
            row.shift_px, row.opacity = self.width * GLIDE_SHARE, 0
            Animation(shift_px=0, opacity=1, duration=GLIDE_S, transition="out_cubic").start(row)


class Bar(Widget):
    """A share of a line, 1 to 0; nothing below 0."""

    remaining = NumericProperty(-1)


class Countdown(BoxLayout):
    """What is left of the time to answer: a share of it as a bar, 1 to 0, and `seconds` as a number; neither below 0."""

    remaining = NumericProperty(-1)
    seconds = NumericProperty(-1)
