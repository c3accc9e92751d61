"""What people with keys ask for, as it enters the till's mailbox. No PIN enters it: only that one was typed, and what came of it.

An event is hearsay: `staff` and `sign_in` decide what it means, and who may.
"""

from dataclasses import dataclass, field

from kiosk.domain.people import Act, Role, StaffNotice
from kiosk.domain.staff_book import Values
from kiosk.domain.staff_facts import SignInFault


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """Somebody typed a number and a PIN, which may be compared once this is recorded and `Door.ticket` is `ticket`.

    `known`: whether this kiosk knows anybody at all; `code_wanted`: this number has a
    second factor, and no one-time code was typed.
    """

    number: str
    ticket: int
    known: bool = True
    code_wanted: bool = False


@dataclass(frozen=True, slots=True)
class SignInChecked:
    """The PIN of `number` was compared. `fault` None: it is right, and so is the one-time code of `code_step` (0: none)."""

    number: str
    ticket: int
    fault: SignInFault | None
    person: str = ""
    role: Role | None = None
    code_step: int = 0


@dataclass(frozen=True, slots=True)
class SignOutAsked:
    pass


@dataclass(frozen=True, slots=True)
class ActAsked:
    """Something is to be carried out beside the mailbox: it may begin once this is recorded and `Staff.busy` is `ticket`."""

    act: Act
    what: str
    ticket: int


@dataclass(frozen=True, slots=True)
class ActDone:
    """What came of it."""

    ticket: int
    notice: StaffNotice
    values: Values = ()
    log: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class NoteTestAsked:
    keep: bool


@dataclass(frozen=True, slots=True)
class NoteTestEnded:
    pass


@dataclass(frozen=True, slots=True)
class ResumeAsked:
    """Take notes again after a latch: a person looked and says why it is safe."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResumeAskedByTool:
    """As ResumeAsked, by somebody who may talk to the till's service socket."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestartAsked:
    """`part`: till or screen."""

    part: str


StaffEvent = (
    SignInAsked
    | SignInChecked
    | SignOutAsked
    | ActAsked
    | ActDone
    | NoteTestAsked
    | NoteTestEnded
    | ResumeAsked
    | ResumeAskedByTool
    | RestartAsked
)
