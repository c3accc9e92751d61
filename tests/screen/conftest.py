"""Kivy reads its environment while it is imported: this is set before any test module of this folder is."""

import os
import tempfile
from pathlib import Path

from kiosk.screen.environment import prepare

_home = tempfile.TemporaryDirectory(prefix="kiosk-screen-tests-")
os.environ.pop("DISPLAY", None)
os.environ["KIVY_NO_CONSOLELOG"] = "1"
prepare(os.environ, Path(_home.name))


def pytest_unconfigure() -> None:
    _home.cleanup()
