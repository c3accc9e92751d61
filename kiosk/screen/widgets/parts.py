"""The pieces screens are laid out with: cards, banners, rows, chips, amounts."""

from pathlib import Path

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

from kiosk.screen.theme import CARD, LINE, TYPE_MM
from kiosk.screen.views import BannerView, NoteRowView, Pair, Tone

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


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


class Flow(StackLayout):
    """As Rows, but flowing over as many lines as it takes."""

    of = StringProperty("")
    views = ObjectProperty(())

    def on_views(self, _self: object, views: tuple[object, ...]) -> None:
        """Show these."""
        show_views(self, self.of, views)


class Column(BoxLayout):
    """From top to bottom."""


class Card(BoxLayout):
    """A sheet with round corners."""

    ground = ColorProperty(CARD)
    rim = ColorProperty(LINE)
    border = NumericProperty(1)


class Banner(BoxLayout):
    """A sentence the buyer must not miss, with its sign."""

    view = ObjectProperty(BannerView(Tone.PLAIN, ""), rebind=True)


class PairRow(BoxLayout):
    """A label over its value, which may be any length."""

    view = ObjectProperty(Pair("", ""), rebind=True)
    last = BooleanProperty(False)


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


class About(BoxLayout):
    """A quiet sentence beside a title."""

    view = StringProperty("")


class NoteChip(Card):
    """An accepted banknote."""

    view = StringProperty("")


class NoteRow(BoxLayout):
    """A banknote that was put in, and what became of it."""

    view = ObjectProperty(NoteRowView("", "", Tone.PLAIN), rebind=True)


class NumberedStep(BoxLayout):
    """One of the things to do, with its number."""

    view = ObjectProperty(("", ""), rebind=True)


class OtherLanguage(BoxLayout):
    """The same sentence in another language."""

    view = ObjectProperty(Pair("", ""), rebind=True)


class Countdown(Widget):
    """What is left of the time to answer, 1 to 0; nothing below 0."""

    remaining = NumericProperty(-1)
