"""`kiosk aggregator migrate|verify|backup|restore`: the database itself."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from kiosk.aggregator import backup
from kiosk.aggregator.money.verify import Verification, verify
from kiosk.aggregator.storage import migrate
from kiosk.aggregator.storage.database import FILE_NAME, KEY_FILE_NAME, make_engine, reading
from kiosk.aggregator.storage.still import still
from kiosk.cli.aggregator_common import Action, Group, add_database, add_json, database_url, opened, print_json
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
    add_json(parser)


def _verify(args: argparse.Namespace) -> int:
    with opened(args) as engine, still(engine, args.data) as quiet, reading(quiet) as db:
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


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="must not be there yet")


def _backup(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        made = backup.back_up(engine, args.to)
    print(f"{args.to}: {sum(made.rows.values())} rows of schema {made.schema}")
    others = sorted(path.name for path in args.data.iterdir() if path.is_file() and not path.name.startswith(FILE_NAME))
    print(f"not in it: {', '.join(others)} of {args.data}. Without {KEY_FILE_NAME} no merchant's password can be read.")
    print("Keep them apart from the backups: whoever has both can sign in the merchants' names.")
    return 0


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help="the key of the secrets, if --data does not have it"
    )


def _restore(args: argparse.Namespace) -> int:
    found = backup.restore(args.source, args.data, database_url(args), args.key_file)
    _print(found)
    return 0 if found.is_right else 1


BACKUP_EPILOG = """\
The same file can be restored into SQLite and into PostgreSQL: that is also the way from one to the other.
The aggregator may go on working meanwhile; the backup is of one moment.

  kiosk aggregator backup --data D --to aggregator-2026-01-31.backup
  kiosk aggregator restore --from aggregator-2026-01-31.backup --data E --key-file secrets.key
"""

VERIFY_EPILOG = """\
Debits are above zero (cash at terminals, in transit), credits below (owed to merchants, to holders of claims, commission).

exit codes: 0 the books agree · 1 they do not, or the database cannot be used
"""

ACTIONS: Mapping[str, Action | Group] = {
    "migrate": Action(
        "bring the database to this program's schema (every command does it by itself)", _migrate_arguments, _migrate
    ),
    "backup": Action("the whole database in one file", _backup_arguments, _backup, BACKUP_EPILOG),
    "restore": Action(
        "a backup into an empty database, and prove the books", _restore_arguments, _restore, BACKUP_EPILOG
    ),
    "verify": Action(
        "prove that the books sum to zero and agree with payments and claims", _verify_arguments, _verify, VERIFY_EPILOG
    ),
}
