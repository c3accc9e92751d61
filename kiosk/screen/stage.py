"""The root widget: one frame, one screen in it, at most one question over it.

Answers for: which screen class shows which view-model, and that fingers are taken one at a time and never through a screen
that has only just appeared. Does not answer for: what is shown (`presenter`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.uix.floatlayout import FloatLayout

from kiosk.screen.focus import Stop
from kiosk.screen.look import look
from kiosk.screen.mode import NORMAL, Mode
from kiosk.screen.screens.choose import TilesScreen
from kiosk.screen.screens.money import CashScreen, DoneScreen, OfferScreen, ReceiptScreen
from kiosk.screen.screens.staff import STAFF_SCREENS
from kiosk.screen.screens.staff_touch import TouchPicture
from kiosk.screen.screens.talk import EntryScreen, StatusScreen, WelcomeScreen
from kiosk.screen.screens.typing import TypingScreen
from kiosk.screen.staff import knock as knocks
from kiosk.screen.views import (
    CashView,
    DialogView,
    DoneView,
    EntryView,
    OfferView,
    ScreenReceiptView,
    StatusView,
    TilesView,
    TypingView,
    View,
    WelcomeView,
)
from kiosk.screen.widgets.button import KioskButton
from kiosk.screen.widgets.frame import NO_CHROME, Dialog, Frame
from kiosk.screen.window import is_finger

SETTLE_S = 0.3  #: a new screen takes no touch for this long: the second tap of a double tap was meant for the old one
HELD_MAX_S = 10.0  #: a finger whose lifting was never told is forgotten after this

SCREENS: Mapping[type, Any] = {
    WelcomeView: WelcomeScreen,
    TilesView: TilesScreen,
    EntryView: EntryScreen,
    TypingView: TypingScreen,
    StatusView: StatusScreen,
    OfferView: OfferScreen,
    CashView: CashScreen,
    DoneView: DoneScreen,
    ScreenReceiptView: ReceiptScreen,
    **STAFF_SCREENS,
}


class Stage(FloatLayout):
    """`show` a view; `find` a button by its role."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.frame = Frame()
        self.add_widget(self.frame)
        self._screen: Any = None
        self._dialog: Dialog | None = None
        self._scene: object = None
        self._shape: object = None
        self._appeared_s = 0.0
        self._held: Any = None
        self._held_since_s = 0.0
        self._focused: KioskButton | None = None
        self.fbind("size", self._sized)
        self._sized(self, self.size)
        self._knock = knocks.QUIET

    def _sized(self, _self: object, size: tuple[float, float]) -> None:
        """The window changed: every length follows."""
        look.fit(*size)
        self.frame.ids.holder.fit()

    def show(self, view: View, scene: object, mode: Mode = NORMAL) -> None:
        """Show `view` as `mode` wants it. `scene`: what makes it another screen for the buyer, even if one class draws both."""
        look.wear(mode)
        self.frame.chrome = view.chrome
        wanted = SCREENS[type(view)]
        if type(self._screen) is wanted:
            self._screen.view = view
        else:
            if self._screen is not None:
                self._screen.parent.remove_widget(self._screen)
            self._screen = wanted(view=view)
            self._hang(self._screen)
        self._ask(view.dialog)
        self._fit((scene, mode, _shape(view)), view)
        now = (scene, bool(view.dialog), mode)
        if now != self._scene:
            self._scene, self._appeared_s = now, inf
            Clock.schedule_once(self._appear)

    def _hang(self, screen: Any) -> None:
        """Into the frame; the touch picture over it, under a question."""
        if isinstance(screen, TouchPicture):
            self.add_widget(screen, index=len(self.children) - 1)
        else:
            self.frame.ids.holder.add_widget(screen)

    def _fit(self, shape: object, view: View) -> None:
        """Another shape is fitted anew; in the same one only what is typed has changed."""
        room = self.frame.ids.holder
        if shape != self._shape:
            self._shape = shape
            room.fit()
        elif isinstance(view, EntryView | TypingView):
            room.check()

    def _appear(self, _elapsed_s: float) -> None:
        """The frame with the new screen has been drawn: from now on it can have been seen."""
        self._appeared_s = Clock.get_time()

    def _ask(self, view: DialogView | None) -> None:
        if view is None:
            if self._dialog is not None:
                self.remove_widget(self._dialog)
                self._dialog = None
        elif self._dialog is None:
            self._dialog = Dialog(view=view)
            self.add_widget(self._dialog)
        else:
            self._dialog.view = view

    def find(self, role: str) -> KioskButton | None:
        """The button of `role`, that of the question first; None when it is not on the screen."""
        for layer in self.children:  # the last added is drawn last and comes first here
            for widget in layer.walk():
                if isinstance(widget, KioskButton) and widget.role == role:
                    return widget
        return None

    def stops(self) -> Iterator[Stop]:
        """What can be chosen now, as one reads: of a question only its own; else the screen, its actions, what surrounds it."""
        layers = [self._dialog] if self._dialog is not None else [self.frame.ids.holder, self.frame]
        seen: set[str] = set()
        for layer in layers:
            for widget in layer.walk(restrict=True):
                if isinstance(widget, KioskButton) and not widget.disabled and widget.role not in seen:
                    seen.add(widget.role)
                    yield Stop(widget.role, *widget.to_window(*widget.pos), *widget.size)

    def focus(self, role: str) -> None:
        """Draw the ring around the control of `role`, and around no other."""
        wanted = self.find(role) if role else None
        if self._focused is not wanted:
            if self._focused is not None:
                self._focused.focused = False
            self._focused = wanted
        if wanted is not None:
            wanted.focused = True

    def is_settled(self) -> bool:
        """Whether what is shown has been there long enough to be meant by a touch or a key."""
        return bool(Clock.get_time() - self._appeared_s >= SETTLE_S)

    def on_touch_down(self, touch: Any) -> bool:
        """One finger at a time, and none that was meant for the screen before."""
        now_s = Clock.get_time()
        held = self._held is not None and now_s - self._held_since_s < HELD_MAX_S
        if held or not is_finger(touch) or not self.is_settled():
            return True
        self._held, self._held_since_s = touch, now_s
        self._knock, whole = knocks.pressed(self._knock, self._spot(touch), now_s)
        if whole and App.get_running_app().open_door():
            return True
        return bool(super().on_touch_down(touch))

    def on_touch_up(self, touch: Any) -> bool:
        """The finger is off the glass."""
        if touch is self._held:
            self._held = None
            self._knock = knocks.lifted(self._knock, self._spot(touch), Clock.get_time())
        return bool(super().on_touch_up(touch))

    def _spot(self, touch: Any) -> knocks.Spot:
        return knocks.Spot(touch.x / look.mm, touch.y / look.mm, self.width / look.mm, self.height / look.mm)


def _shape(view: View) -> object:
    """What decides how much room a screen takes: not what surrounds it, not the digits that are typed."""
    bare = replace(view, chrome=NO_CHROME, dialog=None)
    if isinstance(bare, TypingView):
        return replace(bare, number="", rows=())
    return replace(bare, number="", keys=()) if isinstance(bare, EntryView) else bare
