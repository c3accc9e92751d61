"""Offer, cash, result: the screens that speak of money."""

from pathlib import Path

from kivy.factory import Factory
from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.look import look
from kiosk.screen.views import CashView, Tone
from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import qr as _qr  # noqa: F401 - as above
from kiosk.screen.widgets.parts import Rows

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

NOTES_SHOWN_MAX = 4


class OfferScreen(BoxLayout):
    """Shows an OfferView. `stacked`: the amount as a line, all below one another, where height is dear."""

    view = ObjectProperty(rebind=True)
    stacked = BooleanProperty(False)


class CashScreen(BoxLayout):
    """Shows a CashView."""

    view = ObjectProperty(rebind=True)

    def notes_shown(self, view: CashView, dense: int, tall: bool) -> int:
        """How many of the latest notes there is room for; the sum above counts all. A banner takes the room of two."""
        if tall or not dense:
            return NOTES_SHOWN_MAX - 2 * bool(view.banner and (dense or not tall))
        return 2 if dense < 3 else 1


class CashAmounts(BoxLayout):
    """The amount to look at and the two beside it: cards, or lines where height is dear."""

    view = ObjectProperty(None, allownone=True)
    form = OptionProperty("cards", options=["cards", "pair", "lines"])

    def on_view(self, _self: object, _view: object) -> None:
        """Show these amounts. Widgets are kept."""
        if not self.children:
            self._build()
        for number, (part, amount) in enumerate(zip(self._parts, self.view.amounts, strict=True)):
            part.view, part.strong, part.good = amount, number == 0, self.view.paid_in_full

    def on_form(self, _self: object, _form: str) -> None:
        """Show the same in another way."""
        if self.view is not None:
            self.clear_widgets()
            self.on_view(self, self.view)

    def _build(self) -> None:
        """`cards` side by side, a line with a `pair` below, or `lines`."""
        self._parts = [Factory.get("CashCard" if self.form == "cards" else "CashLine")() for _ in self.view.amounts]
        beside = Rows(spacing=look.gap) if self.form == "pair" else self
        self.add_widget(self._parts[0])
        for part in self._parts[1:]:
            beside.add_widget(part)
        if beside is not self:
            self.add_widget(beside)


class Outcome(BoxLayout):
    """How it ended: a sign, a title, a sentence."""

    tone = OptionProperty(Tone.PLAIN, options=list(Tone))
    title = StringProperty("")
    text = StringProperty("")
    sign_mm = NumericProperty(24)


class DoneScreen(BoxLayout):
    """Shows a DoneView. `stacked`: all below one another, where height is dear."""

    view = ObjectProperty(rebind=True)
    stacked = BooleanProperty(False)


class ReceiptScreen(BoxLayout):
    """Shows a ScreenReceiptView."""

    view = ObjectProperty(rebind=True)
