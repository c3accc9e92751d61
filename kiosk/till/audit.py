"""What a journal says when nobody runs it: the sums a report, a demo or a dispute needs, and whether they hold.

Answers for: reading a closed journal. Does not answer for: writing, or a journal a till has open.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.domain import facts, ledger
from kiosk.domain.session import IllegalTransitionError
from kiosk.domain.state import State, fold
from kiosk.till.journal import JournalError, Row, read


@dataclass
class _Reading:
    """Gathers over the rows what the folded state forgets: finished payments and slips."""

    state: State
    entries: int = 0
    fault: str = ""

    def __post_init__(self) -> None:
        self.payments: dict[str, dict[str, Any]] = {}
        self.slips: list[str] = []

    def note(self, row: Row) -> None:
        self.entries = row.seq
        try:
            self.state = fold(self.state, row.fact)
        except (IllegalTransitionError, ledger.LedgerError) as error:
            raise JournalError(f"row {row.seq}: {error}") from error
        self._gather(row.fact)

    def _gather(self, fact: facts.Fact) -> None:
        match fact:
            case facts.PaymentCaptured():
                self.payments[fact.payment_id] = {
                    "id": fact.payment_id,
                    "amount_minor": fact.amount_minor,
                    "currency": fact.currency,
                    "state": "captured",
                }
            case facts.PaymentDeferred():
                self.payments[fact.payment_id]["state"] = "waiting"
            case facts.PaymentAccepted():
                self.payments[fact.payment_id]["state"] = "accepted"
            case facts.PaymentRefused():
                self.payments[fact.payment_id]["state"] = "refused"
            case facts.SlipSettled():
                self.slips.append(fact.outcome.value)
            case _:
                pass


def summary(path: Path) -> dict[str, Any]:
    """The journal's own account: stacked, returned, payments, unallocated, suspense, receipt, journal. Minor units.

    `journal.ok` is the verified chain and ledger; a fault is named in `journal.fault`.
    """
    reading = _Reading(State())
    head = b""
    try:
        head = read(path, reading.note)
    except JournalError as error:
        reading.fault = str(error)
    books = reading.state.ledger
    wrong = ledger.faults(books)
    if wrong and not reading.fault:
        reading.fault = "; ".join(wrong)
    return {
        "stacked": {str(value): count for value, count in sorted(reading.state.stacked.items())},
        "returned": {str(value): count for value, count in sorted(reading.state.returned.items())},
        "payments": list(reading.payments.values()),
        "unallocated_minor": -books.total_of("unallocated"),
        "suspense_minor": -books.total_of("suspense"),
        "receipt": _receipt(reading.slips),
        "journal": {
            "entries": reading.entries,
            "ok": not reading.fault,
            "head": head.hex(),
            **({"fault": reading.fault} if reading.fault else {}),
        },
    }


def _receipt(outcomes: list[str]) -> str:
    """What the buyer holds in hand: a slip that came out wins over one that did not; `none` when none was due."""
    for outcome in ("printed", "taken", "unknown", "failed"):
        if outcome in outcomes:
            return outcome
    return "none"
