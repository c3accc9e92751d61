"""The state as the screen may see it: one frozen snapshot, nothing secret, nothing that is not on disk.

Answers for: what a buyer is told. Does not answer for: words and looks (the screen), sockets (`link_server`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from kiosk.domain.advance import claim_code, fitting_minor, has_claim
from kiosk.domain.decide import why_closed
from kiosk.domain.moves import AcceptorCondition, NoteTrouble
from kiosk.domain.overpay import most_credited_minor
from kiosk.domain.paper import receipt_on_screen, slips_of
from kiosk.domain.rules import Rules
from kiosk.domain.session import Fate, Phase
from kiosk.domain.state import State
from kiosk.link import messages as m
from kiosk.till import code_views
from kiosk.till.staff_view import sign_in_view, staff_view

#: CLOSING looks like CASH with nothing to press; SETTLED lives within one commit and is never seen.
PHASES: Mapping[Phase, m.Phase] = {
    Phase.WELCOME: m.Phase.WELCOME,
    Phase.ENTRY: m.Phase.ENTRY,
    Phase.CHECKING: m.Phase.CHECKING,
    Phase.FOUND: m.Phase.FOUND,
    Phase.OFFER: m.Phase.OFFER,
    Phase.CASH: m.Phase.CASH,
    Phase.CLOSING: m.Phase.CASH,
    Phase.SETTLED: m.Phase.PAYING,
    Phase.PAYING: m.Phase.PAYING,
    Phase.DONE: m.Phase.DONE,
    Phase.SERVICE: m.Phase.SERVICE,
    Phase.NOTE_TEST: m.Phase.SERVICE,
}

FATES: Mapping[Fate, m.NoteFate] = {
    Fate.INTENDED: m.NoteFate.STACKING,
    Fate.STACKED: m.NoteFate.STACKED,
    Fate.RETURNED: m.NoteFate.RETURNED,
    Fate.UNRESOLVED: m.NoteFate.UNKNOWN,
}

TROUBLES: Mapping[NoteTrouble, m.NoteMessage] = {
    NoteTrouble.NONE: m.NoteMessage.NONE,
    NoteTrouble.OVER_LIMIT: m.NoteMessage.OVER_LIMIT,
    NoteTrouble.WRONG_CURRENCY: m.NoteMessage.WRONG_CURRENCY,
    NoteTrouble.NOT_ACCEPTED: m.NoteMessage.NOT_ACCEPTED,
    NoteTrouble.UNREADABLE: m.NoteMessage.UNREADABLE,
    NoteTrouble.ONE_AT_A_TIME: m.NoteMessage.ONE_AT_A_TIME,
    NoteTrouble.CLOSING: m.NoteMessage.CLOSING,
    NoteTrouble.STOPPED: m.NoteMessage.ACCEPTOR_STOPPED,
    NoteTrouble.TEST: m.NoteMessage.NONE,
}

#: Phases in which whoever stands there is told how long they have; elsewhere the till's own waits are nobody's business.
COUNTED = frozenset({Phase.ENTRY, Phase.FOUND, Phase.OFFER, Phase.CASH, Phase.DONE, Phase.SERVICE, Phase.NOTE_TEST})


@dataclass(frozen=True, slots=True)
class Face:
    """What never changes while the till runs. `receipt_text` tells a receipt's body in words for a phone."""

    terminal: m.TerminalView
    languages: tuple[str, ...]
    receipt_text: Callable[[bytes], str]


def snapshot(state: State, rules: Rules, face: Face, mono_s: float, revision: int) -> m.Snapshot:
    """The whole truth a screen needs."""
    session = state.session
    seconds_left = -1
    if session.deadline_s is not None and session.phase in COUNTED:
        seconds_left = max(0, ceil(session.deadline_s - mono_s))
    return m.Snapshot(
        revision=revision,
        phase=_phase(state),
        language=session.language or face.languages[0],
        languages=face.languages,
        terminal=face.terminal,
        availability=m.Availability(why_closed(state) or "open"),
        printer=_printer(state),
        order=_order(state, rules),
        cash=_cash(state, rules),
        result=_result(state, rules, face),
        notice=m.NoticeCode(session.notice.value) if session.notice else None,
        seconds_left=seconds_left,
        catalogue_version=state.catalogue.version if state.catalogue.services else 0,
        sign_in=sign_in_view(state, mono_s),
        staff=staff_view(state, rules),
        popular=state.popular,
        codes=rules.codes,
        scanner=rules.scanner,
        code=code_views.code_of(state),
        found=code_views.found_of(session.found),
    )


def _phase(state: State) -> m.Phase:
    """A note test from before there was signing in is nobody's, and ends by itself."""
    phase = PHASES[state.session.phase]
    return m.Phase.WELCOME if phase is m.Phase.SERVICE and state.staff is None else phase


def _printer(state: State) -> m.PrinterView:
    if state.devices.can_print is False:
        return m.PrinterView.NO_RECEIPT
    return m.PrinterView.LOW_PAPER if state.printer_trouble and state.devices.can_print else m.PrinterView.OK


def _order(state: State, rules: Rules) -> m.OrderView | None:
    session, order, payment = state.session, state.session.order, state.payment or state.redemption
    if order is None:
        return None
    is_open = order.open_amount and session.code is None
    return m.OrderView(
        number=order.order_number,
        payee=order.payee,
        description=order.description,
        due_minor=order.amount_minor,
        currency=order.currency,
        leftover_limit_minor=rules.leftover_limit_minor,
        overpay=m.Overpay(order.overpay.value),
        service_id=order.service_id,
        account=order.account,
        details=session.particulars.details,
        open_amount=is_open,
        max_minor=most_credited_minor(order, rules) if is_open else 0,
        paid_minor=payment.amount_minor if payment else 0,
    )


def _cash(state: State, rules: Rules) -> m.CashView | None:
    session = state.session
    if session.phase not in {Phase.CASH, Phase.CLOSING} or session.order is None:
        return None
    fitting = fitting_minor(state, rules)
    taking = session.phase is Phase.CASH
    return m.CashView(
        inserted_minor=session.inserted_minor,
        left_minor=max(0, session.due_minor - session.inserted_minor),
        notes=tuple(m.NoteView(n.value_minor, n.currency, FATES[n.fate]) for n in session.notes),
        accepted_minor=fitting,
        message=_message(state),
        under_review_minor=session.under_review_minor,
        largest_note_minor=max(fitting, default=0),
        can_cancel=taking and not session.inserted_minor and state.intent is None,
        can_finish=taking and bool(session.inserted_minor) and state.intent is None,
    )


def _message(state: State) -> m.NoteMessage:
    broken = state.devices.acceptor in {AcceptorCondition.FAULT, AcceptorCondition.LOST}
    if state.latched or broken:
        return m.NoteMessage.ACCEPTOR_STOPPED
    return TROUBLES[state.session.trouble]


def _result(state: State, rules: Rules, face: Face) -> m.ResultView | None:
    session, payment, on_screen = state.session, state.payment, receipt_on_screen(state)
    receipt_text = face.receipt_text(on_screen.body) if on_screen else ""
    if session.result is None or session.order is None:
        return None
    if state.redemption is not None:
        return code_views.result_of(state, state.redemption, _receipt(state), receipt_text)
    return m.ResultView(
        kind=m.ResultKind(session.result.value),
        paid_minor=payment.amount_minor if payment and session.result.value.startswith("accepted") else 0,
        leftover_minor=session.leftover_minor,
        under_review_minor=session.under_review_minor,
        currency=session.order.currency,
        reference=session.payment_id or session.session_id,
        claim_code=claim_code(session.session_id, rules) if has_claim(state) else "",
        receipt=_receipt(state),
        receipt_qr=receipt_text,
    )


def _receipt(state: State) -> m.ReceiptView:
    slips = slips_of(state)
    if not slips:
        return m.ReceiptView.NONE
    if slips[-1].outcome is None:
        return m.ReceiptView.PRINTING
    outcome = slips[-1].outcome.value
    return m.ReceiptView.PRINTED if outcome == "taken" else m.ReceiptView(outcome)
