"""`kiosk aggregator catalogue …`: the draft of what terminals offer, its publication, and accounts of small payees."""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from kiosk.aggregator.catalogue import catalogue, catalogue_file, payees
from kiosk.aggregator.catalogue.catalogue_file import CatalogueError
from kiosk.aggregator.catalogue.catalogue_key import ensure_catalogue_key
from kiosk.aggregator.catalogue.payees import AccountsError
from kiosk.cli.aggregator_common import Action, Group, add_database, complain, opened, print_json

Deed = Callable[[sa.Engine, argparse.Namespace], None]


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.toml")


def _import(engine: sa.Engine, args: argparse.Namespace) -> None:
    draft = catalogue.import_draft(engine, args.file.read_text(encoding="utf-8"))
    print(f"the draft has {len(draft.groups)} groups and {len(draft.offers)} services; terminals see it when published")


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Nothing to say."""


def _export(engine: sa.Engine, _args: argparse.Namespace) -> None:
    sys.stdout.write(catalogue_file.write(catalogue.draft(engine)))


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="PERSON", help="who publishes it; kept with the version")


def _publish(engine: sa.Engine, args: argparse.Namespace) -> None:
    version = catalogue.publish(engine, ensure_catalogue_key(args.data), args.by[:100])
    print(f"version {version}")


def _show(engine: sa.Engine, _args: argparse.Namespace) -> None:
    print_json([asdict(offer) for offer in catalogue.draft(engine).offers])


def _accounts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--service", required=True, metavar="ID")
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="columns: account, due, and any details to show")


def _accounts(engine: sa.Engine, args: argparse.Namespace) -> None:
    count = payees.import_accounts(engine, args.service, args.file.read_text(encoding="utf-8-sig"))
    print(f"{args.service} has {count} accounts")


def _action(words: str, deed: Deed, add_arguments: Callable[[argparse.ArgumentParser], None]) -> Action:
    """An action on the open database, with every fault of a file on a line of its own."""

    def arguments(parser: argparse.ArgumentParser) -> None:
        add_database(parser)
        add_arguments(parser)

    def run(args: argparse.Namespace) -> int:
        with opened(args) as engine:
            try:
                deed(engine, args)
            except (CatalogueError, AccountsError) as error:
                for fault in error.faults:
                    complain(fault)
                return 1
            except (OSError, UnicodeDecodeError) as error:
                complain(f"{args.file}: {error}")
                return 1
        return 0

    return Action(words, arguments, run)


ACTIONS: Mapping[str, Action | Group] = {
    "catalogue": Group(
        "what terminals offer: draft, publication, accounts of small payees",
        {
            "import": _action("the draft becomes what a file says, and nothing else", _import, _import_arguments),
            "export": _action("the draft as such a file", _export, _no_arguments),
            "show": _action("every service of the draft, as terminals would get it", _show, _no_arguments),
            "publish": _action("make the draft the newest version, signed", _publish, _publish_arguments),
            "accounts": _action("a service's accounts become those of a file", _accounts, _accounts_arguments),
        },
    ),
}
