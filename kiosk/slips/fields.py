"""What a template may name: the fields of every kind of slip.

Answers for: names, shapes, and how each is read from the data. Does not answer for: layout, words of templates.
A field's shape says where it may stand. For `when`, a field is true when it is not empty and not zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from kiosk.domain import codes
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.receipts import (
    CheckResult,
    Device,
    Doubt,
    Role,
    SlipKind,
    Verdict,
    collection_hash,
)
from kiosk.slips import verification
from kiosk.slips.verification import HEAD_DIGITS
from kiosk.slips.voice import Voice


class Shape(StrEnum):
    """What a field is, so where it may stand."""

    WORDS = "words"  #: may be broken into lines
    FIGURE = "figure"  #: a number, name or id: kept together where it fits on a line
    AMOUNT = "amount"  #: minor units of the currency of its slip or row
    SECOND = "second"  #: the same in the second currency; empty without one
    COUNT = "count"
    MOMENT = "moment"
    CODE = "code"  #: a claim code
    QR = "qr"
    PICTURE = "picture"
    NOTES = "notes"  #: (value_minor, count) pairs
    ROWS = "rows"  #: an `each` repeats a part for every row


Tell = Callable[[Any, Voice], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """`tell(data, voice)` gives the raw value; `rows`: the fields of each row, for Shape.ROWS alone."""

    shape: Shape
    tell: Tell
    rows: Mapping[str, "Field"] = field(default_factory=dict)


Fields = Mapping[str, Field]


def _plain(shape: Shape, attribute: str) -> Field:
    read = attrgetter(attribute)
    return Field(shape, lambda data, _voice: read(data))


def _said(tell: Tell, shape: Shape = Shape.WORDS) -> Field:
    return Field(shape, tell)


def _digits(attribute: str) -> Field:
    """A number that names something: no groups."""
    read = attrgetter(attribute)
    return Field(Shape.FIGURE, lambda data, _voice: str(read(data)))


def _worded(attribute: str, messages: Mapping[Any, str], shape: Shape = Shape.FIGURE) -> Field:
    read = attrgetter(attribute)
    return Field(shape, lambda data, voice: voice.say(messages[read(data)]))


def _amounts(**attributes: str) -> dict[str, Field]:
    """Each as it is, and with `_second` behind its name in the second currency."""
    first = {name: _plain(Shape.AMOUNT, attribute) for name, attribute in attributes.items()}
    return first | {f"{name}_second": _plain(Shape.SECOND, attribute) for name, attribute in attributes.items()}


def _journal(data: Any, _voice: Voice) -> str:
    """As `kiosk journal verify --anchor` takes it."""
    return f"{data.journal_seq}:{data.journal_head[:HEAD_DIGITS]}"


def _signature_line(_data: Any, voice: Voice) -> str:
    """Where a person signs or writes."""
    return "_" * (voice.columns * 2 // 5)


def _ruler(_data: Any, voice: Voice) -> str:
    """One character for every column."""
    return "".join(str(column % 10) for column in range(1, voice.columns + 1))


ROLES: Mapping[Role, str] = {
    Role.TECHNICIAN: "Technician",
    Role.COLLECTOR: "Collector",
    Role.SUPERVISOR: "Supervisor",
}
DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOTE_IN_DOUBT: "the kiosk could not tell where a banknote is",
    Doubt.JAM: "banknotes were jammed",
    Doubt.POWER_CUT: "the power failed while a banknote was moving",
    Doubt.LINE_LOST: "the bill acceptor was silent while a banknote was moving",
    Doubt.BOX_AWAY: "the cash box was taken out with nobody signed in",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.GOOD: "in order",
    Verdict.WARNING: "attention",
    Verdict.BAD: "FAULT",
    Verdict.UNKNOWN: "not known",
}
DEVICES: Mapping[Device, str] = {
    Device.ACCEPTOR: "Bill acceptor",
    Device.PRINTER: "Printer",
    Device.NETWORK: "Network",
    Device.JOURNAL: "Journal",
    Device.DISK: "Disk",
    Device.CLOCK: "Clock",
    Device.SCREEN: "Screen",
}
REASONS: Mapping[UnallocatedReason, str] = {
    UnallocatedReason.LEFTOVER: "This is what was inserted beyond the amount to pay.",
    UnallocatedReason.NOT_ENOUGH: "Too little was inserted for the order, so nothing was paid.",
    UnallocatedReason.REFUSED: "The payee did not take the payment.",
    UnallocatedReason.FOUND: "A banknote of yours was found in the cash box after your visit.",
}

CASES: Mapping[CaseKind, str] = {
    CaseKind.SUSPENSE: "banknote in doubt",
    CaseKind.ORPHAN: "banknote of nobody",
    CaseKind.REFUSED: "payment refused after cash",
    CaseKind.OVER_SHORT: "difference found by counting",
}
RESOLUTIONS: Mapping[Resolution, str] = {
    Resolution.IN_BOX: "found in the cash box",
    Resolution.NOT_IN_BOX: "it never came in",
    Resolution.TO_BUYER: "kept for a buyer under a code",
    Resolution.PAID_OUT: "paid out over the desk",
    Resolution.TO_OPERATOR: "left to the operator",
}

TITLES: Mapping[SlipKind, str] = {
    SlipKind.PAYMENT_ACCEPTED: "Payment receipt",
    SlipKind.PAYMENT_LATER: "Payment receipt",
    SlipKind.REFUSED_AFTER_CASH: "Payment not completed",
    SlipKind.NOT_ENOUGH: "Payment not completed",
    SlipKind.NOTE_UNDER_REVIEW: "Banknote under review",
    SlipKind.CODE_PAYMENT: "Payment receipt",
    SlipKind.CODE_PAYMENT_LATER: "Payment receipt",
    SlipKind.CODE_PAYMENT_REFUSED: "Payment not completed",
    SlipKind.LEFTOVER: "Money kept for you",
    SlipKind.CORRECTION: "Correction",
    SlipKind.X_REPORT: "Cash report (X)",
    SlipKind.COLLECTION: "Collection (Z)",
    SlipKind.SERVICE_REPORT: "Service report",
    SlipKind.TEST_PAGE: "Printer test",
}

HEAD: Fields = {
    "title": _worded("kind", TITLES, Shape.WORDS),
    "kiosk_number": _plain(Shape.FIGURE, "terminal_number"),
    "kiosk_name": _plain(Shape.WORDS, "terminal_name"),
    "kiosk_address": _plain(Shape.WORDS, "terminal_address"),
    "support_phone": _plain(Shape.FIGURE, "support_phone"),
    "slip_number": _digits("slip_number"),
    "time": _plain(Shape.MOMENT, "at_us"),
    "journal": _said(_journal, Shape.FIGURE),
    "copy": Field(Shape.FIGURE, lambda data, voice: voice.say("COPY") if data.copy else ""),
    "verification": Field(Shape.QR, lambda data, _voice: verification.write(data)),
    "issuer": Field(Shape.WORDS, lambda _data, voice: "\n".join(voice.look.issuer)),
    "footer": Field(Shape.WORDS, lambda _data, voice: voice.look.footer.get(voice.language, "")),
    "logo": Field(Shape.PICTURE, lambda _data, voice: voice.look.logo),
    "rate": Field(Shape.FIGURE, lambda _data, voice: voice.rate()),
    "signature_line": _said(_signature_line, Shape.FIGURE),
}

_CLAIM: Fields = {
    "claim_code": Field(Shape.CODE, lambda data, _voice: codes.in_groups(data.claim_code)),
    "claim_qr": _plain(Shape.QR, "claim_qr"),
}

_ORDER: Fields = {
    "order_number": _plain(Shape.FIGURE, "order_number"),
    "payee": _plain(Shape.WORDS, "payee"),
    "payment_id": _plain(Shape.FIGURE, "payment_id"),
}


def _note_count(data: Any, voice: Voice) -> str:
    return voice.count(data.note_count, "{count} banknote", "{count} banknotes")


_OF_PAYMENT: Fields = {
    **_ORDER,
    "account": _plain(Shape.FIGURE, "account"),
    "description": _plain(Shape.WORDS, "description"),
    "reference": _plain(Shape.FIGURE, "reference"),
    "fee": Field(Shape.FIGURE, lambda _data, voice: voice.say("none")),
}

RECEIPT: Fields = {
    **HEAD,
    **_CLAIM,
    **_OF_PAYMENT,
    "notes": _plain(Shape.NOTES, "notes"),
    "note_count": _said(_note_count),
    "money_kept": Field(Shape.COUNT, lambda data, _voice: data.left_minor + data.under_review_minor),
    "only_under_review": Field(Shape.COUNT, lambda data, _voice: data.under_review_minor and not data.left_minor),
    "left": Field(Shape.COUNT, lambda data, _voice: data.left_minor),
    "all_paid_out": Field(Shape.COUNT, lambda data, _voice: data.paid_out_minor and not data.left_minor),
    "still_kept": Field(Shape.AMOUNT, lambda data, _voice: data.left_minor if data.paid_out_minor else 0),
    **_amounts(
        amount="amount_minor",
        inserted="inserted_minor",
        credited="credited_minor",
        kept="leftover_minor",
        under_review="under_review_minor",
        paid_out="paid_out_minor",
    ),
}

CODE_RECEIPT: Fields = {
    **HEAD,
    **_OF_PAYMENT,
    "claim_code": _CLAIM["claim_code"],
    "code_end": Field(Shape.FIGURE, lambda data, _voice: f"… {data.code_end}"),
    **_amounts(amount="amount_minor", open="open_minor", credited="credited_minor", left="left_minor"),
}

LEFTOVER: Fields = {
    **HEAD,
    **_CLAIM,
    **_ORDER,
    "reason": _worded("reason", REASONS, Shape.WORDS),
    **_amounts(inserted="inserted_minor", credited="credited_minor", kept="kept_minor"),
}

_PERSON: Fields = {"person": _plain(Shape.WORDS, "name"), "role": _worded("role", ROLES)}
_ONE_PERSON: Fields = {"person": _plain(Shape.WORDS, "person.name"), "role": _worded("person.role", ROLES)}

CORRECTION: Fields = {
    **HEAD,
    **_CLAIM,
    **_ONE_PERSON,
    "correction_id": _plain(Shape.FIGURE, "correction_id"),
    "case": _worded("case", CASES, Shape.WORDS),
    "resolution": _worded("resolution", RESOLUTIONS, Shape.WORDS),
    "debit": _plain(Shape.FIGURE, "debit"),
    "credit": _plain(Shape.FIGURE, "credit"),
    "reason": _plain(Shape.WORDS, "reason"),
    **_amounts(amount="amount_minor"),
}


def _suspense_notes(data: Any, voice: Voice) -> str:
    return voice.count(data.suspense_notes, "{count} banknote", "{count} banknotes")


BOX: Fields = {
    "currency": _plain(Shape.FIGURE, "currency"),
    "notes": _plain(Shape.NOTES, "notes"),
    "note_count": _said(_note_count),
    "suspense_notes": _said(_suspense_notes),
    "ever_notes": _plain(Shape.COUNT, "ever_notes"),
    "was_counted": Field(Shape.COUNT, lambda data, _voice: int(data.counted_minor is not None)),
    "counted": Field(Shape.AMOUNT, lambda data, _voice: data.counted_minor or 0),
    **_amounts(
        stacked="stacked_minor",
        credited="credited_minor",
        confirmed="confirmed_minor",
        queued="queued_minor",
        unallocated="unallocated_minor",
        redeemed="redeemed_minor",
        orphan="orphan_minor",
        test="test_minor",
        open="open_minor",
        placed="placed_minor",
        difference="difference_minor",
        suspense="suspense_minor",
        over_short="over_short_minor",
        ever="ever_minor",
    ),
}


def _confidence(data: Any, voice: Voice) -> str:
    return voice.say("exact" if data.is_exact else "to be counted")


_DOUBT: Fields = {"doubt": Field(Shape.WORDS, lambda doubt, voice: voice.say(DOUBTS[doubt]))}

CASH_REPORT: Fields = {
    **HEAD,
    "period": _digits("period"),
    "since": _plain(Shape.MOMENT, "since_us"),
    "visits": _plain(Shape.COUNT, "visits"),
    "payments": _plain(Shape.COUNT, "payments"),
    "queued_payments": _plain(Shape.COUNT, "queued_payments"),
    "returned_notes": _plain(Shape.COUNT, "returned_notes"),
    "collections_ever": _plain(Shape.COUNT, "collections_ever"),
    "confidence": _said(_confidence, Shape.FIGURE),
    "box_id": _plain(Shape.FIGURE, "box_id"),
    "boxes": Field(Shape.ROWS, lambda data, _voice: data.boxes, BOX),
    "people": Field(Shape.ROWS, lambda data, _voice: data.people, _PERSON),
    "doubts": Field(Shape.ROWS, lambda data, _voice: data.doubts, _DOUBT),
}


def _numbered(serial: int, hash_hex: str) -> str:
    return f"{serial}:{hash_hex[:HEAD_DIGITS]}"


COLLECTION: Fields = {
    **CASH_REPORT,
    "serial": _digits("serial"),
    "sheet": Field(Shape.FIGURE, lambda data, _voice: f"{data.sheet} / {data.sheets}"),
    "until": _plain(Shape.MOMENT, "until_us"),
    "unattended": Field(Shape.COUNT, lambda data, _voice: int(not data.attended)),
    "bag": _plain(Shape.FIGURE, "bag"),
    "new_box_id": _plain(Shape.FIGURE, "new_box_id"),
    "previous_hash": Field(Shape.FIGURE, lambda data, _voice: _numbered(data.serial - 1, data.previous_hash)),
    "own_hash": Field(Shape.FIGURE, lambda data, _voice: _numbered(data.serial, collection_hash(data))),
}


def _summary(data: Any, voice: Voice) -> str:
    """Of parts, not of lines: a part may have several, and is in order when each of them is."""
    devices = {check.device for check in data.checks}
    good = len(devices - {check.device for check in data.checks if check.verdict is not Verdict.GOOD})
    counted = voice.count(len(devices), "of {count} part", "of {count} parts")
    return f"{voice.number(good)} {counted}"


def _each_check(tell: Callable[[CheckResult], Any]) -> Field:
    return Field(Shape.WORDS, lambda check, _voice: tell(check))


_CHECK: Fields = {
    "device": _worded("device", DEVICES),
    "verdict": _worded("verdict", VERDICTS),
    "finding": _each_check(lambda check: check.finding),
    "next_step": _each_check(lambda check: check.next_step),
}

SERVICE_REPORT: Fields = {
    **HEAD,
    **_ONE_PERSON,
    "report_id": _plain(Shape.FIGURE, "report_id"),
    "started": _plain(Shape.MOMENT, "started_us"),
    "ended": _plain(Shape.MOMENT, "ended_us"),
    "checks": Field(Shape.ROWS, lambda data, _voice: data.checks, _CHECK),
    "in_order": _said(_summary, Shape.FIGURE),
    "software": _plain(Shape.WORDS, "software"),
    "signature": Field(Shape.FIGURE, lambda data, _voice: data.signature[:HEAD_DIGITS]),
}

#: What a code page has to have for our languages.
LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "АБВГДЕЁЖЗИЙКЛМНО ПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "абвгдеёжзийклмно прстуфхцчшщъыьэюя",
    "0123456789 + - * / = % № « » “ ” — €",
)

TEST_PAGE: Fields = {
    **HEAD,
    "printer": _plain(Shape.FIGURE, "printer"),
    "codec": _plain(Shape.FIGURE, "codec"),
    "columns": Field(Shape.COUNT, lambda _data, voice: voice.columns),
    "software": _plain(Shape.WORDS, "software"),
    "letters": Field(Shape.WORDS, lambda _data, _voice: "\n".join(LETTERS)),
    "ruler": _said(_ruler, Shape.FIGURE),
}

FIELDS: Mapping[SlipKind, Fields] = {
    SlipKind.PAYMENT_ACCEPTED: RECEIPT,
    SlipKind.PAYMENT_LATER: RECEIPT,
    SlipKind.REFUSED_AFTER_CASH: RECEIPT,
    SlipKind.NOT_ENOUGH: RECEIPT,
    SlipKind.NOTE_UNDER_REVIEW: RECEIPT,
    SlipKind.CODE_PAYMENT: CODE_RECEIPT,
    SlipKind.CODE_PAYMENT_LATER: CODE_RECEIPT,
    SlipKind.CODE_PAYMENT_REFUSED: CODE_RECEIPT,
    SlipKind.LEFTOVER: LEFTOVER,
    SlipKind.CORRECTION: CORRECTION,
    SlipKind.X_REPORT: CASH_REPORT,
    SlipKind.COLLECTION: COLLECTION,
    SlipKind.SERVICE_REPORT: SERVICE_REPORT,
    SlipKind.TEST_PAGE: TEST_PAGE,
}

_ALWAYS = ("kiosk_number", "slip_number", "time", "journal", "copy", "verification")
_RECEIPT_MUST = (
    "order_number", "payment_id", "inserted", "credited", "kept", "paid_out", "under_review", "claim_code", "claim_qr",
)  # fmt: skip
_CODE_MUST = ("order_number", "payment_id", "open", "credited", "left", "code_end", "claim_code")
_BOX_MUST = (
    "notes", "stacked", "confirmed", "queued", "unallocated", "redeemed", "orphan", "test", "difference", "suspense",
)  # fmt: skip
_CASH_MUST = ("period", "confidence", *(f"boxes.{name}" for name in _BOX_MUST))

#: What a template may not leave out; `boxes.notes` is the field `notes` of each row of `boxes`.
OBLIGATORY: Mapping[SlipKind, tuple[str, ...]] = {
    kind: (*_ALWAYS, *wanted)
    for kind, wanted in {
        SlipKind.PAYMENT_ACCEPTED: _RECEIPT_MUST,
        SlipKind.PAYMENT_LATER: _RECEIPT_MUST,
        SlipKind.REFUSED_AFTER_CASH: _RECEIPT_MUST,
        SlipKind.NOT_ENOUGH: _RECEIPT_MUST,
        SlipKind.NOTE_UNDER_REVIEW: _RECEIPT_MUST,
        SlipKind.CODE_PAYMENT: _CODE_MUST,
        SlipKind.CODE_PAYMENT_LATER: _CODE_MUST,
        SlipKind.CODE_PAYMENT_REFUSED: _CODE_MUST,
        SlipKind.LEFTOVER: ("kept", "payment_id", "claim_code", "claim_qr"),
        SlipKind.CORRECTION: (
            "case",
            "resolution",
            "debit",
            "credit",
            "amount",
            "person",
            "reason",
            "claim_code",
            "claim_qr",
        ),
        SlipKind.X_REPORT: (*_CASH_MUST, "boxes.open"),
        SlipKind.COLLECTION: (*_CASH_MUST, "serial", "previous_hash", "own_hash", "bag", "people.person"),
        SlipKind.SERVICE_REPORT: ("person", "checks.device", "checks.verdict", "signature"),
        SlipKind.TEST_PAGE: ("ruler",),
    }.items()
}
