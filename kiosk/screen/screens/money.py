"""Offer, cash, result: the screens that speak of money."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.screen.widgets import frame as _frame  # noqa: F401 - its classes are named in the kv
from kiosk.screen.widgets import qr as _qr  # noqa: F401 - as above

Builder.load_file(str(Path(__file__).with_suffix(".kv")))


class OfferScreen(BoxLayout):
    """Shows an OfferView."""

    view = ObjectProperty(rebind=True)


class CashScreen(BoxLayout):
    """Shows a CashView."""

    view = ObjectProperty(rebind=True)


class DoneScreen(BoxLayout):
    """Shows a DoneView."""

    view = ObjectProperty(rebind=True)


class ReceiptScreen(BoxLayout):
    """Shows a ScreenReceiptView."""

    view = ObjectProperty(rebind=True)
