"""`kiosk aggregator add-terminal`, `claim`, `show-order`: what an operator asks about terminals and what they took."""

import argparse
from collections.abc import Mapping

from kiosk.aggregator import admin, claims
from kiosk.cli.aggregator_common import Action, Group, add_database, complain, opened, print_json


def _terminal_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", required=True)
    parser.add_argument("--revoke", action="store_true", help="take no more requests from it")
    parser.add_argument("--forget-key", action="store_true", help="its signing key was replaced: trust the next one")


def _add_terminal(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        admin.set_terminal(engine, args.number, active=not args.revoke)
        if args.forget_key:
            admin.forget_key(engine, args.number)
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
    "add-terminal": Action(
        "register a terminal (its number is its certificate's name)", _terminal_arguments, _add_terminal
    ),
    "claim": Action("what a code from a slip claims; with --redeem, pay it out, once", _claim_arguments, _claim),
    "show-order": Action("an order, its payments, and what the merchant knows", _order_arguments, _show_order),
}
