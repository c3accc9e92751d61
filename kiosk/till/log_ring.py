"""The last lines of the till's log, for a person at the service menu.

Answers for: that there are few and short ones, so that they fit into a snapshot. Does not answer for: what is logged (nothing
personal and no secret ever is).
"""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

LINES_MAX = 200
LINE_CHARACTERS_MAX = 160
BYTES_MAX = 32_768  #: half a frame of the link


class LogRing(logging.Handler):
    """Keeps what is logged from INFO on."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=LINES_MAX)

    def emit(self, record: logging.LogRecord) -> None:
        """One record, its line cut where it is long."""
        self._lines.append(self.format(record).replace("\n", " ")[:LINE_CHARACTERS_MAX])

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hears all that is logged in this process, until the end of it."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def lines(self) -> tuple[str, ...]:
        """Oldest first; of many long ones the newest."""
        fitting: list[str] = []
        room = BYTES_MAX
        for line in reversed(self._lines):
            room -= len(msgspec.json.encode(line))
            if room < 0:
                break
            fitting.append(line)
        return tuple(reversed(fitting))
