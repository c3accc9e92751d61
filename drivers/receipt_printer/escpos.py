"""A document as ESC/POS bytes for one printer profile, built in memory; python-escpos makes the codes.

Answers for: layout in columns, the one forced code page, and that no character ever comes out as something it is not.
Does not answer for: sending (`driver`), what the slip says.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from escpos.capabilities import Profile
from escpos.printer import Dummy
from PIL import Image, ImageChops

from drivers.receipt_printer.document import Align, Cut, Document, Element, Feed, Pair, Picture, Qr, Rule, Text
from drivers.receipt_printer.profile import PrinterProfile

#: Characters a one-byte page may lack → what stands for them on paper.
SUBSTITUTES: Mapping[str, str] = {
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "’": "'",
    "‘": "'",
    "—": "-",
    "–": "-",
    "−": "-",
    "…": "...",
    "•": "*",
    "·": ".",
    "№": "No",
    "€": "EUR",
    "₽": "RUB",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "ѝ": "и",
    "Ѝ": "И",
    "і": "i",
    "І": "I",
    "ґ": "г",
    "Ґ": "Г",
    "×": "x",
}
UNPRINTABLE = "*"  #: stands for a character that has no counterpart at all

COMPLETION_ID = b"DONE"
#: GS ( H function 48: answer with this id once everything before has been printed. Source: Epson TM-T88 manuals.
ASK_COMPLETION = b"\x1d\x28\x48\x06\x00\x30\x30" + COMPLETION_ID
#: The answer: 37H 22H, the id, NUL. Unverified on hardware.
COMPLETION = b"\x37\x22" + COMPLETION_ID + b"\x00"


def printable(text: str, codec: str) -> str:
    """`text` in characters that `codec` has: kept, substituted, stripped of accents, or `*`."""
    return "".join(_printable(character, codec) for character in text)


def _printable(character: str, codec: str) -> str:
    plain = unicodedata.normalize("NFKD", character)[0]
    for candidate in (character, SUBSTITUTES.get(character, ""), plain):
        if candidate and _has(candidate, codec):
            return candidate
    return UNPRINTABLE


def _has(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` characters, broken at blanks; a longer word is cut. Never empty."""
    lines: list[str] = []
    pieces = [word[at : at + columns] for word in text.split() for at in range(0, len(word), columns)]
    for piece in pieces:
        if lines and len(lines[-1]) + 1 + len(piece) <= columns:
            lines[-1] += " " + piece
        else:
            lines.append(piece)
    return lines or [""]


def pair_lines(label: str, value: str, columns: int) -> list[str]:
    """Label left, value right on one line if both fit with a blank between; else the value on lines of its own."""
    if len(label) + 1 + len(value) <= columns:
        return [label + value.rjust(columns - len(label))]
    return [*wrap(label, columns), *(line.rjust(columns) for line in wrap(value, columns))]


def to_bytes(document: Document, profile: PrinterProfile) -> bytes:
    """The whole slip: reset, one code page, elements, and a request to confirm if the printer can."""
    printer = Dummy(profile=_escpos_profile(profile)())
    printer.hw("INIT")
    printer.charcode(profile.codec.upper())
    for element in document.elements:
        _put(printer, element, profile)
    if profile.confirms:
        printer._raw(ASK_COMPLETION)  # noqa: SLF001 - python-escpos has no verb for it
    return bytes(printer.output)


def _escpos_profile(profile: PrinterProfile) -> type[Profile]:
    """The profile in python-escpos' own words: one code page, so that it can never switch to another."""
    data = {
        "name": profile.name,
        "features": {"qrCode": True},
        "codePages": {str(profile.code_page): profile.codec.upper()},
        "fonts": {"0": {"columns": profile.columns, "name": "Font A"}},
        "media": {"width": {"pixels": "Unknown", "mm": "Unknown"}},
    }
    return type("KioskProfile", (Profile,), {"profile_data": data})


def _put(printer: Dummy, element: Element, profile: PrinterProfile) -> None:
    match element:
        case Qr(data=data):
            printer.set(align="center")
            printer.qr(data, native=True, size=profile.qr_size)
            printer.set(align="left")
        case Picture(width=width, height=height, bits=bits):
            ink = Image.frombytes("1", (width, height), bits)
            printer.set(align="center")
            printer.image(ImageChops.invert(ink))
            printer.set(align="left")
        case Feed(lines=lines):
            printer.ln(lines)
        case Cut():
            printer._raw(profile.cut)  # noqa: SLF001 - a model's own bytes, from its profile
        case _:
            _write(printer, element, profile)


def _write(printer: Dummy, element: Text | Pair | Rule, profile: PrinterProfile) -> None:
    double = isinstance(element, Text) and element.double
    bold = not isinstance(element, Rule) and element.bold
    centred = isinstance(element, Text) and element.align is Align.CENTER
    printer.set(align="center" if centred else "left", bold=bold, double_height=double, double_width=double)
    for line in lines_of(element, profile.columns, profile.codec):
        printer.textln(line)
    printer.set(align="left", bold=False, normal_textsize=True)


def lines_of(element: Text | Pair | Rule, columns: int, codec: str) -> Iterator[str]:
    """The lines an element takes, every character printable."""
    match element:
        case Text(text=text, double=double):
            yield from wrap(printable(text, codec), columns // 2 if double else columns)
        case Pair(label=label, value=value):
            yield from pair_lines(printable(label, codec), printable(value, codec), columns)
        case Rule():
            yield "-" * columns
