"""`kiosk aggregator documents|support|findings …`: who merchants are, what they ask, and what looked unusual."""

import argparse
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.aggregator.moments import MICROSECONDS, now_us
from kiosk.aggregator.shops import identification, monitoring, support
from kiosk.aggregator.shops.identification import DocumentKind, DocumentState
from kiosk.aggregator.shops.monitoring import FindingState
from kiosk.aggregator.shops.support import Said
from kiosk.aggregator.storage.database import reading
from kiosk.cli.aggregator_common import Action, Group, add_database, add_json, add_person, by, opened, show, when

HOUR_US = 3600 * MICROSECONDS


def _submit_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")
    parser.add_argument("--kind", type=DocumentKind, choices=list(DocumentKind), required=True)
    parser.add_argument(
        "--file", type=Path, required=True, help="its hash is kept; keep the file itself where you keep such"
    )
    parser.add_argument("--valid-until", type=_day, metavar="YYYY-MM-DD")
    add_person(parser)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, as in 2026-12-31") from None


def _submit(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        number = identification.submit(engine, args.login, args.kind, args.file, args.valid_until, by(args))
    print(f"document {number} waits for a decision")
    return 0


def _number_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", type=int, required=True)
    add_person(parser)


def _decide(state: DocumentState, args: argparse.Namespace) -> int:
    with opened(args) as engine:
        identification.decide(engine, args.number, state, by(args))
    return 0


def _documents_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")
    add_json(parser)


def _documents(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        rows = identification.documents(db, args.login)
    show(
        args,
        rows,
        lambda row: f"{row['id']:>6} {row['kind']:<20} {row['state']:<10} {row['file_name']} {row['reason']}",
    )
    return 0


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", required=True, help="the shop's MerchantLogin")
    parser.add_argument("--kind", type=support.Kind, choices=list(support.Kind), required=True)
    _said_arguments(parser)


def _said_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="PERSON", help="who writes")
    parser.add_argument("--text", required=True)


def _open(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        print(f"support request {support.open_request(engine, args.login, args.kind, args.by, args.text)} is open")
    return 0


def _say_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--number", type=int, required=True)
    _said_arguments(parser)


def _say(said: Said, args: argparse.Namespace) -> int:
    with opened(args) as engine:
        print(f"support request {args.number} is {support.say(engine, args.number, said, args.by, args.text)}")
    return 0


def _requests_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--login", default="", help="of one shop")
    parser.add_argument("--state", type=support.State, choices=list(support.State))
    add_json(parser)


def _requests(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        show(args, support.listed(db, args.login, args.state), _request)
    return 0


def _request(row: Mapping[str, Any]) -> str:
    said = [f"    {when(one['at_us'])} {one['person']}: {one['text']}" for one in row["messages"]]
    return "\n".join([f"{row['id']:>6} {row['login']} {row['kind']} {row['state']}", *said])


def _scan_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--rules", type=Path, required=True, metavar="FILE", help="as in config/monitoring.toml")
    parser.add_argument("--hours", type=int, default=24, metavar="N", help="look at payments of the last N hours (24)")


def _scan(args: argparse.Namespace) -> int:
    rules = monitoring.read(args.rules)
    with opened(args) as engine:
        print(f"new: {monitoring.scan(engine, rules, now_us() - args.hours * HOUR_US)}")
    return 0


def _findings_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--state", type=FindingState, choices=list(FindingState))
    add_json(parser)


def _findings(args: argparse.Namespace) -> int:
    with opened(args) as engine, reading(engine) as db:
        show(args, monitoring.listed(db, args.state), _finding)
    return 0


def _finding(row: Mapping[str, Any]) -> str:
    said = f" ({row['person']}: {row['reason']})" if row["person"] else ""
    return f"{row['id']:>6} {when(row['last_us'])} {row['state']:<12} {row['subject']}: {row['says']}{said}"


def _acknowledge(args: argparse.Namespace) -> int:
    with opened(args) as engine:
        monitoring.acknowledge(engine, args.number, by(args))
    return 0


DOCUMENTS_EPILOG = """\
Which documents a shop needs, and what is still missing, is in `kiosk aggregator shop show`. A rejected or too old document is
replaced by submitting a new one.
"""

FINDINGS_EPILOG = """\
best from a timer, every few minutes:
  kiosk aggregator findings scan --data D --rules config/monitoring.toml
then a person looks:
  kiosk aggregator findings list --data D --state open
  kiosk aggregator findings acknowledge --data D --number 1 --by Ann --reason "a fair in the next street, asked the shop"
"""

ACTIONS: Mapping[str, Action | Group] = {
    "documents": Group(
        "who a merchant is",
        {
            "submit": Action("a document came", _submit_arguments, _submit),
            "accept": Action("it is what it should be", _number_arguments, partial(_decide, DocumentState.ACCEPTED)),
            "reject": Action(
                "the reason says what to send instead", _number_arguments, partial(_decide, DocumentState.REJECTED)
            ),
            "list": Action("everything a shop sent", _documents_arguments, _documents),
        },
        DOCUMENTS_EPILOG,
    ),
    "support": Group(
        "what merchants ask",
        {
            "open": Action("a merchant asks", _open_arguments, _open),
            "ask": Action("the merchant asks once more", _say_arguments, partial(_say, Said.ASKED)),
            "answer": Action("we answer", _say_arguments, partial(_say, Said.ANSWERED)),
            "close": Action("with a last word", _say_arguments, partial(_say, Said.CLOSED)),
            "list": Action("requests and what was said", _requests_arguments, _requests),
        },
    ),
    "findings": Group(
        "payments that looked unusual; none is ever stopped",
        {
            "scan": Action("look for unusual payments; may be run as often as wanted", _scan_arguments, _scan),
            "list": Action("what was found, and who looked at it", _findings_arguments, _findings),
            "acknowledge": Action(
                "a person looked at one; the reason says why it is all right", _number_arguments, _acknowledge
            ),
        },
        FINDINGS_EPILOG,
    ),
}
