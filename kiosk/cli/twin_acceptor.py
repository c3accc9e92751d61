"""`kiosk twin acceptor`: a bill acceptor on a pseudo-terminal; commands on stdin or on a control socket."""

import argparse
import asyncio
import signal
from pathlib import Path

from drivers.bill_acceptor.registry import PROTOCOLS
from drivers.bill_acceptor.twin_pty import CURRENCIES, TwinOptions, make_twin
from drivers.bill_acceptor.twin_unit import HELP
from drivers.twin_pty import TwinOnPty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk twin acceptor`."""
    parser.description = "A bill acceptor that speaks the real protocol on a pseudo-terminal."
    parser.epilog = f"Commands on stdin, one a line; `help` lists those of the unit at hand, most have these: {HELP}"
    parser.add_argument("--protocol", choices=tuple(PROTOCOLS), default="ccnet")
    parser.add_argument("--currency", choices=CURRENCIES, default="EUR", help="which notes it knows")
    parser.add_argument("--link", type=Path, metavar="PATH", help="a name for the port that stays the same")
    parser.add_argument("--control", type=Path, metavar="PATH", help="also take commands on this AF_UNIX socket")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep box and note in motion over a restart")
    parser.add_argument("--seed", type=int, default=0, help="of the noise on the line")


def run(args: argparse.Namespace) -> int:
    """Be the acceptor until `quit`, SIGTERM, or the end of stdin."""
    asyncio.run(_live(args))
    return 0


async def _live(args: argparse.Namespace) -> None:
    options = TwinOptions(args.protocol, args.currency, args.link, args.control, args.state, args.seed)
    unit = TwinOnPty(make_twin(options), options.protocol, options.link, options.control)
    living = asyncio.ensure_future(unit.run(lambda line: print(line, flush=True)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        return
