"""`kiosk acceptor watch`: the technician's tool, and everyone's black box around an acceptor of any protocol."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from drivers.bill_acceptor.registry import PROTOCOLS, detect_protocol, open_acceptor
from drivers.errors import DriverError
from kiosk.cli.acceptor_watch import Happened, Record, Watcher, finish
from kiosk.settings import load

NAME = "acceptor"
HELP = "look at a bill acceptor: who it is, its notes, and everything that happens"

AUTO = "auto"
POLL_S = 0.1
FINISH_POLLS_MAX = 100  #: of POLL_S: a note in motion arrives in this time, or is reported as it is
INSTALLED_SETTINGS = Path("/etc/kiosk/kiosk.toml")  #: where a till's settings are when no --config names them
INSTALLED_JOURNAL = Path("/var/lib/kiosk/journal.sqlite")  #: as in config/kiosk.toml
EPILOG = """\
A note is shown and given back, unless --stack says otherwise. No note is stacked where a till keeps its journal: it would be in
the box without a line in the ledger.

--json prints one object a line, with the keys event, state, note (currency, value_minor, or null), reason (or null), at_s.
event is one of: connected state escrow stacked returned rejected orphan_stacked fault cash_box disconnected.
The first state after the unit was asked carries identity and denominations too; a fault carries code and severity.

exit codes: 0 the unit was seen · 1 it never was, or the port cannot be had · 2 wrong options
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk acceptor`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    watch = actions.add_parser(
        "watch",
        help="identify the unit, then print one line for everything that happens, until Ctrl-C",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    watch.add_argument("--port", required=True, metavar="PORT", help="best a name in /dev/serial/by-id or by-path")
    watch.add_argument("--protocol", choices=(AUTO, *sorted(PROTOCOLS)), default=AUTO, help="default: auto")
    watch.add_argument("--stack", type=_count, default=0, metavar="none|all|N", help="notes to keep (default: none)")
    watch.add_argument("--seconds", type=_seconds, metavar="S", help="end after this time")
    watch.add_argument("--json", action="store_true", help="one JSON object a line")
    watch.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"the till's settings, which name its journal (default: {INSTALLED_SETTINGS}, if it is there)",
    )


def run(args: argparse.Namespace) -> int:
    """0 the unit was seen; 1 it never was, or the port cannot be had; 2 wrong options."""
    journal = None if args.stack == 0 else next((file for file in _journals(args.config) if file.exists()), None)
    if journal is not None:
        print(f"kiosk acceptor: a till keeps its journal in {journal}: no note is stacked past it", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_watch(args))
    except DriverError as error:
        print(f"kiosk acceptor: {error}", file=sys.stderr)
        return 1


def _journals(named: Sequence[Path] | None) -> list[Path]:
    """Where a till's journal may be. Raises SettingsError when the settings that were named cannot be read."""
    if named:
        return [load(named).till.journal_file]
    if not INSTALLED_SETTINGS.exists():
        return [INSTALLED_JOURNAL]
    return [load([INSTALLED_SETTINGS]).till.journal_file, INSTALLED_JOURNAL]


async def _watch(args: argparse.Namespace) -> int:
    """Raises DriverError when the port cannot be had now; a unit unplugged later is waited for."""
    write = partial(_print_json if args.json else _print_line, _out)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    protocol = args.protocol
    if protocol == AUTO:
        protocol = await detect_protocol(args.port)
    else:
        line = PROTOCOLS[protocol]
        await line.open(args.port, line.baud).close()
    acceptor = open_acceptor(protocol, args.port, POLL_S)
    watcher = Watcher(acceptor, args.stack, write, asyncio.get_running_loop().time)
    watching = asyncio.create_task(watcher.run(), name="acceptor")
    try:
        await _until(stop, watching, args.seconds)
        await finish(watcher, acceptor, partial(asyncio.sleep, POLL_S), FINISH_POLLS_MAX)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return 0 if watcher.was_connected else 1


async def _until(stop: asyncio.Event, watching: "asyncio.Task[None]", seconds: float | None) -> None:
    """Until told to stop, or the time is over. What breaks the watcher is raised here."""
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({stopping, watching}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if watching in done:
            await watching
    finally:
        stopping.cancel()


def _out(line: str) -> None:
    print(line, flush=True)


def _print_json(say: Callable[[str], None], record: Record) -> None:
    say(json.dumps(record.as_json()))


def _print_line(say: Callable[[str], None], record: Record) -> None:
    if "identity" in record.detail:
        _print_identity(say, record.detail)
        return
    words = [f"{record.at_s:9.3f}", f"{record.event.value:<14}"]
    if record.event in {Happened.CONNECTED, Happened.STATE}:
        words.append(record.state.value)
    if record.note is not None:
        words.append(_money(record.note.value_minor, record.note.currency))
    words += [word for word in (record.reason, record.detail.get("code", "")) if word]
    if "severity" in record.detail:
        words.append(f"(call the {record.detail['severity']})")
    say(" ".join(words))


def _print_identity(say: Callable[[str], None], detail: Any) -> None:
    identity = detail["identity"]
    named = ", ".join(f"{name} {identity[name]}" for name in ("model", "serial", "firmware") if identity[name])
    say(f"unit: {identity['protocol']}, {named or 'which does not say who it is'}")
    rows = [_money(row["value_minor"], row["currency"]) for row in detail["denominations"]]
    say(f"notes: {', '.join(rows) or 'none that it names'}")


def _money(value_minor: int, currency: str) -> str:
    return f"{Decimal(value_minor).scaleb(-2).normalize():f} {currency}"


def _count(text: str) -> int | None:
    """Notes to stack; None: all of them."""
    if text in {"none", "all"}:
        return 0 if text == "none" else None
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}: say none, all or a number")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: say a number of seconds above 0")
    return seconds
