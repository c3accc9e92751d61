"""`kiosk COMMAND …`: finds the command's module, imports that one alone, and turns its end into an exit code.

Answers for: the table of commands, the overview, exit codes. Does not answer for: what a command does.
A command is a module with `add_arguments(parser)` and `run(args) -> int`; nothing is imported for a command that was not
asked for, so the money process never loads the graphics stack.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib import metadata
from typing import Protocol, cast

from kiosk.settings import SettingsError


class Exit(IntEnum):
    """What a shell or systemd learns from the end of any command."""

    OK = 0
    FAILED = 1
    USAGE = 2  #: wrong options or configuration; nothing was started
    INTERRUPTED = 3  #: cut short; it says how to go on


@dataclass(frozen=True, slots=True)
class Command:
    """`module` is imported only when this command is chosen."""

    module: str
    help: str


COMMANDS: Mapping[str, Command] = {
    "till": Command("kiosk.cli.till", "the money process: acceptor, printer, journal, payments"),
    "pair": Command("kiosk.cli.pair", "make this terminal known to an aggregator, with a one-time token"),
    "diagnose": Command("kiosk.cli.diagnose", "what is wrong with this kiosk, part by part, and what to do about it"),
    "acceptance": Command("kiosk.cli.acceptance", "take notes again after the kiosk latched itself off"),
    "user": Command("kiosk.cli.user", "people with keys: who may open the service menu, and as what"),
    "journal": Command("kiosk.cli.journal", "the money's record: prove it, read it, export it, back it up"),
    "report": Command("kiosk.cli.report", "cash, payments, collections, uptime, and whether it all agrees"),
    "acceptor": Command("kiosk.cli.acceptor", "look at a bill acceptor: who it is, its notes, everything that happens"),
    "printer": Command("kiosk.cli.printer", "the receipt printer: how it is, a test page, a receipt once more"),
    "receipt": Command("kiosk.cli.receipt", "every slip as it will come out: render, list fields, check templates"),
    "screen": Command("kiosk.cli.screen", "the touch screen, in a process of its own"),
    "screens": Command("kiosk.cli.screens", "every screen and state as pictures and contact sheets"),
    "aggregator": Command(
        "kiosk.cli.aggregator", "the reference aggregator: merchants, orders, payments from terminals"
    ),
    "twin": Command("kiosk.cli.twin", "a simulated device that speaks the real wire: acceptor or printer"),
    "demo": Command("kiosk.cli.demo", "all of it at once on this machine: pay an order in cash, end to end"),
}

EPILOG = """\
exit codes: 0 ok · 1 failed · 2 wrong options or configuration · 3 interrupted, it says how to go on

start here:
  kiosk demo --headless --out out     pay one order with a scripted buyer; pictures, receipt and result in out/
  kiosk demo                          the same by hand, in a window with a bench panel beside it
  kiosk COMMAND --help                what a command needs
"""


class CommandModule(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    chosen = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    module = _load(chosen) if chosen else None
    parser = _parser(chosen, module)
    args = parser.parse_args(arguments)
    if module is None:
        parser.print_help(sys.stderr)
        return Exit.USAGE
    try:
        end = module.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone (`| head`): say no more
        return Exit.FAILED
    except SettingsError as error:
        print(error, file=sys.stderr)
        return Exit.USAGE
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return Exit.INTERRUPTED
    return end


def _load(name: str) -> CommandModule:
    return cast("CommandModule", importlib.import_module(COMMANDS[name].module))


def _parser(chosen: str, module: CommandModule | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description="An open self-service payment kiosk that never loses or doubles cash.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {metadata.version('kiosk')}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        of_command = commands.add_parser(
            name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == chosen and module is not None:
            module.add_arguments(of_command)
    return parser
