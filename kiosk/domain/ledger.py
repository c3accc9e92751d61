"""Double entry in integer minor units: every fact that moves money is one or more balanced transfers.

Answers for: accounts, which fact moves what, and that debits equal credits. Does not answer for: who may do it.
An intended note is a *pending* transfer: posted when stacked, voided when returned or unresolved; it resolves once.

    cash_box:<currency>:<value>   debit    notes in the box
    uncertain:<currency>          debit    notes that may be in the box
    buyer:<currency>              credit   what the open session has put in
    payable:<currency>            credit   captured, not yet confirmed
    settled:<currency>            credit   confirmed by the aggregator
    unallocated:<currency>        credit   leftover, not enough, refused, orphan
    suspense:<currency>           credit   counterpart of uncertain
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


class LedgerError(ValueError):
    """A transfer that is not money or a pending transfer resolved twice: a programming fault, nothing was changed."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """`amount_minor` from `credit` to `debit`; always positive."""

    debit: str
    credit: str
    amount_minor: int

    def __post_init__(self) -> None:
        if self.amount_minor <= 0:
            raise LedgerError(f"a transfer moves a positive amount, not {self.amount_minor}")


@dataclass(frozen=True, slots=True)
class Ledger:
    """`balances`: debit minus credit per account. `pending`: note id → the transfer waiting for its outcome."""

    balances: Mapping[str, int] = field(default_factory=dict)
    pending: Mapping[str, Transfer] = field(default_factory=dict)

    def post(self, *transfers: Transfer) -> "Ledger":
        """Carry out transfers; the books stay balanced by construction."""
        balances = dict(self.balances)
        for transfer in transfers:
            balances[transfer.debit] = balances.get(transfer.debit, 0) + transfer.amount_minor
            balances[transfer.credit] = balances.get(transfer.credit, 0) - transfer.amount_minor
        return Ledger({account: amount for account, amount in balances.items() if amount}, self.pending)

    def reserve(self, note_id: str, transfer: Transfer) -> "Ledger":
        """Open a pending transfer. Raises LedgerError if the note already has one."""
        if note_id in self.pending:
            raise LedgerError(f"note {note_id} is already pending")
        return Ledger(self.balances, {**self.pending, note_id: transfer})

    def resolve(self, note_id: str, *, posted: bool) -> "Ledger":
        """Post or void a pending transfer. Raises LedgerError if there is none: it resolves once."""
        if note_id not in self.pending:
            raise LedgerError(f"note {note_id} is not pending")
        rest = {other: transfer for other, transfer in self.pending.items() if other != note_id}
        ledger = Ledger(self.balances, rest)
        return ledger.post(self.pending[note_id]) if posted else ledger

    def credit_of(self, account: str) -> int:
        """What a credit account holds, minor units."""
        return -self.balances.get(account, 0)

    def total_of(self, prefix: str) -> int:
        """Debit minus credit over every account of a kind, e.g. `cash_box`, over all currencies."""
        return sum(amount for account, amount in self.balances.items() if account.split(":")[0] == prefix)


def cash_box(currency: str, value_minor: int) -> str:
    """Notes of one denomination in the box."""
    return f"cash_box:{currency}:{value_minor}"


def uncertain(currency: str) -> str:
    """Notes that may or may not be in the box."""
    return f"uncertain:{currency}"


def buyer(currency: str) -> str:
    """Credit of whoever stands at the kiosk."""
    return f"buyer:{currency}"


def payable(currency: str) -> str:
    """Captured payments on their way."""
    return f"payable:{currency}"


def settled(currency: str) -> str:
    """Payments the aggregator has confirmed."""
    return f"settled:{currency}"


def unallocated(currency: str) -> str:
    """Money in the box that is no payment."""
    return f"unallocated:{currency}"


def suspense(currency: str) -> str:
    """Money whose place is unknown."""
    return f"suspense:{currency}"


#: Accounts that must never show a debit balance: nobody can owe the kiosk.
CREDIT_KINDS = ("buyer", "payable", "settled", "unallocated", "suspense")


def faults(ledger: Ledger) -> list[str]:
    """What is wrong with the books, in words; empty when they are right."""
    found = []
    if sum(ledger.balances.values()):
        found.append(f"debits and credits differ by {sum(ledger.balances.values())}")
    for account, amount in sorted(ledger.balances.items()):
        kind = account.split(":")[0]
        if (amount > 0) == (kind in CREDIT_KINDS):
            found.append(f"{account} stands on the wrong side with {amount}")
    return found
