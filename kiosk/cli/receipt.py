"""`kiosk receipt kinds|render|check|read`: every slip as it will come out, and what the code on one says."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from drivers.receipt_printer import escpos
from drivers.receipt_printer.paper import as_picture, as_text, printed_slips
from drivers.receipt_printer.profile import PrinterProfile, ProfileError, load_profile
from drivers.receipt_printer.twin_models import ANY, MODELS
from kiosk.cli.twin_printer import _font
from kiosk.domain import codes
from kiosk.domain.money import format_major
from kiosk.domain.receipts import SlipKind
from kiosk.settings import LANGUAGES, Settings, load
from kiosk.slips import Stationery, open_stationery, render, verification
from kiosk.slips.fields import FIELDS, OBLIGATORY, Shape
from kiosk.slips.samples import Place, sample

PROJECT = Path(__file__).parents[2]
INSTALLED_SETTINGS = Path("/etc/kiosk/kiosk.toml")  #: where a till's settings are when no --config names them
SHIPPED_SETTINGS = PROJECT / "config" / "kiosk.toml"
PROFILES = PROJECT / "config" / "printers"
CLAIM = "KIOSKC"  #: how a signed claim begins (`kiosk.domain.codes`)
SUFFIXES = (".png", ".txt", ".bin")
COLUMNS_MIN, COLUMNS_MAX = 32, 48

MEANINGS = {
    SlipKind.PAYMENT_ACCEPTED: "payment receipt: the payee has been credited",
    SlipKind.PAYMENT_LATER: "accepted, not credited yet: with a claim code",
    SlipKind.REFUSED_AFTER_CASH: "the payee refused after cash was in: with a claim code",
    SlipKind.NOT_ENOUGH: "too little was inserted: with a claim code",
    SlipKind.NOTE_UNDER_REVIEW: "nobody knows where a banknote is: with a claim code",
    SlipKind.CODE_PAYMENT: "paid with the code of an earlier visit",
    SlipKind.CODE_PAYMENT_LATER: "to be paid with a code, not credited yet",
    SlipKind.CODE_PAYMENT_REFUSED: "not paid with a code: nothing was taken",
    SlipKind.LEFTOVER: "money kept for a buyer, by itself: claim code",
    SlipKind.CORRECTION: "a person moved money between accounts",
    SlipKind.X_REPORT: "what the box should hold; nothing is closed",
    SlipKind.COLLECTION: "the box was taken, its period is closed (Z)",
    SlipKind.SERVICE_REPORT: "what a technician tested, with which result",
    SlipKind.TEST_PAGE: "what the printer can do",
}

EPILOG = """\
A slip is made as the till makes it: sample data, the templates and words of the settings, bytes for the printer's profile. Those
bytes then go into the simulated printer, and what stands on its paper is the text and the picture.

  kiosk receipt kinds                                             what there is
  kiosk receipt kinds collection                                  which fields its template may name
  kiosk receipt render payment_later --language bg --out slip.png
  kiosk receipt render collection --language ru --columns 32 --out slip.txt
  kiosk receipt render payment_accepted --language en --profile generic --copy --out slip.bin    (send it to a printer as it is)
  kiosk receipt render --all --out slips/                         every kind in every language, at 32, 42 and 48 columns
  kiosk receipt read 'KIOSKS1*PA*0001*…'                           what a scanned code says: which slip, its sums, its journal row
  kiosk receipt check --config kiosk.toml --config site.toml      templates, words, masks, logo: all faults at once

Slips are changed without programming: config/slips/README.md tells how.

exit codes: 0 done, nothing wrong · 1 could not be written, or is no code of ours · 2 wrong options, configuration or templates
"""


@dataclass(frozen=True, slots=True)
class _Press:
    """What all slips of one call are made with."""

    settings: Settings
    stationery: Stationery
    profile: PrinterProfile
    model: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `kiosk receipt`."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = _action(actions, "kinds", "the slips there are, or the fields of one")
    listing.add_argument("kind", nargs="?", choices=tuple(SlipKind), metavar="KIND", help="show its fields")
    drawing = _action(actions, "render", "a slip with sample data as picture, text or bytes")
    drawing.add_argument(
        "kind", nargs="?", choices=tuple(SlipKind), metavar="KIND", help="`kiosk receipt kinds` lists them"
    )
    drawing.add_argument(
        "--all", action="store_true", help="every kind in every language and width, into the folder --out"
    )
    drawing.add_argument(
        "--language", choices=LANGUAGES, help=f"one of {', '.join(LANGUAGES)} (default: the kiosk's first)"
    )
    drawing.add_argument("--copy", action="store_true", help="as it is printed again")
    paper = drawing.add_mutually_exclusive_group()
    paper.add_argument(
        "--columns", type=_columns, metavar="N", help=f"{COLUMNS_MIN} to {COLUMNS_MAX} characters a line"
    )
    paper.add_argument("--profile", metavar="NAME", help=f"a printer of {PROFILES.name}/ (default: the kiosk's)")
    drawing.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"ends in {', '.join(SUFFIXES)}; with --all a folder"
    )
    _config(drawing)
    reading = _action(actions, "read", "what the QR code of a slip says")
    reading.add_argument("text", metavar="TEXT", help="as a scanner gave it, in quotes")
    _config(_action(actions, "check", "whether every slip can be printed: templates, words, masks, logo"))


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    return actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")


def _config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"the kiosk's settings (default: {INSTALLED_SETTINGS}, else those that came with the program)",
    )


def run(args: argparse.Namespace) -> int:
    """0 done, nothing wrong; 1 could not be written, or is no code of ours; 2 wrong options, configuration or templates."""
    if args.action == "read":
        return _read(args.text)
    if args.action == "kinds":
        return _kinds(args.kind)
    settings = load(args.config or [INSTALLED_SETTINGS if INSTALLED_SETTINGS.exists() else SHIPPED_SETTINGS])
    languages = LANGUAGES if args.action == "render" else settings.terminal.languages
    stationery = open_stationery(settings.slips, languages, settings.terminal.currency)
    if args.action == "check":
        print(f"{len(SlipKind)} slips in {', '.join(languages)}: nothing wrong")
        return 0
    if bool(args.kind) is args.all or (args.out.suffix not in SUFFIXES and not args.all):
        print(
            f"kiosk receipt render: give a KIND and a file that ends in {', '.join(SUFFIXES)}, or --all",
            file=sys.stderr,
        )
        return 2
    try:
        file = PROFILES / f"{args.profile}.toml" if args.profile else settings.printer.profile
        press = _Press(settings, stationery, _profile(file, args.columns), file.stem)
        _render_all(press, args) if args.all else _render_one(press, args)
    except ProfileError as error:
        print(f"kiosk receipt: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"kiosk receipt: {error}", file=sys.stderr)
        return 1
    return 0


def _profile(file: Path, columns: int | None) -> PrinterProfile:
    """Raises ProfileError."""
    profile = load_profile(file)
    return _of_width(profile, columns) if columns else profile


def _of_width(profile: PrinterProfile, columns: int) -> PrinterProfile:
    """The same printer with wider or narrower paper."""
    return replace(profile, columns=columns, dots=columns * profile.cell_dots)


def _kinds(kind: str | None) -> int:
    if kind is None:
        width = max(map(len, SlipKind))
        for known in SlipKind:
            print(f"{known.value:<{width}}  {MEANINGS[known]}")
        return 0
    obligatory = set(OBLIGATORY[SlipKind(kind)])
    for name, field in _fields(SlipKind(kind)):
        print(f"{name:<28} {field:<8} {'must be told' if name in obligatory else ''}".rstrip())
    return 0


def _read(text: str) -> int:
    """Says what stands there; whether it is true is for the journal, and for the aggregator who pays a claim."""
    try:
        rows = list(_of_claim(text) if text.startswith(CLAIM) else _of_verification(text))
    except (ValueError, OverflowError, OSError) as error:  # not ours, or a sum or time that cannot be
        print(f"kiosk receipt read: {error}", file=sys.stderr)
        return 1
    for label, value in rows:
        print(f"{label:<12} {value}")
    return 0


def _of_claim(text: str) -> Iterator[tuple[str, str]]:
    said = codes.read_statement(text)
    yield "claim code", codes.in_groups(said.code.text)
    yield "kiosk", said.code.terminal_number
    yield "amount", f"{format_major(said.amount_minor, said.currency)} {said.currency}"
    yield "issued", _utc(said.issued_s)
    yield "true?", f"kiosk aggregator claim --data DIR --code {said.code.text}"


def _of_verification(text: str) -> Iterator[tuple[str, str]]:
    said = verification.read(text)
    yield "slip", f"{said.kind.value}, number {said.slip_number}"
    yield "kiosk", said.terminal_number
    yield "time", _utc(said.at_s)
    yield "about", said.subject or "-"
    yield "period", str(said.period or "-")
    for currency, minor in said.amounts_minor.items():
        yield "amount", f"{format_major(minor, currency)} {currency}"
    yield "true?", f"kiosk journal verify --config FILE --anchor {said.journal_seq}:{said.journal_head}"


def _utc(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _fields(kind: SlipKind) -> Iterator[tuple[str, str]]:
    """Name and shape; fields of rows under the name of their rows."""
    for name, field in FIELDS[kind].items():
        yield name, field.shape.value
        if field.shape is Shape.ROWS:
            yield from ((f"{name}.{inner}", of_row.shape.value) for inner, of_row in field.rows.items())


def _render_one(press: _Press, args: argparse.Namespace) -> None:
    language = args.language or press.settings.terminal.languages[0]
    _write(press, SlipKind(args.kind), language, args.copy, args.out)
    print(args.out)


def _render_all(press: _Press, args: argparse.Namespace) -> None:
    """A picture and a text of each, named kind-language-columns."""
    args.out.mkdir(parents=True, exist_ok=True)
    widths = [press.profile.columns] if args.columns or args.profile else [32, 42, 48]
    for columns in widths:
        at_width = replace(press, profile=_of_width(press.profile, columns))
        for kind in SlipKind:
            for language in [args.language] if args.language else LANGUAGES:
                for suffix in (".png", ".txt"):
                    _write(at_width, kind, language, args.copy, args.out / f"{kind.value}-{language}-{columns}{suffix}")
    print(f"{args.out}: {len(SlipKind)} slips")


def _write(press: _Press, kind: SlipKind, language: str, copy: bool, out: Path) -> None:
    """Raises OSError."""
    profile = press.profile
    data = sample(kind, language, _place(press), copy=copy)
    font = _font()
    content = escpos.to_bytes(render(data, profile.columns, press.stationery), profile, font)
    model = replace(MODELS.get(press.model, ANY), columns=profile.columns, dots=profile.dots)
    slips = printed_slips(content, model)
    if out.suffix == ".bin":
        out.write_bytes(content)
    elif out.suffix == ".txt":
        out.write_text(as_text(slips, profile.columns), encoding="utf-8")
    else:
        if font is None:
            raise FileNotFoundError("no font to draw with: Kivy's fonts are missing")
        as_picture(slips[0], profile.columns, font, profile.dots).save(out)


def _place(press: _Press) -> Place:
    terminal, profile = press.settings.terminal, press.profile
    return Place(
        number=terminal.number,
        name=terminal.name,
        address=terminal.address,
        support_phone=terminal.support_phone,
        time_zone=terminal.time_zone,
        currency=terminal.currency,
        printer=profile.name,
        codec=profile.codec,
    )


def _columns(text: str) -> int:
    if not text.isdecimal() or not COLUMNS_MIN <= int(text) <= COLUMNS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r}: say {COLUMNS_MIN} to {COLUMNS_MAX}")
    return int(text)
