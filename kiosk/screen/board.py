"""The screen as keys meet it: which controls there are now, and what surrounds them.

Answers for: looking them up on the stage and in the view that is shown. Does not answer for: what keys mean (`keyboard`).
"""

from typing import Any

from kiosk.screen.focus import Stop
from kiosk.screen.glass import Glass
from kiosk.screen.views import ButtonView

SAFE = frozenset({"more_time", "not_yet"})  #: what Escape answers to a question: the buyer stays where they are


class AppBoard:
    """Of a KioskApp."""

    def __init__(self, app: Any) -> None:
        self._app = app

    @property
    def glass(self) -> Glass:
        """What the screen knows."""
        glass: Glass = self._app.glass
        return glass

    def stops(self) -> tuple[Stop, ...]:
        """Controls that can be chosen now, in reading order."""
        return tuple(self._app.root.stops()) if self._app.root else ()

    def is_settled(self) -> bool:
        """Whether what is shown has been there long enough to be meant."""
        return bool(self._app.root and self._app.root.is_settled())

    def ways_out(self) -> tuple[str, ...]:
        """Roles that lead a step back. A question is only ever answered with what changes nothing."""
        view = self._app.current_view
        if view.dialog is None:
            return _roles(view.chrome.secondary)
        return tuple(role for role in _roles(view.dialog.primary, view.dialog.alternative) if role in SAFE)

    def primary(self) -> str:
        """Role of the one action this screen is for, if it can be chosen; else empty."""
        view = self._app.current_view
        primary = view.dialog.primary if view.dialog else view.chrome.primary
        return "".join(_roles(primary))

    def pressed(self, role: str) -> None:
        """A control was chosen."""
        self._app.pressed(role)

    def scanned(self, text: str) -> None:
        """Something was scanned."""
        self._app.scanned(text)

    def put_back(self, glass: Glass) -> None:
        """What was typed since was a scanner's."""
        self._app.put_back(glass)

    def focus_moved(self) -> None:
        """Another control has the focus."""
        self._app.focus_moved()


def _roles(*buttons: ButtonView | None) -> tuple[str, ...]:
    return tuple(button.role for button in buttons if button and button.enabled)
