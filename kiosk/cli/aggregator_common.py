"""What the actions of `kiosk aggregator` share: a row of a table each, where the database is, how answers are printed."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.moments import rfc3339
from kiosk.aggregator.shops.lifecycle import By
from kiosk.aggregator.storage.database import open_database
from kiosk.aggregator.storage.errors import DatabaseError
from kiosk.domain.money import format_major


@dataclass(frozen=True, slots=True)
class Action:
    """`kiosk aggregator NAME`: `run` returns the exit code."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    epilog: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`kiosk aggregator NAME ACTION`."""

    help: str
    actions: Mapping[str, Action]
    epilog: str = ""


def add_person(parser: argparse.ArgumentParser) -> None:
    """Who does it and why; `by` reads them."""
    parser.add_argument("--by", required=True, metavar="PERSON", help="who does this; kept for ever")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; kept for ever")


def by(args: argparse.Namespace) -> By:
    """Of `add_person`. Raises AdminError."""
    return By(args.by.strip(), args.reason.strip())


def add_json(parser: argparse.ArgumentParser) -> None:
    """For answers that programs read too."""
    parser.add_argument(
        "--json", action="store_true", help="for programs: amounts in minor units, times in UTC microseconds"
    )


def show(args: argparse.Namespace, rows: Sequence[Mapping[str, Any]], line: Callable[[Mapping[str, Any]], str]) -> None:
    """A list as JSON, or a line each."""
    if args.json:
        print_json(rows)
        return
    for row in rows:
        print(line(row))
    if not rows:
        print("none")


def when(at_us: int) -> str:
    """A moment for people who administer."""
    return rfc3339(at_us)


def money(amount_minor: int, currency: str) -> str:
    """An amount for people who administer."""
    return f"{format_major(amount_minor, currency)} {currency}"


def add_database(parser: argparse.ArgumentParser) -> None:
    """Where the database is; `opened` opens it."""
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="the aggregator's own folder: database and key of secrets",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--database",
        type=_url_without_password,
        metavar="URL",
        help="another database than the file in DIR: postgresql+psycopg://USER@HOST/NAME, without a password",
    )
    where.add_argument(
        "--database-file",
        type=Path,
        metavar="FILE",
        help="a file that holds such a URL, with its password if it needs one",
    )


def _url_without_password(text: str) -> str:
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise argparse.ArgumentTypeError("write a URL, as in postgresql+psycopg://USER@HOST/NAME") from None
    if url.password or "password" in url.query:
        raise argparse.ArgumentTypeError(
            "everyone on this machine can read a password given here; put the URL into a file, name it with --database-file"
        )
    return text


def database_url(args: argparse.Namespace) -> str:
    """The URL that was given or is in the file; empty for the file in --data. Raises DatabaseError."""
    if args.database_file is None:
        return args.database or ""
    try:
        return str(args.database_file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise DatabaseError(f"{args.database_file}: cannot be read: {error.strerror}") from error


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[sa.Engine]:
    """The database of `add_database`, with today's schema. Raises DatabaseError."""
    engine = open_database(args.data, database_url(args))
    try:
        yield engine
    finally:
        engine.dispose()


def print_json(value: Any) -> None:
    """For programs, and readable by people."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def complain(message: object) -> None:
    """What went wrong, on stderr."""
    print(f"kiosk aggregator: {message}", file=sys.stderr)
