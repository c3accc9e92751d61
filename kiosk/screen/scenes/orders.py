"""Screens on which an order is paid for by its number, and those that belong to no order: welcome, closed, connecting."""

from collections.abc import Mapping
from dataclasses import replace as with_glass

from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.screen.glass import Glass
from kiosk.screen.scenes.parts import (
    BASE,
    CASH,
    CODE,
    DONE,
    ENTRY,
    LONG_ORDER,
    MUCH_CASH,
    OFFER,
    ORDER,
    QR,
    RESULT,
    SOME_CASH,
    WELCOME,
    done,
    glass,
)
from kiosk.screen.scenes.services import ABOUT_SERVICES


def _photo(kind: m.ResultKind, receipt: m.ReceiptView, **result: int) -> Glass:
    """Without paper: the receipt is on the screen."""
    snapshot = done(kind, receipt, **result).snapshot
    assert snapshot is not None
    assert snapshot.result is not None
    return glass(replace(snapshot, seconds_left=88, result=replace(snapshot.result, receipt_qr=QR)))


ORDERS: Mapping[str, Glass] = {
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
    "cash-go-back": with_glass(glass(replace(CASH, cash=SOME_CASH)), leaving=True),
    "cash-finish-short": glass(replace(CASH, cash=SOME_CASH), finishing=True),
    "connecting-cash": with_glass(glass(replace(CASH, cash=SOME_CASH)), linked=False),
    "paying": glass(replace(BASE, phase=m.Phase.PAYING, order=ORDER)),
    "paying-unknown-order": glass(replace(BASE, phase=m.Phase.PAYING)),
    "done": glass(DONE),
    "done-printing": done(m.ResultKind.ACCEPTED, m.ReceiptView.PRINTING),
    "done-later": done(m.ResultKind.ACCEPTED_FOR_LATER, m.ReceiptView.FAILED),
    "done-refused": done(m.ResultKind.REFUSED, m.ReceiptView.UNKNOWN, leftover_minor=7500, paid_minor=0),
    "done-not-enough": done(m.ResultKind.NOT_ENOUGH, m.ReceiptView.PRINTED, leftover_minor=5500, paid_minor=0),
    "done-review": done(
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
    "done-retracted": done(m.ResultKind.ACCEPTED, m.ReceiptView.RETRACTED),
    "cash-no-printer": glass(
        replace(
            CASH,
            printer=m.PrinterView.NO_RECEIPT,
            cash=replace(SOME_CASH, message=m.NoteMessage.NONE),
        )
    ),
    "done-long": glass(replace(DONE, order=LONG_ORDER, result=replace(RESULT, under_review_minor=500_000))),
}
