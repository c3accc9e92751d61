"""Which words belong to which code of the link: one table for each of its enums.

Answers for: a phrase for every member (a test counts them). Does not answer for: translations, or when a phrase is shown.
"""

from collections.abc import Mapping

from kiosk.link.messages import (
    Availability,
    NoteFate,
    NoteMessage,
    NoticeCode,
    Overpay,
    ReceiptView,
    ResultKind,
    Whereabouts,
)
from kiosk.screen.views import Tone
from kiosk.screen.words import mark

STEPS = (mark("Choose"), mark("Check"), mark("Cash"), mark("Receipt"))

NOTICES: Mapping[NoticeCode, str] = {
    NoticeCode.ORDER_NOT_FOUND: mark("There is no order with this number. Please check it and type it again."),
    NoticeCode.ORDER_EXPIRED: mark("The time to pay for this order has run out. Please ask the shop for a new one."),
    NoticeCode.ORDER_ALREADY_PAID: mark("This order has already been paid for."),
    NoticeCode.ORDER_REFUSED: mark("This order cannot be paid for here. Please ask the shop."),
    NoticeCode.NETWORK_DOWN: mark(
        "No connection to the payment system. Nothing was taken. Please try again in a minute."
    ),
    NoticeCode.NOT_PAYABLE_HERE: mark(
        "This amount cannot be paid with the banknotes this kiosk takes. Please ask the shop for another way to pay."
    ),
    NoticeCode.TIMED_OUT: mark("The time ran out. Nothing was taken from you. You can start again."),
    NoticeCode.SERVICE_UNKNOWN: mark("This service is not offered any more. Please choose another one."),
    NoticeCode.FIELD_INVALID: mark("Something in what you typed is not right. Please check it and type it again."),
    NoticeCode.ACCOUNT_UNKNOWN: mark("The payee knows nobody under this number. Please check it and type it again."),
    NoticeCode.NOTHING_DUE: mark("There is nothing to pay under this number at present."),
    NoticeCode.PAYEE_INACTIVE: mark("The payee takes no payments at present. Please try again another day."),
    NoticeCode.PAYEE_UNAVAILABLE: mark(
        "The payee's own system does not answer. Nothing was taken from you. Please try again later."
    ),
    NoticeCode.AMOUNT_OUT_OF_RANGE: mark("The payee does not take this amount here."),
    NoticeCode.QUOTE_EXPIRED: mark("The amount was checked too long ago. Please check it again."),
    NoticeCode.SERVICE_REFUSED: mark("This service cannot be paid for here at present. Nothing was taken from you."),
    NoticeCode.CODE_UNKNOWN: mark("Nobody knows this code. Please check it and type it again."),
    NoticeCode.CODE_MISTYPED: mark("A letter or digit of the code is wrong. Please compare it with your slip."),
    NoticeCode.CODE_SPENT: mark("There is no money left under this code."),
    NoticeCode.CODE_TOO_SMALL: mark("There is less under your code than this costs. You can pay in cash instead."),
    NoticeCode.CODE_OTHER_CURRENCY: mark("The money under this code is in another currency and cannot be used here."),
    NoticeCode.CODE_TOO_OFTEN: mark("Too many codes were tried. Please wait a minute and try again."),
    NoticeCode.SCAN_UNKNOWN: mark("This code is neither an order's nor a slip's. Please type the number instead."),
}

#: What the kiosk is for, and what to do.
ORDERS_WELCOME = (
    mark("Pay for an order in cash"),
    (
        mark("Type the order number"),
        mark("Check the shop and the amount"),
        mark("Put in banknotes"),
        mark("Take the receipt"),
    ),
)
SERVICES_WELCOME = (
    mark("Pay for orders and services"),
    (
        mark("Choose what to pay for"),
        mark("Check the payee and the amount"),
        mark("Put in banknotes"),
        mark("Take the receipt"),
    ),
)

#: Title and reason. OPEN has neither.
CLOSED: Mapping[Availability, tuple[str, str]] = {
    Availability.STARTING: (mark("One moment, please"), mark("The kiosk is starting.")),
    Availability.ACCEPTOR_FAULT: (mark("Out of service"), mark("Banknotes cannot be accepted right now.")),
    Availability.NETWORK_DOWN: (mark("Out of service"), mark("There is no connection to the payment system.")),
    Availability.LATCHED: (mark("Out of service"), mark("The kiosk is waiting for a technician.")),
    Availability.MAINTENANCE: (mark("One moment, please"), mark("A technician is working on the kiosk.")),
    Availability.NO_ROOM: (mark("Out of service"), mark("The kiosk is waiting for a technician.")),
    Availability.LOCKED: (mark("Out of service"), mark("The operator has closed this kiosk.")),
}
#: What happens to money over the amount, said before any is put in. `{limit}` is filled in.
OVERPAY: Mapping[Overpay, str] = {
    Overpay.EXACT: mark("No change is given: a banknote that is too large comes back to you."),
    Overpay.CREDIT_ALL: mark("No change is given: all that you put in is credited."),
    Overpay.HOLD: mark("No change is given: up to {limit} over is kept for you under a code."),
}
#: What comes of finishing with too little, for an order and for a service.
FINISHED_SHORT: Mapping[bool, str] = {
    False: mark(
        "{left} is still missing, so the order will not be paid for. "
        "{inserted} is kept for you under a code that you will be given."
    ),
    True: mark(
        "{left} is still missing, so nothing will be paid. "
        "{inserted} is kept for you under a code that you will be given."
    ),
}

CONNECTING = (mark("One moment, please"), mark("The kiosk is getting ready."))

NOTE_MESSAGES: Mapping[NoteMessage, str] = {
    NoteMessage.NONE: "",
    NoteMessage.OVER_LIMIT: mark("This banknote is too large, and the kiosk gives no change. Largest now: {amount}."),
    NoteMessage.WRONG_CURRENCY: mark("This banknote is in another currency. Only {currency} is accepted."),
    NoteMessage.NOT_ACCEPTED: mark("The kiosk does not take this banknote. Please use one of those shown."),
    NoteMessage.UNREADABLE: mark("The banknote could not be read. Smooth it out and try again, or use another one."),
    NoteMessage.ONE_AT_A_TIME: mark("One banknote at a time, please."),
    NoteMessage.ACCEPTOR_STOPPED: mark("The acceptor has stopped. What you have put in is counted and safe."),
    NoteMessage.CLOSING: mark("The banknote came back because the total was already final."),
}

NOTE_FATES: Mapping[NoteFate, tuple[str, Tone]] = {
    NoteFate.READING: (mark("being read"), Tone.BUSY),
    NoteFate.STACKING: (mark("going in"), Tone.BUSY),
    NoteFate.STACKED: (mark("accepted"), Tone.GOOD),
    NoteFate.RETURNED: (mark("returned to you"), Tone.PLAIN),
    NoteFate.UNKNOWN: (mark("being checked"), Tone.WARN),
}

#: Title and explanation. `{payee}` and `{amount}` are filled in.
RESULTS: Mapping[ResultKind, tuple[Tone, str, str]] = {
    ResultKind.ACCEPTED: (Tone.GOOD, mark("Payment made"), mark("{payee} has received your payment.")),
    ResultKind.ACCEPTED_FOR_LATER: (
        Tone.GOOD,
        mark("Payment accepted"),
        mark("{payee} will receive it as soon as the connection is back. You need not do anything."),
    ),
    ResultKind.REFUSED: (
        Tone.WARN,
        mark("The payment was refused"),
        mark("Your money is kept for you. To get it back, call us and give the code below."),
    ),
    ResultKind.NOT_ENOUGH: (
        Tone.WARN,
        mark("The order has not been paid for"),
        mark("Too little was put in. Your money is kept for you: call us and give the code below."),
    ),
    ResultKind.NOTE_UNDER_REVIEW: (
        Tone.WARN,
        mark("A banknote is being checked"),
        mark("The order has not been paid for. Our staff will find the banknote: call us and give the code below."),
    ),
}

#: What is said otherwise where a service is paid for and no order.
SERVICE_RESULTS: Mapping[ResultKind, tuple[Tone, str, str]] = {
    **RESULTS,
    ResultKind.NOT_ENOUGH: (Tone.WARN, mark("Nothing has been paid"), RESULTS[ResultKind.NOT_ENOUGH][2]),
    ResultKind.NOTE_UNDER_REVIEW: (
        Tone.WARN,
        mark("A banknote is being checked"),
        mark("Nothing has been paid. Our staff will find the banknote: call us and give the code below."),
    ),
}

RECEIPTS: Mapping[ReceiptView, tuple[Tone, str]] = {
    ReceiptView.NONE: (Tone.PLAIN, mark("No receipt. Write down or photograph the number.")),
    ReceiptView.PRINTING: (Tone.BUSY, mark("The receipt is being printed…")),
    ReceiptView.PRINTED: (Tone.GOOD, mark("Please take your receipt.")),
    ReceiptView.FAILED: (Tone.WARN, mark("The receipt could not be printed. Write down or photograph the number.")),
    ReceiptView.UNKNOWN: (Tone.WARN, mark("No receipt in the slot? Write down or photograph the number.")),
    ReceiptView.RETRACTED: (
        Tone.WARN,
        mark("The receipt was not taken, so the kiosk drew it back. Write down or photograph the number."),
    ),
}

#: The same where the receipt itself is on the screen.
PHOTOGRAPHS: Mapping[ReceiptView, tuple[Tone, str]] = {
    ReceiptView.NONE: (Tone.PLAIN, mark("This is your receipt. Photograph it with your phone.")),
    ReceiptView.FAILED: (
        Tone.WARN,
        mark("The receipt could not be printed. Here it is: photograph it with your phone."),
    ),
    ReceiptView.UNKNOWN: (Tone.WARN, mark("No receipt in the slot? Here it is: photograph it with your phone.")),
    ReceiptView.RETRACTED: (
        Tone.WARN,
        mark("The receipt was not taken, so the kiosk drew it back. Here it is: photograph it with your phone."),
    ),
}

#: What a code stands for: title and explanation. `{payee}` is filled in.
FOUND: Mapping[Whereabouts, tuple[Tone, str, str]] = {
    Whereabouts.PAID: (Tone.GOOD, mark("The payment has arrived"), mark("{payee} has received your payment.")),
    Whereabouts.ON_ITS_WAY: (
        Tone.GOOD,
        mark("The payment is on its way"),
        mark("{payee} will receive it as soon as the connection is back. You need not do anything."),
    ),
    Whereabouts.KEPT: (
        Tone.GOOD,
        mark("Your money is kept for you"),
        mark("It did not go to a payee, or not all of it. Nothing is lost."),
    ),
    Whereabouts.PAID_OUT: (
        Tone.PLAIN,
        mark("Nothing is left under this code"),
        mark("What was kept under it has been paid out, or was paid with."),
    ),
    Whereabouts.UNDER_REVIEW: (
        Tone.WARN,
        mark("A banknote is being checked"),
        mark("Nothing is lost: what our staff find is kept for you under this code."),
    ),
}
#: What can be done with kept money, by whether it can be paid with here. `{phone}` is filled in.
FOUND_KEPT: Mapping[bool, str] = {
    True: mark("You can pay with it here, now or another day."),
    False: mark("To get it back, call us and give the code: {phone}."),
}

#: What is said otherwise where a code was paid with.
WITH_CODE: Mapping[ResultKind, str] = {
    ResultKind.ACCEPTED: mark("{payee} has received your payment. It was paid from your code."),
    ResultKind.REFUSED: mark("Nothing was taken: your money is still under your code."),
}

#: How payees call what they want checked, as it stands in their files and in small letters.
DETAIL_LABELS: Mapping[str, str] = {
    "name": mark("Name"),
    "customer": mark("Customer"),
    "address": mark("Address"),
    "period": mark("Period"),
    "contract": mark("Contract"),
    "account": mark("Account"),
    "invoice": mark("Invoice"),
    "meter": mark("Meter"),
    "tariff": mark("Tariff"),
    "due date": mark("Pay by"),
    "debt": mark("Debt"),
    "balance": mark("Balance"),
    "description": mark("What for"),
    "purpose": mark("What for"),
    "zone": mark("Zone"),
    "plate": mark("Number plate"),
    "class": mark("Class"),
}
