"""`kiosk diagnose`: every part of the kiosk at a glance: its light, the cause, what to do; and whether a report is genuine."""

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kiosk.cli.acceptor import INSTALLED_SETTINGS
from kiosk.cli.diagnose_report import check_report
from kiosk.diagnosis.rounds import examine_all
from kiosk.domain.findings import Finding, FindingCode, PartReport, finding
from kiosk.domain.receipts import Device, Verdict
from kiosk.findings import FindingWords
from kiosk.link import service as s
from kiosk.link.codec import LinkError
from kiosk.link.service_client import NoTillError, TillSilentError, ask
from kiosk.settings import LANGUAGES, Settings, load
from kiosk.till.board_view import report_of
from kiosk.till.lone_doctor import LoneDoctor, utc_us

ALL = "all"
EPILOG = """\
A running till is asked: it owns the devices and goes on selling; the printer is not asked while a buyer is served. Without one,
devices are opened for a moment and the journal is read as it lies. Nothing moves a note, prints, sends money or writes into the
journal; a bill acceptor that still takes notes for a till that is gone is told to take none.

  kiosk diagnose                       all parts
  kiosk diagnose network --language bg
  kiosk diagnose --check 0001-r000008 --signature 5F0C…   is this service report, on paper, what the till signed?

--json prints one object:
  by      "till" or "tool": who looked
  light   the gravest of the parts': good, warning, bad, unknown
  parts   [{device, light, at_us, checks, facts}], in the order of `kiosk diagnose all`
  checks  [{verdict, code, values, found, next_step}]: `code` and `values` never change with the language, sentences do
  facts   {code: value}: what is known of the part beside
What could not be known is "unknown" and colours a part only where nothing else is known of it.

exit codes: 0 every part is good · 1 a part is not, or the till cannot be asked, or the report is not genuine
            2 wrong options or configuration
"""
#: Before a part, so that a glance at the left edge is enough; letters, for not every terminal has colours.
MARKS: Mapping[Verdict, str] = {
    Verdict.GOOD: "ok  ",
    Verdict.WARNING: "WARN",
    Verdict.BAD: "BAD ",
    Verdict.UNKNOWN: "?   ",
}
INDENT = " " * 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk diagnose`."""
    parser.epilog = EPILOG
    parser.add_argument(
        "part", nargs="?", default=ALL, choices=(ALL, *(device.value for device in Device)), help="default: all"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--language", choices=LANGUAGES, help="default: the kiosk's first")
    parser.add_argument("--verbose", action="store_true", help="what is well, too, and what is known of each part")
    parser.add_argument(
        "--check", metavar="REPORT", help="find this service report in the journal and prove its signature"
    )
    parser.add_argument("--signature", default="", metavar="HEX", help="as printed, or its beginning: compared, too")
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"the till's settings (default: {INSTALLED_SETTINGS})",
    )


def run(args: argparse.Namespace) -> int:
    """0 every part is good; 1 a part is not, or the till cannot be asked; 2 wrong options or configuration."""
    settings = load(args.config or [INSTALLED_SETTINGS])
    if args.check:
        return check_report(settings, args.check, args.signature)
    devices = tuple(Device) if args.part == ALL else (Device(args.part),)
    try:
        by, parts = _looked(settings, devices)
    except (TillSilentError, LinkError) as error:
        by, parts = "tool", _silent(devices, str(error))
    words = FindingWords.of(args.language or settings.terminal.languages[0])
    if args.json:
        print(json.dumps(_as_json(by, parts, words), ensure_ascii=False))
    else:
        for line in _as_text(parts, words, verbose=args.verbose):
            print(line)
    return 0 if all(part.verdict is Verdict.GOOD for part in parts) else 1


def _looked(settings: Settings, devices: Sequence[Device]) -> tuple[str, list[PartReport]]:
    """Who looked, and what was found. Raises TillSilentError or LinkError."""
    try:
        answers = list(ask(settings.till.service_socket, s.Diagnose(tuple(devices))))
    except NoTillError:
        return "tool", asyncio.run(_alone(settings, devices))
    if not answers or not isinstance(answers[-1], s.Diagnosed):
        raise LinkError(getattr(answers[-1], "reason", "") if answers else "the till hung up before it had answered")
    told = {answer.part.device: report_of(answer.part) for answer in answers if isinstance(answer, s.PartTold)}
    return "till", [told[device] for device in devices]


async def _alone(settings: Settings, devices: Sequence[Device]) -> list[PartReport]:
    found: dict[Device, PartReport] = {}

    async def told(report: PartReport) -> None:
        found[report.device] = report

    await examine_all(LoneDoctor(settings).checks, devices, utc_us, told)
    return [found[device] for device in devices]


def _silent(devices: Sequence[Device], cause: str) -> list[PartReport]:
    """A till that may be running owns the devices: none is touched."""
    found = (finding(FindingCode.TILL_SILENT, cause=cause),)
    return [PartReport(device, found, at_us=utc_us()) for device in devices]


# --- for people and for programs ----------------------------------------------------------------------------------


def _as_json(by: str, parts: Sequence[PartReport], words: FindingWords) -> dict[str, Any]:
    return {
        "by": by,
        "light": _light(parts).value,
        "parts": [
            {
                "device": part.device.value,
                "light": part.verdict.value,
                "at_us": part.at_us,
                "checks": [_check(found, words) for found in part.findings],
                "facts": {code.value: value for code, value in part.facts},
            }
            for part in parts
        ],
    }


def _light(parts: Sequence[PartReport]) -> Verdict:
    """Not as within a part: one that is in the dark makes the whole not good."""
    order = (Verdict.BAD, Verdict.WARNING, Verdict.UNKNOWN, Verdict.GOOD)
    return min((part.verdict for part in parts), key=order.index)


def _check(found: Finding, words: FindingWords) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "code": found.code.value,
        "values": dict(found.values),
        "found": words.found(found.code, found.values),
        "next_step": words.next_step(found.code, found.values),
    }


def _as_text(parts: Sequence[PartReport], words: FindingWords, *, verbose: bool) -> Iterator[str]:
    width = max(len(words.device(part.device)) for part in parts)
    margin = " " * (len(INDENT) + width)
    for part in parts:
        name = words.device(part.device).ljust(width)
        for number, found in enumerate(part.findings if verbose else part.headlines):
            begin = margin if number else f"{MARKS[part.verdict]} {name}"
            yield f"{begin}  {words.found(found.code, found.values)}"
            step = words.next_step(found.code, found.values)
            if step:
                yield f"{margin}  → {step}"
        if verbose:
            yield from (f"{margin}  {words.fact(code)}: {value}" for code, value in part.facts)
