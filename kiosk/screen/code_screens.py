"""What the screens say of a code from a slip: what it stands for, and paying with it. Pure.

Answers for: every word about a code's money. Does not answer for: typing one (`typing_screens`), any sum; the till counted them.
"""

from datetime import UTC, datetime

from babel.dates import format_date

from kiosk.domain.codes import in_groups
from kiosk.link.messages import Availability, CodeView, FoundView, PrinterView, Whereabouts
from kiosk.link.messages import OrderView as Order
from kiosk.link.messages import ResultView as Result
from kiosk.screen.amounts import clipped
from kiosk.screen.choosing import banner
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.phrases import FOUND, FOUND_KEPT, WITH_CODE
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, ButtonView, DoneView, Pair, Tone

PAYEE_LETTERS_MAX = 60
MICROSECONDS = 1_000_000


def found(seen: Seen) -> DoneView:
    """What became of a payment, and where the money is."""
    snapshot, say, at = seen.snapshot, seen.say, seen.snapshot.found
    assert at is not None, "the codec lets no such screen without what was found through"
    tone, title, text = FOUND[at.whereabouts]
    return DoneView(
        chrome=chrome(
            snapshot,
            say,
            step=0,
            secondary=button("cancel", say("Back")),
            primary=button("pay_with_code", say("Pay with it"), enabled=_is_open(seen)) if at.usable else None,
            switchable=True,
        ),
        dialog=still_there(seen),
        tone=tone,
        title=say(title),
        text=say(text, payee=clipped(at.payee, PAYEE_LETTERS_MAX) or say("The payee")),
        rows=_found_rows(seen, at),
        reference=Pair(say("Code"), in_groups(at.code)),
        receipt=banner(seen) or _what_to_do(seen, at),
    )


def _is_open(seen: Seen) -> bool:
    return seen.snapshot.availability is Availability.OPEN


def _found_rows(seen: Seen, at: FoundView) -> tuple[Pair, ...]:
    say = seen.say
    amounts = (
        (say("Paid"), at.paid_minor),
        (say("Kept for you"), at.open_minor),
        (say("Being checked"), at.under_review_minor),
    )
    rows = (
        Pair(say("Payee"), clipped(at.payee, PAYEE_LETTERS_MAX)),
        *(Pair(label, seen.amount(minor, at.currency) if minor else "") for label, minor in amounts),
        Pair(say("Date"), _date(at.at_us, say.language)),
    )
    return tuple(row for row in rows if row.value)


def _date(at_us: int, language: str) -> str:
    """The day of a visit where the kiosk stands; nothing where nobody knows it."""
    if not at_us:
        return ""
    return str(format_date(datetime.fromtimestamp(at_us / MICROSECONDS, UTC).astimezone(), "long", locale=language))


def _what_to_do(seen: Seen, at: FoundView) -> BannerView:
    say, phone = seen.say, seen.snapshot.terminal.support_phone
    if at.under_review_minor or at.whereabouts is Whereabouts.UNDER_REVIEW:
        return BannerView(
            Tone.WARN, say("Our staff are looking for a banknote. Call us and give the code: {phone}.", phone=phone)
        )
    if at.open_minor:
        return BannerView(Tone.GOOD, say(FOUND_KEPT[at.usable], phone=phone))
    return BannerView(Tone.PLAIN, say("Questions? Call us and give the code: {phone}.", phone=phone))


# --- paying with it -------------------------------------------------------------------------------------------------


def covers(code: CodeView, order: Order) -> bool:
    """Whether the money under the code is enough."""
    return code.currency == order.currency and code.open_minor >= order.due_minor


def confirm(seen: Seen, code: CodeView, order: Order) -> ButtonView:
    """The primary button of an offer that is paid with a code, or in cash after all where the code is not enough."""
    if not covers(code, order):
        return button("drop_code", seen.say("Pay in cash instead"), enabled=_is_open(seen))
    role = "confirm_without_receipt" if seen.snapshot.printer is PrinterView.NO_RECEIPT else "confirm"
    return button(role, seen.say("Pay with the code"), enabled=_is_open(seen))


def otherwise(seen: Seen, code: CodeView, order: Order) -> ButtonView | None:
    """The other way to pay."""
    return button("drop_code", seen.say("Pay in cash instead"), enabled=_is_open(seen)) if covers(code, order) else None


def what_is_left(seen: Seen, code: CodeView, order: Order) -> str:
    """What becomes of the money under the code."""
    say, has = seen.say, seen.amount(code.open_minor, code.currency)
    if not covers(code, order):
        return say("There is {amount} under your code, and that is not enough. It stays there.", amount=has)
    left = code.open_minor - order.due_minor
    if not left:
        return say("There is {amount} under your code. After this payment nothing is left under it.", amount=has)
    return say(
        "There is {amount} under your code. After this payment {left} stays under it.",
        amount=has,
        left=seen.amount(left, code.currency),
    )


# --- what became of it ----------------------------------------------------------------------------------------------


def words_of(result: Result, words: tuple[Tone, str, str]) -> tuple[Tone, str, str]:
    """How a payment with a code ended: as `words` say of cash, but for what is different."""
    tone, title, text = words
    return tone, title, WITH_CODE.get(result.kind, text)


def use_of(seen: Seen, result: Result) -> str:
    """What else a code is good for that has just been given."""
    is_good = seen.snapshot.codes and bool(result.claim_code) and bool(result.leftover_minor)
    return seen.say("You can also pay here with your code.") if is_good else ""


def result_row(seen: Seen, code: CodeView) -> Pair:
    """What is under the code now."""
    return Pair(seen.say("Left under your code"), seen.amount(code.open_minor, code.currency))


def result_reference(seen: Seen, code: CodeView) -> Pair | None:
    """The code, as long as it is worth anything."""
    return Pair(seen.say("Your code"), in_groups(code.code)) if code.open_minor else None
