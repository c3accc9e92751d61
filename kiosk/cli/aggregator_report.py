"""`kiosk aggregator report terminals|cash|collections|differences`: all terminals at once, as text, CSV or JSON."""

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from kiosk.aggregator.moments import MICROSECONDS
from kiosk.aggregator.terminals import reports
from kiosk.cli.aggregator_common import Action, Group, add_database, complain, opened
from kiosk.cli.aggregator_terminals import SILENT_S, terminal_number
from kiosk.cli.tables import Table, add_form, form_of, write

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2100, 1, 1)

EPILOG = """\
  kiosk aggregator report terminals --data DIR                     how each is, what troubles it, what is in its box
  kiosk aggregator report cash --data DIR --csv                    what is in the boxes now, by denomination
  kiosk aggregator report collections --data DIR --from 2026-11-01 --to 2026-11-30 --csv
  kiosk aggregator report differences --data DIR --json            whatever does not agree, each with its kind

kinds of differences: in_the_box (a terminal counts other cash than our books), taken_out (boxes held more or less than our books
said) of which on_its_way, test_money, orphans and unexplained, not_banked, no_report (a period nobody told of), broken_chain,
alarm.
exit codes: 0 done · 1 not possible; `differences`: something is unexplained, missing or broken · 2 wrong options
"""
#: What a person has to look into; the rest settles itself or waits for the bank.
ALARMING = frozenset({"unexplained", "no_report", "broken_chain", "alarm"})


def _common(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", type=terminal_number, metavar="NNNN", help="one terminal alone")
    add_form(parser)


def _terminals_arguments(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--silent-s", type=int, default=SILENT_S, metavar="N", help="not heard of for so long: silent")


def _terminals(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        rows = reports.terminals(engine, args.silent_s, args.number or "")
    write(Table(reports.TERMINALS, rows), form_of(args))
    return 0


def _cash(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        rows = reports.cash(engine, args.number or "")
    write(Table(reports.CASH, rows), form_of(args))
    return 0


def _collections_arguments(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--from", dest="first", type=_day, default=FIRST_DAY, metavar="DAY", help="UTC, 2026-11-01")
    parser.add_argument("--to", dest="last", type=_day, default=LAST_DAY, metavar="DAY", help="this day included")


def _collections(args: argparse.Namespace) -> int:
    first: date = args.first
    last: date = args.last
    if last < first:
        complain("--to is before --from")
        return 2
    with opened(args) as engine:
        until = last + timedelta(days=1)
        rows = reports.collections_taken(engine, _start_us(first), _start_us(until), args.number or "")
    write(Table(reports.COLLECTIONS, rows), form_of(args))
    return 0


def _differences(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        rows = reports.differences(engine, args.number or "")
    write(Table(reports.DIFFERENCES, rows), form_of(args))
    return int(any(row["kind"] in ALARMING for row in rows))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write a day as in 2026-11-01") from None


def _start_us(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * MICROSECONDS


ACTIONS: Mapping[str, Action | Group] = {
    "report": Group(
        "all terminals at once: how they are, their cash, their collections, what disagrees",
        {
            "terminals": Action("how each is, what troubles it, what is in its box", _terminals_arguments, _terminals),
            "cash": Action("what is in the boxes now, by denomination", _common, _cash),
            "collections": Action("boxes that were taken", _collections_arguments, _collections),
            "differences": Action("whatever does not agree, each with its kind", _common, _differences, EPILOG),
        },
        EPILOG,
    )
}
