"""Screens for people with keys: signing in, diagnosis, collection, cases."""

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_glass
from typing import Any

from msgspec.structs import replace

from kiosk.domain.findings import FactCode, FindingCode, verdict_of
from kiosk.domain.receipts import Device, Doubt, Role, Verdict
from kiosk.link import messages as m
from kiosk.link import staff as s
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.scenes.parts import BASE, WELCOME, glass
from kiosk.screen.staff.board import worst
from kiosk.screen.staff.touches import TOUCH_FIELDS

AT_US = 1_795_500_605_000_000
EARLIER_US = AT_US - 9 * 86_400_000_000

TECHNICIAN_MAY = (s.Act.DIAGNOSE, s.Act.TRY_NOTES, s.Act.RESTART, s.Act.RESUME, s.Act.COPY_RECEIPT)
COLLECTOR_MAY = (s.Act.SEE_CASH, s.Act.COLLECT)
F = FindingCode


def acting(now: Glass, *arguments: str) -> Glass:
    """Where these touches lead; what follows "staff:" of each role."""
    for argument in arguments:
        now, _ = glasses.touched(now, f"staff:{argument}")
    return now


def told(now: Glass, snapshot: m.Snapshot) -> Glass:
    """And then the till said this."""
    revision = now.snapshot.revision + 1 if now.snapshot else 1
    return glasses.seen(now, replace(snapshot, revision=revision))


# --- signing in ---------------------------------------------------------------------------------------------------

NUMBER_KEYS = ("key:1", "key:0", "key:7")
PIN_KEYS = tuple(f"key:{digit}" for digit in "408162")
DOOR = acting(glass(WELCOME), "open")
AT_PIN = acting(DOOR, *NUMBER_KEYS, "enter", *PIN_KEYS)
SENT = acting(AT_PIN, "enter")


def answered(state: s.SignInState, wait_s: int = 0) -> Glass:
    """Somebody tried to sign in, and the till said this."""
    return told(SENT, replace(WELCOME, sign_in=s.SignInView(state, wait_s)))


CODE_WANTED = answered(s.SignInState.CODE_WANTED)

SIGNING_IN: Mapping[str, Glass] = {
    "staff-number": DOOR,
    "staff-number-typed": acting(DOOR, *NUMBER_KEYS),
    "staff-pin": acting(DOOR, *NUMBER_KEYS, "enter"),
    "staff-pin-typed": AT_PIN,
    "staff-checking": SENT,
    "staff-code": CODE_WANTED,
    "staff-code-typed": acting(CODE_WANTED, "key:3", "key:1"),
    "staff-refused": answered(s.SignInState.REFUSED),
    "staff-wait": answered(s.SignInState.WAIT, 285),
    "staff-not-now": answered(s.SignInState.NOT_NOW),
    "staff-nobody": answered(s.SignInState.NOBODY),
    "staff-idle": glasses.waited(AT_PIN, 48.0),
}

# --- parts --------------------------------------------------------------------------------------------------------


def check(code: FindingCode, /, **values: str) -> s.CheckView:
    """A check as the till tells it."""
    return s.CheckView(verdict_of(code), s.FindingView(code.value, tuple(values.items())))


def part(device: Device, checks: Sequence[s.CheckView], **facts: str) -> s.PartView:
    """A part as the till tells it."""
    named = tuple((FactCode(name).value, value) for name, value in facts.items())
    return s.PartView(device, worst(one.verdict for one in checks), tuple(checks), named, AT_US)


ACCEPTOR = part(
    Device.ACCEPTOR,
    (
        check(F.ACCEPTOR_ANSWERS),
        check(F.ACCEPTOR_READY, state="idling"),
        check(F.BOX_IN_PLACE),
        check(F.NOTES_KNOWN, notes="5, 10, 20, 50, 100", currency="EUR"),
        check(F.REJECTS_FEW, percent="3", rejected="14", taken="412"),
    ),
    model="CashCode SM-1007RU",
    serial="21K70013412",
    firmware="SM-EU1364 v1.42",
    protocol="ccnet",
    port="/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A5047RJK-if00-port0",
    denominations="5, 10, 20, 50, 100 EUR",
    reject_reasons="insertion 6, magnetic 3, optic 5",
)
PRINTER = part(
    Device.PRINTER,
    (check(F.PRINTER_READY), check(F.PAPER_ENOUGH), check(F.PROFILE_FITS, profile="custom_vkp80iii")),
    profile="custom_vkp80iii",
    paper="enough",
    usb="0dd4:0205",
)
NETWORK = part(
    Device.NETWORK,
    (
        check(F.LINK_UP, interface="enp1s0"),
        check(F.ROUTE_THERE, interface="enp1s0"),
        check(F.NAME_RESOLVED, host="terminals.aggregator.example", address="203.0.113.17"),
        check(F.TCP_CONNECTED, address="203.0.113.17:443", ms="21"),
        check(F.TLS_STANDS, version="TLSv1.3", until="2027-03-01"),
        check(F.OUR_CERTIFICATE_GOOD, until="2027-01-14"),
        check(F.SERVER_ANSWERS, ms="48"),
    ),
    address="203.0.113.17",
    round_trip_ms="48",
    our_certificate_until="2027-01-14",
)
JOURNAL = part(
    Device.JOURNAL,
    (
        check(F.JOURNAL_WHOLE, rows="182044"),
        check(F.BOOKS_BALANCE),
        check(F.CHECKPOINT_FRESH, rows="212"),
        check(F.OUTBOX_EMPTY),
        check(F.ACCEPTANCE_ON),
    ),
    rows="182044",
    journal_head="9f2c1ab07d6e55d0",
)
DISK = part(Device.DISK, (check(F.DISK_ROOMY, free_mb="21840"), check(F.DISK_WRITES, ms="4")), free_mb="21840")
CLOCK = part(Device.CLOCK, (check(F.CLOCK_SYNCHRONISED), check(F.CLOCK_AGREES, seconds="0.4")), skew_s="0.4")
SCREEN = part(Device.SCREEN, (check(F.SCREEN_CONNECTED), check(F.TOUCH_UNTESTED)))
WELL = (ACCEPTOR, PRINTER, NETWORK, JOURNAL, DISK, CLOCK, part(Device.SCREEN, (check(F.SCREEN_CONNECTED),)))

DIRTY = part(
    Device.ACCEPTOR,
    (
        check(F.ACCEPTOR_ANSWERS),
        check(F.ACCEPTOR_JAM, code="43"),
        check(F.BOX_IN_PLACE),
        check(F.NOTES_MISSING, notes="5, 10", currency="EUR"),
        check(F.REJECTS_MANY, percent="31", rejected="128", taken="412"),
    ),
    model="CashCode SM-1007RU",
)
NO_LINE = part(
    Device.NETWORK,
    (
        check(F.LINK_UP, interface="enp1s0"),
        check(F.ROUTE_THERE, interface="enp1s0"),
        check(F.NAME_UNKNOWN, host="terminals.aggregator.example", cause="Temporary failure in name resolution"),
    ),
)
FAULTY = (
    DIRTY,
    part(Device.PRINTER, (check(F.PRINTER_COVER_OPEN), check(F.PAPER_NEAR_END))),
    NO_LINE,
    part(Device.JOURNAL, (check(F.JOURNAL_BUSY), check(F.ACCEPTANCE_LATCHED, cause="the acceptor suspects fraud"))),
    part(Device.DISK, (check(F.DISK_LOW, free_mb="410"), check(F.DISK_WEAR_UNKNOWN))),
    part(Device.CLOCK, (check(F.CLOCK_FREE), check(F.CLOCK_DIFFERS, seconds="94"))),
    SCREEN,
)
#: Every sentence of a part there is, one after another: more than any fault brings at once.
LONGEST = part(
    Device.NETWORK,
    (
        check(F.SERVER_CERTIFICATE_UNKNOWN, issuer="CN=Northern Root CA R3, O=Northern Trust Services Ltd., C=BG"),
        check(F.SERVER_KEY_NOT_PINNED, pin="sha256/Vjs8r4z+80wjNcr1YKepWQboSIRi63WsWXhIMN+eWys="),
        check(F.OUR_CERTIFICATE_OTHERS, named="terminal 0001", number="0002"),
        check(F.CREDENTIALS_REFUSED, status="403"),
        check(F.TCP_UNREACHABLE, address="203.0.113.17:443", cause="No route to host"),
        check(F.SERVER_ODD, cause="502 Bad Gateway"),
        check(F.OUR_CERTIFICATE_UNUSABLE, cause="the key does not belong to the certificate"),
    ),
)

# --- who is there -------------------------------------------------------------------------------------------------

SERVICE = replace(BASE, phase=m.Phase.SERVICE, seconds_left=290)


def signed_in(role: Role, may: Sequence[s.Act], person: str = "Ivan Petrov", **shown: Any) -> m.Snapshot:
    """Somebody with a key before the till."""
    return replace(SERVICE, staff=s.StaffView(person, role, tuple(may), **shown))


def here(snapshot: m.Snapshot, *arguments: str) -> Glass:
    """They have just signed in, and touched these."""
    return acting(glasses.seen(glass(WELCOME), snapshot), *arguments)


def technician(**shown: Any) -> m.Snapshot:
    """With every part in order, unless told otherwise."""
    return signed_in(Role.TECHNICIAN, TECHNICIAN_MAY, **{"parts": WELL, **shown})


def collector(**shown: Any) -> m.Snapshot:
    """Who takes the box."""
    return signed_in(Role.COLLECTOR, COLLECTOR_MAY, "Maria Ivanova", **shown)


def supervisor(**shown: Any) -> m.Snapshot:
    """Who may do everything."""
    return signed_in(Role.SUPERVISOR, tuple(s.Act), "Aleksandra Konstantinova", **{"parts": WELL, **shown})


def after(snapshot: m.Snapshot, *arguments: str, notice: s.StaffNotice, **values: str) -> Glass:
    """They touched these, and the till said what became of it."""
    assert snapshot.staff is not None
    view = s.ToldView(notice, tuple(values.items()))
    return told(here(snapshot, *arguments), replace(snapshot, staff=replace(snapshot.staff, told=view)))


LATCHED = "the acceptor suspects fraud"
OWN = "СМЕНЕН Е РЕМЪКЪТ НА ГЛАВАТА "
TRIED = tuple((value, "EUR", fate.value) for value, fate in zip((500, 2000, 5000, 1000, 500), m.NoteFate, strict=False))
LOG = tuple(
    f"2026-11-24 23:{minute:02d}:05 INFO kiosk.till.loop: "
    + (
        "session 1842 began"
        if minute % 3
        else "the aggregator answered 503; the next try is in 41 s, the payment is safe"
    )
    for minute in range(20, 46)
)

TECHNICIAN: Mapping[str, Glass] = {
    "staff-board": here(technician()),
    "staff-board-faulty": here(technician(parts=FAULTY, latched=LATCHED)),
    "staff-board-unknown": here(technician(parts=())),
    "staff-board-checking": here(
        technician(parts=(replace(ACCEPTOR, checking=True), replace(PRINTER, verdict=Verdict.UNKNOWN, checks=())))
    ),
    **{
        f"staff-board-{notice}": after(technician(), "check:", notice=notice, cause="no paper")
        for notice in s.StaffNotice
    },
    "staff-board-idle": here(replace(technician(), seconds_left=12)),
    "staff-tasks-technician": here(technician(latched=LATCHED), "page:tasks"),
    "staff-part": here(technician(), "part:acceptor"),
    "staff-part-faulty": here(technician(parts=FAULTY, latched=LATCHED), "part:acceptor"),
    "staff-part-printer": here(technician(), "part:printer"),
    "staff-part-network": here(technician(), "part:network"),
    "staff-part-network-down": here(technician(parts=FAULTY), "part:network"),
    "staff-part-long": here(technician(parts=(LONGEST,)), "part:network"),
    "staff-part-long-last": here(technician(parts=(LONGEST,)), "part:network", "turn:1", "turn:1", "turn:1"),
    "staff-part-screen": here(technician(parts=FAULTY), "part:screen"),
    "staff-part-unknown": here(technician(parts=()), "part:disk"),
    "staff-part-checking": here(technician(parts=(replace(ACCEPTOR, checking=True),)), "part:acceptor"),
    "staff-facts": here(technician(), "part:acceptor", "page:facts"),
    "staff-notes": here(technician(), "part:acceptor", "page:notes"),
    "staff-notes-keep": here(technician(), "part:acceptor", "page:notes", "ask:keep"),
    "staff-notes-none": here(technician(note_test=s.NoteTestView(False, ())), "part:acceptor", "page:notes"),
    "staff-notes-tried": here(technician(note_test=s.NoteTestView(True, TRIED)), "part:acceptor", "page:notes"),
    "staff-touch": here(technician(), "part:screen", "page:touch"),
    "staff-touch-some": here(
        technician(), "part:screen", "page:touch", *(f"reach:{n}" for n in range(TOUCH_FIELDS - 7))
    ),
    "staff-log": here(technician(log=LOG), "page:tasks", "page:log"),
    "staff-log-older": here(technician(log=LOG), "page:tasks", "page:log", "turn:1"),
    "staff-log-empty": here(technician(), "page:tasks", "page:log"),
    "staff-restart": here(technician(), "page:tasks", "page:restart"),
    "staff-restart-ask": here(technician(), "page:tasks", "page:restart", "ask:restart:till"),
    "staff-resume": here(technician(latched=LATCHED), "page:tasks", "page:resume"),
    "staff-resume-ask": here(technician(latched=LATCHED), "page:tasks", "page:resume", "ask:resume:1"),
    "staff-resume-own": here(technician(latched=LATCHED), "page:tasks", "page:resume", "page:own_reason"),
    "staff-resume-own-typed": here(
        technician(latched=LATCHED),
        "page:tasks",
        "page:resume",
        "page:own_reason",
        *(f"key:{letter}" for letter in OWN * 3),
    ),
    "staff-resume-own-ask": here(
        technician(latched=LATCHED), "page:tasks", "page:resume", "page:own_reason", *(f"key:{x}" for x in OWN), "enter"
    ),
    "staff-copy": here(technician(), "page:tasks", "page:copy_by"),
    "staff-copy-slip": here(technician(), "page:tasks", "page:copy_by", "by:slip", "key:4", "key:2"),
    "staff-copy-payment": here(
        technician(), "page:tasks", "page:copy_by", "by:payment", *(f"key:{n % 10}" for n in range(18))
    ),
    "staff-copy-code": here(
        technician(), "page:tasks", "page:copy_by", "by:code", *(f"key:{letter}" for letter in "002000215AZYKX")
    ),
    "staff-copy-reason": here(technician(), "page:tasks", "page:copy_by", "by:last"),
    "staff-copy-not-found": after(
        technician(), "page:tasks", "page:copy_by", "by:last", "reason:0", notice=s.StaffNotice.NO_SUCH_RECEIPT
    ),
}

# --- the box ------------------------------------------------------------------------------------------------------

NOTES = ((500, 34), (1000, 120), (2000, 88), (5000, 61), (10_000, 9), (20_000, 1))
BOX = s.BoxView(
    currency="EUR",
    notes=NOTES,
    stacked_minor=sum(value * count for value, count in NOTES),
    confirmed_minor=691_000,
    queued_minor=18_500,
    unallocated_minor=10_500,
    redeemed_minor=2_000,
    orphan_minor=1_000,
    test_minor=5_000,
    suspense_minor=0,
    suspense_notes=0,
)
DOUBTFUL = replace(BOX, suspense_minor=2000, suspense_notes=1)
MUCH = s.BoxView(
    currency="RUB",
    notes=tuple((value, 1_234) for value in (5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)),
    stacked_minor=885_000 * 1_234,
    confirmed_minor=885_000 * 1_234 - 700_000,
    queued_minor=100_000,
    unallocated_minor=200_000,
    redeemed_minor=100_000,
    orphan_minor=200_000,
    test_minor=100_000,
    suspense_minor=500_000,
    suspense_notes=1,
)
REPORT = s.CashReportView(
    period=12,
    since_us=EARLIER_US,
    boxes=(BOX,),
    visits=204,
    payments=187,
    queued_payments=2,
    returned_notes=31,
    doubts=(),
    box_id="K-0017",
    last_at_us=EARLIER_US,
)
IN_DOUBT = replace(REPORT, boxes=(DOUBTFUL,), doubts=(Doubt.NOTE_IN_DOUBT, Doubt.POWER_CUT))
VALUES = ((BOX.currency, (500, 1000, 2000, 5000, 10_000, 20_000, 50_000)),)
SHEETS = (s.SheetView(1, m.ReceiptView.PRINTED), s.SheetView(2, m.ReceiptView.PRINTED))

COLLECTION = s.CollectionView(
    step=s.CollectionStep.FROZEN,
    place=s.BoxPlace.IN,
    attended=True,
    blind=False,
    report=REPORT,
    box_id="K-0017",
    can_abandon=True,
)
TAKE = replace(COLLECTION, step=s.CollectionStep.TAKE)
SEAL = replace(COLLECTION, step=s.CollectionStep.SEAL, place=s.BoxPlace.OUT, can_abandon=False)
NEW_BOX = replace(SEAL, step=s.CollectionStep.NEW_BOX, bag="BG-40017733")
COUNT = replace(
    NEW_BOX,
    step=s.CollectionStep.COUNT,
    place=s.BoxPlace.IN,
    blind=True,
    report=None,
    new_box_id="K-0022",
    to_count=VALUES,
)
PRINTING = replace(
    COUNT,
    step=s.CollectionStep.PRINTING,
    blind=False,
    report=REPORT,
    serial=12,
    to_count=(),
    sheets=(s.SheetView(1, m.ReceiptView.PRINTED), s.SheetView(2, m.ReceiptView.PRINTING)),
)
COLLECTED = replace(PRINTING, step=s.CollectionStep.DONE, sheets=SHEETS)
SHORT = replace(REPORT, boxes=(replace(BOX, counted_minor=BOX.stacked_minor - 2000),))
COUNT_KEYS = tuple(
    key for count in (34, 120, 88, 61, 9) for key in (*(f"key:{digit}" for digit in str(count)), "enter")
)
SEAL_KEYS = tuple(f"key:{letter}" for letter in "BG-40017733")


def collecting(collection: s.CollectionView, *arguments: str) -> Glass:
    """A collector who went through it this far."""
    return here(collector(cash=REPORT, collection=collection), *arguments)


def _ended(*outcomes: m.ReceiptView, **changes: Any) -> Glass:
    """It was gone through here, and its slips have come out like this."""
    sheets = tuple(s.SheetView(number, outcome) for number, outcome in enumerate(outcomes, 1))
    return told(collecting(PRINTING), collector(cash=REPORT, collection=replace(COLLECTED, sheets=sheets, **changes)))


COLLECTIONS: Mapping[str, Glass] = {
    "staff-tasks-collector": here(collector(cash=REPORT)),
    "staff-tasks-collector-unattended": acting(collecting(replace(SEAL, attended=False)), "back"),
    "staff-cash": here(collector(cash=REPORT), "page:cash"),
    "staff-cash-doubt": here(collector(cash=IN_DOUBT), "page:cash"),
    "staff-cash-doubt-only": here(collector(cash=replace(REPORT, doubts=tuple(Doubt))), "page:cash"),
    "staff-cash-differs": here(
        collector(cash=replace(REPORT, boxes=(replace(BOX, confirmed_minor=700_000),))), "page:cash"
    ),
    "staff-cash-two": here(collector(cash=replace(REPORT, boxes=(BOX, MUCH))), "page:cash", "turn:1"),
    "staff-cash-empty": here(collector(cash=replace(REPORT, boxes=())), "page:cash"),
    "staff-cash-untold": here(collector(), "page:cash"),
    "staff-cash-printed": after(collector(cash=REPORT), "page:cash", "x_report", notice=s.StaffNotice.PRINTED),
    "staff-collection-before": here(collector(cash=REPORT), "page:collection"),
    "staff-collection-sum": collecting(COLLECTION),
    "staff-collection-sum-doubt": collecting(replace(COLLECTION, report=IN_DOUBT)),
    "staff-collection-sum-blind": collecting(replace(COLLECTION, blind=True, report=None)),
    "staff-collection-abandon": collecting(COLLECTION, "ask:abandon"),
    **{f"staff-collection-take-{place}": collecting(replace(TAKE, place=place)) for place in s.BoxPlace},
    "staff-collection-seal": collecting(SEAL),
    "staff-collection-seal-typed": collecting(SEAL, *SEAL_KEYS),
    "staff-collection-box": collecting(SEAL, *SEAL_KEYS, "enter"),
    "staff-collection-unattended": collecting(replace(SEAL, attended=False)),
    **{f"staff-collection-put-{place}": collecting(replace(NEW_BOX, place=place)) for place in s.BoxPlace},
    "staff-collection-new-box": collecting(replace(NEW_BOX, place=s.BoxPlace.IN), "put_in"),
    "staff-collection-new-box-typed": collecting(
        replace(NEW_BOX, place=s.BoxPlace.IN, box_id_wanted=False), "put_in", "key:K", "key:7"
    ),
    "staff-collection-count": collecting(COUNT),
    "staff-collection-count-later": collecting(COUNT, *COUNT_KEYS, "key:1"),
    "staff-collection-counted": collecting(COUNT, *COUNT_KEYS, "key:1", "enter", "enter"),
    "staff-collection-count-waits": collecting(replace(COUNT, to_count=())),
    "staff-collection-printing": collecting(PRINTING),
    "staff-collection-done": _ended(m.ReceiptView.PRINTED, m.ReceiptView.PRINTED),
    "staff-collection-done-blind": _ended(m.ReceiptView.PRINTED, m.ReceiptView.PRINTED, blind=True, report=SHORT),
    "staff-collection-done-failed": _ended(m.ReceiptView.FAILED, m.ReceiptView.NONE),
    "staff-collection-done-unknown": _ended(m.ReceiptView.PRINTED, m.ReceiptView.UNKNOWN),
    "staff-collection-done-retracted": _ended(m.ReceiptView.RETRACTED, m.ReceiptView.PRINTED),
    "staff-collection-idle": here(replace(collector(collection=SEAL), seconds_left=9)),
}

# --- cases --------------------------------------------------------------------------------------------------------

ALL_RESOLUTIONS = tuple(s.Resolution)
OPEN_CASES = tuple(
    s.CaseView(f"case-{number}", kind, minor, "EUR", AT_US - number * 3_600_000_000, about, ALL_RESOLUTIONS)
    for number, (kind, minor, about) in enumerate(
        (
            (s.CaseKind.SUSPENSE, 2000, "000121745893100042"),
            (s.CaseKind.ORPHAN, 1000, "2026-11-24"),
            (s.CaseKind.REFUSED, 735_000, "0020 0021 5AZY KXZQ"),
            (s.CaseKind.OVER_SHORT, -500, "period 11"),
        )
        * 2
    )
)
SETTLING = ("page:cases", "case:case-0")

#: One, two or three of them: few enough to be said whole.
SOME_RESOLUTIONS = {
    s.CaseKind.SUSPENSE: (s.Resolution.IN_BOX, s.Resolution.NOT_IN_BOX),
    s.CaseKind.ORPHAN: (s.Resolution.NOT_IN_BOX, s.Resolution.TO_BUYER, s.Resolution.TO_OPERATOR),
    s.CaseKind.REFUSED: (s.Resolution.TO_BUYER, s.Resolution.PAID_OUT, s.Resolution.TO_OPERATOR),
    s.CaseKind.OVER_SHORT: (s.Resolution.TO_OPERATOR,),
}


def _case(kind: s.CaseKind, *resolutions: s.Resolution) -> Glass:
    case = s.CaseView("case-0", kind, 2000, "EUR", AT_US, "000121745893100042", resolutions)
    return here(supervisor(cases=(case,)), *SETTLING)


CASES: Mapping[str, Glass] = {
    "staff-tasks-supervisor": here(supervisor(cases=OPEN_CASES, cash=REPORT)),
    "staff-tasks-supervisor-more": here(supervisor(parts=FAULTY, latched=LATCHED, cases=OPEN_CASES), "turn:1"),
    "staff-tasks-supervisor-faulty": here(supervisor(parts=FAULTY, cases=OPEN_CASES)),
    "staff-cases": here(supervisor(cases=OPEN_CASES), "page:cases"),
    "staff-cases-none": here(supervisor(), "page:cases"),
    "staff-cases-settled": after(
        supervisor(cases=OPEN_CASES), *SETTLING, "resolution:in_box", "reason:0", "settle", notice=s.StaffNotice.DONE
    ),
    "staff-case": here(supervisor(cases=OPEN_CASES), *SETTLING),
    **{f"staff-case-of-{kind}": _case(kind, *resolutions) for kind, resolutions in SOME_RESOLUTIONS.items()},
    "staff-case-gone": here(supervisor(), *SETTLING),
    **{
        f"staff-case-{resolution}": here(supervisor(cases=OPEN_CASES), *SETTLING, f"resolution:{resolution}")
        for resolution in s.Resolution
    },
    **{
        f"staff-case-confirm-{resolution}": here(
            supervisor(cases=OPEN_CASES), *SETTLING, f"resolution:{resolution}", "reason:0"
        )
        for resolution in s.Resolution
    },
}

STAFF: Mapping[str, Glass] = {**SIGNING_IN, **TECHNICIAN, **COLLECTIONS, **CASES}


def in_staff_language(scene: Glass, language: str) -> Glass:
    """As somebody sees it who has changed the language for themselves."""
    return with_glass(scene, desk=with_glass(scene.desk, language=language))
