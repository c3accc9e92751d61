"""What changes the till's picture of people with keys and need not outlive the process.

Moves are folded exactly like facts but never journalled.
"""

from dataclasses import dataclass

from kiosk.domain.people import SignInState, StaffNotice
from kiosk.domain.staff_book import Values


@dataclass(frozen=True, slots=True)
class LifeBegan:
    """Anchors the clock of waits: from here on it goes by the steady clock."""

    utc_us: int
    mono_s: float


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """What a person who tries to sign in is told, until steady `until_s`; None: nothing any more. `ticket`: of the try whose
    PIN is being compared.
    """

    state: SignInState | None
    until_s: float = 0.0
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class StaffPresent:
    """They signed in in this life."""


@dataclass(frozen=True, slots=True)
class StaffTold:
    notice: StaffNotice
    values: Values = ()


@dataclass(frozen=True, slots=True)
class ActBegan:
    """Something is being carried out beside the mailbox, under this ticket."""

    ticket: int


@dataclass(frozen=True, slots=True)
class ActEnded:
    pass


@dataclass(frozen=True, slots=True)
class LogSeen:
    lines: tuple[str, ...]


StaffMove = LifeBegan | DoorSeen | StaffPresent | StaffTold | ActBegan | ActEnded | LogSeen
