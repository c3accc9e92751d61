"""An order's number as people and scanners hand it over: ten digits, in groups or not, or the text of the QR code.

Answers for: writing and reading that text. Does not answer for: which order it is, whether there is one.

    KIOSKO1*1000000017      the QR code of a payment page: a word of ours, a star, the number

Only capitals, digits and `*`, so that the code needs few modules and any scanner set to keyboard mode types it right.
"""

import re

NUMBER_DIGITS = 10
GROUPS = (3, 3, 4)  #: as people read a telephone number
_QR_WORD = "KIOSKO1"  #: another layout gets another word
_QR_TEXT = re.compile(rf"{_QR_WORD}\*(\d{{{NUMBER_DIGITS}}})", re.ASCII)
_TYPED = re.compile(r"[\s.\-]+")


def qr_text(number: str) -> str:
    """What the QR code of order `number` says."""
    return f"{_QR_WORD}*{number}"


def in_groups(number: str) -> str:
    """`1000000017` → `100 000 0017`."""
    parts, at = [], 0
    for digits in GROUPS:
        parts.append(number[at : at + digits])
        at += digits
    return " ".join(part for part in (*parts, number[at:]) if part)


def read(text: str) -> str | None:
    """The ten digits in what was typed or scanned; None when it is something else."""
    scanned = _QR_TEXT.fullmatch(text.strip())
    if scanned is not None:
        return scanned.group(1)
    typed = _TYPED.sub("", text)
    return typed if len(typed) == NUMBER_DIGITS and typed.isascii() and typed.isdigit() else None
