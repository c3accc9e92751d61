"""What goes on a slip, gathered from the state: the only place that turns a session into receipt data.

Answers for: which facts a slip tells. Does not answer for: words, layout (`kiosk.slips`), printing (`drivers`).
"""

from collections import Counter
from collections.abc import Mapping

from kiosk.domain import codes
from kiosk.domain.advance import claim_code, has_claim
from kiosk.domain.facts import Order, ResultKind
from kiosk.domain.fields import COVER
from kiosk.domain.receipts import ReceiptData, SlipKind
from kiosk.domain.rules import MICROSECONDS, Rules
from kiosk.domain.session import Fate
from kiosk.domain.state import Payment, State
from kiosk.settings import TerminalSettings

KINDS: Mapping[ResultKind, SlipKind] = {
    ResultKind.ACCEPTED: SlipKind.PAYMENT_ACCEPTED,
    ResultKind.ACCEPTED_FOR_LATER: SlipKind.PAYMENT_LATER,
    ResultKind.REFUSED: SlipKind.REFUSED_AFTER_CASH,
    ResultKind.NOT_ENOUGH: SlipKind.NOT_ENOUGH,
    ResultKind.NOTE_UNDER_REVIEW: SlipKind.NOTE_UNDER_REVIEW,
}


def receipt_data(
    state: State,
    slip_id: str,
    terminal: TerminalSettings,
    rules: Rules,
    at_us: int,
    journal_seq: int,
    journal_head: str,
) -> ReceiptData:
    """The slip of the session on the screen. `at_us` is when the slip is made, `journal_*` the last row on disk."""
    session, slip, payment = state.session, state.slips[slip_id], state.payment
    assert session.order is not None
    assert session.result is not None
    paid = payment is not None and session.result in {ResultKind.ACCEPTED, ResultKind.ACCEPTED_FOR_LATER}
    code, statement = _claim(state, rules, at_us)
    counts = Counter(note.value_minor for note in session.notes if note.fate is Fate.STACKED)
    return ReceiptData(
        slip_id=slip_id,
        kind=KINDS[session.result],
        copy=slip.copy,
        language=session.language,
        terminal_number=terminal.number,
        terminal_name=terminal.name,
        terminal_address=terminal.address,
        support_phone=terminal.support_phone,
        slip_number=slip.number,
        at_us=at_us,
        time_zone=terminal.time_zone,
        order_number=session.order.order_number,
        payee=session.order.payee,
        description=session.order.description,
        amount_minor=_to_pay_minor(session.order, payment),
        currency=session.order.currency,
        notes=tuple(sorted(counts.items())),
        inserted_minor=session.inserted_minor,
        credited_minor=payment.amount_minor if payment and paid else 0,
        leftover_minor=session.leftover_minor,
        under_review_minor=session.under_review_minor,
        payment_id=session.payment_id or session.session_id,
        reference=payment.reference if payment else "",
        claim_code=code,
        claim_qr=statement,
        journal_seq=journal_seq,
        journal_head=journal_head,
        account=session.order.account.replace(COVER, "*"),
        paid_out_minor=session.paid_out_minor,
    )


def _to_pay_minor(order: Order, payment: Payment | None) -> int:
    """Where the buyer decided how much, what they decided; the least of it means nothing once it was passed."""
    return payment.amount_minor if order.open_amount and payment else order.amount_minor


def _claim(state: State, rules: Rules, at_us: int) -> tuple[str, str]:
    """Code and signed statement of what this visit may claim now; both empty when it may claim nothing."""
    session = state.session
    if not has_claim(state) or session.order is None:
        return "", ""
    code = claim_code(session.session_id, rules)
    statement = codes.statement(code, session.left_minor, session.order.currency, at_us // MICROSECONDS, rules.sign)
    return code, statement
