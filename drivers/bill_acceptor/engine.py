"""What every protocol engine is to the driver: a pure machine that says what to send and what replies mean.

Answers for: the words between driver and engines. Does not answer for: any protocol, waiting, ports.
"""

from dataclasses import dataclass
from typing import Protocol

from drivers.bill_acceptor.interface import AcceptorEvent, Denomination


@dataclass(frozen=True, slots=True)
class Request:
    """One frame to send and how long its answer may take. `pause_s`: wait this long before sending."""

    frame: bytes
    reply_within_s: float
    pause_s: float


class ProtocolEngine(Protocol):
    """One request outstanding at a time: `request`, then `feed` until it returns True or time is up, then events.

    The driver awaits every event before it sends `acknowledgement`, so the unit repeats what the listener did not record.
    """

    def request(self, now_s: float) -> Request:
        """What to send next; there is always something."""

    def feed(self, data: bytes, now_s: float) -> bool:
        """Take bytes; True once the reply is whole."""

    def events(self) -> list[AcceptorEvent]:
        """What the reply, or its absence, meant; each told once."""

    def acknowledgement(self) -> bytes:
        """What the unit must hear after the events were recorded; empty if nothing."""

    def no_reply(self, now_s: float) -> None:
        """The outstanding request was not answered in time."""

    def line_up(self, now_s: float) -> None:
        """A fresh line: nothing is known of the unit."""

    def enable(self, denominations: frozenset[Denomination]) -> None:
        """Wish: take these."""

    def stack(self) -> None:
        """Wish: keep the note in escrow."""

    def return_note(self) -> None:
        """Wish: give it back."""
