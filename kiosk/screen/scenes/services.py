"""Screens on which something of the catalogue is chosen, filled in and paid for."""

from collections.abc import Mapping
from dataclasses import replace as with_glass

from msgspec.structs import replace

from kiosk.domain.catalogue import Catalogue
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import At, Browsing
from kiosk.screen.glass import Glass
from kiosk.screen.scenes.parts import CASH, ENTRY, NO_CASH, OFFER, WELCOME, done, glass, note
from kiosk.screen.scenes.stock import LONG, MANY, OFFERED

CHOOSING = replace(ENTRY, catalogue_version=7)


def choosing(*roles: str, catalogue: Catalogue = OFFERED, snapshot: m.Snapshot = CHOOSING) -> Glass:
    """Where these touches lead."""
    now = glasses.learnt(glass(snapshot), catalogue)
    for role in roles:
        now, _ = glasses.touched(now, role)
    return now


PHONE_KEYS = tuple(f"key:{digit}" for digit in "881234123")
CUSTOMER_KEYS = tuple(f"key:{digit}" for digit in "1234567")
TOP_UP_KEYS = ("services", "service:top-up")
INTERNET_KEYS = ("services", "group:home", "group:net", "service:internet")
SERVICE_ORDER = m.OrderView(
    "",
    "Northern Mobile",
    "Prepaid top-up",
    500,
    "EUR",
    2000,
    m.Overpay.CREDIT_ALL,
    service_id="top-up",
    account="+359 88 ••• •123",
    open_amount=True,
    max_minor=20_000,
)
BILL = replace(
    SERVICE_ORDER,
    due_minor=7350,
    service_id="water",
    account="123-4567",
    overpay=m.Overpay.HOLD,
    open_amount=False,
    max_minor=0,
    payee="Международен търговски дом „Светлина и синове“ ООД",
    details=(("Name", "И. Петров"), ("Address", "ул. „Княз Борис I“ 112, вх. Б, ап. 45, София"), ("Period", "11.2026")),
)
OPEN_CASH = replace(NO_CASH, left_minor=500, accepted_minor=(500, 1000, 2000, 5000, 10_000), largest_note_minor=10_000)
OPEN_SOME = replace(
    OPEN_CASH, inserted_minor=2500, left_minor=0, notes=(note(2000), note(500)), can_cancel=False, can_finish=True
)
OPEN_SHORT = replace(OPEN_SOME, inserted_minor=500, left_minor=1500, notes=(note(500),))
SERVICE_OFFER = replace(OFFER, catalogue_version=7, order=SERVICE_ORDER)
SERVICE_CASH = replace(CASH, catalogue_version=7, order=SERVICE_ORDER, cash=OPEN_CASH)
SHORT_CASH = replace(SERVICE_CASH, order=replace(SERVICE_ORDER, due_minor=2000), cash=OPEN_SHORT)


def paying_for(snapshot: m.Snapshot, *, finishing: bool = False) -> Glass:
    return with_glass(glass(snapshot, finishing=finishing), catalogue=OFFERED)


ABOUT_SERVICES = tuple(code for code in m.NoticeCode if not code.startswith(("order_", "network", "not_pay", "timed")))


def told(code: m.NoticeCode) -> Glass:
    """Somebody typed a number, the till was asked, and said this."""
    return glasses.seen(choosing(*TOP_UP_KEYS, *PHONE_KEYS, "next"), replace(CHOOSING, notice=code))


def _done_service(kind: m.ResultKind, **result: int) -> Glass:
    snapshot = done(kind, m.ReceiptView.PRINTED, **result).snapshot
    assert snapshot is not None
    return paying_for(replace(snapshot, catalogue_version=7, order=SERVICE_ORDER))


SERVICES: Mapping[str, Glass] = {
    "welcome-services": choosing(snapshot=replace(WELCOME, catalogue_version=7)),
    "home": choosing(),
    "home-no-network": choosing(snapshot=replace(CHOOSING, availability=m.Availability.NETWORK_DOWN)),
    "home-timed-out": choosing(snapshot=replace(CHOOSING, notice=m.NoticeCode.TIMED_OUT)),
    "home-many": choosing(catalogue=MANY),
    "home-still-there": choosing(snapshot=replace(CHOOSING, seconds_left=9)),
    "order-beside-services": choosing("order", "key:4", "key:8"),
    "shelf-top": choosing("services"),
    "shelf-home": choosing("services", "group:home"),
    "shelf-many": choosing("services", catalogue=MANY),
    "shelf-many-last": choosing("services", "more", "more", catalogue=MANY),
    "shelf-notice": with_glass(
        choosing(snapshot=replace(CHOOSING, notice=m.NoticeCode.PAYEE_UNAVAILABLE), catalogue=MANY),
        browsing=Browsing(At.SHELF, asked=()),
    ),
    "field-empty": choosing(*TOP_UP_KEYS),
    "field-typed": choosing(*TOP_UP_KEYS, *PHONE_KEYS[:3]),
    "field-whole": choosing(*TOP_UP_KEYS, *PHONE_KEYS),
    **{f"field-{code}": told(code) for code in ABOUT_SERVICES},
    "field-choices": choosing(*INTERNET_KEYS, *CUSTOMER_KEYS, "next"),
    "field-long": choosing("services", "service:long", *["key:7"] * 60, catalogue=LONG),
    "checking-service": with_glass(
        choosing(*TOP_UP_KEYS), snapshot=replace(CHOOSING, phase=m.Phase.CHECKING, seconds_left=-1)
    ),
    "offer-open": paying_for(SERVICE_OFFER),
    "offer-bill": paying_for(replace(SERVICE_OFFER, order=BILL)),
    "offer-bill-no-receipt": paying_for(replace(SERVICE_OFFER, order=BILL, printer=m.PrinterView.NO_RECEIPT)),
    "cash-open-empty": paying_for(SERVICE_CASH),
    "cash-open-short": paying_for(SHORT_CASH),
    "cash-open-finish-short": paying_for(SHORT_CASH, finishing=True),
    "cash-open-some": paying_for(replace(SERVICE_CASH, cash=OPEN_SOME)),
    "cash-open-go-back": with_glass(paying_for(replace(SERVICE_CASH, cash=OPEN_SOME)), leaving=True),
    "cash-open-short-go-back": with_glass(paying_for(SHORT_CASH), leaving=True),
    "cash-open-full": paying_for(
        replace(SERVICE_CASH, cash=replace(OPEN_SOME, inserted_minor=20_000, accepted_minor=(), can_finish=False))
    ),
    "cash-open-too-much": paying_for(
        replace(SERVICE_CASH, cash=replace(OPEN_SOME, message=m.NoteMessage.OVER_LIMIT, largest_note_minor=2000))
    ),
    "paying-service": paying_for(replace(SERVICE_CASH, phase=m.Phase.PAYING, cash=None)),
    "done-service": _done_service(m.ResultKind.ACCEPTED),
    "done-service-not-enough": _done_service(m.ResultKind.NOT_ENOUGH, leftover_minor=5500, paid_minor=0),
    "done-service-review": _done_service(
        m.ResultKind.NOTE_UNDER_REVIEW, leftover_minor=0, paid_minor=0, under_review_minor=2000
    ),
}
