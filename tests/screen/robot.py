"""Robots of these tests: one taps a button, one makes trouble, one tells what is shown."""

import threading
from pathlib import Path
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


class Troublemaker:
    """Once `file` is there: raises in Kivy's thread, lets the link's thread die, or hangs, as `how` says."""

    def __init__(self, file: str, how: str) -> None:
        self._file = Path(file)
        self._how = how

    def start(self, app: Any) -> None:
        Clock.schedule_interval(lambda _elapsed_s: self._look(app), LOOK_INTERVAL_S)

    def _look(self, app: Any) -> None:
        if not self._file.exists():
            return
        self._file.with_suffix(".begun").touch()
        match self._how:
            case "raise":
                raise ValueError("a fault in a callback")
            case "thread":
                self._file.unlink()
                threading.Thread(target=self._die, name="doomed").start()
            case "hang":
                threading.Event().wait()

    def _die(self) -> None:
        raise ValueError("a fault in a thread")


class Teller:
    """Writes what the screen shows into `file`, whenever it changes: the view's name, and the mode."""

    def __init__(self, file: str) -> None:
        self._file = Path(file)
        self._told = ""

    def start(self, app: Any) -> None:
        Clock.schedule_interval(lambda _elapsed_s: self._look(app), LOOK_INTERVAL_S)

    def _look(self, app: Any) -> None:
        words = f"{type(app.current_view).__name__} {app.current_view.title!r} {app.glass.mode}"
        if words != self._told:
            self._told = words
            fresh = self._file.with_suffix(".new")
            fresh.write_text(words)
            fresh.rename(self._file)
