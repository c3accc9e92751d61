"""The one fold that makes the state: at boot from the journal, then from every fact and move.

Answers for: what each word changes. Does not answer for: what follows from the state (`advance`), what events mean (`decide`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.domain import (
    box_fold,
    cases,
    code_lookup,
    diagnosis,
    facts,
    fold_choosing,
    fold_outbox,
    lately,
    ledger,
    moves,
    operation_facts,
    paper,
    redemption_facts,
    redemptions,
    registers,
    remote_orders,
    staff,
)
from kiosk.domain.bookings import kept, posted, returned, stacked, unclaimable, with_note
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.collection_facts import CountDoubted
from kiosk.domain.facts import Fact
from kiosk.domain.ledger import Transfer, UnallocatedReason
from kiosk.domain.moves import AcceptorCondition, Move
from kiosk.domain.receipts import Doubt
from kiosk.domain.session import TRANSITIONS, Fate, Note, Phase, Session, next_phase
from kiosk.domain.state import NOTES_REMEMBERED_MAX, Claim, Payment, PayState, State
from kiosk.domain.totals import counted

#: Words that move the session's phase.
_PHASED = frozenset(word for row in TRANSITIONS.values() for word in row)


def fold(state: State, happened: Fact | Move) -> State:
    """The state after one more fact or move. Raises IllegalTransitionError or LedgerError, and then nothing changed."""
    apply = _APPLY.get(type(happened))
    state = replace(state, late=()) if state.late else state
    folded = apply(state, happened) if apply else state
    if type(happened) in _PHASED:
        phase = next_phase(state.session.phase, happened)
        moved = phase is not state.session.phase
        session = replace(folded.session, phase=phase, deadline_s=None if moved else folded.session.deadline_s)
        folded = replace(folded, session=session)
    return folded


def _stacked(state: State, value_minor: int, currency: str, period: int = 0, *, test: bool = False) -> State:
    """As the unit told it, which may tell it again."""
    return replace(stacked(state, value_minor, currency, period, test=test), last_stacked=(value_minor, currency))


def _session_opened(state: State, fact: facts.SessionOpened) -> State:
    session = Session(
        phase=state.session.phase,
        language=fact.language,
        session_id=fact.session_id,
        order_number=fact.order.order_number,
        service_id=fact.order.service_id,
        particulars=fact.particulars,
        order=fact.order,
        without_receipt=fact.without_receipt,
        unhurried=state.session.unhurried,
    )
    state = counted(state, "sessions")
    return replace(state, session=session, counters=replace(state.counters, sessions=state.counters.sessions + 1))


def _note_intended(state: State, fact: facts.NoteIntended) -> State:
    test = state.session.phase is Phase.NOTE_TEST
    note = Note(fact.note_id, fact.session_id, fact.value_minor, fact.currency, state.period, test, Fate.INTENDED)
    box = ledger.cash_box(fact.currency, state.period, fact.value_minor)
    inserter = ledger.test(fact.currency) if test else ledger.buyer(fact.currency)
    transfer = Transfer(box, inserter, fact.value_minor)
    state = replace(
        state,
        ledger=state.ledger.reserve(fact.note_id, transfer),
        intent=note,
        intent_commanded=False,
        intent_deadline_s=None,
        last_stacked=None,
        handed_back=False,
        counters=replace(state.counters, notes=state.counters.notes + 1),
    )
    return with_note(state, note)


def _resolve(state: State, note_id: str, fate: Fate) -> tuple[State, Note]:
    """Close the open intent. Raises LedgerError when it is not this note that is open."""
    if state.intent is None or state.intent.note_id != note_id:
        raise ledger.LedgerError(f"note {note_id} is not the intended one")
    note = replace(state.intent, fate=fate)
    books = state.ledger.resolve(note_id, posted=fate is Fate.STACKED)
    state = replace(state, ledger=books, intent=None, intent_commanded=False, intent_deadline_s=None)
    return with_note(state, note), note


def _note_stacked(state: State, fact: facts.NoteStacked) -> State:
    state, note = _resolve(state, fact.note_id, Fate.STACKED)
    return _stacked(state, note.value_minor, note.currency, test=note.test)


def _note_returned(state: State, fact: facts.NoteReturned) -> State:
    state, note = _resolve(state, fact.note_id, Fate.RETURNED)
    return returned(state, note.value_minor, note.currency)


def _note_unresolved(state: State, fact: facts.NoteUnresolved) -> State:
    state, note = _resolve(state, fact.note_id, Fate.UNRESOLVED)
    doubt = Transfer(ledger.uncertain(note.currency, note.period), ledger.suspense(note.currency), note.value_minor)
    state = counted(posted(state, doubt), f"unresolved:{note.currency}", period=note.period)
    state = cases.doubted(state, note, fact.at_us)
    return replace(state, unresolved=(*state.unresolved, note)[-NOTES_REMEMBERED_MAX:])


def _suspense_settled(state: State, fact: facts.SuspenseSettled) -> State:
    note = next(note for note in state.unresolved if note.note_id == fact.note_id)
    certain = Transfer(ledger.suspense(note.currency), ledger.uncertain(note.currency, note.period), note.value_minor)
    state = counted(posted(state, certain), f"found:{note.currency}", period=note.period)
    state = replace(state, unresolved=tuple(n for n in state.unresolved if n.note_id != fact.note_id))
    state = cases.ended(state, fact.note_id)
    if not fact.stacked:
        state = returned(state, note.value_minor, note.currency, note.period)
        return with_note(state, replace(note, fate=Fate.RETURNED))
    return _found_in_box(state, note)


def _found_in_box(state: State, note: Note) -> State:
    """The buyer's while they stand there; afterwards kept under their code. A technician's stays test money. One that is told of
    after its box was taken may have dropped into the next one: both are to be counted.
    """
    box = ledger.cash_box(note.currency, note.period, note.value_minor)
    if note.period != state.period:
        box = ledger.in_transit(note.currency, note.period)
        state = box_fold.doubted(state, CountDoubted(state.period, Doubt.NOTE_IN_DOUBT))
    present = state.session.session_id == note.session_id and state.session.phase in {Phase.CASH, Phase.CLOSING}
    owner = ledger.buyer(note.currency) if present else ledger.unallocated(note.currency)
    owner = ledger.test(note.currency) if note.test else owner
    state = posted(state, Transfer(box, owner, note.value_minor))
    state = _stacked(state, note.value_minor, note.currency, note.period, test=note.test)
    if present or note.test:
        return with_note(state, replace(note, fate=Fate.STACKED))
    claim_id = f"{note.session_id}-{note.note_id}"
    reason = UnallocatedReason.FOUND.value
    claim = Claim(claim_id, note.session_id, note.value_minor, note.currency, reason, note.period)
    return kept(state, claim)


def _note_handed_back(state: State, fact: facts.NoteHandedBack) -> State:
    state = staff.note_tried(replace(state, handed_back=True), fact)
    return returned(state, fact.value_minor, fact.currency)


def _orphan_expected(state: State, _fact: facts.OrphanExpected) -> State:
    return replace(state, orphan_expected=True)


def _orphan_stacked(state: State, fact: facts.OrphanStacked) -> State:
    box = ledger.cash_box(fact.currency, state.period, fact.value_minor)
    state = posted(state, Transfer(box, ledger.orphan(fact.currency), fact.value_minor))
    state = cases.orphaned(counted(state, f"orphan:{fact.currency}", fact.value_minor), fact)
    return _stacked(replace(state, orphan_expected=False), fact.value_minor, fact.currency)


def _acceptor_rested(state: State, _fact: facts.AcceptorRested) -> State:
    return replace(state, last_stacked=None, handed_back=False)


def _payment_captured(state: State, fact: facts.PaymentCaptured) -> State:
    captured = Transfer(ledger.buyer(fact.currency), ledger.payable(fact.currency), fact.amount_minor)
    payment = Payment(
        fact.payment_id,
        fact.session_id,
        fact.amount_minor,
        fact.currency,
        fact.gateway,
        fact.body,
        fact.captured_at_us,
        state.period,
    )
    state = counted(counted(state, "payments"), f"captured:{fact.currency}", fact.amount_minor)
    state = fold_outbox.with_payment(posted(state, captured), payment)
    session = replace(state.session, payment_id=fact.payment_id)
    state = replace(state, session=session, registers=registers.captured(state.registers, fact))
    return lately.paid_for(state, session.service_id)


def _credit_unallocated(state: State, fact: facts.CreditUnallocated) -> State:
    left = Transfer(ledger.buyer(fact.currency), ledger.unallocated(fact.currency), fact.amount_minor)
    claim_id = f"{fact.session_id}-{fact.reason}"
    claim = Claim(claim_id, fact.session_id, fact.amount_minor, fact.currency, fact.reason.value, state.period)
    state = kept(posted(state, left), claim)
    leftover = state.session.leftover_minor + fact.amount_minor
    return replace(state, session=replace(state.session, leftover_minor=leftover))


def _move_payable(state: State, payment_id: str, account: Callable[[str], str]) -> State:
    payment = state.payments[payment_id]
    transfer = Transfer(ledger.payable(payment.currency), account(payment.currency), payment.amount_minor)
    return replace(state, ledger=state.ledger.post(transfer))


def _ended(state: State, payment: Payment, how: str) -> State:
    """Counted where its notes are: in the period in which they came in."""
    state = counted(state, f"{how}:{payment.currency}", payment.amount_minor, period=payment.period)
    return counted(state, f"{how}_payments", period=payment.period)


def _payment_accepted(state: State, fact: facts.PaymentAccepted) -> State:
    state = _move_payable(state, fact.payment_id, ledger.settled)
    payment = state.payments[fact.payment_id]
    state = _ended(state, payment, "accepted")
    accepted = replace(payment, state=PayState.ACCEPTED, reference=fact.reference, in_flight=False)
    return fold_outbox.with_payment(replace(state, registers=registers.ended(state.registers, fact)), accepted)


def _payment_refused(state: State, fact: facts.PaymentRefused) -> State:
    payment = state.payments[fact.payment_id]
    state = _move_payable(state, fact.payment_id, ledger.unallocated)
    state = _ended(state, payment, "refused")
    reason = UnallocatedReason.REFUSED.value
    claim_id = f"{payment.session_id}-{reason}"
    claim = Claim(claim_id, payment.session_id, payment.amount_minor, payment.currency, reason, payment.period)
    state = cases.refused(kept(state, claim), claim, payment.payment_id, fact.at_us)
    if payment.session_id == state.session.session_id:
        leftover = state.session.leftover_minor + payment.amount_minor
        state = replace(state, session=replace(state.session, leftover_minor=leftover))
    state = replace(state, registers=registers.ended(state.registers, fact))
    return fold_outbox.with_payment(state, replace(payment, state=PayState.REFUSED, in_flight=False))


def _claim_redeemed(state: State, fact: facts.ClaimRedeemed) -> State:
    """What was kept is now owed to the aggregator, which has paid it out."""
    paid = Transfer(ledger.unallocated(fact.currency), ledger.settled(fact.currency), fact.amount_minor)
    period = state.claims[fact.claim_id].period
    state = counted(posted(state, paid), f"redeemed:{fact.currency}", fact.amount_minor, period=period)
    return cases.ended(unclaimable(state, fact.claim_id), fact.claim_id)


def _report_refused(state: State, fact: facts.ReportRefused) -> State:
    return cases.report_refused(fold_outbox.report_ended(state, fact), fact)


def _key_chosen(state: State, fact: facts.KeyChosen) -> State:
    return replace(state, public_key=fact.public_key)


def _personal_erased(state: State, fact: facts.PersonalErased) -> State:
    return replace(state, erased_before_us=fact.before_us)


def _result_known(state: State, fact: facts.ResultKnown) -> State:
    return replace(state, session=replace(state.session, result=fact.kind))


def _slip_intended(state: State, fact: facts.SlipIntended) -> State:
    return box_fold.sheet_intended(paper.slip_intended(state, fact), fact)


def _slip_settled(state: State, fact: facts.SlipSettled) -> State:
    return box_fold.sheet_settled(paper.slip_settled(state, fact), fact)


def _session_ended(state: State, _fact: facts.SessionEnded) -> State:
    """Forget what is finished: only open payments and unsettled slips outlive their session."""
    payments = {i: p for i, p in state.payments.items() if p.is_open}
    redeemed = {i: r for i, r in state.redemptions.items() if r.is_open}
    slips = {i: s for i, s in state.slips.items() if s.outcome is None}
    session = Session(phase=state.session.phase)
    return replace(state, session=session, payments=payments, redemptions=redeemed, slips=slips)


def _latched(state: State, fact: facts.AcceptanceLatched) -> State:
    return replace(state, latched=fact.reason)


def _resumed(state: State, _fact: facts.AcceptanceResumed) -> State:
    """Other notes may come now, so nothing the unit tells from here on can be taken for a note that was in doubt before."""
    return replace(state, latched="", unresolved=())


def _in_session(**fields: str) -> Callable[[State, object], State]:
    """A fold that copies fields of the move (values) into fields of the session (keys)."""

    def apply(state: State, move: object) -> State:
        changes = {name: getattr(move, source) for name, source in fields.items()}
        return replace(state, session=replace(state.session, **changes))

    return apply


def _in_devices(**fields: str) -> Callable[[State, object], State]:
    def apply(state: State, move: object) -> State:
        changes = {name: getattr(move, source) for name, source in fields.items()}
        return replace(state, devices=replace(state.devices, **changes))

    return apply


def _cash_reopened(state: State, _move: moves.CashReopened) -> State:
    return replace(state, session=replace(state.session, cancelled=False, offer_again=False, notice=None))


def _stack_commanded(state: State, _move: moves.StackCommanded) -> State:
    return replace(state, intent_commanded=True)


def _intent_deadline(state: State, move: moves.IntentDeadlineSet) -> State:
    return replace(state, intent_deadline_s=move.at_s)


def _acceptor_seen(state: State, move: moves.AcceptorSeen) -> State:
    devices = replace(state.devices, acceptor=move.condition, acceptor_fault=move.fault)
    if move.condition is AcceptorCondition.LOST:
        first_look = True
    else:
        first_look = state.first_look and move.condition not in {AcceptorCondition.DISABLED, AcceptorCondition.IDLE}
    return replace(state, devices=devices, first_look=first_look)


#: One small function per word; a fact or move without one changes the session's phase at most.
_APPLY: Mapping[type, Callable[..., State]] = {
    facts.TillStarted: box_fold.till_started,
    facts.SessionOpened: _session_opened,
    facts.NoteIntended: _note_intended,
    facts.NoteStacked: _note_stacked,
    facts.NoteReturned: _note_returned,
    facts.NoteUnresolved: _note_unresolved,
    facts.SuspenseSettled: _suspense_settled,
    facts.NoteHandedBack: _note_handed_back,
    facts.OrphanExpected: _orphan_expected,
    facts.OrphanStacked: _orphan_stacked,
    facts.AcceptorRested: _acceptor_rested,
    facts.PaymentCaptured: _payment_captured,
    facts.CreditUnallocated: _credit_unallocated,
    facts.PaymentDeferred: fold_outbox.payment_deferred,
    facts.PaymentAccepted: _payment_accepted,
    facts.PaymentRefused: _payment_refused,
    facts.ReportQueued: fold_outbox.report_queued,
    facts.ReportDeferred: fold_outbox.report_deferred,
    facts.ReportDelivered: fold_outbox.report_ended,
    facts.ReportRefused: _report_refused,
    facts.ClaimRedeemed: _claim_redeemed,
    facts.KeyChosen: _key_chosen,
    facts.PersonalErased: _personal_erased,
    facts.BoxTaken: box_fold.box_taken,
    facts.BoxCounted: box_fold.box_counted,
    facts.Corrected: box_fold.corrected,
    CaseResolved: cases.resolved,
    facts.ResultKnown: _result_known,
    facts.SlipIntended: _slip_intended,
    facts.SlipSettled: _slip_settled,
    facts.ReceiptShown: paper.receipt_shown,
    facts.PrinterChanged: paper.printer_changed,
    facts.SessionEnded: _session_ended,
    facts.AcceptanceLatched: _latched,
    facts.AcceptanceResumed: _resumed,
    **box_fold.APPLY,
    operation_facts.RegistersBegun: registers.begun,
    operation_facts.PaymentsRegistered: registers.registered,
    operation_facts.RegisterCompared: registers.compared,
    operation_facts.RegistersMissed: registers.compared,
    operation_facts.RemoteOrderReceived: remote_orders.received,
    operation_facts.RemoteOrderEnded: remote_orders.ended,
    operation_facts.RemoteOrderTold: remote_orders.told,
    **staff.FOLDS,
    **diagnosis.FOLDS,
    redemption_facts.RedemptionCaptured: redemptions.captured,
    redemption_facts.RedemptionDeferred: redemptions.deferred,
    redemption_facts.RedemptionAccepted: redemptions.accepted,
    redemption_facts.RedemptionRefused: redemptions.refused,
    moves.LanguageChosen: _in_session(language="language"),
    moves.LookupStarted: fold_choosing.lookup_started,
    moves.OrderLearnt: fold_choosing.order_learnt,
    moves.SteppedBack: fold_choosing.stepped_back,
    moves.OfferedAgain: fold_choosing.offered_again,
    moves.NoticeGiven: code_lookup.notice_given,
    moves.CodeLookupStarted: code_lookup.lookup_started,
    moves.CodeTried: code_lookup.tried,
    moves.CodeFound: code_lookup.found,
    moves.CodeHeld: code_lookup.held,
    moves.CodeDropped: code_lookup.dropped,
    moves.CashFreezing: _in_session(cancelled="cancelled", offer_again="offer_again"),
    moves.CashReopened: _cash_reopened,
    moves.DeadlineSet: _in_session(deadline_s="at_s", last_call="last"),
    moves.PaceChosen: fold_choosing.pace_chosen,
    moves.StackCommanded: _stack_commanded,
    moves.IntentDeadlineSet: _intent_deadline,
    moves.AcceptorSeen: _acceptor_seen,
    moves.HeadNoteSeen: _in_devices(head_note_expected="expected"),
    moves.TroubleSeen: _in_session(trouble="trouble"),
    moves.PrinterSeen: _in_devices(can_print="can_print"),
    moves.NetworkSeen: fold_outbox.network_seen,
    moves.ClockSeen: _in_devices(clock_trusted="trusted"),
    moves.StorageSeen: _in_devices(has_room="has_room"),
    moves.CatalogueSeen: fold_choosing.catalogue_seen,
    moves.CatalogueTold: _in_devices(catalogue_told="version"),
    moves.OrdersListedAgain: _in_devices(listed_again="order_ids"),
    moves.RegisterAsked: registers.asked,
    moves.RegisterAwaited: registers.awaited,
    moves.PostStarted: fold_outbox.post_started,
    moves.ReportStarted: fold_outbox.report_started,
    moves.RedemptionStarted: redemptions.started,
    moves.SlipStarted: paper.slip_started,
}
