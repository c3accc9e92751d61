"""What the till remembers of people with keys: who is signed in, and how many tries to sign in went wrong.

Answers for: the shapes. Does not answer for: who may do what (`staff`), how long to wait (`sign_in`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain.people import Role, SignInState, StaffNotice

Values = tuple[tuple[str, str], ...]  #: (name, value)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the last act."""

    notice: StaffNotice
    values: Values = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is signed in. `present`: since this life of the till; a restart signs everybody out. `busy`: ticket of the act that is
    being carried out beside the mailbox, 0 for none. `log`: what the till said lately, if it was asked for.
    """

    number: str
    person: str
    role: Role
    since_us: int
    present: bool = False
    busy: int = 0
    told: Told | None = None
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries that count, and when the last one was, by the clock of waits."""

    count: int = 0
    last_us: int = 0


@dataclass(frozen=True, slots=True)
class SignInBook:
    """`by_number`: tries since somebody last signed in under it; `in_all`: of everybody; `latest_us`: no moment before it is
    believed any more; `code_steps`: number → step of the newest one-time code that was used.
    """

    by_number: Mapping[str, Tries] = field(default_factory=dict)
    in_all: Tries = Tries()
    latest_us: int = 0
    code_steps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Door:
    """Signing in, in this life of the till. `began_us` and `began_s`: when it began, by the wall and by the steady clock;
    `state`: of the last try, told until steady `until_s`; `ticket`: of the try whose PIN is being compared, else 0.
    """

    began_us: int = 0
    began_s: float = 0.0
    state: SignInState | None = None
    until_s: float = 0.0
    ticket: int = 0
