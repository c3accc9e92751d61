"""What Kivy must find in the environment before it is imported. Import this first; it imports no Kivy.

Answers for: no foreign options, files, key bindings or devices reach the screen. Does not answer for: the window itself
(`window`).
"""

from collections.abc import MutableMapping
from pathlib import Path

#: Kivy 2.3.1, kivy/__init__.py and kivy/config.py: what each of them switches off.
SWITCHES = {
    "KIVY_NO_ARGS": "1",  # or Kivy would read our command line as its own
    "KIVY_NO_CONFIG": "1",  # no config.ini from a home directory
    "KIVY_NO_ENV_CONFIG": "1",  # no KCFG_… from whoever started us
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # Kivy's log goes where ours goes
    "KIVY_DPI": "96",  # sizes follow the window (`theme.millimetre_px`), not what a monitor claims
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_METRICS_FONTSCALE": "1",
}


def prepare(environment: MutableMapping[str, str], home: Path) -> None:
    """Set up `environment` (os.environ of this process). `home`: an empty directory Kivy may write to.

    Without a display Kivy draws into memory: SDL's offscreen driver, real rendering without a window.
    """
    environment.update(SWITCHES)
    environment["KIVY_HOME"] = str(home)
    if not environment.get("DISPLAY"):
        environment.setdefault("SDL_VIDEODRIVER", "offscreen")
