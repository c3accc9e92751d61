"""Taking notes again after a latch, asked of a running till by a tool.

Answers for: that it is recorded with who and why, and never in the middle of a visit. Does not answer for: rights (the socket's
file mode), the service menu (`domain.staff`), a till that does not run (`acceptance`).
"""

from collections.abc import Awaitable, Callable

from kiosk.domain import staff_events as e
from kiosk.domain.events import Event
from kiosk.domain.state import State
from kiosk.link import service as s


class ResumeDesk:
    """`heard` puts an event into the till's mailbox and returns once it is on disk; `saw` is told of every state."""

    def __init__(self, heard: Callable[[Event], Awaitable[None]]) -> None:
        self._heard = heard
        self._state = State()

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state

    async def answer(self, ask: s.Resume) -> s.ServiceAnswer:
        """Resumed, and what it was latched for."""
        was = self._state.latched
        if not ask.person.strip() or not ask.reason.strip():
            return s.Declined("a person's name and a reason are needed; both go into the journal")
        await self._heard(e.ResumeAskedByTool(ask.person, ask.reason))
        if self._state.latched:
            return s.Declined("somebody is at the kiosk; ask again in a moment")
        return s.Resumed(was)
