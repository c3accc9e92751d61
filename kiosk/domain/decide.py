"""decide(state, event, now, rules) → what happened because of it and what to do next. No I/O, no clock, no random.

Answers for: the meaning of every event. What follows from the state alone (final totals, posting, printing, time-outs)
is `advance`, which runs after every event and at boot, so a restart continues where the journal ends.
"""

from collections.abc import Callable, Mapping

from kiosk.domain import (
    case_events,
    code_lookup,
    collecting,
    diagnosis,
    diagnosis_facts,
    events,
    facts,
    ledger,
    moves,
    orders,
    paper,
    patience,
    quoting,
    redemptions,
    registers,
    remote_orders,
    resolving,
    scanning,
    sign_in,
    staff,
    staff_events,
    staff_moves,
)
from kiosk.domain.collection_facts import CountDoubted
from kiosk.domain.decision import NOTHING, Context, Decision
from kiosk.domain.decision import happened as _happened
from kiosk.domain.events import Event, PostResult, WakeNote
from kiosk.domain.facts import Fact, HandBackReason
from kiosk.domain.moves import AcceptorCondition, Move, NoteTrouble, Notice
from kiosk.domain.overpay import fits
from kiosk.domain.people import Act, StaffNotice
from kiosk.domain.receipts import Doubt
from kiosk.domain.retrying import known_us, next_at_us
from kiosk.domain.rules import Now, Rules
from kiosk.domain.session import Phase
from kiosk.domain.state import State


def decide(state: State, event: Event, now: Now, rules: Rules) -> Decision:
    """What `event` means in `state`. An event that means nothing here (a late tap, a repeated word) decides nothing."""
    return _DECIDE[type(event)](Context(state, now, rules), event)


# --- the buyer's finger -------------------------------------------------------------------------------------------


#: Where the language may be changed.
SPEAKING = frozenset({Phase.WELCOME, Phase.ENTRY, Phase.FOUND, Phase.OFFER, Phase.SERVICE})


def _language(c: Context, e: events.LanguageTapped) -> Decision:
    session = c.state.session
    if e.language not in c.rules.languages or session.phase not in SPEAKING:
        return NOTHING
    return _happened(moves.LanguageChosen(e.language))


def _order_typed(c: Context, e: events.OrderTyped) -> Decision:
    digits = e.order_number.isascii() and e.order_number.isdigit()
    if c.state.session.phase is not Phase.ENTRY or not digits or why_closed(c.state):
        return NOTHING
    return quoting.ask_order(e)


def _service_asked(c: Context, e: events.ServiceAsked) -> Decision:
    if c.state.session.phase is not Phase.ENTRY or why_closed(c.state):
        return NOTHING
    return quoting.ask_service(c, e)


def _code_asked(c: Context, e: events.CodeAsked) -> Decision:
    """Where one's money is may be asked of a kiosk that takes none at present."""
    return code_lookup.asked(c, e.code) if c.state.session.phase is Phase.ENTRY else NOTHING


def _scanned(c: Context, e: events.Scanned) -> Decision:
    """As if it had been typed; where nobody has begun yet, in the first language."""
    phase = c.state.session.phase
    if phase not in {Phase.WELCOME, Phase.ENTRY}:
        return NOTHING
    asked = scanning.asked(c, e.text, is_closed=bool(why_closed(c.state)))
    if asked is NOTHING or phase is Phase.ENTRY:
        return asked
    return Decision((moves.LanguageChosen(c.rules.languages[0]), *asked.happened), asked.orders)


def _confirmed(c: Context, e: events.OfferConfirmed) -> Decision:
    session, order = c.state.session, c.state.session.order
    if session.phase is not Phase.OFFER or order is None or why_closed(c.state):
        return NOTHING
    if order.expires_at_us <= c.now.utc_us:
        return _happened(moves.SteppedBack(Notice.QUOTE_EXPIRED if order.service_id else Notice.ORDER_EXPIRED))
    if not c.state.devices.can_print and not e.without_receipt:
        return NOTHING
    confirmed = quoting.in_buyers_language(c, order)
    if session.code is not None:
        return redemptions.confirmed(c, confirmed, without_receipt=e.without_receipt)
    session_id = f"{c.rules.terminal_number}-{c.state.counters.sessions + 1:06d}"
    return _happened(
        facts.SessionOpened(session_id, session.language, confirmed, e.without_receipt, session.particulars)
    )


def _finish(c: Context, _e: events.FinishTapped) -> Decision:
    if c.state.session.phase is Phase.CASH and c.state.session.inserted_minor:
        return _happened(moves.CashFreezing(cancelled=False))
    return NOTHING


def _cancel(c: Context, _e: events.CancelTapped) -> Decision:
    session = c.state.session
    if session.phase in {Phase.ENTRY, Phase.CHECKING, Phase.FOUND, Phase.OFFER}:
        return _happened(moves.SteppedBack(None))
    if session.phase is Phase.CASH and not session.inserted_minor:
        return _happened(moves.CashFreezing(cancelled=True))
    return NOTHING


def _more_time(c: Context, _e: events.MoreTimeTapped) -> Decision:
    seconds = phase_seconds(c.state, c.rules)
    if seconds is None or c.state.session.phase not in patience.COUNTED:
        return NOTHING
    return _happened(patience.deadline(c.state, seconds, c.now))


def _pace(c: Context, e: events.TimeWanted) -> Decision:
    is_news = c.state.session.unhurried is not e.wanted and c.state.session.phase not in patience.STAFFED
    return _happened(moves.PaceChosen(e.wanted)) if is_news else NOTHING


def _leave(c: Context, _e: events.LeaveTapped) -> Decision:
    return _happened(moves.DeadlineSet(c.now.mono_s)) if c.state.session.phase is Phase.DONE else NOTHING


# --- the acceptor -------------------------------------------------------------------------------------------------


def _condensed(c: Context, e: events.AcceptorCondensed) -> Decision:
    happened: list[Fact | Move] = [moves.AcceptorSeen(e.condition, e.fault)]
    at_rest = e.condition in {AcceptorCondition.DISABLED, AcceptorCondition.IDLE}
    intent = c.state.intent
    if at_rest and intent and not (c.state.intent_commanded and not c.state.first_look):
        if c.state.devices.head_note_expected:
            happened.append(facts.NoteReturned(intent.note_id))
        else:
            happened.append(facts.NoteUnresolved(intent.note_id, "acceptor at rest and silent about it", c.now.utc_us))
            happened.append(facts.AcceptanceLatched("a note's place is unknown"))
    if at_rest and c.state.devices.head_note_expected:
        happened.append(moves.HeadNoteSeen(expected=False))
    return Decision(tuple(happened))


def _woke(c: Context, e: events.AcceptorWoke) -> Decision:
    happened: list[Fact | Move] = [moves.AcceptorSeen(AcceptorCondition.STARTING)]
    if e.note is WakeNote.HEAD:
        happened.append(moves.HeadNoteSeen(expected=True))
    if e.note is WakeNote.STACKER and c.state.intent is None and not c.state.orphan_expected:
        happened.append(facts.OrphanExpected("power came back with a note in the stacker"))
    return Decision(tuple(happened))


def judge(c: Context, value_minor: int, currency: str) -> HandBackReason | None:
    """Why a note in escrow must go back, or None when it may be kept."""
    session = c.state.session
    refusals = (
        (_is_stopped(c.state), HandBackReason.STOPPED),
        (session.phase not in {Phase.CASH, Phase.NOTE_TEST}, HandBackReason.CLOSING),
        (session.phase is Phase.NOTE_TEST and not session.keep, HandBackReason.TEST),
        (c.state.intent is not None, HandBackReason.ONE_AT_A_TIME),
        (currency != c.rules.currency, HandBackReason.WRONG_CURRENCY),
        (value_minor not in c.rules.denominations_minor, HandBackReason.NOT_ACCEPTED),
    )
    reason = next((reason for refused, reason in refusals if refused), None)
    if reason is None and session.order and not fits(session.order, session.inserted_minor, value_minor, c.rules):
        return HandBackReason.OVER_LIMIT
    return reason


def _is_stopped(state: State) -> bool:
    return bool(state.latched or collecting.why_no_note(state)) or state.devices.has_room is False


def _escrow(c: Context, e: events.NoteInEscrow) -> Decision:
    reason = judge(c, e.value_minor, e.currency)
    session_id = c.state.session.session_id
    if reason is None:
        note_id = f"{c.rules.terminal_number}-{c.state.counters.notes + 1:07d}"
        intent = facts.NoteIntended(note_id, session_id, e.value_minor, e.currency)
        happened = (moves.AcceptorSeen(AcceptorCondition.MOVING), intent, moves.StackCommanded())
        return Decision(happened, (orders.StackNote(),))
    handed_back = facts.NoteHandedBack(session_id, e.value_minor, e.currency, reason)
    trouble = moves.TroubleSeen(NoteTrouble(reason.value))
    return Decision((moves.AcceptorSeen(AcceptorCondition.MOVING), handed_back, trouble), (orders.ReturnNote(),))


def _went_in(c: Context, e: events.NoteWentIn) -> Decision:
    state, intent = c.state, c.state.intent
    value = (e.value_minor, e.currency)
    if intent and (intent.value_minor, intent.currency) == value:
        return _happened(facts.NoteStacked(intent.note_id))
    if intent:
        cause = f"intended {intent.value_minor} {intent.currency}"
        return _happened(
            facts.NoteReturned(intent.note_id),
            facts.OrphanStacked(*value, cause, c.now.utc_us),
            facts.AcceptanceLatched("the acceptor stacked another note than it offered"),
        )
    found = next((note for note in state.unresolved if (note.value_minor, note.currency) == value), None)
    if found:
        return _happened(facts.SuspenseSettled(found.note_id, stacked=True))
    if state.first_look and not state.orphan_expected and state.last_stacked == value:
        return _happened(facts.StackedRepeated(*value))
    return _happened(facts.OrphanStacked(*value, "no intent was open", c.now.utc_us))


def _unnamed_went_in(c: Context, _e: events.UnnamedNoteWentIn) -> Decision:
    """Only one note can have been on its way: the intended one, else one booked and not yet over, else the one in doubt."""
    state = c.state
    if state.intent:
        return _happened(facts.NoteStacked(state.intent.note_id))
    if state.first_look and state.last_stacked and not state.orphan_expected:
        return _happened(facts.StackedRepeated(*state.last_stacked))
    if state.unresolved:
        return _happened(facts.SuspenseSettled(state.unresolved[-1].note_id, stacked=True))
    return _happened(
        CountDoubted(state.period, Doubt.NOTE_IN_DOUBT),
        facts.AcceptanceLatched("a note of unknown value is in the box"),
    )


def _went_back(c: Context, e: events.NoteWentBack) -> Decision:
    """The intended note, if it is of its value; else, unless we handed one back, the one in doubt, if it is of its value."""
    state = c.state
    note = state.intent or (state.unresolved[-1] if state.unresolved and not state.handed_back else None)
    if note is None or (e.value_minor, e.currency) not in {(0, ""), (note.value_minor, note.currency)}:
        return NOTHING
    if note is state.intent:
        return _happened(facts.NoteReturned(note.note_id))
    return _happened(facts.SuspenseSettled(note.note_id, stacked=False))


def _refused_by_unit(c: Context, e: events.NoteRefusedByUnit) -> Decision:
    if c.state.session.phase is not Phase.CASH:
        return NOTHING
    counted = (diagnosis_facts.NoteRejected(e.reason),) if e.reason else ()
    return _happened(moves.TroubleSeen(e.trouble), *counted)


def _stack_silent(c: Context, _e: events.StackSilent) -> Decision:
    if c.state.intent is None:
        return NOTHING
    return _happened(
        facts.NoteUnresolved(c.state.intent.note_id, "no outcome after STACK", c.now.utc_us),
        facts.AcceptanceLatched("a note's place is unknown"),
    )


def _fraud(c: Context, _e: events.FraudSuspected) -> Decision:
    return NOTHING if c.state.latched else _happened(facts.AcceptanceLatched("the acceptor suspects fraud"))


# --- printer, network, time ---------------------------------------------------------------------------------------


def _printer(c: Context, e: events.PrinterAnswered) -> Decision:
    happened: list[Fact | Move] = []
    if c.state.devices.can_print is not e.can_print:
        happened.append(moves.PrinterSeen(e.can_print))
    if c.state.printer_trouble != e.trouble:
        happened.append(facts.PrinterChanged(e.can_print, e.trouble))
    return Decision(tuple(happened)) if happened else NOTHING


def _slip_finished(c: Context, e: events.SlipFinished) -> Decision:
    slip = c.state.slips.get(e.slip_id)
    if slip is None or slip.outcome is not None:
        return NOTHING
    settled = facts.SlipSettled(e.slip_id, e.outcome, e.cause)
    if not slip.session_id and c.state.staff:
        notice = StaffNotice.PRINTED if e.outcome in paper.IN_HAND else StaffNotice.NOT_PRINTED
        return _happened(settled, staff_moves.StaffTold(notice, (("cause", e.cause),) if e.cause else ()))
    if e.outcome in paper.IN_HAND or e.slip_id not in c.state.session.slip_ids:
        return _happened(settled)
    photo_s = patience.stretched(c.rules.photo_s, c.state.session, c.rules)
    return _happened(settled, moves.DeadlineSet(c.now.mono_s + (photo_s or 0)))


def _reprint_asked(c: Context, e: events.ReprintAsked) -> Decision:
    if paper.why_printer_is_taken(c.state) or e.visit.session.result is None or not e.person or not e.reason:
        return NOTHING
    intended = paper.copy(c.state, e.visit, c.now, c.rules, e.person, e.reason)
    return Decision((intended, moves.SlipStarted(intended.slip_id)), (orders.PrintSlip(intended.slip_id),))


def _printer_tested(_c: Context, e: events.PrinterTestEnded) -> Decision:
    return _happened(facts.PrinterTested(e.person, e.outcome, e.cause))


def _post_answered(c: Context, e: events.PostAnswered) -> Decision:
    payment = c.state.payments.get(e.payment_id)
    if payment is None or not payment.is_open:
        return NOTHING
    if e.result is PostResult.ACCEPTED:
        return _happened(moves.NetworkSeen(up=True), facts.PaymentAccepted(e.payment_id, e.detail, known_us(c)))
    if e.result is PostResult.REFUSED:
        refused = facts.PaymentRefused(e.payment_id, e.detail, e.reason, known_us(c))
        return _happened(moves.NetworkSeen(up=True), refused)
    attempt = payment.attempt + 1
    deferred = facts.PaymentDeferred(e.payment_id, attempt, e.detail, next_at_us(c, attempt, e.not_before_s))
    return _deferred(e.result, deferred)


def _deferred(result: PostResult, fact: facts.PaymentDeferred | facts.ReportDeferred) -> Decision:
    if result is PostResult.NOT_SENT:
        return _happened(fact, moves.NetworkSeen(up=False))
    return _happened(fact)


def _report_answered(c: Context, e: events.ReportAnswered) -> Decision:
    report = c.state.reports.get(e.report_id)
    if report is None:
        return NOTHING
    if e.result is PostResult.ACCEPTED:
        return _happened(moves.NetworkSeen(up=True), facts.ReportDelivered(e.report_id, e.detail))
    if e.result is PostResult.REFUSED:
        return _happened(moves.NetworkSeen(up=True), facts.ReportRefused(e.report_id, e.detail, e.reason))
    attempt = report.attempt + 1
    deferred = facts.ReportDeferred(e.report_id, attempt, e.detail, next_at_us(c, attempt, e.not_before_s))
    return _deferred(e.result, deferred)


def _storage(c: Context, e: events.StorageLooked) -> Decision:
    return NOTHING if c.state.devices.has_room is e.has_room else _happened(moves.StorageSeen(e.has_room))


# --- people with keys ---------------------------------------------------------------------------------------------


def _box_was_counted(c: Context, e: events.BoxWasCounted) -> Decision:
    transit = ledger.in_transit(e.currency, e.period)
    if not e.person or not e.reason or e.counted_minor < 0 or transit not in c.state.ledger.balances:
        return NOTHING
    return _happened(facts.BoxCounted(e.period, e.currency, e.counted_minor, e.person, e.reason, c.now.utc_us))


def _booted(c: Context, e: events.Booted) -> Decision:
    started = facts.TillStarted(e.boot_id, e.software, c.now.utc_us)
    began = (started, staff_moves.LifeBegan(c.now.utc_us, c.now.mono_s))
    if e.public_key == c.state.public_key:
        return Decision(began)
    return Decision((*began, facts.KeyChosen(e.public_key)))


def _tick(_c: Context, _e: events.Tick) -> Decision:
    return NOTHING


#: What only those may do who are signed in → the act it takes, and what it means.
_ACTS: Mapping[type, tuple[Act, staff.Meaning]] = {**staff.ACTS, **collecting.ACTS, **diagnosis.ACTS, **resolving.ACTS}

#: Each function takes the one type it is filed under.
_DECIDE: Mapping[type, Callable[..., Decision]] = {
    events.Booted: _booted,
    events.Tick: _tick,
    events.LanguageTapped: _language,
    events.OrderTyped: _order_typed,
    events.ServiceAsked: _service_asked,
    events.CodeAsked: _code_asked,
    events.CodeLookedUp: code_lookup.answered,
    events.PayWithCodeTapped: code_lookup.taken,
    events.CodeDropTapped: redemptions.dropped,
    events.Scanned: _scanned,
    events.OfferConfirmed: _confirmed,
    events.FinishTapped: _finish,
    events.CancelTapped: _cancel,
    events.MoreTimeTapped: _more_time,
    events.TimeWanted: _pace,
    events.LeaveTapped: _leave,
    events.AcceptorCondensed: _condensed,
    events.AcceptorWoke: _woke,
    events.NoteInEscrow: _escrow,
    events.NoteWentIn: _went_in,
    events.UnnamedNoteWentIn: _unnamed_went_in,
    events.NoteWentBack: _went_back,
    events.NoteRefusedByUnit: _refused_by_unit,
    events.StackSilent: _stack_silent,
    events.FraudSuspected: _fraud,
    events.PrinterAnswered: _printer,
    events.SlipFinished: _slip_finished,
    events.ReprintAsked: _reprint_asked,
    events.PrinterTestEnded: _printer_tested,
    events.OrderQuoted: quoting.quoted,
    events.OrderRefused: quoting.refused,
    events.OrderUnavailable: quoting.unavailable,
    events.CatalogueLearnt: quoting.catalogue_learnt,
    events.PostAnswered: _post_answered,
    events.ReportAnswered: _report_answered,
    events.RedemptionAnswered: redemptions.answered,
    events.RegisterHeard: registers.heard,
    events.RegisterUnheard: registers.unheard,
    events.HealthSeen: remote_orders.health,
    events.HeartbeatAnswered: remote_orders.heartbeat,
    events.StorageLooked: _storage,
    events.BoxWasCounted: _box_was_counted,
    case_events.CorrectionCopyAsked: resolving.copy_asked,
    staff_events.SignInAsked: sign_in.asked,
    staff_events.SignInChecked: sign_in.checked,
    staff_events.SignOutAsked: staff.sign_out_asked,
    staff_events.ActAsked: staff.act_asked,
    staff_events.ActDone: staff.act_done,
    staff_events.ResumeAskedByTool: staff.resume_asked_by_tool,
    **diagnosis.TOLD,
    **{asked: staff.guarded(act, meaning) for asked, (act, meaning) in _ACTS.items()},
}


# --- questions about the state ------------------------------------------------------------------------------------


def phase_seconds(state: State, rules: Rules) -> float | None:
    """After how many seconds of silence the till acts by itself in this phase; None: it does not."""
    seconds = {
        Phase.WELCOME: rules.idle_s if state.session.unhurried else None,
        Phase.ENTRY: rules.idle_s,
        Phase.CHECKING: rules.idle_s,
        Phase.FOUND: rules.idle_s,
        Phase.OFFER: rules.idle_s,
        Phase.CASH: rules.cash_idle_s,
        Phase.CLOSING: rules.closing_wait_s,
        Phase.PAYING: rules.pay_wait_s,
        Phase.DONE: rules.photo_s if paper.receipt_on_screen(state) else rules.result_s,
        Phase.SERVICE: staff.staff_idle_s(state, rules),
        Phase.NOTE_TEST: rules.note_test_idle_s,
    }
    return patience.stretched(seconds.get(state.session.phase), state.session, rules)


def why_closed(state: State) -> str:
    """Why no new session may start now; empty when one may."""
    if state.latched:
        return "latched"
    if state.remote.is_closing:
        return "locked"
    if state.session.phase in {Phase.SERVICE, Phase.NOTE_TEST} or collecting.why_no_note(state):
        return "maintenance"
    if state.devices.has_room is False:
        return "no_room"
    if state.devices.acceptor in {AcceptorCondition.FAULT, AcceptorCondition.LOST}:
        return "acceptor_fault"
    if state.devices.acceptor in {AcceptorCondition.UNKNOWN, AcceptorCondition.STARTING}:
        return "starting"
    if state.devices.network_up is None:
        return "starting"
    return "" if state.devices.network_up else "network_down"
