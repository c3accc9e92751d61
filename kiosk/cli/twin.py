"""`kiosk twin acceptor|printer`: a simulated device, in a process of its own, that speaks the real wire."""

import argparse

from kiosk.cli import twin_acceptor, twin_printer

NAME = "twin"
HELP = "a simulated device that speaks the real wire: acceptor or printer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk twin`."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="DEVICE")
    twin_acceptor.add_arguments(kinds.add_parser("acceptor", help="a bill acceptor on a pseudo-terminal"))
    twin_printer.add_arguments(kinds.add_parser("printer", help="a receipt printer behind a simulated USB"))


def run(args: argparse.Namespace) -> int:
    """Be the device until told to quit."""
    return twin_acceptor.run(args) if args.kind == "acceptor" else twin_printer.run(args)
