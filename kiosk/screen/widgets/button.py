"""Every button of this screen, behind one class: what a later Kivy changes about buttons changes here alone.

Answers for: one finger, one tap. Does not answer for: what a tap means (`glass.touched`).
"""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from kiosk.screen.theme import CARD, EDGE, KEY_PRESSED, TARGET_MM
from kiosk.screen.views import ButtonView, ChoiceView
from kiosk.screen.widgets.text import Fit

Builder.load_file(str(Path(__file__).with_suffix(".kv")))

DEBOUNCE_S = 0.4  #: Kivy 2.3.1 fires a button twice for a tap with two fingers
KEY_DEBOUNCE_S = 0.06  #: a quick typist hits one key about every 0.15 s


LETTER_LEAST_MM = 20.0  #: eleven keys beside each other, and five rows under each other, in the smallest window


class KioskButton(ButtonBehavior, BoxLayout):
    """Shows a ButtonView. Acts on release, once for a tap, however many fingers it was made with."""

    least_mm = TARGET_MM  #: neither side is shorter
    view = ObjectProperty(ButtonView("", "", enabled=False), rebind=True)
    role = StringProperty("")
    debounce_s = NumericProperty(DEBOUNCE_S)
    ground = ColorProperty(CARD)
    ground_down = ColorProperty(KEY_PRESSED)
    edge = ColorProperty(EDGE)
    border = NumericProperty(1)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._released_s = 0.0

    def on_touch_down(self, touch: Any) -> bool:
        """A second finger, and a tap right after a tap, are swallowed."""
        if self.collide_point(*touch.pos) and (self.state == "down" or self._is_too_soon()):
            return True
        return bool(super().on_touch_down(touch))

    def _is_too_soon(self) -> bool:
        return bool(Clock.get_time() - self._released_s < self.debounce_s)

    def on_release(self, *_touch: object) -> None:
        """Tell the app which button it was."""
        self._released_s = Clock.get_time()
        App.get_running_app().pressed(self.role)


class PrimaryButton(KioskButton):
    """The one action this screen is for."""


class QuietButton(KioskButton):
    """Another way out."""


class WideButton(KioskButton):
    """Another way to do what the screen is for, beside what it is about."""


class ChipButton(KioskButton):
    """A small choice in the header; its touch target is as large as any."""


class ChoiceButton(KioskButton):
    """A large choice: a language by its own name, and what this kiosk does in it."""

    view = ObjectProperty(ChoiceView("", "", "", enabled=False), rebind=True)


class KeyButton(KioskButton):
    """One key of the keypad."""

    debounce_s = NumericProperty(KEY_DEBOUNCE_S)


class KeyLabel(Fit):
    """Digits large, words smaller."""


class Keypad(GridLayout):
    """Twelve keys, three in a row, as on a telephone."""

    keys = ObjectProperty(())

    def on_keys(self, _self: object, keys: tuple[ButtonView, ...]) -> None:
        """Keys are made once; later only what they show changes, so that a held key stays held."""
        if len(self.children) != len(keys):
            self.clear_widgets()
            for _ in keys:
                self.add_widget(KeyButton())
        for button, view in zip(reversed(self.children), keys, strict=True):
            button.view = view
