"""What a journal says when nobody runs it: the sums a report, a demo or a dispute needs, and whether they hold.

Answers for: the account of a closed journal. Does not answer for: a journal a till has open, single payments (`story`).
"""

from pathlib import Path
from typing import Any

from kiosk.domain import facts
from kiosk.till import journal
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import closed_journal
from kiosk.till.verify import Verdict, verify

#: What each fact makes of its payment.
PAYMENT_STATES = {
    facts.PaymentDeferred: "waiting",
    facts.PaymentAccepted: "accepted",
    facts.PaymentRefused: "refused",
}


def summary(path: Path) -> dict[str, Any]:
    """The journal's own account: stacked, returned, payments, unallocated, suspense, receipt, journal. Minor units.

    `journal.ok` is the verified journal; what does not fit is named in `journal.fault`.
    """
    verdict = _verified(path)
    payments, slips = _gathered(path)
    state, books = verdict.state, verdict.state.ledger
    return {
        "stacked": {str(value): count for value, count in sorted(state.stacked.items())},
        "returned": {str(value): count for value, count in sorted(state.returned.items())},
        "payments": list(payments.values()),
        "unallocated_minor": -books.total_of("unallocated") - books.total_of("orphan"),
        "suspense_minor": -books.total_of("suspense"),
        "receipt": _receipt(slips),
        "journal": {
            "entries": verdict.rows,
            "ok": not verdict.faults,
            "head": verdict.head.hex(),
            **({"fault": "; ".join(verdict.faults)} if verdict.faults else {}),
        },
    }


def _verified(path: Path) -> Verdict:
    try:
        return verify(path)
    except JournalError as error:
        return Verdict(faults=[str(error)])


def _gathered(path: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What the folded state forgets: finished payments and slips, as far as the rows can be read."""
    payments: dict[str, dict[str, Any]] = {}
    orders: dict[str, facts.Order] = {}
    slips: list[str] = []
    of_visits: set[str] = set()
    try:
        with closed_journal(path) as connection:
            for row in journal.rows(connection, 0, journal.GENESIS):
                match row.fact:
                    case facts.SessionOpened() as fact:
                        orders[fact.session_id] = fact.order
                    case facts.PaymentCaptured() as fact:
                        payments[fact.payment_id] = _captured(fact, orders[fact.session_id])
                    case facts.PaymentDeferred() | facts.PaymentAccepted() | facts.PaymentRefused() as fact:
                        payments[fact.payment_id]["state"] = PAYMENT_STATES[type(fact)]
                    case facts.SlipIntended(session_id=session_id, slip_id=slip_id) if session_id:
                        of_visits.add(slip_id)
                    case facts.SlipSettled() as fact if fact.slip_id in of_visits:
                        slips.append(fact.outcome.value)
                    case _:
                        pass
    except JournalError:
        return payments, slips  # the verdict names the trouble
    return payments, slips


def _captured(fact: facts.PaymentCaptured, order: facts.Order) -> dict[str, Any]:
    """A payment, and what for: an order by its number, or a service for an account as it may be shown."""
    return {
        "id": fact.payment_id,
        "amount_minor": fact.amount_minor,
        "currency": fact.currency,
        "payee": order.payee,
        "order_number": order.order_number,
        "service": order.service_id,
        "account": order.account,
        "state": "captured",
    }


def _receipt(outcomes: list[str]) -> str:
    """What the buyer holds in hand: a slip that came out wins over one that did not; `none` when none was due."""
    for outcome in ("printed", "taken", "unknown", "failed"):
        if outcome in outcomes:
            return outcome
    return "none"
