"""Whether a headset is plugged in, as far as the machine can tell: a file that says so, looked at now and then.

Answers for: reading it, and telling a change once. Does not answer for: jacks that are keys of a keypad (`keys`), what a headset
changes (`ease`). Files that say so: a GPIO's `value` (0, 1), an extcon's `state` (a line HEADPHONE=1), sysfs both.
"""

import re
from pathlib import Path

PLUGGED = re.compile(r"^\s*1\s*$|^(HEADPHONE|LINE-OUT|MICROPHONE)=1$", re.MULTILINE)
READ_BYTES = 4096


class Jack:
    """`file`: see above. One that cannot be read is a jack with nothing in it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._plugged = False

    def look(self) -> bool | None:
        """True or False when a headset has come or gone since the last look; None when nothing changed."""
        plugged = self._reads_plugged()
        if plugged is self._plugged:
            return None
        self._plugged = plugged
        return plugged

    def _reads_plugged(self) -> bool:
        try:
            with self._file.open("rb") as file:
                text = file.read(READ_BYTES)
        except OSError:
            return False
        return PLUGGED.search(text.decode(errors="replace")) is not None
