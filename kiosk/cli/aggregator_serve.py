"""`kiosk aggregator serve` and the certificates a test installation needs."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kiosk.aggregator.server import ServerOptions, serve
from kiosk.aggregator.tls import make_authority, make_demo_authority
from kiosk.cli.aggregator_common import Action, Group, add_database, complain, database_url
from kiosk.terminal_api import Mode


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--listen", default="127.0.0.1:8443", metavar="HOST:PORT", help="port 0 takes any")
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.TEST, help="twins are for test only")
    parser.add_argument(
        "--tls-dir", type=Path, required=True, metavar="DIR", help="ca.pem, aggregator.pem, aggregator.key"
    )
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written (port and process id) once it listens")
    parser.add_argument("--notify-ca", type=Path, metavar="FILE", help="who vouches for merchants' servers")
    parser.add_argument("--share-port", action="store_true", help="other workers on the same database listen there too")
    parser.add_argument(
        "--osmp-passwords", type=Path, metavar="FILE", help="lines of number:sha256 for terminals without a certificate"
    )
    parser.add_argument(
        "--private-merchants",
        action=argparse.BooleanOptionalAction,
        help="tell merchants whose servers are in private networks too (default: only in --mode test)",
    )


def _serve(args: argparse.Namespace) -> int:
    host, _, port = args.listen.rpartition(":")
    url = database_url(args)
    try:
        files = (args.tls_dir, args.ready_file, args.notify_ca)
        also = (args.osmp_passwords, args.private_merchants, args.share_port)
        serve(ServerOptions(args.data, host, int(port), args.mode, *files, url, *also))
    except (OSError, ValueError) as error:
        complain(f"cannot serve on {args.listen}: {error}")
        return 1
    return 0


def _authority_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tls-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--host", action="append", required=True, help="a name or address terminals call the server by")
    parser.add_argument(
        "--renew-server", action="store_true", help="a new certificate for the server, of the same authority"
    )


def _make_authority(args: argparse.Namespace) -> int:
    make_authority(args.tls_dir, args.host, renew_server=args.renew_server)
    return 0


def _certificate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tls-dir", type=Path, required=True, metavar="DIR")
    parser.add_argument("--terminal", action="append", default=[], metavar="NUMBER")


def _make_certificates(args: argparse.Namespace) -> int:
    make_demo_authority(args.tls_dir, args.terminal)
    return 0


ACTIONS: Mapping[str, Action | Group] = {
    "serve": Action("answer merchants and terminals over HTTPS", _serve_arguments, _serve),
    "make-authority": Action(
        "an authority of your own and the server's certificate", _authority_arguments, _make_authority
    ),
    "make-test-certificates": Action(
        "an authority, a server and terminals, for tests", _certificate_arguments, _make_certificates
    ),
}
