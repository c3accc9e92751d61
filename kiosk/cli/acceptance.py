"""`kiosk acceptance resume`: take notes again after the kiosk latched itself off."""

import argparse
import getpass
import sys
import time
from pathlib import Path

from kiosk.link import service as s
from kiosk.link.codec import LinkError
from kiosk.link.service_client import NoTillError, TillSilentError, ask
from kiosk.settings import TillSettings, load
from kiosk.till.acceptance import resume
from kiosk.till.journal import JournalError
from kiosk.till.signing import KeyFileError, ensure_key

NAME = "acceptance"
HELP = "take notes again after the kiosk latched itself off"


class DeclinedError(Exception):
    """The till would not, or not now; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk acceptance`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    again = actions.add_parser("resume", help="record who looked and why it is safe; a running till is asked")
    again.add_argument(
        "--config", type=Path, action="append", required=True, metavar="FILE", help="the till's settings"
    )
    again.add_argument("--person", default="", metavar="NAME", help="who looked (default: the login name)")
    again.add_argument("--reason", required=True, metavar="TEXT", help="goes into the journal, for ever")


def run(args: argparse.Namespace) -> int:
    """0 resumed, or it was not latched; 1 the journal cannot be used now."""
    if not args.reason.strip():
        print("kiosk acceptance: --reason must say something", file=sys.stderr)
        return 2
    try:
        latched = _resume(load(args.config).till, args.person.strip() or getpass.getuser(), args.reason.strip())
    except (JournalError, KeyFileError, TillSilentError, LinkError, DeclinedError) as error:
        print(f"kiosk acceptance: {error}", file=sys.stderr)
        return 1
    print(f"resumed; it was latched off because: {latched}" if latched else "acceptance was not latched; nothing to do")
    return 0


def _resume(files: TillSettings, person: str, reason: str) -> str:
    """Why it was latched off, or "". Raises DeclinedError and whatever a till, a journal or a key raises."""
    try:
        answers = tuple(ask(files.service_socket, s.Resume(person, reason)))
    except NoTillError:
        return resume(files.journal_file, ensure_key(files.key_file), reason, time.time_ns() // 1000, person)
    match answers:
        case (s.Resumed(was=was),):
            return was
        case (s.Declined(reason=reason),):
            raise DeclinedError(reason)
        case _:
            raise DeclinedError(f"{files.service_socket}: the till hung up before it answered; ask again")
