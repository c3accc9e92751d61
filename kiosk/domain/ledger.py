"""Double entry in integer minor units: every fact that moves money is one or more balanced transfers.

Answers for: accounts, and that debits equal credits. Does not answer for: which fact moves what (`state`), who may do it.
An intended note is a *pending* transfer, which is what stands in escrow: posted when stacked, voided when returned or
unresolved; it resolves once. A mistake is never taken back, it is corrected by a new transfer.

    cash_box:<currency>:<period>:<value>   debit    notes in the box, by collection period and denomination
    uncertain:<currency>:<period>          debit    notes that may be in the box
    in_transit:<currency>:<period>         debit    what the box of a period held when it was taken, not yet counted
    cash_desk:<currency>                   debit    counted by a person
    over_short:<currency>                  either   what counting found beyond (credit) or below (debit) the books
    buyer:<currency>                       credit   what the open session has put in
    payable:<currency>                     credit   captured, not yet confirmed
    settled:<currency>                     credit   confirmed by the aggregator, or paid out by it
    unallocated:<currency>                 credit   leftover, not enough, refused: kept for the buyer
    orphan:<currency>                      credit   stacked without anybody's intent
    test:<currency>                        credit   a technician's own notes
    suspense:<currency>                    credit   counterpart of uncertain
    paid_out:<currency>                    credit   a person gave so much to buyers, out of the operator's own money
    operator:<currency>                    either   a person left it to the operator: nobody comes for it (credit), it is short
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UnallocatedReason(StrEnum):
    """Why money in the box belongs to no payment."""

    LEFTOVER = "leftover"
    NOT_ENOUGH = "not_enough"
    REFUSED = "refused"
    FOUND = "found"  #: a note in doubt turned out to be in the box after its session had ended


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

    def total_of(self, kind: str) -> int:
        """Debit minus credit over every account of a kind, e.g. `cash_box`, over all currencies and periods."""
        return sum(amount for account, amount in self.balances.items() if kind_of(account) == kind)

    def under(self, prefix: str) -> dict[str, int]:
        """Balances of every account whose name starts with `prefix`."""
        return {account: amount for account, amount in self.balances.items() if account.startswith(prefix)}

    @property
    def in_escrow_minor(self) -> int:
        """What waits to be posted or voided."""
        return sum(transfer.amount_minor for transfer in self.pending.values())


def kind_of(account: str) -> str:
    """`cash_box:EUR:1:500` → `cash_box`."""
    return account.partition(":")[0]


def cash_box(currency: str, period: int, value_minor: int) -> str:
    """Notes of one denomination in the box of a collection period."""
    return f"cash_box:{currency}:{period}:{value_minor}"


def uncertain(currency: str, period: int) -> str:
    """Notes that may or may not be in the box."""
    return f"uncertain:{currency}:{period}"


def in_transit(currency: str, period: int) -> str:
    """A taken box on its way to be counted."""
    return f"in_transit:{currency}:{period}"


def cash_desk(currency: str) -> str:
    """Counted cash: no longer the kiosk's."""
    return f"cash_desk:{currency}"


def over_short(currency: str) -> str:
    """Where counting and books differ."""
    return f"over_short:{currency}"


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


def orphan(currency: str) -> str:
    """Notes in the box that nobody in session put there."""
    return f"orphan:{currency}"


def test(currency: str) -> str:
    """A technician's own notes in the box."""
    return f"test:{currency}"


def suspense(currency: str) -> str:
    """Money whose place is unknown."""
    return f"suspense:{currency}"


def paid_out(currency: str) -> str:
    """What buyers were given over the desk: the operator, who gave it, has it in the boxes."""
    return f"paid_out:{currency}"


def operator(currency: str) -> str:
    """What a person left to the operator."""
    return f"operator:{currency}"


#: Which side each kind of account may stand on: +1 debit, -1 credit, 0 either. Nobody can owe the kiosk.
SIDES: Mapping[str, int] = {
    "cash_box": 1,
    "uncertain": 1,
    "in_transit": 1,
    "cash_desk": 1,
    "over_short": 0,
    "buyer": -1,
    "payable": -1,
    "settled": -1,
    "unallocated": -1,
    "orphan": -1,
    "test": -1,
    "suspense": -1,
    "paid_out": -1,
    "operator": 0,
}


def is_account(name: str) -> bool:
    """Whether `name` is written as one of the accounts above."""
    kind, _, rest = name.partition(":")
    fields = {"cash_box": 3, "uncertain": 2, "in_transit": 2}.get(kind, 1)
    parts = rest.split(":")
    return kind in SIDES and len(parts) == fields and all(parts)


def currency_of(account: str) -> str:
    """`cash_box:EUR:1:500` → `EUR`."""
    return account.split(":")[1]


def currency_period(account: str) -> tuple[str, int]:
    """`in_transit:EUR:3` → `("EUR", 3)`; only of accounts that have a period."""
    _, currency, period = account.split(":")[:3]
    return currency, int(period)


def faults(ledger: Ledger) -> list[str]:
    """What is wrong with the books, in words; empty when they are right."""
    found = []
    sums: dict[str, int] = {}
    for account, amount in sorted(ledger.balances.items()):
        if not is_account(account):
            found.append(f"{account} is no account")
            continue
        sums[currency_of(account)] = sums.get(currency_of(account), 0) + amount
        if amount * SIDES[kind_of(account)] < 0:
            found.append(f"{account} stands on the wrong side with {amount}")
    return found + [f"debits and credits differ by {total} {currency}" for currency, total in sums.items() if total]
