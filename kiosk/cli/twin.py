"""`kiosk twin acceptor|printer|scanner`: a simulated device, in a process of its own, that speaks the real wire."""

import argparse
from collections.abc import Mapping
from types import ModuleType

from kiosk.cli import twin_acceptor, twin_printer, twin_scanner

NAME = "twin"
HELP = "a simulated device that speaks the real wire: acceptor, printer or scanner"

#: Device → who plays it, what it is.
DEVICES: Mapping[str, tuple[ModuleType, str]] = {
    "acceptor": (twin_acceptor, "a bill acceptor on a pseudo-terminal"),
    "printer": (twin_printer, "a receipt printer behind a simulated USB"),
    "scanner": (twin_scanner, "a scanner of QR codes on a pseudo-terminal"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk twin`."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="DEVICE")
    for name, (device, words) in DEVICES.items():
        device.add_arguments(kinds.add_parser(name, help=words))


def run(args: argparse.Namespace) -> int:
    """Be the device until told to quit."""
    played: int = DEVICES[args.kind][0].run(args)
    return played
