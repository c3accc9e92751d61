"""What a buyer is asked who wants to stop while money is in. Pure.

Answers for: saying plainly what finishing now comes to. Does not answer for: any sum; the till counted them.
Banknotes do not come back, so there is no way back from here: there is only finishing now or putting in more, and silence is
finishing too.
"""

from kiosk.link.messages import CashView as CashState
from kiosk.link.messages import OrderView as Order
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button
from kiosk.screen.phrases import FINISHED_SHORT
from kiosk.screen.seen import Seen
from kiosk.screen.views import DialogView

PAYEE_LETTERS_MAX = 60


def question(seen: Seen, money: CashState, order: Order) -> DialogView | None:
    """The one that was brought up by Back or by Finish, if any."""
    if seen.glass.leaving and not money.left_minor:
        return _enough(seen, money, order)
    if seen.glass.leaving or seen.glass.finishing:
        return _short(seen, money, order)
    return None


def _enough(seen: Seen, money: CashState, order: Order) -> DialogView:
    say = seen.say
    inserted, payee = seen.amount(money.inserted_minor, order.currency), clipped(order.payee, PAYEE_LETTERS_MAX)
    return DialogView(
        title=say("Banknotes do not come back"),
        text=say(
            "What you have put in is enough. If you pay now, {payee} receives {inserted}.",
            payee=payee,
            inserted=inserted,
        ),
        primary=button("finish", say("Pay now")),
        alternative=button("not_yet", say("Put in more")),
    )


def _short(seen: Seen, money: CashState, order: Order) -> DialogView:
    say = seen.say
    return DialogView(
        title=say("Banknotes do not come back") if seen.glass.leaving else say("Finish now?"),
        text=say(
            FINISHED_SHORT[bool(order.service_id)],
            left=seen.amount(money.left_minor, order.currency),
            inserted=seen.amount(money.inserted_minor, order.currency),
        ),
        primary=button("not_yet", say("Put in more")),
        alternative=button("finish", say("Finish")),
    )
