"""`kiosk aggregator migrate`, `verify`: the database itself."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import FILE_NAME, make_engine, reading
from kiosk.aggregator.verify import Verification, verify
from kiosk.cli.aggregator_common import Action, add_database, database_url, opened, print_json
from kiosk.domain.money import format_major


def _migrate_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if there is something to do")


def _migrate(args: argparse.Namespace) -> int:
    if args.check:
        return _check(args)
    with opened(args) as engine:
        print(f"the schema is {migrate.schema_of(engine).found}")
    return 0


def _check(args: argparse.Namespace) -> int:
    url = database_url(args)
    if not url and not (args.data / FILE_NAME).exists():
        print(f"there is no database in {args.data} yet")
        return 1
    engine = make_engine(url or f"sqlite:///{args.data / FILE_NAME}")
    try:
        schema = migrate.schema_of(engine)
    finally:
        engine.dispose()
    if schema.is_current:
        print(f"the schema is {schema.found}, the newest")
        return 0
    print(
        f"the schema is {schema.found or 'from before there were revisions'}; this program brings it to {schema.newest}"
    )
    return 1


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--json", action="store_true", help="one object: right, bookings, balances, faults")


def _verify(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        found = verify(db)
    if args.json:
        print_json({"right": found.is_right, **asdict(found)})
    else:
        _print(found)
    return 0 if found.is_right else 1


def _print(found: Verification) -> None:
    for one in found.balances:
        print(f"{one.account:<40} {format_major(one.amount_minor, one.currency):>18} {one.currency}")
    for fault in found.faults:
        print(f"WRONG {fault}")
    end = "they agree" if found.is_right else f"{len(found.faults)} faults: stop paying out and find out why"
    print(f"{found.bookings} bookings; {end}")


VERIFY_EPILOG = """\
Debits are above zero (cash at terminals, in transit), credits below (owed to merchants, to holders of claims, commission).

exit codes: 0 the books agree · 1 they do not, or the database cannot be used
"""

ACTIONS: Mapping[str, Action] = {
    "migrate": Action(
        "bring the database to this program's schema (every command does it by itself)", _migrate_arguments, _migrate
    ),
    "verify": Action(
        "prove that the books sum to zero and agree with payments and claims", _verify_arguments, _verify, VERIFY_EPILOG
    ),
}
