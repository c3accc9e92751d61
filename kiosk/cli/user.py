"""`kiosk user add|list|remove|set-pin|set-role|totp`: who may open the service menu, and as what."""

import argparse
import getpass
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import qrcode
from msgspec.structs import replace

from kiosk.cli.acceptor import INSTALLED_SETTINGS
from kiosk.domain import pins
from kiosk.domain.people import Role
from kiosk.settings import Settings, load
from kiosk.till.people_file import (
    NUMBER_DIGITS_MAX,
    People,
    PeopleFileError,
    Person,
    changing,
    load_people,
    save_people,
)
from kiosk.till.pepper import TOTP_SECRET_BYTES, Pepper, ensure_pepper, one_time

NAME_CHARACTERS_MAX = 40

EPILOG = """\
A person signs in at the screen with the short number given out here and a PIN. The PIN is asked for twice, without echo; it is
never an option, where other users of this machine could see it. Nobody has a PIN until one is set here. Changes take effect at
once; somebody who is signed in stays so until they sign out. Run this as the user the till runs as.

  kiosk user add "Ivan Petrov" --role technician
  kiosk user add "Maria Ilieva" --role supervisor --totp
  kiosk user set-pin 12

exit codes: 0 done · 1 not done, it says why · 2 wrong options or configuration
"""


class UserError(Exception):
    """Nothing was changed; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk user`."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "give somebody a number and a PIN")
    add.add_argument("name", help="as it stands in the journal and on slips; nobody else's")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--totp", action="store_true", help="with a one-time code as a second factor; shows it once")
    _pin_option(add)
    _action(actions, "list", "who there is; no PINs, no secrets")
    _who(_action(actions, "remove", "take somebody's access away; their number is given to nobody else"))
    set_pin = _who(_action(actions, "set-pin", "give somebody another PIN"))
    _pin_option(set_pin)
    set_role = _who(_action(actions, "set-role", "let somebody do other things"))
    set_role.add_argument("role", choices=[role.value for role in Role])
    totp = _who(_action(actions, "totp", "give somebody a new one-time code; shows it once"))
    totp.add_argument("--off", action="store_true", help="take it away instead")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"the till's settings (default: {INSTALLED_SETTINGS})",
    )
    return parser


def _who(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("who", help="their number, or their name")
    return parser


def _pin_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from the first line of stdin")


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not done; 2 wrong options or configuration."""
    settings = load(args.config or [INSTALLED_SETTINGS])
    try:
        with changing(settings.access.people_file):
            ACTIONS[args.action](settings, load_people(settings.access.people_file), args)
    except (PeopleFileError, UserError) as error:
        print(f"kiosk user: {error}", file=sys.stderr)
        return 1
    return 0


# --- what is done -------------------------------------------------------------------------------------------------


def _add(settings: Settings, people: People, args: argparse.Namespace) -> None:
    name, role = " ".join(args.name.split()), Role(args.role)
    if not name.isprintable() or not 0 < len(name) <= NAME_CHARACTERS_MAX or re.fullmatch(r"[0-9]+", name):
        raise UserError(f"a name has 1 to {NAME_CHARACTERS_MAX} characters and is no number")
    if people.find(name) is not None:
        raise UserError(f"{name!r} is somebody already; names in the journal must be one person's")
    if people.next_number >= 10**NUMBER_DIGITS_MAX:
        raise UserError("no number is left")
    if role in settings.access.totp_roles and not args.totp:
        raise UserError(f"a {role} must have a one-time code (access.totp_roles): add --totp")
    pin = _chosen_pin(settings, args)
    pepper = ensure_pepper(settings.access.pepper_file, people)
    secret = secrets.token_bytes(TOTP_SECRET_BYTES) if args.totp else b""
    person = Person(str(people.next_number), name, role, pepper.hashed(pin), pepper.sealed(secret) if secret else "")
    save_people(settings.access.people_file, people.with_person(person))
    print(f"{name} is number {person.number}, {role}")
    if secret:
        _show_secret(settings, person, secret)


def _list(_settings: Settings, people: People, _args: argparse.Namespace) -> None:
    for person in people.people:
        print(
            f"{person.number:>{NUMBER_DIGITS_MAX}}  {person.role:<10}  {'code' if person.totp else '-':<4}  {person.name}"
        )
    if not people.people:
        print("nobody; nobody can open the service menu")


def _remove(settings: Settings, people: People, args: argparse.Namespace) -> None:
    person = _named(people, args.who)
    save_people(settings.access.people_file, people.without(person.number))
    print(f"{person.name} (number {person.number}) has no access any more")


def _set_pin(settings: Settings, people: People, args: argparse.Namespace) -> None:
    person = _named(people, args.who)
    pin = _chosen_pin(settings, args)
    changed = replace(person, pin=_pepper(settings, people).hashed(pin))
    save_people(settings.access.people_file, people.with_person(changed))
    print(f"{person.name} (number {person.number}) has a new PIN")


def _set_role(settings: Settings, people: People, args: argparse.Namespace) -> None:
    person, role = _named(people, args.who), Role(args.role)
    if role in settings.access.totp_roles and not person.totp:
        raise UserError(f"a {role} must have a one-time code (access.totp_roles): kiosk user totp {person.number}")
    save_people(settings.access.people_file, people.with_person(replace(person, role=role)))
    print(f"{person.name} (number {person.number}) is {role}")


def _totp(settings: Settings, people: People, args: argparse.Namespace) -> None:
    person = _named(people, args.who)
    if args.off and person.role in settings.access.totp_roles:
        raise UserError(f"a {person.role} must have a one-time code (access.totp_roles)")
    secret = b"" if args.off else secrets.token_bytes(TOTP_SECRET_BYTES)
    sealed = _pepper(settings, people).sealed(secret) if secret else ""
    save_people(settings.access.people_file, people.with_person(replace(person, totp=sealed)))
    print(f"{person.name} (number {person.number}) has {'a new' if secret else 'no'} one-time code")
    if secret:
        _show_secret(settings, person, secret)


ACTIONS: Mapping[str, Callable[[Settings, People, argparse.Namespace], None]] = {
    "add": _add,
    "list": _list,
    "remove": _remove,
    "set-pin": _set_pin,
    "set-role": _set_role,
    "totp": _totp,
}


def _named(people: People, who: str) -> Person:
    person = people.find(who)
    if person is None:
        raise UserError(f"nobody has the number or name {who!r}; see `kiosk user list`")
    return person


def _pepper(settings: Settings, people: People) -> Pepper:
    return ensure_pepper(settings.access.pepper_file, people)


# --- PINs and codes, for people -----------------------------------------------------------------------------------


def _chosen_pin(settings: Settings, args: argparse.Namespace) -> str:
    pin = sys.stdin.readline().rstrip("\r\n") if args.pin_stdin else _typed_pin()
    if wrong := pins.fault(pin, settings.access.pin_digits_min):
        raise UserError(f"the PIN {wrong}")
    return pin


def _typed_pin() -> str:
    if not sys.stdin.isatty():
        raise UserError("there is no terminal to ask for the PIN; give it with --pin-stdin")
    pin = getpass.getpass("PIN: ")
    if getpass.getpass("the same PIN again: ") != pin:
        raise UserError("these are two different PINs")
    return pin


def _show_secret(settings: Settings, person: Person, secret: bytes) -> None:
    """Once, for the app on their phone. Who sees it has the second factor."""
    uri = one_time(secret).get_provisioning_uri(f"{person.name} ({person.number})", f"kiosk {settings.terminal.number}")
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=2)
    code.add_data(uri)
    code.make(fit=True)
    code.print_ascii(invert=True)
    print(uri)
    print("Scan it with the app on their phone now: it is not shown again.")
