"""The least there is to a robot: taps one button as soon as it is there."""

from typing import Any

from kivy.clock import Clock

LOOK_INTERVAL_S = 0.05


class Tapper:
    def __init__(self, role: str) -> None:
        self._role = role

    def start(self, app: Any) -> None:
        Clock.schedule_interval(lambda _elapsed_s: self._look(app), LOOK_INTERVAL_S)

    def _look(self, app: Any) -> None:
        button = app.find_button(self._role)
        if button is not None:
            app.tap(button)
