"""`kiosk aggregator`: serve it, and administer its merchants, terminals and books; the actions are in `aggregator_*.py`."""

import argparse
import logging
from collections.abc import Callable, Mapping

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.storage.errors import BusyError, DatabaseError
from kiosk.cli import (
    aggregator_catalogue,
    aggregator_database,
    aggregator_money,
    aggregator_orders,
    aggregator_report,
    aggregator_serve,
    aggregator_shops,
    aggregator_terminals,
    aggregator_watch,
)
from kiosk.cli.aggregator_common import Action, Group, complain

NAME = "aggregator"
HELP = "the reference aggregator: merchants, orders, payments from terminals"

ACTIONS: Mapping[str, Action | Group] = {
    **aggregator_serve.ACTIONS,
    **aggregator_shops.ACTIONS,
    **aggregator_orders.ACTIONS,
    **aggregator_money.ACTIONS,
    **aggregator_watch.ACTIONS,
    **aggregator_terminals.ACTIONS,
    **aggregator_report.ACTIONS,
    **aggregator_catalogue.ACTIONS,
    **aggregator_database.ACTIONS,
}

EPILOG = """\
start here:
  kiosk aggregator shop --help       from nothing to a shop's first payment, step by step
  kiosk aggregator backup --help     how not to lose all this
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk aggregator`."""
    parser.epilog = EPILOG
    _add(parser, ACTIONS)


def _add(parser: argparse.ArgumentParser, actions: Mapping[str, Action | Group]) -> None:
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    for name, action in actions.items():
        of_action = choices.add_parser(
            name,
            help=action.help,
            description=action.help[0].upper() + action.help[1:] + ".",
            epilog=action.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if isinstance(action, Group):
            _add(of_action, action.actions)
        else:
            action.add_arguments(of_action)
            of_action.set_defaults(perform=action.run)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not found or not possible; 2 wrong options."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    perform: Callable[[argparse.Namespace], int] = args.perform
    try:
        return perform(args)
    except (AdminError, DatabaseError, BusyError) as error:
        complain(error)
        return 1
