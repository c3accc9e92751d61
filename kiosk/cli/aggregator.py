"""`kiosk aggregator`: serve it, and administer its merchants, terminals and books; the actions are in `aggregator_*.py`."""

import argparse
import logging
from collections.abc import Mapping

from kiosk.aggregator.storage.errors import BusyError, DatabaseError
from kiosk.cli import (
    aggregator_catalogue,
    aggregator_database,
    aggregator_serve,
    aggregator_shops,
    aggregator_terminals,
)
from kiosk.cli.aggregator_common import Action, complain

NAME = "aggregator"
HELP = "the reference aggregator: merchants, orders, payments from terminals"

ACTIONS: Mapping[str, Action] = {
    **aggregator_serve.ACTIONS,
    **aggregator_shops.ACTIONS,
    **aggregator_terminals.ACTIONS,
    **aggregator_catalogue.ACTIONS,
    **aggregator_database.ACTIONS,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk aggregator`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, action in ACTIONS.items():
        of_action = actions.add_parser(
            name, help=action.help, epilog=action.epilog, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        action.add_arguments(of_action)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not found or not possible."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return ACTIONS[args.action].run(args)
    except (DatabaseError, BusyError) as error:
        complain(error)
        return 1
