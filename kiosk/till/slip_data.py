"""What goes on a slip, gathered from the state: the only place that turns a session into receipt data.

Answers for: which facts a slip tells. Does not answer for: words, layout (`kiosk.slips`), printing (`drivers`).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kiosk.domain import codes
from kiosk.domain.advance import claim_code, has_claim
from kiosk.domain.facts import Order, ResultKind
from kiosk.domain.fields import COVER
from kiosk.domain.receipts import CodeReceipt, ReceiptData, SlipKind
from kiosk.domain.redemptions import left_minor
from kiosk.domain.rules import MICROSECONDS, Rules
from kiosk.domain.session import Fate
from kiosk.domain.state import Payment, Redemption, State
from kiosk.settings import TerminalSettings

KINDS: Mapping[ResultKind, SlipKind] = {
    ResultKind.ACCEPTED: SlipKind.PAYMENT_ACCEPTED,
    ResultKind.ACCEPTED_FOR_LATER: SlipKind.PAYMENT_LATER,
    ResultKind.REFUSED: SlipKind.REFUSED_AFTER_CASH,
    ResultKind.NOT_ENOUGH: SlipKind.NOT_ENOUGH,
    ResultKind.NOTE_UNDER_REVIEW: SlipKind.NOTE_UNDER_REVIEW,
}

#: The same where a code paid.
CODE_KINDS: Mapping[ResultKind, SlipKind] = {
    ResultKind.ACCEPTED: SlipKind.CODE_PAYMENT,
    ResultKind.ACCEPTED_FOR_LATER: SlipKind.CODE_PAYMENT_LATER,
    ResultKind.REFUSED: SlipKind.CODE_PAYMENT_REFUSED,
}
CODE_END_CHARACTERS = 4


def receipt_data(
    state: State,
    slip_id: str,
    terminal: TerminalSettings,
    rules: Rules,
    at_us: int,
    journal_seq: int,
    journal_head: str,
) -> ReceiptData | CodeReceipt:
    """The slip of the session on the screen. `at_us` is when the slip is made, `journal_*` the last row on disk."""
    head = _head(state, slip_id, terminal) | {
        "at_us": at_us,
        "journal_seq": journal_seq,
        "journal_head": journal_head,
    }
    if state.redemption is not None:
        return _code_receipt(state, state.redemption, head)
    return _receipt(state, rules, head, at_us)


def _head(state: State, slip_id: str, terminal: TerminalSettings) -> dict[str, Any]:
    """Whose slip it is, and where it is made."""
    slip = state.slips[slip_id]
    return {
        "slip_id": slip_id,
        "copy": slip.copy,
        "language": state.session.language,
        "terminal_number": terminal.number,
        "terminal_name": terminal.name,
        "terminal_address": terminal.address,
        "support_phone": terminal.support_phone,
        "slip_number": slip.number,
        "time_zone": terminal.time_zone,
    }


def _code_receipt(state: State, redemption: Redemption, head: dict[str, Any]) -> CodeReceipt:
    """Paid with a code: it says what is left under it."""
    session, left = state.session, left_minor(redemption)
    assert session.order is not None
    assert session.result is not None
    code = session.code.code if session.code else ""
    keeps = left or session.result is ResultKind.ACCEPTED_FOR_LATER
    return CodeReceipt(
        **head,
        kind=CODE_KINDS[session.result],
        order_number=session.order.order_number,
        payee=session.order.payee,
        description=session.order.description,
        amount_minor=redemption.amount_minor,
        currency=redemption.currency,
        open_minor=redemption.amount_minor + left if session.result is ResultKind.ACCEPTED else redemption.open_minor,
        credited_minor=0 if session.result is ResultKind.REFUSED else redemption.amount_minor,
        left_minor=left,
        payment_id=redemption.redemption_id,
        reference=redemption.reference,
        claim_code=code if keeps else "",
        code_end=code[-CODE_END_CHARACTERS:],
        account=session.order.account.replace(COVER, "*"),
    )


def _receipt(state: State, rules: Rules, head: dict[str, Any], at_us: int) -> ReceiptData:
    session, payment = state.session, state.payment
    assert session.order is not None
    assert session.result is not None
    paid = payment is not None and session.result in {ResultKind.ACCEPTED, ResultKind.ACCEPTED_FOR_LATER}
    code, statement = _claim(state, rules, at_us)
    counts = Counter(note.value_minor for note in session.notes if note.fate is Fate.STACKED)
    return ReceiptData(
        **head,
        kind=KINDS[session.result],
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
