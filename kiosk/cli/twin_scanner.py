"""`kiosk twin scanner`: a scanner of QR codes on a pseudo-terminal; what it reads is said on stdin or on a control socket."""

import argparse
import asyncio
import signal
from pathlib import Path

from drivers.scanner.twin import HELP, ScannerOnPty, ScannerTwin


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk twin scanner`."""
    parser.description = "A scanner that sends lines of text on a pseudo-terminal, as one with a serial line does."
    parser.epilog = f"Commands on stdin, one a line: {HELP} | unplug | plug | quit"
    parser.add_argument("--link", type=Path, metavar="PATH", help="a name for the port that stays the same")
    parser.add_argument("--control", type=Path, metavar="PATH", help="also take commands on this AF_UNIX socket")
    parser.add_argument("--seed", type=int, default=0, help="of the noise on the line")


def run(args: argparse.Namespace) -> int:
    """Be the scanner until `quit`, SIGTERM, or the end of stdin."""
    asyncio.run(_live(args))
    return 0


async def _live(args: argparse.Namespace) -> None:
    unit = ScannerOnPty(ScannerTwin(args.seed), "scanner", args.link, args.control)
    living = asyncio.ensure_future(unit.run(lambda line: print(line, flush=True)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        return
