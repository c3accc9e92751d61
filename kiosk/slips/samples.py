"""One sample of every kind of slip, with every field filled: for `kiosk receipt render`, for tests, for pictures.

Answers for: data that could be real and adds up. Does not answer for: words of slips.
Nobody here exists, and no code here claims anything.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.domain import codes
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.ledger import UnallocatedReason
from kiosk.domain.receipts import (
    BoxContents,
    CheckResult,
    CodeReceipt,
    CollectionSlip,
    CorrectionSlip,
    Device,
    Doubt,
    LeftoverSlip,
    Person,
    ReceiptData,
    Role,
    ServiceReport,
    SlipData,
    SlipKind,
    TestPage,
    Verdict,
    XReport,
)

AT_US = 1_795_000_000_000_000  #: 2026-11-18 13:06:40 in Sofia
HOUR_US = 3_600_000_000
SERIAL = 42
VERSION = "0.1.0"


def _sign(data: bytes) -> bytes:
    """64 bytes in the place of a signature; no key made them."""
    return hashlib.sha512(data).digest()


def _hash(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """The kiosk whose samples these are. `printer`, `codec`: for the test page."""

    number: str = "0001"
    name: str = "Kiosk 1"
    address: str = "1 Example Street, Sofia"
    support_phone: str = "+359 2 000 0000"
    time_zone: str = "Europe/Sofia"
    currency: str = "EUR"
    printer: str = "generic"
    codec: str = "cp866"


@dataclass(frozen=True, slots=True)
class _Names:
    """What people wrote, in their language."""

    payee: str
    description: str
    technician: str
    collector: str
    supervisor: str
    reason: str
    checks: tuple[tuple[str, str], ...]


NAMES: Mapping[str, _Names] = {
    "bg": _Names(
        payee="Книжарница „Елена“",
        description="Една книга — том 1, „Записките“",
        technician="Иван Техников",
        collector="Мария Колева",
        supervisor="Петър Стоянов",
        reason="банкнотата е намерена при преброяването",
        checks=(
            ("CCNET, фърмуер 2.10, 5 номинала; тестова банкнота върната", ""),
            ("хартията е към края си", "сменете ролката"),
            ("агрегаторът отговори за 0,2 с", ""),
            ("4711 реда, веригата е цяла", ""),
            ("свободни 12 GB", ""),
            ("няма отговор от сървъра за време", "проверете мрежата"),
            ("екранът отговаря", ""),
        ),
    ),
    "ru": _Names(
        payee="Книжный магазин «Елена»",
        description="Одна книга — том 1, «Записки»",
        technician="Иван Техников",
        collector="Мария Колева",
        supervisor="Пётр Стоянов",
        reason="купюра найдена при пересчёте",
        checks=(
            ("CCNET, прошивка 2.10, 5 номиналов; тестовая купюра возвращена", ""),
            ("бумага заканчивается", "замените рулон"),
            ("агрегатор ответил за 0,2 с", ""),
            ("4711 строк, цепочка цела", ""),
            ("свободно 12 ГБ", ""),
            ("сервер времени не отвечает", "проверьте сеть"),
            ("экран отвечает", ""),
        ),
    ),
    "en": _Names(
        payee="Elena's Bookshop",
        description="One book — volume 1, “The Notes”",
        technician="Ivan Technikov",
        collector="Maria Koleva",
        supervisor="Peter Stoyanov",
        reason="the banknote was found when the box was counted",
        checks=(
            ("CCNET, firmware 2.10, 5 denominations; a test banknote came back", ""),
            ("paper is near its end", "put in a new roll"),
            ("the aggregator answered in 0.2 s", ""),
            ("4711 rows, the chain is whole", ""),
            ("12 GB free", ""),
            ("no time server answered", "look at the network"),
            ("the screen answers", ""),
        ),
    ),
}
VERDICTS = (
    Verdict.GOOD,
    Verdict.WARNING,
    Verdict.GOOD,
    Verdict.GOOD,
    Verdict.GOOD,
    Verdict.UNKNOWN,
    Verdict.GOOD,
)


def sample(kind: SlipKind, language: str, place: Place = Place(), *, copy: bool = False) -> SlipData:
    """The sample of a kind, in one of our languages."""
    head = {
        "slip_id": f"{place.number}-{SERIAL:06d}-{'c' if copy else 'o'}",
        "copy": copy,
        "language": language,
        "terminal_number": place.number,
        "terminal_name": place.name,
        "terminal_address": place.address,
        "support_phone": place.support_phone,
        "slip_number": 117,
        "at_us": AT_US,
        "time_zone": place.time_zone,
        "journal_seq": 4711,
        "journal_head": _hash("head"),
    }
    return SAMPLES[kind](kind, NAMES[language], place, head)


Head = Mapping[str, Any]

#: kind → inserted notes, credited, leftover, under review; all of an order of 7000.
ENDS: Mapping[SlipKind, tuple[tuple[tuple[int, int], ...], int, int, int]] = {
    SlipKind.PAYMENT_ACCEPTED: (((2000, 1), (5000, 1)), 7000, 0, 0),
    SlipKind.PAYMENT_LATER: (((2000, 1), (5000, 2)), 7000, 5000, 0),
    SlipKind.REFUSED_AFTER_CASH: (((2000, 1), (5000, 1)), 0, 7000, 0),
    SlipKind.NOT_ENOUGH: (((1000, 2), (2000, 1)), 0, 4000, 0),
    SlipKind.NOTE_UNDER_REVIEW: ((), 0, 0, 5000),
}


def _receipt(kind: SlipKind, names: _Names, place: Place, head: Head) -> ReceiptData:
    notes, credited, leftover, review = ENDS[kind]
    code, statement = _claim(place, leftover) if kind is not SlipKind.PAYMENT_ACCEPTED else ("", "")
    return ReceiptData(
        **head,
        kind=kind,
        order_number="1000000016",
        payee=names.payee,
        description=names.description,
        amount_minor=7000,
        currency=place.currency,
        notes=notes,
        inserted_minor=sum(value * count for value, count in notes),
        credited_minor=credited,
        leftover_minor=leftover,
        under_review_minor=review,
        payment_id=f"{place.number}21716343600042" if kind in PAID else f"{place.number}-{SERIAL:06d}",
        reference="KB08DE6AD9136" if kind is SlipKind.PAYMENT_ACCEPTED else "",
        claim_code=code,
        claim_qr=statement,
    )


PAID = frozenset({SlipKind.PAYMENT_ACCEPTED, SlipKind.PAYMENT_LATER, SlipKind.REFUSED_AFTER_CASH})


def _claim(place: Place, amount_minor: int) -> tuple[str, str]:
    code = codes.mint(place.number, SERIAL, _sign)
    return code, codes.statement(code, amount_minor, place.currency, AT_US // 1_000_000, _sign)


#: kind → under the code before, credited; all of an order of 7000.
CODE_ENDS: Mapping[SlipKind, tuple[int, int]] = {
    SlipKind.CODE_PAYMENT: (10_000, 7000),
    SlipKind.CODE_PAYMENT_LATER: (12_000, 7000),
    SlipKind.CODE_PAYMENT_REFUSED: (7500, 0),
}


def _code_receipt(kind: SlipKind, names: _Names, place: Place, head: Head) -> CodeReceipt:
    open_minor, credited = CODE_ENDS[kind]
    code, _ = _claim(place, open_minor)
    return CodeReceipt(
        **head,
        kind=kind,
        order_number="1000000016",
        payee=names.payee,
        description=names.description,
        amount_minor=7000,
        currency=place.currency,
        open_minor=open_minor,
        credited_minor=credited,
        left_minor=open_minor - credited,
        payment_id=f"{place.number}21716343600043",
        reference="RB08DE6AD9136" if kind is SlipKind.CODE_PAYMENT else "",
        claim_code=code,
        code_end=code[-4:],
    )


def _leftover(_kind: SlipKind, names: _Names, place: Place, head: Head) -> LeftoverSlip:
    code, statement = _claim(place, 3000)
    return LeftoverSlip(
        **head,
        reason=UnallocatedReason.LEFTOVER,
        order_number="1000000016",
        payee=names.payee,
        currency=place.currency,
        inserted_minor=10_000,
        credited_minor=7000,
        kept_minor=3000,
        payment_id=f"{place.number}21716343600042",
        claim_code=code,
        claim_qr=statement,
    )


def _correction(_kind: SlipKind, names: _Names, place: Place, head: Head) -> CorrectionSlip:
    code, statement = _claim(place, 5000)
    return CorrectionSlip(
        **head,
        correction_id=f"{place.number}-k000003",
        case=CaseKind.ORPHAN,
        resolution=Resolution.TO_BUYER,
        debit=f"orphan:{place.currency}",
        credit=f"unallocated:{place.currency}",
        amount_minor=5000,
        currency=place.currency,
        person=Person(names.supervisor, Role.SUPERVISOR),
        reason=names.reason,
        claim_code=code,
        claim_qr=statement,
    )


def _box(place: Place, *, is_taken: bool) -> BoxContents:
    """Everything that can be in a box: 92 notes, 2140.00 of a currency with two decimals."""
    open_minor = 0 if is_taken else 5000
    return BoxContents(
        currency=place.currency,
        notes=((500, 24), (1000, 31), (2000, 18), (5000, 11), (10_000, 8)),
        confirmed_minor=176_000 - open_minor,
        queued_minor=14_000,
        unallocated_minor=17_500,
        redeemed_minor=3000,
        orphan_minor=2000,
        test_minor=1500,
        open_minor=open_minor,
        suspense_minor=5000 if is_taken else 0,
        suspense_notes=1 if is_taken else 0,
        ever_notes=48_213,
        ever_minor=103_486_500,
    )


def _cash(names: _Names, place: Place, head: Head, *, is_taken: bool) -> dict[str, Any]:
    """What X and Z share. A taken box has one note in doubt."""
    return {
        **head,
        "period": 12,
        "since_us": AT_US - 49 * HOUR_US,
        "boxes": (_box(place, is_taken=is_taken),),
        "visits": 46,
        "payments": 41,
        "queued_payments": 2,
        "returned_notes": 5,
        "collections_ever": 12 if is_taken else 11,
        "doubts": (Doubt.NOTE_IN_DOUBT, Doubt.JAM) if is_taken else (),
        "people": (Person(names.collector, Role.COLLECTOR), Person(names.supervisor, Role.SUPERVISOR)),
        "box_id": "BX-0031",
    }


def _x_report(_kind: SlipKind, names: _Names, place: Place, head: Head) -> XReport:
    return XReport(**_cash(names, place, head, is_taken=False))


def _collection(_kind: SlipKind, names: _Names, place: Place, head: Head) -> CollectionSlip:
    return CollectionSlip(
        **_cash(names, place, head, is_taken=True),
        serial=12,
        sheet=1,
        sheets=2,
        until_us=AT_US - HOUR_US // 60,
        attended=True,
        bag="S-7700412",
        new_box_id="BX-0044",
        previous_hash=_hash("slip before"),
    )


def _service_report(_kind: SlipKind, names: _Names, place: Place, head: Head) -> ServiceReport:
    rows = zip(Device, VERDICTS, names.checks, strict=True)
    return ServiceReport(
        **head,
        report_id=f"{place.number}-r000008",
        person=Person(names.technician, Role.TECHNICIAN),
        started_us=AT_US - HOUR_US // 4,
        ended_us=AT_US,
        checks=tuple(CheckResult(device, verdict, *texts) for device, verdict, texts in rows),
        software=f"kiosk {VERSION}",
        signature=_hash("signature") * 2,
    )


def _test_page(_kind: SlipKind, _names: _Names, place: Place, head: Head) -> TestPage:
    return TestPage(**head, printer=place.printer, codec=place.codec, software=f"kiosk {VERSION}")


SAMPLES: Mapping[SlipKind, Callable[[SlipKind, _Names, Place, Head], SlipData]] = {
    **dict.fromkeys(ENDS, _receipt),
    **dict.fromkeys(CODE_ENDS, _code_receipt),
    SlipKind.LEFTOVER: _leftover,
    SlipKind.CORRECTION: _correction,
    SlipKind.X_REPORT: _x_report,
    SlipKind.COLLECTION: _collection,
    SlipKind.SERVICE_REPORT: _service_report,
    SlipKind.TEST_PAGE: _test_page,
}
