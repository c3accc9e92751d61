"""`kiosk aggregator`: serve it, and administer its merchants and terminals."""

import argparse
import json
import logging
import sys
from dataclasses import replace
from pathlib import Path

from kiosk.aggregator import admin, claims
from kiosk.aggregator.server import ServerOptions, serve
from kiosk.aggregator.signatures import HASHES
from kiosk.aggregator.storage import open_database
from kiosk.aggregator.tls import make_demo_authority
from kiosk.domain.money import EXPONENTS
from kiosk.terminal_api import Mode, Overpay

NAME = "aggregator"
HELP = "the reference aggregator: merchants, orders, payments from terminals"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk aggregator`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _serve_arguments(actions.add_parser("serve", help="answer merchants and terminals over HTTPS"))
    shop = actions.add_parser("add-merchant", help="add a merchant, or change its technical settings")
    _data(shop)
    shop.add_argument("--login", required=True, help="the shop's MerchantLogin")
    shop.add_argument("--name", required=True, help="the payee's name as buyers read it")
    shop.add_argument("--password1-file", type=Path, required=True, metavar="FILE", help="signs payment starts")
    shop.add_argument("--password2-file", type=Path, required=True, metavar="FILE", help="signs notifications")
    shop.add_argument("--result-url", required=True, metavar="URL", help="is told of every payment until it answers OK")
    shop.add_argument("--currency", choices=sorted(EXPONENTS), required=True, help="the shop's settlement currency")
    shop.add_argument("--hash", choices=HASHES, default="sha256", help="algorithm of its signatures")
    shop.add_argument("--commission-bp", type=int, default=250, metavar="N", help="basis points the merchant pays")
    shop.add_argument(
        "--overpay",
        choices=list(Overpay),
        type=Overpay,
        default=Overpay.HOLD,
        help="money over the amount: comes back, goes to the shop, or is kept for the buyer under a code",
    )
    unit = actions.add_parser("add-terminal", help="register a terminal (its number is its certificate's name)")
    _data(unit)
    unit.add_argument("--number", required=True)
    unit.add_argument("--revoke", action="store_true", help="take no more requests from it")
    unit.add_argument("--forget-key", action="store_true", help="its signing key was replaced: trust the next one")
    claim = actions.add_parser("claim", help="what a code from a slip claims; with --redeem, pay it out, once")
    _data(claim)
    claim.add_argument("--code", required=True, help="sixteen characters, as typed")
    claim.add_argument("--redeem", metavar="PERSON", help="who hands the money over")
    claim.add_argument("--reason", default="", help="needed to redeem; kept for ever")
    order = actions.add_parser("show-order", help="an order, its payments, and what the merchant knows")
    _data(order)
    order.add_argument("--order", required=True, metavar="NUMBER")
    keys = actions.add_parser("make-test-certificates", help="an authority, a server and terminals, for tests")
    keys.add_argument("--tls-dir", type=Path, required=True, metavar="DIR")
    keys.add_argument("--terminal", action="append", default=[], metavar="NUMBER")


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where its database is")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--listen", default="127.0.0.1:8443", metavar="HOST:PORT", help="port 0 takes any")
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.TEST, help="twins are for test only")
    parser.add_argument(
        "--tls-dir", type=Path, required=True, metavar="DIR", help="ca.pem, aggregator.pem, aggregator.key"
    )
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written (port and process id) once it listens")
    parser.add_argument("--notify-ca", type=Path, metavar="FILE", help="who vouches for merchants' servers")
    parser.add_argument(
        "--osmp-passwords", type=Path, metavar="FILE", help="lines of number:sha256 for terminals without a certificate"
    )


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not found or not possible."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    match args.action:
        case "serve":
            return _serve(args)
        case "add-merchant":
            admin.set_merchant(open_database(args.data), _merchant(args))
        case "add-terminal":
            engine = open_database(args.data)
            admin.set_terminal(engine, args.number, active=not args.revoke)
            if args.forget_key:
                admin.forget_key(engine, args.number)
        case "claim":
            return _claim(args)
        case "make-test-certificates":
            make_demo_authority(args.tls_dir, args.terminal)
        case _:
            return _show(args)
    return 0


def _serve(args: argparse.Namespace) -> int:
    host, _, port = args.listen.rpartition(":")
    try:
        options = ServerOptions(args.data, host, int(port), args.mode, args.tls_dir, args.ready_file, args.notify_ca)
        serve(replace(options, osmp_passwords=args.osmp_passwords))
    except (OSError, ValueError) as error:
        print(f"kiosk aggregator: cannot serve on {args.listen}: {error}", file=sys.stderr)
        return 1
    return 0


def _merchant(args: argparse.Namespace) -> admin.Merchant:
    return admin.Merchant(
        login=args.login,
        name=args.name,
        password1=args.password1_file.read_text().strip(),
        password2=args.password2_file.read_text().strip(),
        hash_name=args.hash,
        result_url=args.result_url,
        currency=args.currency,
        commission_bp=args.commission_bp,
        overpay=args.overpay.value,
    )


def _claim(args: argparse.Namespace) -> int:
    if args.redeem is not None and not (args.redeem.strip() and args.reason.strip()):
        print("kiosk aggregator: --redeem needs a person and --reason must say something", file=sys.stderr)
        return 2
    engine = open_database(args.data)
    try:
        if args.redeem is None:
            found = claims.look_up(engine, args.code)
        else:
            found = claims.redeem(engine, args.code, args.redeem.strip(), args.reason.strip())
    except claims.ClaimError as error:
        print(f"kiosk aggregator: {error}", file=sys.stderr)
        return 1
    print(json.dumps(found, indent=2))
    return 0


def _show(args: argparse.Namespace) -> int:
    report = admin.order_report(open_database(args.data), args.order)
    if report is None:
        print(f"kiosk aggregator: no order {args.order}", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2))
    return 0
