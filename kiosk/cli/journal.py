"""`kiosk journal verify|show|export|backup|settled`: prove it, read it, hand it on, copy it, know when it may go."""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.cli.live_journal import PAGES_AT_ONCE, copy_of_live, readable, tell_progress
from kiosk.domain import codes
from kiosk.link.codec import LinkError
from kiosk.link.service_client import TillSilentError
from kiosk.settings import Settings, load
from kiosk.till import fact_codec, journal
from kiosk.till.durable_file import settle
from kiosk.till.journal import Journal, JournalError, Row
from kiosk.till.journal_file import JournalBusyError, closed_journal
from kiosk.till.settled import unsettled
from kiosk.till.story import sentence, visit_of, visits
from kiosk.till.verify import verify

COPIES = "journal-"  #: how the names of copies in a folder begin; the time follows
PROGRESS_ROWS = 50_000
MICROSECONDS = 1_000_000

EPILOG = """\
While the till runs its journal is locked: verify, show and export then ask the till for a copy and read that.

  kiosk journal verify --config config/kiosk.toml
  kiosk journal verify --journal copy.sqlite --anchor 1234:9f86d081884c7d65    (number and hash as printed on a slip)
  kiosk journal show --config config/kiosk.toml --payment 000121760480900001
  kiosk journal backup --config config/kiosk.toml --to /media/stick/journal.sqlite
  kiosk journal backup --config config/kiosk.toml --to /var/backups/kiosk --keep 14      (as the timer does it every night)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk journal`."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    proving = _action(actions, "verify", "chain, seals, ledger, totals, checkpoints: name whatever does not fit")
    proving.add_argument(
        "--anchor",
        action="append",
        default=[],
        type=_anchor,
        metavar="ROW:HASH",
        help="a row number and the start of its hash as known from outside (slip, aggregator); finds a journal cut back",
    )
    showing = _action(actions, "show", "what happened, line by line")
    which = showing.add_mutually_exclusive_group()
    which.add_argument("--payment", metavar="ID", help="the whole visit of a payment, visit, note or slip")
    which.add_argument(
        "--code", type=_code, metavar="CODE", help="the whole visit of a claim code as typed from a slip"
    )
    showing.add_argument("--since", type=_moment, metavar="TIME", help="2026-11-23 or 2026-11-23T14:00+02:00")
    showing.add_argument("--json", action="store_true", help="one JSON object a line")
    exporting = _action(actions, "export", "every row as JSON lines for support, nothing personal in it")
    exporting.add_argument("--to", type=Path, metavar="FILE", help="a new file; without it, standard output")
    _action(actions, "settled", "whether it may be thrown away: nothing waits, nobody is owed, no cash is left")
    copying = _action(actions, "backup", "a consistent copy, also while the till runs")
    copying.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE",
        help="a new file, or a folder: the copy is then named by the time",
    )
    copying.add_argument(
        "--keep", type=int, choices=range(1, 1001), metavar="N", help="of a folder's copies, the newest N; 1 to 1000"
    )


def _action(actions: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--config", type=Path, action="append", metavar="FILE", help="the till's settings")
    source.add_argument("--journal", type=Path, metavar="FILE", help="a journal file no till has open, or a copy")
    return parser


def run(args: argparse.Namespace) -> int:
    """0 done and right; 1 something does not fit, or could not be read or written."""
    settings = load(args.config) if args.config else None
    path = settings.till.journal_file if settings else args.journal
    try:
        if args.action == "backup":
            return _back_up(path, settings, args.to, args.keep)
        with readable(path, settings) as file:
            return ACTIONS[args.action](file, args, settings)
    except (JournalError, TillSilentError, LinkError, OSError) as error:
        print(f"kiosk journal: {error}", file=sys.stderr)
        return 1


# --- reading and copying ------------------------------------------------------------------------------------------


def _back_up(path: Path, settings: Settings | None, wanted: Path, keep: int | None) -> int:
    folder = wanted if wanted.is_dir() else None
    if keep and folder is None:
        raise JournalError(f"{wanted} is no folder; --keep is for the copies in one")
    target = wanted / f"{COPIES}{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite" if folder else wanted
    if target.exists():
        raise JournalError(f"{target} exists; give a new name, a copy never replaces another")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    _copy(path, settings, part)
    with closed_journal(part) as connection:
        last = connection.execute("SELECT max(seq) FROM fact").get or 0
    settle(part, target)
    print(f"{target}: {last} rows. Prove it with: kiosk journal verify --journal {target}")
    if folder and keep:
        for old in sorted(folder.glob(f"{COPIES}*.sqlite"))[:-keep]:
            old.unlink()
    return 0


def _copy(path: Path, settings: Settings | None, part: Path) -> None:
    try:
        _copy_closed(path, part)
    except JournalBusyError as error:
        if settings is None:
            raise JournalError(f"{error} Give --config instead of --journal to have it copied by the till.") from error
        copy = copy_of_live(settings)
        try:
            shutil.copyfile(copy, part)
        finally:
            copy.unlink(missing_ok=True)


def _copy_closed(path: Path, target: Path) -> None:
    with closed_journal(path):
        pass
    source = Journal(path)
    try:
        for remaining, in_all in source.copy_to(target, PAGES_AT_ONCE):
            tell_progress("copying page", in_all - remaining, in_all, PAGES_AT_ONCE)
    finally:
        source.close()


def _rows(path: Path) -> Iterator[Row]:
    with closed_journal(path) as connection:
        yield from journal.rows(connection, 0, journal.GENESIS)


# --- the actions --------------------------------------------------------------------------------------------------


def _verify(path: Path, args: argparse.Namespace, _settings: Settings | None) -> int:
    verdict = verify(path, dict(args.anchor), lambda row, in_all: tell_progress("row", row, in_all, PROGRESS_ROWS))
    for fault in verdict.faults:
        print(fault)
    print(f"{verdict.rows} rows, {verdict.checkpoints} checkpoints, head {verdict.head.hex()}")
    print("WRONG: keep the file as it is and call support" if verdict.faults else "everything fits")
    return 1 if verdict.faults else 0


def _show(path: Path, args: argparse.Namespace, settings: Settings | None) -> int:
    zone = ZoneInfo(settings.terminal.time_zone) if settings else UTC
    wanted = args.code or args.payment
    visit = visit_of(_rows(path), wanted) if wanted else ""
    if wanted and not visit:
        raise JournalError(f"{path}: nothing is known of {wanted}; is it another kiosk's?")
    for row, owner in visits(_rows(path)):
        if (visit and owner != visit) or (args.since and row.at_us < args.since.timestamp() * MICROSECONDS):
            continue
        print(_as_json(row, owner) if args.json else _as_line(row, owner, zone))
    return 0


def _export(path: Path, args: argparse.Namespace, _settings: Settings | None) -> int:
    if args.to is None:
        for row, owner in visits(_rows(path)):
            print(_as_json(row, owner))
        return 0
    with args.to.open("x", encoding="utf-8") as file:
        for row, owner in visits(_rows(path)):
            file.write(_as_json(row, owner) + "\n")
    return 0


def _settled(path: Path, _args: argparse.Namespace, _settings: Settings | None) -> int:
    verdict = verify(path)
    left = [*verdict.faults, *unsettled(verdict.state)]
    print("\n".join(left) or f"{path}: all of it is settled")
    return 1 if left else 0


ACTIONS = {"verify": _verify, "show": _show, "export": _export, "settled": _settled}


def _as_line(row: Row, visit: str, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(row.at_us / MICROSECONDS, UTC).astimezone(zone)
    return f"{row.seq:>7}  {at:%Y-%m-%d %H:%M:%S %z}  {visit or '-':<12}  {sentence(row.fact)}"


def _as_json(row: Row, visit: str) -> str:
    """As stored, but for what is personal: `body` is the hashed text, so a reader can check the chain."""
    data: dict[str, Any] = {"seq": row.seq, "at_us": row.at_us, "boot_id": row.boot_id, "visit": visit}
    data |= {"type": row.name, "version": row.version, "hash": row.hash.hex()}
    personal, _ = fact_codec.PERSONAL.get(row.name, ("", ""))
    plain = fact_codec.raw(row.body)
    if personal in plain:
        data["masked"] = {key: value for key, value in plain.items() if key != personal}
    else:
        data["body"] = row.body.decode()
    return json.dumps(data, ensure_ascii=False)


# --- arguments ----------------------------------------------------------------------------------------------------


def _anchor(text: str) -> tuple[int, str]:
    row, _, digest = text.partition(":")
    if not row.isdecimal() or not digest or set(digest.lower()) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not ROW:HASH, as in 1234:9f86d081884c7d65")
    return int(row), digest


def _code(text: str) -> str:
    try:
        found = codes.parse(text)
    except codes.CodeError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return f"{found.terminal_number}-{found.serial:06d}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date or time, as in 2026-11-23T14:00+02:00") from error
    return moment if moment.tzinfo else moment.astimezone()
