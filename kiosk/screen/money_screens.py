"""The screens that speak of money: offer, cash, paying, done. Pure.

Answers for: amounts, the fate of notes, what became of the payment. Does not answer for: any sum; the till counted them.
"""

from kiosk.domain.catalogue import service_of
from kiosk.domain.codes import in_groups
from kiosk.link.messages import Availability, NoteMessage, Overpay, PrinterView, ReceiptView, ResultKind, Snapshot
from kiosk.link.messages import CashView as CashState
from kiosk.link.messages import OrderView as Order
from kiosk.link.messages import ResultView as Result
from kiosk.screen import cash_questions, code_screens
from kiosk.screen.amounts import SYMBOLS, clipped, grouped, spoken
from kiosk.screen.choosing import service_name
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.phrases import (
    CLOSED,
    DETAIL_LABELS,
    NOTE_FATES,
    NOTE_MESSAGES,
    NOTICES,
    OVERPAY,
    PHOTOGRAPHS,
    RECEIPTS,
    RESULTS,
    SERVICE_RESULTS,
)
from kiosk.screen.seen import Seen
from kiosk.screen.views import (
    BannerView,
    ButtonView,
    CashView,
    Chrome,
    DoneView,
    NoteRowView,
    OfferView,
    Pair,
    ScreenReceiptView,
    StatusView,
    Tone,
)
from kiosk.screen.words import Words

NOTES_SHOWN_MAX = 4  #: the latest; the sum above counts all
PAYEE_LETTERS_MAX = 60
DESCRIPTION_LETTERS_MAX = 120
ACCOUNT_LETTERS_MAX = 40  #: two lines
LABEL_LETTERS_MAX = 24
DETAILS_SHOWN_MAX = 2  #: beside service, number and payee; a banner takes the room of one
PAID = frozenset({ResultKind.ACCEPTED, ResultKind.ACCEPTED_FOR_LATER})


def offer(seen: Seen) -> OfferView:
    """What you pay, to whom, how much, no fee; and whether there will be a receipt."""
    snapshot, say, order = seen.snapshot, seen.say, seen.snapshot.order
    assert order is not None, "the codec lets no offer without an order through"
    return OfferView(
        chrome=chrome(
            snapshot,
            say,
            step=1,
            secondary=button("cancel", say("Back")),
            primary=_confirm(seen, order),
            switchable=True,
        ),
        dialog=still_there(seen),
        title=say("Is everything right?"),
        rows=_service_rows(seen, order) if order.service_id else _order_rows(seen, order),
        amount=_to_pay(seen, order),
        fee=BannerView(Tone.GOOD, say("No fee")),
        leftover=_leftover(seen, order),
        banner=_offer_banner(seen),
        loud=not order.open_amount,
        alternative=code_screens.otherwise(seen, snapshot.code, order) if snapshot.code else None,
    )


def _to_pay(seen: Seen, order: Order) -> Pair:
    """The amount; where the buyer decides, what they decide between, which is no amount to pay."""
    say, due = seen.say, seen.amount(order.due_minor, order.currency)
    if not order.open_amount:
        return Pair(say("To pay"), due)
    most = seen.amount(order.max_minor, order.currency)
    return Pair(say("You decide how much"), say("from {least} to {most}", least=due, most=most))


def _order_rows(seen: Seen, order: Order) -> tuple[Pair, ...]:
    say = seen.say
    return (
        Pair(say("Shop"), clipped(order.payee, PAYEE_LETTERS_MAX)),
        Pair(say("What for"), clipped(order.description, DESCRIPTION_LETTERS_MAX)),
        Pair(say("Order number"), grouped(order.number)),
    )


def _service_rows(seen: Seen, order: Order) -> tuple[Pair, ...]:
    """What, for whom, to whom, and what the payee wants checked."""
    say = seen.say
    rows = (
        Pair(say("Service"), _what(seen, order)),
        Pair(say("Number"), clipped(order.account, ACCOUNT_LETTERS_MAX)),
        Pair(say("Payee"), clipped(order.payee, ACCOUNT_LETTERS_MAX)),
        *(
            Pair(_detail_label(seen, label), clipped(value, ACCOUNT_LETTERS_MAX))
            for label, value in order.details[: DETAILS_SHOWN_MAX - bool(_offer_banner(seen))]
        ),
    )
    return tuple(row for row in rows if row.value)


def _detail_label(seen: Seen, label: str) -> str:
    """A payee's own word, in the buyer's language where it is one of those that many payees use."""
    known = DETAIL_LABELS.get(label.strip().casefold())
    return seen.say(known) if known else clipped(label, LABEL_LETTERS_MAX)


def _what(seen: Seen, order: Order) -> str:
    """The service in the buyer's language, or as the payee calls it."""
    service = service_of(seen.glass.catalogue, order.service_id)
    return service_name(service, seen.say.language) if service else clipped(order.description, ACCOUNT_LETTERS_MAX)


def _leftover(seen: Seen, order: Order) -> str:
    """What becomes of what is put in, or of what is under the code."""
    if seen.snapshot.code is not None:
        return code_screens.what_is_left(seen, seen.snapshot.code, order)
    if order.open_amount:
        return seen.say(OVERPAY[Overpay.CREDIT_ALL])
    return seen.say(OVERPAY[order.overpay], limit=seen.amount(order.leftover_limit_minor, order.currency))


def _confirm(seen: Seen, order: Order) -> ButtonView:
    if seen.snapshot.code is not None:
        return code_screens.confirm(seen, seen.snapshot.code, order)
    is_open = seen.snapshot.availability is Availability.OPEN
    if seen.snapshot.printer is PrinterView.NO_RECEIPT:
        return button("confirm_without_receipt", seen.say("Pay without receipt"), enabled=is_open)
    return button("confirm", seen.say("Pay in cash"), enabled=is_open)


def _offer_banner(seen: Seen) -> BannerView | None:
    say = seen.say
    if seen.snapshot.availability is not Availability.OPEN:
        return BannerView(Tone.BAD, say(CLOSED[seen.snapshot.availability][1]))
    if (notice := seen.snapshot.notice) is not None:
        return BannerView(Tone.WARN, say(NOTICES[notice]))
    if seen.snapshot.printer is PrinterView.NO_RECEIPT:
        return BannerView(
            Tone.WARN,
            say("The printer cannot print. You can pay without a paper receipt: it is shown for you to photograph."),
        )
    return None


def cash(seen: Seen) -> CashView:
    """Inserted, due, left; which notes fit; what became of each."""
    snapshot, say, order, money = seen.snapshot, seen.say, seen.snapshot.order, seen.snapshot.cash
    assert order is not None, "the codec lets no cash screen without an order through"
    assert money is not None, "the codec lets no cash screen without cash through"
    currency = order.currency
    takes = money.message is not NoteMessage.ACCEPTOR_STOPPED and (money.left_minor > 0 or _may_add(money, order))
    return CashView(
        chrome=chrome(
            snapshot,
            say,
            step=2,
            secondary=_way_out(seen, money),
            primary=_finish(seen, money, order),
        ),
        dialog=cash_questions.question(seen, money, order) or still_there(seen),
        title=say("Put in banknotes one at a time") if takes else say("Please put in no more banknotes"),
        amounts=_amounts(seen, money, order),
        paid_in_full=money.left_minor == 0,
        accepted_label=say("These still fit"),
        accepted=tuple(seen.note(value, currency) for value in money.accepted_minor if takes),
        notes_label=say("Your banknotes"),
        notes=_notes(seen, money),
        no_notes=say("None yet"),
        banner=_cash_banner(seen, money, order),
    )


def _amounts(seen: Seen, money: CashState, order: Order) -> tuple[Pair, Pair, Pair]:
    """What is still missing comes first; where the buyer decides, what is in."""
    say = seen.say
    inserted = Pair(say("Put in"), seen.amount(money.inserted_minor, order.currency))
    due = seen.amount(order.due_minor, order.currency)
    if order.open_amount:
        most = seen.amount(order.max_minor, order.currency)
        return inserted, Pair(say("At least"), due), Pair(say("At most"), most)
    return (
        Pair(say("Still to put in"), seen.amount(money.left_minor, order.currency)),
        inserted,
        Pair(say("To pay"), due),
    )


def _way_out(seen: Seen, money: CashState) -> ButtonView | None:
    """Cancel while no money is in; after that, back is a question with an answer in plain words."""
    if money.can_cancel:
        return button("cancel", seen.say("Cancel"))
    return button("go_back", seen.say("Back")) if money.can_finish else None


def _may_add(money: CashState, order: Order) -> bool:
    """Enough is in, and the buyer may still put in more."""
    return order.open_amount and bool(money.accepted_minor)


def _finish(seen: Seen, money: CashState, order: Order) -> ButtonView:
    pays = order.open_amount and not money.left_minor
    return button("finish", seen.say("Pay now") if pays else seen.say("Finish"), enabled=money.can_finish)


def _notes(seen: Seen, money: CashState) -> tuple[NoteRowView, ...]:
    """The latest first."""
    rows = []
    for note in reversed(money.notes[-NOTES_SHOWN_MAX:]):
        fate, tone = NOTE_FATES[note.fate]
        rows.append(NoteRowView(seen.note(note.value_minor, note.currency), seen.say(fate), tone))
    return tuple(rows)


def _cash_banner(seen: Seen, money: CashState, order: Order) -> BannerView | None:
    """One at a time, the most urgent first."""
    say, currency = seen.say, order.currency
    if money.message is not NoteMessage.NONE:
        largest = seen.note(money.largest_note_minor, currency)
        text = say(NOTE_MESSAGES[money.message], amount=largest, currency=SYMBOLS[currency])
        if money.message is NoteMessage.OVER_LIMIT and not money.largest_note_minor:
            text = say("This banknote is too large, and the kiosk gives no change.")
        return BannerView(Tone.BAD if money.message is NoteMessage.ACCEPTOR_STOPPED else Tone.WARN, text)
    if money.under_review_minor:
        amount = seen.amount(money.under_review_minor, currency)
        return BannerView(Tone.WARN, say("{amount} is being checked by our staff and is not counted.", amount=amount))
    if money.left_minor == 0 and _may_add(money, order) and money.can_finish:
        return BannerView(Tone.GOOD, say("That is enough: pay now, or put in more if you like."))
    if money.left_minor == 0:
        return BannerView(Tone.GOOD, say("That is enough, thank you. One moment…"))
    if seen.snapshot.printer is PrinterView.NO_RECEIPT and money.inserted_minor:
        return BannerView(Tone.PLAIN, say("The printer cannot print. The receipt will be shown for you to photograph."))
    return None


def paying(seen: Seen) -> StatusView:
    """The total is final."""
    say, order = seen.say, seen.snapshot.order
    amount = seen.amount(order.paid_minor or order.due_minor, order.currency) if order else ""
    return StatusView(
        chrome=chrome(seen.snapshot, say, step=2),
        dialog=None,
        tone=Tone.BUSY,
        title=say("Paying…"),
        text=f"{amount} · {clipped(order.payee, PAYEE_LETTERS_MAX)}" if order else "",
        detail=say("Please wait for the receipt."),
    )


def done(seen: Seen) -> DoneView | ScreenReceiptView:
    """What became of it, and the receipt."""
    snapshot, say, result = seen.snapshot, seen.say, seen.snapshot.result
    assert result is not None, "the codec lets no result screen without a result through"
    if result.receipt_qr and result.receipt in PHOTOGRAPHS:
        return _receipt_on_screen(seen, result)
    tone, title, text = _words_of(snapshot, result)
    receipt_tone, receipt = RECEIPTS[result.receipt]
    return DoneView(
        chrome=_done_chrome(seen, result),
        dialog=None,
        tone=tone,
        title=say(title),
        text=f"{say(text, payee=_payee(snapshot, say))} {code_screens.use_of(seen, result)}".rstrip(),
        rows=_result_rows(seen, result),
        reference=_reference(seen, result),
        receipt=BannerView(receipt_tone, say(receipt)),
    )


def _receipt_on_screen(seen: Seen, result: Result) -> ScreenReceiptView:
    """The receipt itself, for a phone; order number and all else stand in it."""
    say = seen.say
    tone, title, text = _words_of(seen.snapshot, result)
    receipt_tone, receipt = PHOTOGRAPHS[result.receipt]
    return ScreenReceiptView(
        chrome=_done_chrome(seen, result),
        dialog=None,
        tone=tone,
        title=say(title),
        text=say(text, payee=_payee(seen.snapshot, say)),
        qr=result.receipt_qr,
        receipt=BannerView(receipt_tone, say(receipt)),
        reference=_reference(seen, result),
        later=say("With this number we can print it for you later."),
        rows=_amount_rows(seen, result),
    )


def _words_of(snapshot: Snapshot, result: Result) -> tuple[Tone, str, str]:
    """How it ended, in words about an order or about a service."""
    is_service = snapshot.order is not None and bool(snapshot.order.service_id)
    words = (SERVICE_RESULTS if is_service else RESULTS)[result.kind]
    return code_screens.words_of(result, words) if snapshot.code else words


def _payee(snapshot: Snapshot, say: Words) -> str:
    return clipped(snapshot.order.payee, PAYEE_LETTERS_MAX) if snapshot.order else say("The shop")


def _done_chrome(seen: Seen, result: Result) -> Chrome:
    say, seconds = seen.say, seen.snapshot.seconds_left
    printing = result.receipt is ReceiptView.PRINTING
    closing = seconds >= 0 and not printing
    return chrome(
        seen.snapshot,
        say,
        step=3,
        primary=button("leave", say("Finish"), enabled=not printing),
        secondary=button("more_time", say("More time")) if closing else None,
        hint=_farewell(seen, result) if closing else "",
    )


def _farewell(seen: Seen, result: Result) -> str:
    closing = seen.say.many(
        "This screen will close in {count} second.",
        "This screen will close in {count} seconds.",
        seen.snapshot.seconds_left,
    )
    return f"{seen.say('Thank you!')} {closing}" if result.kind in PAID else closing


def _reference(seen: Seen, result: Result) -> Pair:
    """What to keep: the code that claims money, or the number that finds the payment."""
    code = seen.snapshot.code
    if code is not None and (kept := code_screens.result_reference(seen, code)):
        return kept
    if result.claim_code:
        return Pair(seen.say("Your code"), in_groups(result.claim_code))
    return Pair(seen.say("Number for support"), spoken(result.reference))


def _result_rows(seen: Seen, result: Result) -> tuple[Pair, ...]:
    order, rows = seen.snapshot.order, _amount_rows(seen, result)
    return (_subject(seen, order), *rows) if order else rows


def _amount_rows(seen: Seen, result: Result) -> tuple[Pair, ...]:
    say = seen.say
    amounts = (
        (say("Paid"), result.paid_minor if result.kind in PAID else 0),
        (say("Kept for you"), result.leftover_minor),
        (say("Being checked"), result.under_review_minor),
    )
    rows = tuple(Pair(label, seen.amount(minor, result.currency)) for label, minor in amounts if minor)
    return (*rows, code_screens.result_row(seen, seen.snapshot.code)) if seen.snapshot.code else rows


def _subject(seen: Seen, order: Order) -> Pair:
    """What it was about, in one line."""
    if order.service_id:
        return Pair(_what(seen, order), clipped(order.account or order.payee, ACCOUNT_LETTERS_MAX))
    return Pair(seen.say("Order number"), grouped(order.number))
