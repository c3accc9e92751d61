"""The part of the fold that is about what goes out to the aggregator: attempts, waits, and what wakes them.

Answers for: what each of these words changes. Does not answer for: the books (`fold`), when something is sent (`advance`).
"""

from dataclasses import replace

from kiosk.domain import facts, moves
from kiosk.domain.state import Payment, PayState, Report, State


def with_payment(till: State, payment: Payment) -> State:
    """A payment as it is now."""
    return replace(till, payments={**till.payments, payment.payment_id: payment})


def payment_deferred(state: State, fact: facts.PaymentDeferred) -> State:
    """It goes again."""
    payment = replace(
        state.payments[fact.payment_id],
        state=PayState.WAITING,
        attempt=fact.attempt,
        next_at_us=fact.next_at_us,
        in_flight=False,
        woken=False,
    )
    return with_payment(state, payment)


def post_started(state: State, move: moves.PostStarted) -> State:
    """One request under way."""
    return with_payment(state, replace(state.payments[move.payment_id], in_flight=True))


def _with_report(till: State, report: Report) -> State:
    return replace(till, reports={**till.reports, report.report_id: report})


def _without_report(state: State, report_id: str) -> State:
    return replace(state, reports={key: report for key, report in state.reports.items() if key != report_id})


def report_queued(state: State, fact: facts.ReportQueued) -> State:
    """It waits from here on."""
    state = replace(state, unreported=tuple(claim_id for claim_id in state.unreported if claim_id != fact.report_id))
    return _with_report(state, Report(fact.report_id, fact.kind, fact.body))


def report_deferred(state: State, fact: facts.ReportDeferred) -> State:
    """It goes again."""
    waiting = replace(
        state.reports[fact.report_id],
        attempt=fact.attempt,
        next_at_us=fact.next_at_us,
        in_flight=False,
        woken=False,
    )
    return _with_report(state, waiting)


def report_ended(state: State, fact: facts.ReportDelivered | facts.ReportRefused) -> State:
    """Nothing more is to be said of it."""
    return _without_report(state, fact.report_id)


def report_started(state: State, move: moves.ReportStarted) -> State:
    """One request under way."""
    return _with_report(state, replace(state.reports[move.report_id], in_flight=True))


def network_seen(state: State, move: moves.NetworkSeen) -> State:
    """A line that came back ends every wait: what could not be sent goes at once."""
    came_back = move.up and state.devices.network_up is False
    state = replace(state, devices=replace(state.devices, network_up=move.up))
    if not came_back:
        return state
    payments = {key: replace(p, woken=p.is_open) for key, p in state.payments.items()}
    redemptions = {key: replace(r, woken=r.is_open) for key, r in state.redemptions.items()}
    reports = {key: replace(report, woken=True) for key, report in state.reports.items()}
    return replace(state, payments=payments, redemptions=redemptions, reports=reports)
