"""Is it them? What was typed at the door against the file of people.

Answers for: that an unknown number costs as much time as a known one, that the file is read anew each time, so that `kiosk user`
takes effect at once. Does not answer for: counting tries, waits, used codes (`domain.sign_in`), when it is called (`staff_desk`).
"""

import re
from dataclasses import dataclass

from kiosk.domain.people import Role
from kiosk.domain.staff_facts import SignInFault
from kiosk.settings import AccessSettings
from kiosk.till.people_file import NUMBER_DIGITS_MAX, People, load_people
from kiosk.till.pepper import NOBODYS, load_pepper, step_of

_NUMBER = re.compile(rf"[0-9]{{1,{NUMBER_DIGITS_MAX}}}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault` None: it is `person`. `code_step`: of their one-time code, 0 without one."""

    fault: SignInFault | None
    person: str = ""
    role: Role | None = None
    code_step: int = 0


def number_of(typed: str) -> str:
    """A number as it may stand in the journal; empty for what can be nobody's, a PIN in the wrong field, say."""
    return typed if _NUMBER.fullmatch(typed) else ""


class Access:
    """Reads, and never writes, the files of these settings."""

    def __init__(self, settings: AccessSettings) -> None:
        self._settings = settings

    def people(self) -> People:
        """Raises PeopleFileError."""
        return load_people(self._settings.people_file)

    def compare(self, number: str, pin: str, code: str, utc_s: int) -> Verdict:
        """A tenth of a second of work, whoever it is, for a thread of its own. Raises PeopleFileError."""
        person = self.people().find_number(number)
        pepper = load_pepper(self._settings.pepper_file)
        right = pepper.is_right(pin, person.pin if person else NOBODYS)
        if person is None:
            return Verdict(SignInFault.NUMBER)
        if not right:
            return Verdict(SignInFault.PIN)
        if not person.totp:
            fault = SignInFault.CODE_NOT_SET if person.role in self._settings.totp_roles else None
            return Verdict(fault, person.name, person.role)
        step = step_of(pepper.opened(person.totp), code, utc_s)
        return Verdict(None if step else SignInFault.CODE, person.name, person.role, step)
