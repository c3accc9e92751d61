"""`kiosk printer status|test|reprint`: how the printer is, whether it prints, and a buyer's receipt once more."""

import argparse
import asyncio
import getpass
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from drivers.receipt_printer.advice import advice
from drivers.receipt_printer.interface import ReceiptPrinter
from drivers.receipt_printer.profile import ProfileError, load_profile
from kiosk.cli.acceptor import INSTALLED_SETTINGS
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.paper import IN_HAND
from kiosk.link import service as s
from kiosk.link.codec import LinkError
from kiosk.link.service_client import NoTillError, TillSilentError, ask
from kiosk.settings import Settings, load
from kiosk.till.bootstrap import printer_of, stationery_of
from kiosk.till.printer_desk import in_service_words
from kiosk.till.sample_page import sample_page

MICROSECOND_NS = 1000

EPILOG = """\
A running till is asked; it goes on selling, and no buyer's slip ever waits. Without one, status and test open the printer
themselves; a copy of a receipt is printed by the till alone, which records who wanted it and why.

  kiosk printer status
  kiosk printer reprint --slip 1042 --person "M. Petrova" --reason "the buyer lost it"
  kiosk printer reprint --last --person "M. Petrova" --reason "paper was out"

exit codes: 0 it can print, or the page came out · 1 it cannot, or it did not, or nobody knows · 2 wrong options or configuration
"""

#: What became of a page, for people.
OUTCOMES: Mapping[str, str] = {
    SlipOutcome.PRINTED: "it came out",
    SlipOutcome.TAKEN: "it came out and was taken",
    SlipOutcome.FAILED: "it did not come out whole",
    SlipOutcome.UNKNOWN: "it was sent, and nobody knows whether it came out: look at the printer before you ask again",
    SlipOutcome.RETRACTED: "it came out, nobody took it, and the printer drew it back",
}


class PrinterCommandError(Exception):
    """What was asked for cannot be done; the message says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk printer`."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _action(actions, "status", "ask the printer how it is")
    test = _action(actions, "test", "print a page without any buyer's data")
    test.add_argument("--person", default="", metavar="NAME", help="goes into the journal (default: the login name)")
    again = _action(actions, "reprint", "print a copy of a receipt, marked as one, as things stand now")
    which = again.add_mutually_exclusive_group(required=True)
    for by, metavar, text in (
        (s.ReceiptBy.SLIP, "N", "the number on the slip"),
        (s.ReceiptBy.PAYMENT, "ID", "the payment number, or the visit's as in `kiosk journal show`"),
        (s.ReceiptBy.CODE, "CODE", "the claim code"),
    ):
        which.add_argument(f"--{by}", metavar=metavar, help=text)
    which.add_argument("--last", action="store_true", help="the latest receipt there is")
    again.add_argument("--person", required=True, metavar="NAME", help="who wants it; goes into the journal, for ever")
    again.add_argument("--reason", required=True, metavar="TEXT", help="why; goes into the journal, for ever")


def _action(actions: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"the till's settings (default: {INSTALLED_SETTINGS})",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """0 it can print, or the page came out; 1 not so, or nobody knows; 2 wrong options or configuration."""
    settings = load(args.config or [INSTALLED_SETTINGS])
    try:
        answer = _answer(settings, _ask_of(args))
    except ProfileError as error:
        print(f"kiosk printer: {error}", file=sys.stderr)
        return 2
    except (PrinterCommandError, TillSilentError, LinkError) as error:
        print(f"kiosk printer: {error}", file=sys.stderr)
        return 1
    match answer:
        case s.PrinterTold():
            _tell_status(answer, as_json=args.json)
            return 0 if answer.can_print else 1
        case s.PageTold():
            _tell_page(answer, as_json=args.json)
            return 0 if answer.outcome in IN_HAND else 1
        case _:
            raise LinkError(f"the till answered something else: {answer}")


def _ask_of(args: argparse.Namespace) -> s.AskPrinter | s.PrintTestPage | s.Reprint:
    if args.action == "status":
        return s.AskPrinter()
    if args.action == "test":
        return s.PrintTestPage(args.person.strip() or getpass.getuser())
    named = {by: getattr(args, by) for by in s.ReceiptBy if by is not s.ReceiptBy.LAST and getattr(args, by)}
    by, name = next(iter(named.items()), (s.ReceiptBy.LAST, ""))
    return s.Reprint(by, name, args.person, args.reason)


def _answer(settings: Settings, request: s.AskPrinter | s.PrintTestPage | s.Reprint) -> s.ServiceAnswer:
    """The till's, or without one the printer's own. Raises PrinterCommandError."""
    try:
        answers = tuple(ask(settings.till.service_socket, request))
    except NoTillError as error:
        if isinstance(request, s.Reprint):
            raise PrinterCommandError(
                f"{error}\nA copy is printed by the running till, which records who wanted it. "
                "Start it (systemctl start kiosk-till), then ask again."
            ) from error
        return asyncio.run(_without_till(settings, request))
    if not answers:
        raise PrinterCommandError(f"{settings.till.service_socket}: the till hung up before it answered; ask again")
    if isinstance(answers[-1], s.Declined):
        raise PrinterCommandError(answers[-1].reason)
    return answers[-1]


async def _without_till(settings: Settings, request: s.AskPrinter | s.PrintTestPage) -> s.ServiceAnswer:
    printer = printer_of(settings)
    try:
        return await (_look(printer) if isinstance(request, s.AskPrinter) else _try(printer, settings))
    finally:
        await printer.close()


async def _look(printer: ReceiptPrinter) -> s.PrinterTold:
    return in_service_words(await printer.status(), await printer.identity())


async def _try(printer: ReceiptPrinter, settings: Settings) -> s.PageTold:
    profile = load_profile(settings.printer.profile)
    page = sample_page(settings, profile, stationery_of(settings), time.time_ns() // MICROSECOND_NS)
    result = await printer.print(page)
    return s.PageTold(result.outcome.value, result.cause, 0)


# --- for people and for programs ----------------------------------------------------------------------------------


def _tell_status(told: s.PrinterTold, *, as_json: bool) -> None:
    words = (*told.faults, *((told.paper,) if told.paper not in told.faults else ()))
    steps = [step for word in words for step in advice(word)]
    if as_json:
        print(json.dumps({**to_builtins(told), "next_steps": steps}))
        return
    print("the printer can print" if told.can_print else f"the printer cannot print: {', '.join(told.faults)}")
    print(f"paper: {told.paper}")
    if told.ticket_waiting:
        print("a slip stands in the presenter")
    if told.model:
        print(f"model: {told.model}{f', serial {told.serial}' if told.serial else ''}")
    for step in steps:
        print(step)


def _tell_page(told: s.PageTold, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"outcome": told.outcome, "cause": told.cause, "number": told.number}))
        return
    what = f"copy of slip {told.number}" if told.number else "test page"
    print(f"{what}: {OUTCOMES[told.outcome]}{f' ({told.cause})' if told.cause else ''}")
    for step in advice(told.cause):
        print(step)
