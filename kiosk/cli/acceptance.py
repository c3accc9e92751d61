"""`kiosk acceptance resume`: take notes again after the kiosk latched itself off."""

import argparse
import sys
import time
from pathlib import Path

from kiosk.settings import load
from kiosk.till.acceptance import resume
from kiosk.till.journal import JournalError
from kiosk.till.signing import KeyFileError, ensure_key

NAME = "acceptance"
HELP = "take notes again after the kiosk latched itself off"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk acceptance`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    again = actions.add_parser("resume", help="record who looked and why it is safe; stop the till first")
    again.add_argument(
        "--config", type=Path, action="append", required=True, metavar="FILE", help="the till's settings"
    )
    again.add_argument("--reason", required=True, metavar="TEXT", help="goes into the journal, for ever")


def run(args: argparse.Namespace) -> int:
    """0 resumed, or it was not latched; 1 the journal cannot be used now."""
    if not args.reason.strip():
        print("kiosk acceptance: --reason must say something", file=sys.stderr)
        return 2
    try:
        files = load(args.config).till
        latched = resume(files.journal_file, ensure_key(files.key_file), args.reason.strip(), time.time_ns() // 1000)
    except (JournalError, KeyFileError) as error:
        print(f"kiosk acceptance: {error}", file=sys.stderr)
        return 1
    print(f"resumed; it was latched off because: {latched}" if latched else "acceptance was not latched; nothing to do")
    return 0
