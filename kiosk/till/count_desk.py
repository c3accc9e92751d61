"""What a cash desk counted in a box that was taken, told to a running till by a tool.

Answers for: that it is recorded with who and why, once, and what it found is told. Does not answer for: rights (the socket's file
mode), settling what differs (`domain.resolving`).
"""

from collections.abc import Awaitable, Callable

from kiosk.domain import ledger
from kiosk.domain.events import BoxWasCounted, Event
from kiosk.domain.state import State
from kiosk.link import service as s


class CountDesk:
    """`heard` puts an event into the till's mailbox and returns once it is on disk; `saw` is told of every state."""

    def __init__(self, heard: Callable[[Event], Awaitable[None]]) -> None:
        self._heard = heard
        self._state = State()

    def saw(self, state: State) -> None:
        """This is the state now."""
        self._state = state

    async def answer(self, ask: s.EnterCount) -> s.ServiceAnswer:
        """What the books said, and by how much the count differs."""
        person, reason = ask.person.strip(), ask.reason.strip()
        transit = ledger.in_transit(ask.currency, ask.period)
        booked_minor = self._state.ledger.balances.get(transit)
        if not person or not reason:
            return s.Declined("a person's name and a reason are needed; both go into the journal")
        if ask.counted_minor < 0:
            return s.Declined("a count is not below zero")
        if ask.period >= self._state.period:
            return s.Declined(f"the box of period {ask.period} is not taken yet")
        if booked_minor is None:
            return s.Declined(
                f"no {ask.currency} of period {ask.period} is on its way: it was counted, or none came in"
            )
        await self._heard(BoxWasCounted(ask.period, ask.currency, ask.counted_minor, person, reason))
        if transit in self._state.ledger.balances:
            return s.Declined("the till did not record it; ask again")
        return s.CountEntered(booked_minor, ask.counted_minor - booked_minor)
