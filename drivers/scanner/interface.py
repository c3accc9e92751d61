"""What a scanner is for everybody else: something that tells texts, one at a time.

Answers for: the shapes. Does not answer for: lines and bytes (`driver`), what a text means.
A text may be worth money: it is in no log.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Connected:
    """The line is open. A scanner that only sends cannot be asked whether it is there."""


@dataclass(frozen=True, slots=True)
class Read:
    """One code was held before it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What came was no text: too long, or not of letters. `reason` says which, never what it was."""

    reason: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The line is gone, or cannot be had; it is tried again and again."""

    detail: str


ScannerEvent = Connected | Read | Dropped | Disconnected
Listener = Callable[[ScannerEvent], Awaitable[None]]


class Scanner(Protocol):
    async def run(self, listener: Listener) -> None:
        """Own the line until cancelled, and tell everything that happens."""
