"""Codes as the screen may see them: what one stands for, what the buyer pays with, how that ended.

Answers for: the part of a snapshot that is about codes. Does not answer for: the rest of it (`view`).
"""

from kiosk.domain.facts import ResultKind
from kiosk.domain.held_codes import Found
from kiosk.domain.redemptions import left_minor
from kiosk.domain.state import Redemption, State
from kiosk.link import messages as m


def code_of(state: State) -> m.CodeView | None:
    """What the buyer pays with; once there is a result, with what is left under it."""
    held, redemption = state.session.code, state.redemption
    if held is None:
        return None
    open_minor = left_minor(redemption) if redemption and state.session.result else held.open_minor
    return m.CodeView(held.code, open_minor, held.currency)


def found_of(found: Found | None) -> m.FoundView | None:
    """What a code stands for."""
    if found is None:
        return None
    return m.FoundView(
        code=found.held.code,
        whereabouts=m.Whereabouts(found.whereabouts.value),
        payee=found.payee,
        paid_minor=found.paid_minor,
        open_minor=found.held.open_minor,
        under_review_minor=found.under_review_minor,
        currency=found.held.currency,
        at_us=found.at_us,
        reference=found.reference,
        usable=found.usable,
    )


def result_of(state: State, redemption: Redemption, receipt: m.ReceiptView, receipt_qr: str) -> m.ResultView:
    """How paying with a code ended. What is not with the payee is still under the same code."""
    session = state.session
    assert session.result is not None
    left = left_minor(redemption)
    paid = session.result is not ResultKind.REFUSED
    keeps = left or session.result is ResultKind.ACCEPTED_FOR_LATER
    return m.ResultView(
        kind=m.ResultKind(session.result.value),
        paid_minor=redemption.amount_minor if paid else 0,
        leftover_minor=left,
        under_review_minor=0,
        currency=redemption.currency,
        reference=redemption.redemption_id,
        claim_code=session.code.code if session.code and keeps else "",
        receipt=receipt,
        receipt_qr=receipt_qr,
    )
