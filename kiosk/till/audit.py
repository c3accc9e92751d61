"""What a journal says when nobody runs it: the sums a report, a demo or a dispute needs, and whether they hold.

Answers for: the account of a closed journal. Does not answer for: a journal a till has open, single payments (`story`).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.domain import facts
from kiosk.domain.redemption_facts import (
    RedemptionAccepted,
    RedemptionCaptured,
    RedemptionDeferred,
    RedemptionRefused,
)
from kiosk.till import journal
from kiosk.till.journal import JournalError
from kiosk.till.journal_file import closed_journal
from kiosk.till.verify import Verdict, verify

#: What each fact makes of its payment.
PAYMENT_STATES = {
    facts.PaymentDeferred: "waiting",
    facts.PaymentAccepted: "accepted",
    facts.PaymentRefused: "refused",
    RedemptionDeferred: "waiting",
    RedemptionAccepted: "accepted",
    RedemptionRefused: "refused",
}


def summary(path: Path) -> dict[str, Any]:
    """The journal's own account: stacked, returned, payments, unallocated, test money, settled (by a person: paid out, or
    the operator's), suspense, receipt, journal; `code_payments` moved no cash. Minor units.

    `journal.ok` is the verified journal; what does not fit is named in `journal.fault`.
    """
    verdict = _verified(path)
    found = _gathered(path)
    state, books = verdict.state, verdict.state.ledger
    return {
        "stacked": {str(value): count for value, count in sorted(state.stacked.items())},
        "returned": {str(value): count for value, count in sorted(state.returned.items())},
        "payments": list(found.payments.values()),
        "code_payments": list(found.code_payments.values()),
        "unallocated_minor": -books.total_of("unallocated") - books.total_of("orphan"),
        "test_minor": -books.total_of("test"),
        "settled_minor": -books.total_of("operator") - books.total_of("paid_out"),
        "suspense_minor": -books.total_of("suspense"),
        "receipt": _receipt(found.slips),
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


@dataclass
class _Gathered:
    """What the folded state forgets: finished payments and slips."""

    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    code_payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, facts.Order] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)
    of_visits: set[str] = field(default_factory=set)

    def note(self, fact: facts.Fact) -> None:
        """One more row."""
        match fact:
            case facts.SessionOpened():
                self.orders[fact.session_id] = fact.order
            case facts.PaymentCaptured(payment_id=name):
                self.payments[name] = _captured(name, fact.amount_minor, self.orders[fact.session_id])
            case RedemptionCaptured(redemption_id=name, order=order):
                self.code_payments[name] = _captured(name, order.amount_minor, order)
            case facts.PaymentDeferred() | facts.PaymentAccepted() | facts.PaymentRefused():
                self.payments[fact.payment_id]["state"] = PAYMENT_STATES[type(fact)]
            case RedemptionDeferred() | RedemptionAccepted() | RedemptionRefused():
                self.code_payments[fact.redemption_id]["state"] = PAYMENT_STATES[type(fact)]
            case facts.SlipIntended(session_id=session_id) if session_id:
                self.of_visits.add(fact.slip_id)
            case facts.SlipSettled() if fact.slip_id in self.of_visits:
                self.slips.append(fact.outcome.value)
            case _:
                pass


def _gathered(path: Path) -> _Gathered:
    """As far as the rows can be read."""
    found = _Gathered()
    try:
        with closed_journal(path) as connection:
            for row in journal.rows(connection, 0, journal.GENESIS):
                found.note(row.fact)
    except JournalError:
        return found  # the verdict names the trouble
    return found


def _captured(name: str, amount_minor: int, order: facts.Order) -> dict[str, Any]:
    """A payment, and what for: an order by its number, or a service for an account as it may be shown."""
    return {
        "id": name,
        "amount_minor": amount_minor,
        "currency": order.currency,
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
