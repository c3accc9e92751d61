"""Facts of people with keys: who tried to sign in, who came and went, what they did.

Answers for: the durable words and their units, as `facts` does for money. Does not answer for: what follows from them (`staff`,
`sign_in`). No PIN and no one-time code ever stands in one.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.people import Act, Role


class SignInFault(StrEnum):
    """Why a try failed. The person who tries is never told which it was."""

    NUMBER = "number"  #: nobody has it
    PIN = "pin"
    CODE = "code"
    CODE_USED = "code_used"  #: it, or a later one, has been used already
    CODE_NOT_SET = "code_not_set"  #: the role must have a second factor, and this person has none
    FILES = "files"  #: the files of people cannot be used: the log says why
    NOT_NOW = "not_now"  #: right, and meanwhile somebody began to pay


@dataclass(frozen=True, slots=True)
class SignInTried:
    """Durable before the PIN is compared, so that cutting the power undoes no try.

    `number`: as typed, empty if it can be nobody's. `at_us`: when, by the clock of waits (`sign_in.moment_us`).
    """

    number: str
    at_us: int


@dataclass(frozen=True, slots=True)
class SignInRefused:
    number: str
    fault: SignInFault


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`code_step`: the time step (RFC 6238) of the one-time code, 0 without one: no code of it or before it is taken again."""

    number: str
    person: str
    role: Role
    at_us: int
    code_step: int = 0


class SignOutCause(StrEnum):
    ASKED = "asked"
    IDLE = "idle"  #: nothing was touched for too long, or the screen died
    RESTARTED = "restarted"  #: the till started anew, whoever stood there


@dataclass(frozen=True, slots=True)
class SignedOut:
    number: str
    person: str
    cause: SignOutCause


@dataclass(frozen=True, slots=True)
class StaffActed:
    """Durable before it is done. `what`: in words of the program, nothing personal."""

    number: str
    person: str
    act: Act
    what: str


@dataclass(frozen=True, slots=True)
class NoteTestOpened:
    """A technician tries notes: what goes in is test money, apart from customers'. `keep` False: nothing goes in, every note is
    handed back.
    """

    test_id: str
    person: str
    keep: bool


@dataclass(frozen=True, slots=True)
class NoteTestClosed:
    """Of a test before there was signing in: back to buyers."""

    test_id: str


@dataclass(frozen=True, slots=True)
class NoteTestLeft:
    """Back to the service menu."""

    test_id: str


StaffFact = (
    SignInTried | SignInRefused | SignedIn | SignedOut | StaffActed | NoteTestOpened | NoteTestClosed | NoteTestLeft
)
