"""Every screen a buyer can meet, as snapshots: the same ones are read as data, drawn, and looked at."""

from collections.abc import Mapping
from dataclasses import replace as with_glass

from msgspec.structs import replace

from kiosk.domain.catalogue import Catalogue, Field, FieldKind, Group, offered
from kiosk.link import messages as m
from kiosk.screen import glass as glasses
from kiosk.screen.browsing import At, Browsing, typeable
from kiosk.screen.glass import Glass
from kiosk.screen.views import ButtonView, EntryView, TilesView, View, WelcomeView
from tests.support.catalogue import CATALOGUE

LANGUAGES = ("bg", "ru", "en")
TERMINAL = m.TerminalView("0001", "Kiosk 1", "1 Example Street, Sofia", "+359 2 000 0000")
ORDER = m.OrderView("482915", "Demo Shop", "Ceramic tea set, 2 pieces", 7350, "EUR", 2000, m.Overpay.HOLD)
LONG_ORDER = m.OrderView(
    "48291500004829150000",
    "Международен търговски дом „Светлина и синове“ ООД",
    "Абонамент за топлоснабдяване, електричество и вода за апартамент 45, вход Б, за месеците от януари до март",
    123_456_789,
    "RUB",
    50_000,
    m.Overpay.CREDIT_ALL,
)
BASE = m.Snapshot(
    revision=7,
    phase=m.Phase.WELCOME,
    language="bg",
    languages=LANGUAGES,
    terminal=TERMINAL,
    availability=m.Availability.OPEN,
    printer=m.PrinterView.OK,
)


def note(value_minor: int, fate: m.NoteFate = m.NoteFate.STACKED) -> m.NoteView:
    return m.NoteView(value_minor, "EUR", fate)


NO_CASH = m.CashView(
    inserted_minor=0,
    left_minor=7350,
    notes=(),
    accepted_minor=(500, 1000, 2000, 5000),
    message=m.NoteMessage.NONE,
    under_review_minor=0,
    largest_note_minor=5000,
    can_cancel=True,
    can_finish=False,
)
SOME_CASH = replace(
    NO_CASH,
    inserted_minor=5500,
    left_minor=1850,
    notes=(note(5000), note(500), note(10000, m.NoteFate.RETURNED), note(2000, m.NoteFate.STACKING)),
    accepted_minor=(500, 1000, 2000),
    message=m.NoteMessage.OVER_LIMIT,
    largest_note_minor=2000,
    can_cancel=False,
    can_finish=True,
)
MUCH_CASH = replace(
    NO_CASH,
    inserted_minor=123_000_000,
    left_minor=456_789,
    notes=tuple(m.NoteView(500_000, "RUB", fate) for fate in (*m.NoteFate, *m.NoteFate)),
    accepted_minor=(5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000),
    message=m.NoteMessage.ACCEPTOR_STOPPED,
    under_review_minor=500_000,
    can_cancel=False,
    can_finish=True,
)
RESULT = m.ResultView(m.ResultKind.ACCEPTED, 7350, 150, 0, "EUR", "000121745893100042", "", m.ReceiptView.PRINTED)

CODE = "002000215AZYKXZQ"
#: About as large as it gets: Cyrillic letters are two bytes each.
QR = """\
Плащането не е извършено
Терминал: 0001
Разписка №: 123456
2026-11-24 23:10:05 +02:00
Поръчка: 48291500004829150000
Получател: Търговски дом „Светлина“
Сума: 1 234 567,89 EUR
Запазено за Вас: 1 234 567,89 EUR
Номер на плащане: 000121745893100042
Код: 0020 0021 5AZY KXZQ
Поддръжка: +359 2 000 0000
123456789 0123456789abcdef"""

WELCOME = BASE
ENTRY = replace(BASE, phase=m.Phase.ENTRY, seconds_left=60)
OFFER = replace(BASE, phase=m.Phase.OFFER, order=ORDER, seconds_left=60)
CASH = replace(BASE, phase=m.Phase.CASH, order=ORDER, cash=NO_CASH, seconds_left=120)
DONE = replace(BASE, phase=m.Phase.DONE, order=ORDER, result=RESULT, seconds_left=28)


def glass(snapshot: m.Snapshot, typed: str = "", *, finishing: bool = False) -> Glass:
    return Glass(snapshot=snapshot, linked=True, typed=typed, looked_up=typed, finishing=finishing)


# --- services -----------------------------------------------------------------------------------------------------

CHOOSING = replace(ENTRY, catalogue_version=7)
OFFERED = typeable(offered(CATALOGUE, "EUR"))
LONG_WORDS = {
    "bg": "Топлоснабдяване и битово горещо водоснабдяване за домакинства",
    "ru": "Теплоснабжение и горячее водоснабжение для населения",
    "en": "District heating and domestic hot water for households",
}
MANY = with_glass(
    OFFERED,
    groups=(*OFFERED.groups, *(Group(f"g{n}", LONG_WORDS if n % 2 else {"en": f"Group {n}"}) for n in range(9))),
    services=(
        *OFFERED.services,
        *(
            with_glass(
                OFFERED.services[1],
                service_id=f"s{n}",
                group_id=f"g{n % 9}",
                labels=LONG_WORDS,
                payee="Международен търговски дом „Светлина и синове“ ООД",
                promoted=n < 2,
            )
            for n in range(20)
        ),
    ),
)
LONG = with_glass(
    OFFERED,
    services=(
        with_glass(
            OFFERED.services[0],
            service_id="long",
            labels=LONG_WORDS,
            fields=(Field("f", FieldKind.DIGITS, LONG_WORDS, LONG_WORDS, "", 1, 60, personal=False),),
        ),
    ),
)


def choosing(*roles: str, catalogue: Catalogue = OFFERED, snapshot: m.Snapshot = CHOOSING) -> Glass:
    """Where these touches lead."""
    now = glasses.learnt(glass(snapshot), catalogue)
    for role in roles:
        now, _ = glasses.touched(now, role)
    return now


PHONE_KEYS = tuple(f"key:{digit}" for digit in "881234123")
CUSTOMER_KEYS = tuple(f"key:{digit}" for digit in "1234567")
TOP_UP = ("services", "service:top-up")
INTERNET = ("services", "group:home", "group:net", "service:internet")
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
    return glasses.seen(choosing(*TOP_UP, *PHONE_KEYS, "next"), replace(CHOOSING, notice=code))


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
    "field-empty": choosing(*TOP_UP),
    "field-typed": choosing(*TOP_UP, *PHONE_KEYS[:3]),
    "field-whole": choosing(*TOP_UP, *PHONE_KEYS),
    **{f"field-{code}": told(code) for code in ABOUT_SERVICES},
    "field-choices": choosing(*INTERNET, *CUSTOMER_KEYS, "next"),
    "field-long": choosing("services", "service:long", *["key:7"] * 60, catalogue=LONG),
    "checking-service": with_glass(
        choosing(*TOP_UP), snapshot=replace(CHOOSING, phase=m.Phase.CHECKING, seconds_left=-1)
    ),
    "offer-open": paying_for(SERVICE_OFFER),
    "offer-bill": paying_for(replace(SERVICE_OFFER, order=BILL)),
    "offer-bill-no-receipt": paying_for(replace(SERVICE_OFFER, order=BILL, printer=m.PrinterView.NO_RECEIPT)),
    "cash-open-empty": paying_for(SERVICE_CASH),
    "cash-open-short": paying_for(SHORT_CASH),
    "cash-open-finish-short": paying_for(SHORT_CASH, finishing=True),
    "cash-open-some": paying_for(replace(SERVICE_CASH, cash=OPEN_SOME)),
    "cash-open-full": paying_for(
        replace(SERVICE_CASH, cash=replace(OPEN_SOME, inserted_minor=20_000, accepted_minor=(), can_finish=False))
    ),
    "cash-open-too-much": paying_for(
        replace(SERVICE_CASH, cash=replace(OPEN_SOME, message=m.NoteMessage.OVER_LIMIT, largest_note_minor=2000))
    ),
    "paying-service": paying_for(replace(SERVICE_CASH, phase=m.Phase.PAYING, cash=None)),
}


def _done(kind: m.ResultKind, receipt: m.ReceiptView, **result: int) -> Glass:
    code = "" if kind is m.ResultKind.ACCEPTED else CODE
    return glass(replace(DONE, result=replace(RESULT, kind=kind, receipt=receipt, claim_code=code, **result)))


def _done_service(kind: m.ResultKind, **result: int) -> Glass:
    done = _done(kind, m.ReceiptView.PRINTED, **result).snapshot
    assert done is not None
    return paying_for(replace(done, catalogue_version=7, order=SERVICE_ORDER))


def _photo(kind: m.ResultKind, receipt: m.ReceiptView, **result: int) -> Glass:
    """Without paper: the receipt is on the screen."""
    done = _done(kind, receipt, **result).snapshot
    return glass(replace(done, seconds_left=88, result=replace(done.result, receipt_qr=QR)))


SCENES: Mapping[str, Glass] = {
    **SERVICES,
    "done-service": _done_service(m.ResultKind.ACCEPTED),
    "done-service-not-enough": _done_service(m.ResultKind.NOT_ENOUGH, leftover_minor=5500, paid_minor=0),
    "done-service-review": _done_service(
        m.ResultKind.NOTE_UNDER_REVIEW, leftover_minor=0, paid_minor=0, under_review_minor=2000
    ),
    "connecting-first": Glass(),
    "welcome": glass(WELCOME),
    "closed-starting": glass(replace(WELCOME, availability=m.Availability.STARTING)),
    "closed-acceptor": glass(replace(WELCOME, availability=m.Availability.ACCEPTOR_FAULT)),
    "closed-network": glass(replace(WELCOME, availability=m.Availability.NETWORK_DOWN)),
    "closed-maintenance": glass(replace(WELCOME, availability=m.Availability.MAINTENANCE)),
    "closed-no-room": glass(replace(WELCOME, availability=m.Availability.NO_ROOM)),
    "closed-locked": glass(replace(WELCOME, availability=m.Availability.LOCKED)),
    "closed-latched": glass(replace(WELCOME, availability=m.Availability.LATCHED)),
    "entry": glass(ENTRY),
    "entry-typed": glass(ENTRY, "482915"),
    "entry-full": glass(ENTRY, "48291500004829150000"),
    **{
        f"entry-{code}": glass(replace(ENTRY, notice=code), "482915")
        for code in m.NoticeCode
        if code not in ABOUT_SERVICES
    },
    "entry-no-network": glass(replace(ENTRY, availability=m.Availability.NETWORK_DOWN), "482915"),
    "entry-still-there": glass(replace(ENTRY, seconds_left=12), "482915"),
    "checking": glass(replace(BASE, phase=m.Phase.CHECKING), "482915"),
    "offer": glass(OFFER),
    **{f"offer-{policy}": glass(replace(OFFER, order=replace(ORDER, overpay=policy))) for policy in m.Overpay},
    "offer-long": glass(replace(OFFER, order=LONG_ORDER)),
    "offer-no-receipt": glass(replace(OFFER, printer=m.PrinterView.NO_RECEIPT)),
    "cash-empty": glass(CASH),
    "cash-some": glass(replace(CASH, cash=SOME_CASH)),
    "cash-much": glass(replace(CASH, cash=MUCH_CASH, order=LONG_ORDER)),
    **{f"cash-{code}": glass(replace(CASH, cash=replace(SOME_CASH, message=code))) for code in m.NoteMessage if code},
    "cash-nothing-fits": glass(replace(CASH, cash=replace(SOME_CASH, accepted_minor=(), largest_note_minor=0))),
    "cash-review": glass(
        replace(CASH, cash=replace(SOME_CASH, message=m.NoteMessage.NONE, under_review_minor=2000)),
    ),
    "cash-enough": glass(
        replace(
            CASH,
            cash=replace(
                SOME_CASH,
                inserted_minor=7500,
                left_minor=0,
                message=m.NoteMessage.NONE,
                accepted_minor=(),
                can_finish=False,
            ),
        ),
    ),
    "cash-still-there": glass(replace(CASH, cash=SOME_CASH, seconds_left=9)),
    "cash-finish-short": glass(replace(CASH, cash=SOME_CASH), finishing=True),
    "connecting-cash": with_glass(glass(replace(CASH, cash=SOME_CASH)), linked=False),
    "paying": glass(replace(BASE, phase=m.Phase.PAYING, order=ORDER)),
    "paying-unknown-order": glass(replace(BASE, phase=m.Phase.PAYING)),
    "done": glass(DONE),
    "done-printing": _done(m.ResultKind.ACCEPTED, m.ReceiptView.PRINTING),
    "done-later": _done(m.ResultKind.ACCEPTED_FOR_LATER, m.ReceiptView.FAILED),
    "done-refused": _done(m.ResultKind.REFUSED, m.ReceiptView.UNKNOWN, leftover_minor=7500, paid_minor=0),
    "done-not-enough": _done(m.ResultKind.NOT_ENOUGH, m.ReceiptView.PRINTED, leftover_minor=5500, paid_minor=0),
    "done-review": _done(
        m.ResultKind.NOTE_UNDER_REVIEW, m.ReceiptView.NONE, leftover_minor=0, paid_minor=0, under_review_minor=2000
    ),
    "photo": _photo(m.ResultKind.ACCEPTED, m.ReceiptView.NONE, leftover_minor=0),
    "photo-later": _photo(m.ResultKind.ACCEPTED_FOR_LATER, m.ReceiptView.FAILED),
    "photo-refused": _photo(m.ResultKind.REFUSED, m.ReceiptView.UNKNOWN, leftover_minor=7500, paid_minor=0),
    "photo-not-enough": _photo(
        m.ResultKind.NOT_ENOUGH, m.ReceiptView.RETRACTED, leftover_minor=5500, paid_minor=0, under_review_minor=2000
    ),
    "photo-review": _photo(
        m.ResultKind.NOTE_UNDER_REVIEW, m.ReceiptView.FAILED, leftover_minor=0, paid_minor=0, under_review_minor=2000
    ),
    "photo-long": glass(
        replace(
            DONE,
            order=LONG_ORDER,
            result=replace(
                RESULT,
                kind=m.ResultKind.ACCEPTED_FOR_LATER,
                claim_code=CODE,
                receipt=m.ReceiptView.RETRACTED,
                receipt_qr=QR,
                paid_minor=123_456_789,
                under_review_minor=500_000,
                currency="RUB",
            ),
        )
    ),
    "done-retracted": _done(m.ResultKind.ACCEPTED, m.ReceiptView.RETRACTED),
    "cash-no-printer": glass(
        replace(
            CASH,
            printer=m.PrinterView.NO_RECEIPT,
            cash=replace(SOME_CASH, message=m.NoteMessage.NONE),
        )
    ),
    "done-long": glass(replace(DONE, order=LONG_ORDER, result=replace(RESULT, under_review_minor=500_000))),
}


def buttons(view: View) -> list[ButtonView]:
    """Every button of a view."""
    chrome, dialog = view.chrome, view.dialog
    found = [*chrome.languages, chrome.secondary, chrome.primary]
    found += [dialog.primary, dialog.alternative] if dialog else []
    found += view.keys if isinstance(view, EntryView) else ()
    found += [ButtonView(tile.role, tile.text) for tile in view.tiles] if isinstance(view, TilesView) else []
    found += [ButtonView(choice.role, choice.text) for choice in view.choices] if isinstance(view, WelcomeView) else []
    return [button for button in found if button is not None]


def in_language(scene: Glass, language: str) -> Glass:
    return scene if scene.snapshot is None else with_glass(scene, snapshot=replace(scene.snapshot, language=language))
