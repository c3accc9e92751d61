"""What scenes are put together from: a terminal, orders, cash in every state, results.

Answers for: plausible snapshots, short ones and the longest that can be. Does not answer for: which screens there are.
"""

from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.glass import Glass

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


def done(kind: m.ResultKind, receipt: m.ReceiptView, **result: int) -> Glass:
    code = "" if kind is m.ResultKind.ACCEPTED else CODE
    return glass(replace(DONE, result=replace(RESULT, kind=kind, receipt=receipt, claim_code=code, **result)))
