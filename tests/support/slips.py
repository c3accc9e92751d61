"""A slip as a test sees it: sample data, put through templates, printer bytes and the twin, read off its paper."""

import re
from dataclasses import replace
from pathlib import Path

from drivers.receipt_printer import escpos
from drivers.receipt_printer.paper import as_text
from drivers.receipt_printer.profile import load_profile
from drivers.receipt_printer.twin import PrinterTwin
from kiosk.domain.receipts import SlipKind
from kiosk.settings import LANGUAGES, SlipSettings
from kiosk.slips import open_stationery, render
from kiosk.slips.samples import sample

CONFIG = Path(__file__).parents[2] / "config"
PROFILE = load_profile(CONFIG / "printers" / "generic.toml")
WIDTHS = (32, 42, 48)

SETTINGS = SlipSettings(
    templates=str(CONFIG / "slips"),
    own_templates="",
    issuer=("Плащания ЕООД", "ЕИК 000000000"),
    footer={"bg": "Довиждане!", "ru": "До свидания!", "en": "Good-bye!"},
    logo="",
    second_currency="",
    second_rate="1.95583",
)
STATIONERY = open_stationery(SETTINGS, LANGUAGES, "EUR")
IN_BGN = open_stationery(replace(SETTINGS, second_currency="BGN"), LANGUAGES, "EUR")


def twin_of(data, columns=42, stationery=STATIONERY):
    """The twin that printed a slip, and the bytes it got."""
    content = escpos.to_bytes(render(data, columns, stationery), replace(PROFILE, columns=columns))
    twin = PrinterTwin()
    twin.receive_all(content)
    return twin, content


def paper(data, columns=42, stationery=STATIONERY):
    """The lines on the paper, codes to scan left out."""
    twin, _ = twin_of(data, columns, stationery)
    assert len(twin.slips) == 1
    assert not twin.open_slip
    return [line for line in as_text(twin.slips, columns).splitlines() if not line.startswith("[QR")]


def kinds_and_languages():
    return [(kind, language) for kind in SlipKind for language in LANGUAGES]


def say(language, message):
    return STATIONERY.words[language].say(message)


def minor(text, language):
    """`1 234,50 EUR` as people of that language write it → 123450."""
    digits = text.removesuffix("EUR").strip()
    groups, point = {"en": (",", ".")}.get(language, (" ", ","))
    digits = digits.replace(groups, "")
    assert re.fullmatch(rf"-?\d+\{point}\d\d", digits), text
    return int(digits.replace(point, ""))


AMOUNT = r"-?\d[\d ,.]*[.,]\d\d EUR"


def amounts_after(lines, language, message):
    """Every amount beside a label, or below it where the paper is narrow."""
    label = say(language, message)
    found = []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(label) and (beside := re.fullmatch(rf"\s*({AMOUNT})", line[len(label) :])):
            found.append(minor(beside[1], language))
        elif line == label.strip() and (under := re.fullmatch(rf"\s*({AMOUNT})", below)):
            found.append(minor(under[1], language))
    return found


def notes_on(lines, language):
    """(value_minor, count, sum_minor) of every line of the table of notes."""
    form = re.compile(rf"\s*([\d ,]+?)(?: EUR)? x\s*([\d ,]+) =\s*({AMOUNT})")
    rows = [found for line in lines if (found := form.fullmatch(line))]
    return [
        (int(re.sub(r"\D", "", row[1])) * 100, int(re.sub(r"\D", "", row[2])), minor(row[3], language)) for row in rows
    ]


def sample_of(kind, language="en", **changes):
    return replace(sample(SlipKind(kind), language), **changes)
