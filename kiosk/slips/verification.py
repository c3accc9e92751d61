"""The QR text of a slip that claims nothing: what a scanner needs to find the slip's rows and to compare its sums.

    text     = "KIOSKS1" *9( "*" field )
    field    = kind / terminal / number / time / subject / period / amounts / row / head
    kind     = two letters, see LETTERS
    terminal = 4 digits, the kiosk's number
    number   = digits, the slip's number
    time     = digits, seconds since 1970-01-01T00:00:00Z
    subject  = payment id, report id, correction id or serial number of a collection; "-" when the slip is about none
    period   = digits, collection period; "-" when it is about none
    amounts  = currency ":" minor *( "/" currency ":" minor ), or "-": credited (payments), kept (leftover), moved
               (correction), notes in the box (X report and collection)
    row      = digits, number of the journal's last row when the slip was made
    head     = 16 digits of that row's SHA-256, hexadecimal

Fields stand in that order. All characters are of the QR code's alphanumeric set (0-9 A-Z $%*+-./: and blank), so the code
stays small. A slip with money to claim carries the signed statement of `kiosk.domain.codes` instead.
Row and head are what `kiosk journal verify --anchor ROW:HEAD` compares.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.receipts import (
    CashReport,
    CodeReceipt,
    CollectionSlip,
    CorrectionSlip,
    LeftoverSlip,
    ReceiptData,
    ServiceReport,
    SlipData,
    SlipKind,
)
from kiosk.domain.rules import MICROSECONDS

HEAD_DIGITS = 16  #: of the journal's head: enough to find the row, short enough to read out

LETTERS: Mapping[SlipKind, str] = {
    SlipKind.PAYMENT_ACCEPTED: "PA",
    SlipKind.PAYMENT_LATER: "PL",
    SlipKind.REFUSED_AFTER_CASH: "PR",
    SlipKind.NOT_ENOUGH: "NE",
    SlipKind.NOTE_UNDER_REVIEW: "NR",
    SlipKind.CODE_PAYMENT: "KA",
    SlipKind.CODE_PAYMENT_LATER: "KL",
    SlipKind.CODE_PAYMENT_REFUSED: "KR",
    SlipKind.LEFTOVER: "LO",
    SlipKind.CORRECTION: "CO",
    SlipKind.X_REPORT: "XR",
    SlipKind.COLLECTION: "ZC",
    SlipKind.SERVICE_REPORT: "SR",
    SlipKind.TEST_PAGE: "TP",
}
_KINDS = {letters: kind for kind, letters in LETTERS.items()}

_WORD = "KIOSKS1"  #: first field; another grammar gets another word
_NONE = "-"
_FORM = re.compile(
    r"KIOSKS1\*([A-Z]{2})\*(\d{4})\*(\d+)\*(\d+)\*([0-9A-Z.:/-]+)\*(\d+|-)"
    r"\*(-|[A-Z]{3}:-?\d+(?:/[A-Z]{3}:-?\d+)*)\*(\d+)\*([0-9A-F]{16})",
    re.ASCII,
)


class VerificationError(ValueError):
    """A scanned text that is not one of ours."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the QR says. `subject` is empty and `period` 0 when there is none; `journal_head`: 16 digits, lower case."""

    kind: SlipKind
    terminal_number: str
    slip_number: int
    at_s: int
    subject: str
    period: int
    amounts_minor: Mapping[str, int]
    journal_seq: int
    journal_head: str


def write(data: SlipData) -> str:
    """The QR text of a slip."""
    subject, period, amounts = _about(data)
    fields = (
        _WORD,
        LETTERS[data.kind],
        data.terminal_number,
        str(data.slip_number),
        str(data.at_us // MICROSECONDS),
        re.sub(r"[^0-9A-Z.:/-]", _NONE, subject.upper()) or _NONE,
        str(period or _NONE),
        "/".join(f"{currency}:{minor}" for currency, minor in amounts.items()) or _NONE,
        str(data.journal_seq),
        data.journal_head[:HEAD_DIGITS].upper().rjust(HEAD_DIGITS, "0"),
    )
    return "*".join(fields)


def _about(data: SlipData) -> tuple[str, int, Mapping[str, int]]:
    """Subject, period, amounts."""
    match data:
        case (
            ReceiptData(payment_id=subject, credited_minor=minor, currency=currency)
            | CodeReceipt(payment_id=subject, credited_minor=minor, currency=currency)
        ):
            return subject, 0, {currency: minor}
        case LeftoverSlip(payment_id=subject, kept_minor=minor, currency=currency):
            return subject, 0, {currency: minor}
        case CorrectionSlip(correction_id=subject, amount_minor=minor, currency=currency):
            return subject, 0, {currency: minor}
        case CashReport(period=period, boxes=boxes):
            serial = str(data.serial) if isinstance(data, CollectionSlip) else ""
            return serial, period, {box.currency: box.stacked_minor for box in boxes}
        case ServiceReport(report_id=subject):
            return subject, 0, {}
        case _:
            return "", 0, {}


def read(text: str) -> Verification:
    """What a scanned text says. Raises VerificationError."""
    found = _FORM.fullmatch(text.strip())
    if found is None or found[1] not in _KINDS:
        raise VerificationError("this is not the verification code of a slip of ours")
    kind, terminal, number, at_s, subject, period, amounts, row, head = found.groups()
    pairs = [] if amounts == _NONE else [entry.split(":") for entry in amounts.split("/")]
    return Verification(
        kind=_KINDS[kind],
        terminal_number=terminal,
        slip_number=int(number),
        at_s=int(at_s),
        subject="" if subject == _NONE else subject,
        period=0 if period == _NONE else int(period),
        amounts_minor={currency: int(minor) for currency, minor in pairs},
        journal_seq=int(row),
        journal_head=head.lower(),
    )
