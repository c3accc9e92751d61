"""The file of people with keys.

Answers for: that it is whole and readable by its owner alone, that a damaged one is named. Does not answer for: hashing and
comparing (`pepper`), who may sign in when (`domain.sign_in`).
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kiosk.domain.people import Role
from kiosk.till.durable_file import write_whole

NUMBER_FIRST = 11  #: numbers have two digits at least
NUMBER_DIGITS_MAX = 4
#: RFC 9106, 4: the second recommended option (64 MiB).
ITERATIONS, LANES, MEMORY_KIB = 3, 4, 65_536
PHC = f"$argon2id$v=19$m={MEMORY_KIB},t={ITERATIONS},p={LANES}$"


class PeopleFileError(Exception):
    """A file cannot be used; the message names it and says what to do."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`pin`: its hash (PHC string); `totp`: the secret of the one-time codes, sealed, or empty."""

    number: str
    name: str
    role: Role
    pin: str
    totp: str = ""

    def __repr__(self) -> str:
        return f"<{self.role} {self.number} {self.name}>"


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`next_number` only grows: no number is ever somebody else's."""

    version: int = 1
    next_number: int = NUMBER_FIRST
    people: tuple[Person, ...] = ()

    def find(self, number_or_name: str) -> Person | None:
        """By what a person can be called."""
        return next((p for p in self.people if number_or_name in {p.number, p.name}), None)

    def find_number(self, number: str) -> Person | None:
        """Whose number it is."""
        return next((person for person in self.people if person.number == number), None)

    def with_person(self, person: Person) -> "People":
        """One more, or one changed, in the order of numbers."""
        others = [known for known in self.people if known.number != person.number]
        ordered = sorted([*others, person], key=lambda known: int(known.number))
        return People(self.version, max(self.next_number, int(person.number) + 1), tuple(ordered))

    def without(self, number: str) -> "People":
        """Their number stays given away."""
        left = tuple(person for person in self.people if person.number != number)
        return People(self.version, self.next_number, left)


def load_people(path: Path) -> People:
    """Everybody; nobody where there is no file yet. Raises PeopleFileError."""
    try:
        if not path.exists():
            return People()
        people = msgspec.json.decode(private_bytes(path), type=People)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PeopleFileError(f"{path}: is damaged: {error}; restore it from the backup") from error
    if wrong := _fault(people):
        raise PeopleFileError(f"{path}: {wrong}; restore it from the backup")
    return people


def private_bytes(path: Path) -> bytes:
    """What stands in a file of ours that nobody else may read. Raises PeopleFileError."""
    try:
        if path.stat().st_mode & 0o077:
            raise PeopleFileError(
                f"{path}: others than its owner may read or write it: chmod 600 it, and change the PINs"
            )
        return path.read_bytes()
    except OSError as error:
        raise PeopleFileError(
            f"{path}: cannot be read: {error.strerror}; it must be owned by the till's user"
        ) from error


def _fault(people: People) -> str:
    """What cannot be, in words."""
    numbers = [person.number for person in people.people]
    if people.version != 1:
        return f"has version {people.version}, and this program knows version 1"
    if len(set(numbers)) < len(numbers) or len({person.name for person in people.people}) < len(numbers):
        return "names somebody twice"
    for person in people.people:
        if not re.fullmatch(rf"[0-9]{{1,{NUMBER_DIGITS_MAX}}}", person.number) or not person.pin.startswith(PHC):
            return f"says of {person.name!r} what no program wrote"
        if int(person.number) >= people.next_number:
            return f"gives away number {people.next_number}, and {person.name!r} has {person.number}"
    return ""


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """One command at a time changes the file. Raises PeopleFileError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PeopleFileError(f"{path.parent}: {error.strerror}") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def save_people(path: Path, people: People) -> None:
    """Durable when this returns; a power cut leaves who was there before. Raises PeopleFileError."""
    try:
        write_whole(path, msgspec.json.format(msgspec.json.encode(people)) + b"\n")
    except OSError as error:
        raise PeopleFileError(f"{path}: cannot be written: {error.strerror}") from error
