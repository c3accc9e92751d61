"""`kiosk demo`: everything at once on this machine: an order paid in cash, end to end."""

import argparse
import os
import sys
from pathlib import Path

from drivers.bill_acceptor.registry import PROTOCOLS
from kiosk.demo.cast import PATHS
from kiosk.demo.market import CURRENCY, offers_services, purchase
from kiosk.demo.play import play
from kiosk.demo.run_state import DemoOptions, DemoUsageError, Folder, make_folder
from kiosk.domain.money import MoneyError, parse_major

NAME = "demo"
HELP = "all of it at once on this machine: pay an order in cash, end to end"

LANGUAGES = ("bg", "ru", "en")
SERVICE_NOTES = "20,20,10"
DEFAULTS = {"EUR": ("70", "50,20"), "RUB": ("700", "500,200")}
EPILOG = """\
With a display: a window to touch and a bench panel beside it. Without one, or with --headless: a scripted buyer
plays by real touches. The folder then holds pictures of every screen passed (screens/), what the printer got and
printed (receipt.bin, receipt.txt, receipt.png), both databases, logs, pids.json and result.json.
Over the terminal API, in EUR, there are services beside the order: those of config/catalogue that a screen without
letters can offer. The buyer pays one of them with --service; where the amount is open, the notes decide.

examples:
  kiosk demo --headless
  kiosk demo --headless --language bg --notes 50,50 --seed 7
  kiosk demo --headless --dialect osmp --protocol id003
  kiosk demo --headless --service mobile-top-up --field phone=881234567 --notes 20,10
  kiosk demo --headless --service electricity --field customer=1000000017
  kiosk demo --headless --service parking-place --field place=0042 --field zone=blue
  kiosk demo --headless --service school-books --notes 10

exit codes: 0 done · 1 failed · 2 wrong options · 3 the till died; the command that resumes is printed
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk demo`."""
    parser.epilog = EPILOG
    parser.add_argument("--headless", action="store_true", help="no window: a scripted buyer plays")
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="where everything goes (default: out)"
    )
    parser.add_argument("--resume", type=Path, metavar="DIR", help="go on with a run whose till died")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="what the buyer chooses (default: en)")
    parser.add_argument("--currency", choices=sorted(DEFAULTS), default="EUR", help="default: EUR")
    parser.add_argument("--order-amount", metavar="AMOUNT", help="in major units (default: 70 EUR, 700 RUB)")
    parser.add_argument(
        "--notes",
        metavar="50,20",
        help=f"what the buyer puts in, in major units, in order (default: 50,20 EUR, 500,200 RUB; a service {SERVICE_NOTES})",
    )
    parser.add_argument("--service", default="", metavar="ID", help="the buyer pays for this service, not for an order")
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the buyer fills in; repeat for each field",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the buyer's pauses and the noise on the line")
    parser.add_argument(
        "--acceptor", default="", metavar="PORT", help="use the acceptor on this serial port, not a twin"
    )
    parser.add_argument(
        "--protocol", choices=tuple(PROTOCOLS), default="ccnet", help="what the acceptor speaks (default: ccnet)"
    )
    parser.add_argument(
        "--dialect",
        choices=tuple(PATHS),
        default="terminal_api",
        help="what till and aggregator speak (default: terminal_api)",
    )


def run(args: argparse.Namespace) -> int:
    """0 done, 1 failed, 2 wrong options, 3 cut and resumable."""
    try:
        if args.resume is not None:
            folder = Folder(args.resume.resolve())
            return play(folder, folder.load(), _say, resumed=True)
        folder, state = make_folder(args.out.resolve(), _options(args))
        return play(folder, state, _say, resumed=False)
    except DemoUsageError as error:
        print(f"kiosk demo: {error}", file=sys.stderr)
        return 2


def _say(line: str) -> None:
    print(line, flush=True)


def _options(args: argparse.Namespace) -> DemoOptions:
    amount, notes = DEFAULTS[args.currency]
    if args.service:
        notes = SERVICE_NOTES
    notes = args.notes if args.notes is not None else notes
    options = DemoOptions(
        headless=args.headless or not os.environ.get("DISPLAY"),
        language=args.language,
        currency=args.currency,
        order_amount_minor=_minor("--order-amount", args.order_amount or amount, args.currency),
        notes_minor=tuple(_minor("--notes", note, args.currency) for note in notes.split(",") if note),
        seed=args.seed,
        acceptor_port=args.acceptor,
        protocol=args.protocol,
        dialect=args.dialect,
        service=args.service,
        fields=tuple(_field(text) for text in args.field),
    )
    _check_service(options)
    return options


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise DemoUsageError(f"--field {text}: write NAME=VALUE, as in phone=881234567")
    return name, value


def _check_service(options: DemoOptions) -> None:
    """Raises DemoUsageError for a service that cannot be paid for as asked."""
    if not options.service:
        if options.fields:
            raise DemoUsageError("--field fills in a service; name it with --service")
        return
    if options.dialect != "terminal_api":
        raise DemoUsageError(f"--service: {options.dialect} pays for orders only; leave --dialect out")
    if not offers_services(options):
        raise DemoUsageError(f"--service: the examples of services are in {CURRENCY}; leave --currency out")
    if not options.headless:
        raise DemoUsageError("--service is what the scripted buyer pays for; add --headless, or touch it in the window")
    purchase(options.service, dict(options.fields))


def _minor(option: str, text: str, currency: str) -> int:
    try:
        minor = parse_major(text, currency)
    except MoneyError as error:
        raise DemoUsageError(f"{option}: {error}") from error
    if minor <= 0:
        raise DemoUsageError(f"{option}: must be more than nothing")
    return minor
