"""`kiosk till`: the money process. Owns acceptor, printer, aggregator connection and journal."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from kiosk.gateways.profile import ProfileError
from kiosk.gateways.tls import CredentialsError
from kiosk.settings import load
from kiosk.till.bootstrap import EXIT_JOURNAL, run_till
from kiosk.till.journal import JournalError
from kiosk.till.loop import ProgrammingFaultError, RefusedToRunError, RestartAskedError
from kiosk.till.signing import KeyFileError

NAME = "till"
HELP = "the money process: acceptor, printer, aggregator, journal"

EXIT_REFUSED = 2
EXIT_RESTART = 75  #: EX_TEMPFAIL of sysexits.h: start me again


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk till`."""
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="settings; give several to let later ones override earlier ones",
    )
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written (with the process id) once running")
    parser.add_argument("--verbose", action="store_true", help="log every event, not only what was recorded")


def run(args: argparse.Namespace) -> int:
    """0 after SIGTERM; 2 refused to run; 4 the journal could not be trusted (start again: it is read afresh); 75 somebody
    wanted a restart.
    """
    logging.basicConfig(
        level=logging.DEBUG if args.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,  # python-escpos installs a handler of its own when it is imported
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        asyncio.run(_live(args))
    except JournalError as error:
        print(f"kiosk till: {error}\nNo cash is taken. Start the till again: it recovers by reading.", file=sys.stderr)
        return EXIT_JOURNAL
    except ProgrammingFaultError as error:
        print(f"kiosk till: acceptance is latched off after a fault: {error}", file=sys.stderr)
        return EXIT_JOURNAL
    except RestartAskedError as error:
        print(f"kiosk till: ended to be started again, as {error} wants", file=sys.stderr)
        return EXIT_RESTART
    except (RefusedToRunError, KeyFileError, CredentialsError, ProfileError) as error:
        print(f"kiosk till: {error}", file=sys.stderr)
        return EXIT_REFUSED
    return 0


async def _live(args: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_till(load(args.config), stop, args.ready_file)
