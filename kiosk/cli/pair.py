"""`kiosk pair`: makes this terminal known to an aggregator, once, with a token from its administrator."""

import argparse
import asyncio
import logging
import sys
from importlib.metadata import version
from pathlib import Path

from kiosk.gateways.pairing import PairingError, Place, pair, place_in, ticket_of
from kiosk.settings import Settings, SettingsError, load

NAME = "pair"
HELP = "make this terminal known to an aggregator, with a one-time token"

DEADLINE_S = 30.0
EPILOG = """\
The token is given out by the aggregator's administrator, as token.fingerprint. The fingerprint is that of the server's key: a
terminal that knows no authority yet can tell the right server by nothing else. The private key is made here, readable by its
owner alone (mode 0400), never sent and never overwritten. When no answer came, run the same command again.

exit codes: 0 paired · 1 not paired, it says why · 2 wrong options or configuration
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk pair`."""
    parser.epilog = EPILOG
    parser.add_argument("--url", help="of the aggregator; default: aggregator.url of --config")
    parser.add_argument("--token", required=True, help="token.fingerprint as given out, or - to read it from stdin")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="DIR", help="where key, certificates and catalogue key go")
    where.add_argument(
        "--config", type=Path, action="append", metavar="FILE", help="settings that say where they go, and who we are"
    )


def run(args: argparse.Namespace) -> int:
    """0 paired; 1 not paired; 2 wrong options or configuration."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    settings = load(args.config) if args.config else None
    url = args.url or (settings.aggregator.url if settings else "")
    if not url.startswith("https://"):
        print("kiosk pair: --url must be an https:// address", file=sys.stderr)
        return 2
    place = _place(settings) if settings else place_in(args.out)
    number = settings.terminal.number if settings else ""
    try:
        ticket = ticket_of(sys.stdin.readline() if args.token == "-" else args.token)  # noqa: S105 - the name of stdin
        paired = asyncio.run(pair(url, ticket, place, number, DEADLINE_S, f"kiosk {version('kiosk')}"))
    except PairingError as error:
        print(f"kiosk pair: {error}", file=sys.stderr)
        return 1
    print(f"this is terminal {paired.terminal_number} of a {paired.mode.value} aggregator")
    for what, path in (
        ("key", place.key),
        ("certificate", place.certificate),
        ("authority", place.authority),
        ("catalogue key", place.catalogue_key),
    ):
        print(f"{what:<14} {path}")
    return 0


def _place(settings: Settings) -> Place:
    """Raises SettingsError for a path that is not there to be written to."""
    aggregator = settings.aggregator
    paths = {
        "aggregator.key_file": aggregator.key_file,
        "aggregator.certificate_file": aggregator.certificate_file,
        "aggregator.ca_file": str(aggregator.ca_file),
        "aggregator.catalogue_key_file": aggregator.catalogue_key_file,
    }
    missing = [f"{name}: must be a path for pairing" for name, path in paths.items() if not path]
    if missing:
        raise SettingsError(missing)
    return Place(*map(Path, paths.values()))
