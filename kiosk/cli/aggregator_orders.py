"""`kiosk aggregator suspend-order`, `release-order`, `untold`, `notify-again`: an operator's hand on orders of merchants."""

import argparse
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from kiosk.aggregator import deliveries, order_states
from kiosk.aggregator.deliveries import DeliveryError
from kiosk.aggregator.order_states import OrderError
from kiosk.cli.aggregator_common import Action, add_database, complain, opened, print_json

Change = Callable[[sa.Engine, str, str, str], None]


def _order_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--order", required=True, metavar="NUMBER")


def _signed_arguments(parser: argparse.ArgumentParser) -> None:
    _order_arguments(parser)
    parser.add_argument("--person", required=True, help="who decides this")
    parser.add_argument("--reason", required=True, help="kept for ever")


def _changing(change: Change) -> Callable[[argparse.Namespace], int]:
    """A step of an order that a person answers for."""

    def run(args: argparse.Namespace) -> int:
        person, reason = args.person.strip(), args.reason.strip()
        if not (person and reason):
            complain("--person and --reason must say something")
            return 2
        with opened(args) as engine:
            try:
                change(engine, args.order, person, reason)
            except OrderError as error:
                complain(error)
                return 1
        return 0

    return run


def _untold_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--given-up", action="store_true", help="only those nobody tries any more")


def _untold(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        found = deliveries.untold(engine, given_up_only=args.given_up)
    print_json(found)
    return 1 if found else 0


def _notify_again(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        try:
            deliveries.tell_again(engine, args.order)
        except DeliveryError as error:
            complain(error)
            return 1
    return 0


UNTOLD_EPILOG = f"""\
A merchant is told until it answers OK<InvId>, at growing intervals, and given up after {deliveries.GIVE_UP_DAYS} days.

exit codes: 0 every merchant knows · 1 some do not: they are listed
"""

ACTIONS: Mapping[str, Action] = {
    "suspend-order": Action(
        "hold an order back for a check: no cash is taken for it, its merchant is not told (state 80)",
        _signed_arguments,
        _changing(order_states.suspend),
    ),
    "release-order": Action(
        "let a suspended order go on from where it was", _signed_arguments, _changing(order_states.release)
    ),
    "untold": Action("payments whose merchants have not answered OK yet", _untold_arguments, _untold, UNTOLD_EPILOG),
    "notify-again": Action(
        "tell an order's merchant once more, even if it answered or was given up", _order_arguments, _notify_again
    ),
}
