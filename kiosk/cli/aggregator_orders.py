"""`kiosk aggregator order …`: an operator's hand on orders of merchants, and what merchants have not been told yet."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.merchants import deliveries
from kiosk.aggregator.money import order_states
from kiosk.aggregator.shops.lifecycle import By
from kiosk.cli.aggregator_common import Action, Group, add_database, add_json, add_person, by, opened, show

Change = Callable[[sa.Engine, str, By], None]


def _order_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--order", required=True, metavar="NUMBER")


def _change_arguments(parser: argparse.ArgumentParser) -> None:
    _order_arguments(parser)
    add_person(parser)


def _changing(change: Change) -> Callable[[argparse.Namespace], int]:
    """A step of an order that a person answers for."""

    def run(args: argparse.Namespace) -> int:
        who = by(args)
        with opened(args) as engine:
            change(engine, args.order, who)
        return 0

    return run


def _untold_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    add_json(parser)
    parser.add_argument("--given-up", action="store_true", help="only those nobody tries any more")


def _untold(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        found = deliveries.untold(engine, given_up_only=args.given_up)
    show(args, found, _line)
    return 1 if found else 0


def _line(one: Mapping[str, Any]) -> str:
    end = "given up" if one["given_up"] else f"{one['attempts']} attempts"
    return f"{one['number'] or '(service)':<12} {one['login']} InvId {one['inv_id']}: {end}; last: {one['last_answer']}"


def _tell_again(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        deliveries.tell_again(engine, args.order)
    return 0


UNTOLD_EPILOG = f"""\
A merchant is told until it answers OK<InvId>, at growing intervals, and given up after {deliveries.GIVE_UP_DAYS} days.

exit codes: 0 every merchant knows · 1 some do not: they are listed
"""

ORDER_ACTIONS: Mapping[str, Action] = {
    "suspend": Action(
        "hold an order back for a check: no cash is taken for it, its merchant is not told (state 80)",
        _change_arguments,
        _changing(order_states.suspend),
    ),
    "release": Action(
        "let a suspended order go on from where it was", _change_arguments, _changing(order_states.release)
    ),
    "untold": Action("payments whose merchants have not answered OK yet", _untold_arguments, _untold, UNTOLD_EPILOG),
    "tell-again": Action(
        "tell an order's merchant once more, even if it answered or was given up", _order_arguments, _tell_again
    ),
}

ACTIONS: Mapping[str, Group] = {
    "order": Group("suspend and release orders, see and repeat what merchants are told", ORDER_ACTIONS),
}
