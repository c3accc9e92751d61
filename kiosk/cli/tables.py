"""Rows for people, for spreadsheets and for programs: one way for every report.

Answers for: how a table is written. Does not answer for: what stands in it.
A column named `…_minor` holds minor units of the row's `currency`: programs (`--json`) get it as it is, people and spreadsheets
get the amount under the name without `_minor`. A column named `…_us` holds UTC microseconds, and is shown as a moment.
"""

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any

from kiosk.domain.money import format_major
from kiosk.domain.rules import MICROSECONDS

MINOR, MOMENT = "_minor", "_us"
NOTHING = "nothing to report"

Row = Mapping[str, Any]


class Form(StrEnum):
    TEXT = "text"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in their order; every row has each of them."""

    columns: tuple[str, ...]
    rows: Sequence[Row]


def add_form(parser: argparse.ArgumentParser) -> None:
    """`--csv` and `--json`; `form_of` reads them."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--csv", action="store_true", help="for a spreadsheet: commas, a header, amounts with a point")
    forms.add_argument("--json", action="store_true", help="for programs: minor units, times in UTC microseconds")


def form_of(args: argparse.Namespace) -> Form:
    """What `add_form` heard."""
    return Form.CSV if args.csv else Form.JSON if args.json else Form.TEXT


def write(table: Table, form: Form, zone: tzinfo = UTC) -> None:
    """Onto standard output. `zone`: in which people are shown moments."""
    match form:
        case Form.JSON:
            print(json.dumps(_plain(table), ensure_ascii=False))
        case Form.CSV:
            lines = csv.writer(sys.stdout, lineterminator="\n")
            lines.writerow(_title(name) for name in table.columns)
            lines.writerows([_safe(_shown(row, name, zone)) for name in table.columns] for row in table.rows)
        case Form.TEXT:
            _write_text(table, zone)


def write_all(tables: Mapping[str, Table], *, as_json: bool, zone: tzinfo = UTC) -> None:
    """Several, each under its name: an object of lists for programs."""
    if as_json:
        print(json.dumps({name: _plain(table) for name, table in tables.items()}, ensure_ascii=False))
        return
    for at, (name, table) in enumerate(tables.items()):
        print(f"{chr(10) if at else ''}{name}")
        _write_text(table, zone)


def _plain(table: Table) -> list[dict[str, Any]]:
    return [{name: row[name] for name in table.columns} for row in table.rows]


def _write_text(table: Table, zone: tzinfo) -> None:
    if not table.rows:
        print(NOTHING)
        return
    cells = [[_title(name).replace("_", " ") for name in table.columns]]
    cells += [[_shown(row, name, zone) for name in table.columns] for row in table.rows]
    widths = [max(len(line[at]) for line in cells) for at in range(len(table.columns))]
    to_the_right = [all(_is_figure(row[name]) for row in table.rows) for name in table.columns]
    for line in cells:
        padded = zip(line, widths, to_the_right, strict=True)
        print("  ".join(text.rjust(wide) if right else text.ljust(wide) for text, wide, right in padded).rstrip())


def _title(name: str) -> str:
    return name.removesuffix(MINOR).removesuffix(MOMENT)


def _is_figure(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(row: Row, name: str, zone: tzinfo) -> str:
    value = row[name]
    if value is None or value == "":
        return ""
    if name.endswith(MINOR):
        return format_major(value, row["currency"])
    if name.endswith(MOMENT):
        return _moment(value, zone) if value else ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _moment(at_us: int, zone: tzinfo) -> str:
    moment = datetime.fromtimestamp(at_us // MICROSECONDS, UTC).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%SZ" if zone is UTC else "%Y-%m-%d %H:%M:%S %z")


def _safe(text: str) -> str:
    """A spreadsheet takes a text that begins so for a formula; what others wrote must stay text."""
    is_number = text[:1] == "-" and text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in set("=+-@\t\r") and not is_number else text
