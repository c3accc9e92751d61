"""`kiosk aggregator pair-terminal`, `terminals`, `order-terminal` …: terminals, what is asked of them, what they took."""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path

from kiosk.aggregator import admin
from kiosk.aggregator.money import claims
from kiosk.aggregator.terminals import alarms, collections, heartbeats, pairing, remote_orders
from kiosk.aggregator.tls import server_fingerprint
from kiosk.cli.aggregator_common import Action, Group, add_database, complain, opened, print_json
from kiosk.domain.money import EXPONENTS
from kiosk.terminal_api import OrderKind

HOUR_S = 3600
SILENT_S = 180  #: a terminal speaks every minute


def terminal_number(text: str) -> str:
    """Four digits: claim codes hold a terminal's number so."""
    if not re.fullmatch(r"[0-9]{4}", text):
        raise argparse.ArgumentTypeError("a terminal has four digits, as in 0001")
    return text


def _add_number(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", type=terminal_number, required=True, metavar="NNNN")


def _terminal_arguments(parser: argparse.ArgumentParser) -> None:
    _add_number(parser)
    parser.add_argument("--revoke", action="store_true", help="take no more requests from it, from now on")
    parser.add_argument("--forget-key", action="store_true", help="its signing key was replaced: trust the next one")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="it is known by this certificate of ours, made elsewhere"
    )
    parser.add_argument("--revoke-certificate", metavar="SHA256", help="this one certificate counts no more")


def _add_terminal(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        admin.set_terminal(engine, args.number, active=not args.revoke)
        if args.forget_key:
            admin.forget_key(engine, args.number)
        if args.revoke_certificate and not pairing.revoke_one(engine, args.revoke_certificate, "by an administrator"):
            complain("no certificate has this fingerprint")
            return 1
        if args.certificate:
            try:
                pairing.adopt(engine, args.number, args.certificate.read_bytes())
            except (OSError, ValueError) as error:
                complain(f"{args.certificate}: {error}")
                return 1
    return 0


def _pair_arguments(parser: argparse.ArgumentParser) -> None:
    _add_number(parser)
    parser.add_argument("--name", default="", help="where it stands, for people")
    parser.add_argument(
        "--currency", choices=sorted(EXPONENTS), default="", help="of its notes: it is offered no other"
    )
    parser.add_argument("--tls-dir", type=Path, required=True, metavar="DIR", help="of the server it will speak to")
    parser.add_argument(
        "--hours", type=int, choices=range(1, 169), default=24, metavar="N", help="the token lives, 1 to 168"
    )


def _pair_terminal(args: argparse.Namespace) -> int:
    try:
        fingerprint = server_fingerprint(args.tls_dir)
    except (OSError, ValueError) as error:
        complain(f"no server certificate in {args.tls_dir}: {error}")
        return 1
    with opened(args) as engine:
        token = pairing.make_token(engine, args.number, args.name[:100], args.currency, args.hours * HOUR_S)
    print(f"{token}.{fingerprint}")
    return 0


PAIR_EPILOG = """\
prints TOKEN.FINGERPRINT: a token that is good for one key of one terminal, and the SHA-256 of the server's certificate, so that a
terminal that trusts nobody yet knows whom it talks to. Give both to the technician and to nobody else. Pairing a number again
revokes what it had.
"""


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--silent-s", type=int, default=SILENT_S, metavar="N", help="not heard of for so long: silent")
    parser.add_argument("--odd", action="store_true", help="only those that are silent, disputed, or have alarms")


def _list(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        found = heartbeats.states(engine, args.silent_s)
    if args.odd:
        found = [one for one in found if one["silent"] or one["disputed"] or one["alarms"]]
    print_json(found)
    return 0


def _order_terminal_arguments(parser: argparse.ArgumentParser) -> None:
    _add_number(parser)
    parser.add_argument("order", choices=[kind.value.replace("_", "-") for kind in OrderKind], nargs="?")
    parser.add_argument("--by", default="", metavar="PERSON", help="who orders it; needed for an order")
    parser.add_argument("--expires", type=int, default=24, metavar="HOURS", help="it is dropped after so long")


def _order_terminal(args: argparse.Namespace) -> int:
    """Without an order: what was ordered before, and how far it is."""
    with opened(args) as engine:
        if args.order is None:
            print_json(remote_orders.history(engine, args.number))
            return 0
        if not args.by.strip() or args.expires < 1:
            complain("an order needs --by PERSON and at least one hour")
            return 2
        kind = OrderKind(args.order.replace("-", "_"))
        try:
            order_id = remote_orders.give(engine, args.number, kind, args.by.strip()[:100], args.expires * HOUR_S)
        except remote_orders.NoTerminalError as error:
            complain(error)
            return 1
    print(order_id)
    return 0


def _settle_arguments(parser: argparse.ArgumentParser) -> None:
    _add_number(parser)
    parser.add_argument("--by", required=True, metavar="PERSON")
    parser.add_argument("--reason", required=True, help="what was found; kept for ever")


def _settle(args: argparse.Namespace) -> int:
    if not (args.by.strip() and args.reason.strip()):
        complain("--by and --reason must say something")
        return 2
    with opened(args) as engine:
        count = alarms.settle(engine, args.number, args.by.strip()[:100], args.reason.strip()[:300])
    print(f"{count} alarms settled")
    return 0


def _collections(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        print_json(collections.history(engine, args.number))
    return 0


def _claim_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--code", required=True, help="sixteen characters, as typed")
    parser.add_argument("--redeem", metavar="PERSON", help="who hands the money over")
    parser.add_argument("--reason", default="", help="needed to redeem; kept for ever")


def _claim(args: argparse.Namespace) -> int:
    if args.redeem is not None and not (args.redeem.strip() and args.reason.strip()):
        complain("--redeem needs a person and --reason must say something")
        return 2
    with opened(args) as engine:
        try:
            if args.redeem is None:
                found = claims.look_up(engine, args.code)
            else:
                found = claims.redeem(engine, args.code, args.redeem.strip(), args.reason.strip())
        except claims.ClaimError as error:
            complain(error)
            return 1
    print_json(found)
    return 0


def _order_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--order", required=True, metavar="NUMBER")


def _show_order(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        report = admin.order_report(engine, args.order)
    if report is None:
        complain(f"no order {args.order}")
        return 1
    print_json(report)
    return 0


ACTIONS: Mapping[str, Action | Group] = {
    "pair-terminal": Action("make a one-time token for a new terminal", _pair_arguments, _pair_terminal, PAIR_EPILOG),
    "add-terminal": Action(
        "register a terminal by hand (tests), revoke one, forget its key", _terminal_arguments, _add_terminal
    ),
    "terminals": Action("how every terminal is, who is silent, what is odd", _list_arguments, _list),
    "order-terminal": Action(
        "lock, unlock or restart a terminal, or let it fetch the catalogue", _order_terminal_arguments, _order_terminal
    ),
    "settle-alarms": Action("close a terminal's alarms: somebody found out", _settle_arguments, _settle),
    "collections": Action("a terminal's cash boxes, their differences, gaps in their row", _add_number, _collections),
    "claim": Action("what a code from a slip claims; with --redeem, pay it out, once", _claim_arguments, _claim),
    "show-order": Action("an order, its payments, and what the merchant knows", _order_arguments, _show_order),
}
