"""A line on which nobody gives a sensible answer: how that is told, in words a technician can act on.

Answers for: naming silence, an echo and bytes that are no answer. Does not answer for: a unit that had answered and fell silent
(its engine tells, for it knows what was open then).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.interface import LineTrouble

SILENT_S = 6.0  #: longer than any protocol waits before it calls its own unit lost

SILENT = "nobody answers: is the acceptor powered, wired to this port, and set to this protocol and speed?"
ECHO = "our own bytes come back: a looped cable, or the acceptor's head is off"
FOREIGN = "bytes come that are no answer: another protocol or speed? (`kiosk acceptor watch --protocol auto` finds out)"

WORDS: Mapping[LineTrouble, str] = {
    LineTrouble.SILENT: SILENT,
    LineTrouble.ECHO: ECHO,
    LineTrouble.FOREIGN: FOREIGN,
}


class LineWatch:
    """One line since it was opened or last answered."""

    def __init__(self) -> None:
        self._since_s = 0.0
        self._asked = b""
        self._came = self._echoed = False

    def __repr__(self) -> str:
        return f"<line watch {self.words}>"

    def answered(self, now_s: float) -> None:
        """A whole answer came, or the line was opened: all is well from here."""
        self._since_s, self._came, self._echoed = now_s, False, False

    def asked(self, frame: bytes) -> None:
        """This was sent; what comes next is heard against it."""
        self._asked = frame

    def heard(self, data: bytes) -> None:
        """These came and completed no answer."""
        if self._asked.startswith(data):
            self._echoed, self._asked = True, self._asked[len(data) :]
        else:
            self._came = True

    def is_lost(self, now_s: float) -> bool:
        """Nothing sensible for longer than any unit is silent."""
        return now_s - self._since_s >= SILENT_S

    def explain(self, detail: str) -> str:
        """An engine's own words for a unit that is gone, with what the line carried meanwhile."""
        return detail if self.trouble is LineTrouble.SILENT else f"{detail}; {self.words}"

    @property
    def words(self) -> str:
        """What the line has been carrying instead of answers."""
        return WORDS[self.trouble]

    @property
    def trouble(self) -> LineTrouble:
        """The same by its name."""
        if self._came:
            return LineTrouble.FOREIGN
        return LineTrouble.ECHO if self._echoed else LineTrouble.SILENT
