"""`kiosk report cash|payments|…|reconcile|all|count`: what happened at this kiosk, and whether it agrees."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.cli.live_journal import readable
from kiosk.cli.tables import Form, Table, add_form, form_of, write, write_all
from kiosk.domain.money import MoneyError, format_major, parse_major
from kiosk.domain.rules import MICROSECONDS
from kiosk.link import service as s
from kiosk.link.codec import LinkError
from kiosk.link.service_client import NoTillError, TillSilentError, ask
from kiosk.settings import Settings, load
from kiosk.till import journal, reconciling
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import closed_journal
from kiosk.till.report_book import ReportBook, read_book
from kiosk.till.reports import REPORTS, Wanted

OWN = "EUR"  #: the currency with rows of its own where no settings name one

EPILOG = """\
  kiosk report cash --config config/kiosk.toml                             what is in the box, by denomination
  kiosk report payments --config FILE --from 2026-11-01 --to 2026-11-30 --csv > november.csv
  kiosk report collections --config FILE --period 12                       one box: who took it, what was in it, what was counted
  kiosk report reconcile --config FILE                                     does it all agree? exit code 1 when it does not
  kiosk report count --config FILE --period 12 --currency EUR --counted 1234.50 --person "M. Petrova" --reason "by machine"

A period lasts from one collection to the next; its number stands on the collection slip. What becomes of money later is told with
the period in which its notes came in. Days are the terminal's own. While the till runs, a copy of its journal is read.

reconcile compares three things: the cash boxes, what became of the money in them, and the aggregator's register. Every row is
explained; open: it settles itself, or a person settles it at the kiosk's service menu; or unexplained: somebody has to look.

uptime tells what the journal proves. A till that is idle writes nothing: between its last row and the next start it may have been
on or off, and the report says so.

exit codes: 0 done · 1 not possible; reconcile and all: something is unexplained · 2 wrong options or configuration
"""


class ReportError(Exception):
    """What was asked for cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a journal is, and how its kiosk shows moments."""

    path: Path
    settings: Settings | None

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.settings.terminal.time_zone) if self.settings else UTC

    @property
    def currency(self) -> str:
        return self.settings.terminal.currency if self.settings else OWN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk report`."""
    parser.epilog = EPILOG
    reports = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    for name, report in REPORTS.items():
        _add_span(_add_form(_report(reports, name, report.what)))
    _add_form(_report(reports, "reconcile", "cash boxes, payments and the aggregator's register: do they agree?"))
    _add_span(_add_form(_report(reports, "all", "every report, one after another")))
    _add_count(reports)


def _report(reports: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = reports.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _add_form(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--config", type=Path, action="append", metavar="FILE", help="the till's settings")
    source.add_argument("--journal", type=Path, metavar="FILE", help="a journal file no till has open, or a copy")
    add_form(parser)
    return parser


def _add_span(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", type=_period, default=0, metavar="N", help="one collection period alone")
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", help="the terminal's day, as in 2026-11-01")
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", help="this day included")


def _add_count(reports: Any) -> None:
    parser = _report(
        reports, "count", "enter what was counted by hand in a box that was taken; the running till records it"
    )
    parser.add_argument(
        "--config", type=Path, action="append", required=True, metavar="FILE", help="the till's settings"
    )
    parser.add_argument(
        "--period", type=_period, required=True, metavar="N", help="as it stands on the collection slip"
    )
    parser.add_argument("--currency", required=True, metavar="CODE", help="EUR, RUB")
    parser.add_argument("--counted", required=True, metavar="AMOUNT", help="as in 1234.50")
    parser.add_argument("--person", required=True, metavar="NAME", help="who counted; goes into the journal, for ever")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="how, or why it differs; likewise")


def run(args: argparse.Namespace) -> int:
    """0 done; 1 not possible, or something is unexplained; 2 wrong options."""
    try:
        return _count(args) if args.report == "count" else _tell(args)
    except (JournalError, TillSilentError, LinkError, ReportError, OSError) as error:
        print(f"kiosk report: {error}", file=sys.stderr)
        return 1
    except (MoneyError, argparse.ArgumentTypeError) as error:
        print(f"kiosk report: {error}", file=sys.stderr)
        return 2


# --- telling ------------------------------------------------------------------------------------------------------


def _tell(args: argparse.Namespace) -> int:
    settings = load(args.config) if args.config else None
    source = Source(settings.till.journal_file if settings else args.journal, settings)
    wanted, form = _wanted(args, source.zone), form_of(args)
    if args.report == "all" and form is Form.CSV:
        raise argparse.ArgumentTypeError("--csv is for one report: a spreadsheet holds one table")
    book = _book(source)
    found = _tables(args.report, book, wanted, source.currency)
    if args.report == "all":
        write_all(found, as_json=form is Form.JSON, zone=source.zone)
    else:
        write(found[args.report], form, source.zone)
    agrees = reconciling.is_explained(found["reconcile"].rows) if "reconcile" in found else True
    return 0 if agrees else 1


def _tables(report: str, book: ReportBook, wanted: Wanted, own: str) -> Mapping[str, Table]:
    """Under their names. Of a part of the journal nothing can be reconciled: money of one day is settled on another."""
    found = {name: Table(r.columns, r.make(book, wanted)) for name, r in REPORTS.items() if report in {name, "all"}}
    if report == "reconcile" or (report == "all" and wanted == Wanted()):
        found["reconcile"] = Table(reconciling.COLUMNS, reconciling.reconcile(book, own))
    return found


def _book(source: Source) -> ReportBook:
    with readable(source.path, source.settings) as path, closed_journal(path) as connection:
        try:
            return read_book(journal.rows(connection, 0, journal.GENESIS))
        except JournalError as error:
            raise ReportError(
                f"{source.path}: {error}\nKeep the file as it is: kiosk journal verify tells more."
            ) from error


def _wanted(args: argparse.Namespace, zone: tzinfo) -> Wanted:
    """Raises ArgumentTypeError for days the wrong way round."""
    if args.report == "reconcile":
        return Wanted()
    first: date | None = args.first
    last: date | None = args.last
    if first and last and last < first:
        raise argparse.ArgumentTypeError("--to is before --from")
    until = last + timedelta(days=1) if last else None
    return Wanted(args.period, _start_us(first, zone), _start_us(until, zone))


def _start_us(day: date | None, zone: tzinfo) -> int:
    if day is None:
        return 0
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * MICROSECONDS


# --- a count ------------------------------------------------------------------------------------------------------


def _count(args: argparse.Namespace) -> int:
    currency = args.currency.upper()
    counted_minor = parse_major(args.counted, currency)
    person, reason = args.person.strip(), args.reason.strip()
    if not person or not reason:
        raise argparse.ArgumentTypeError("--person and --reason must say something")
    files = load(args.config).till
    request = s.EnterCount(args.period, currency, counted_minor, person, reason)
    entered = _entered(files.service_socket, request)
    _tell_count(entered, args.period, currency, reason)
    return 0


def _entered(socket: Path, request: s.EnterCount) -> s.CountEntered:
    """Raises ReportError, TillSilentError, LinkError."""
    try:
        answers = tuple(ask(socket, request))
    except NoTillError as error:
        raise ReportError(
            f"{error}\nA count is recorded by the running till. Start it (systemctl start kiosk-till), then enter it again."
        ) from error
    match answers:
        case (s.CountEntered() as entered,):
            return entered
        case (s.Declined(reason=reason),):
            raise ReportError(reason)
        case _:
            raise ReportError(f"{socket}: the till hung up before it answered; look at `kiosk report collections`")


def _tell_count(entered: s.CountEntered, period: int, currency: str, reason: str) -> None:
    counted = format_major(entered.booked_minor + entered.over_minor, currency)
    booked, differs = format_major(entered.booked_minor, currency), format_major(abs(entered.over_minor), currency)
    print(f"period {period}: counted {counted} {currency}, booked {booked} {currency}")
    if not entered.over_minor:
        print("it agrees")
        return
    print(f"{'over' if entered.over_minor > 0 else 'short'} by {differs} {currency}: {reason}")
    print("A supervisor settles the difference at the kiosk's service menu.")


# --- arguments ----------------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write a day as in 2026-11-01") from None


def _period(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"{text!r}: periods count from 1")
    return int(text)
