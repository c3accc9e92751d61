"""Rows → what reports are made of: counts with their moment and period, and the life of every payment, claim and case.

Answers for: that whatever a report sums is what the same fold counted that keeps the books. Does not answer for: tables
(`reports`), agreement of the books with each other (`reconciling`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kiosk.domain import collection_facts as c
from kiosk.domain import facts as f
from kiosk.domain import redemption_facts as r
from kiosk.domain import totals
from kiosk.domain.case_book import Case
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.case_words import CaseKind
from kiosk.domain.diagnosis_facts import NoteRejected
from kiosk.domain.ledger import currency_of, kind_of
from kiosk.domain.operation_facts import Difference, PaymentsRegistered, RegisterCompared, RegistersMissed
from kiosk.domain.receipts import CollectionSlip
from kiosk.domain.state import Claim, State
from kiosk.till.journal import Row
from kiosk.till.reading import Reading


@dataclass(frozen=True, slots=True)
class Counted:
    """`amount` more under a name of `domain.totals`."""

    at_us: int
    period: int
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """`service`: its id, empty for an order by number. `by_code`: no cash moved. `register`: what its register said of it."""

    at_us: int
    period: int
    service: str
    amount_minor: int
    currency: str
    by_code: bool
    state: str = "queued"
    register: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Money under a code: `state` open, paid_out by the aggregator, or how a person settled it."""

    at_us: int
    claim: Claim
    state: str = "open"


@dataclass(frozen=True, slots=True)
class CaseLife:
    """`state`: open, a resolution, or `by_itself`: the unit, the aggregator or a later count told."""

    case: Case
    at_us: int
    state: str = "open"
    settled_us: int = 0
    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A note that did not stay. `by`: kiosk or unit."""

    at_us: int
    period: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of time the journal proves something about. `until_us` 0: it goes on."""

    what: str
    from_us: int
    until_us: int
    reason: str


@dataclass(frozen=True, slots=True)
class Life:
    """One process: from its start to the last row it wrote."""

    boot_id: str
    software: str
    from_us: int
    last_us: int


PAYMENT_STATES: Mapping[type, str] = {f.PaymentAccepted: "accepted", f.PaymentRefused: "refused"}
CODE_STATES: Mapping[type, str] = {r.RedemptionAccepted: "accepted", r.RedemptionRefused: "refused"}


@dataclass
class ReportBook:
    """All of a journal. `over`: currency → what counts found beyond the books, also since a person said what it was."""

    reading: Reading = field(default_factory=Reading)
    counts: list[Counted] = field(default_factory=list)
    payments: dict[str, Payment] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    cases: dict[str, CaseLife] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    slips: list[CollectionSlip] = field(default_factory=list)
    hand_counts: list[f.BoxCounted] = field(default_factory=list)
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    untold: int = 0
    lives: list[Life] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    over: dict[str, int] = field(default_factory=dict)
    last_us: int = 0

    @property
    def state(self) -> State:
        """After the last row."""
        return self.reading.state

    def note(self, row: Row) -> None:
        """One more row. Raises JournalError when it is not possible after those before it."""
        before = self.reading.state
        self.reading.note(row)
        after, self.last_us = self.reading.state, row.at_us
        for (period, name), amount in totals.changed(before, after).items():
            self.counts.append(Counted(row.at_us, period, name, amount))
        self._lives(row)
        self._spans(row, before, after)
        self._payments(row, after)
        self._registers(row.fact, before, after)
        self._claims(row, before, after)
        self._cases(row, before, after)
        self._box(row, before, after)

    def _lives(self, row: Row) -> None:
        if isinstance(row.fact, f.TillStarted):
            self.lives.append(Life(row.boot_id, row.fact.software, row.at_us, row.at_us))
        elif self.lives and self.lives[-1].boot_id == row.boot_id:
            self.lives[-1] = replace(self.lives[-1], last_us=row.at_us)

    def _spans(self, row: Row, before: State, after: State) -> None:
        """Latches and frozen time, by what the state says before and after."""
        changes = (("latched", before.latched, after.latched), ("collection", _frozen(before), _frozen(after)))
        for what, was, now in changes:
            if was and not now:
                at = next(at for at in range(len(self.spans) - 1, -1, -1) if self.spans[at].what == what)
                self.spans[at] = replace(self.spans[at], until_us=row.at_us)
            if now and not was:
                self.spans.append(Span(what, row.at_us, 0, now))

    def _payments(self, row: Row, after: State) -> None:
        fact = row.fact
        match fact:
            case f.PaymentCaptured(payment_id=name, amount_minor=amount_minor, currency=currency):
                service = after.session.service_id
                self.payments[name] = Payment(row.at_us, after.period, service, amount_minor, currency, by_code=False)
            case r.RedemptionCaptured(redemption_id=name, order=order):
                value = (order.amount_minor, order.currency)
                self.payments[name] = Payment(row.at_us, after.period, order.service_id, *value, by_code=True)
            case f.PaymentAccepted(payment_id=name) | f.PaymentRefused(payment_id=name):
                self.payments[name] = replace(self.payments[name], state=PAYMENT_STATES[type(fact)])
            case r.RedemptionAccepted(redemption_id=name) | r.RedemptionRefused(redemption_id=name):
                self.payments[name] = replace(self.payments[name], state=CODE_STATES[type(fact)])
            case _:
                pass

    def _registers(self, fact: f.Fact, before: State, after: State) -> None:
        """A payment that a register was awaited for and is not any more agrees, unless a difference names it."""
        if not isinstance(fact, RegisterCompared | RegistersMissed | PaymentsRegistered):
            return
        for name in before.registers.awaited.keys() - after.registers.awaited.keys():
            self._said(name, "agreed")
        if isinstance(fact, PaymentsRegistered):
            return
        self.untold += fact.untold
        for difference in fact.differences:
            self.differences.append((fact.day, difference))
            self._said(difference.name, difference.kind.value)

    def _said(self, name: str, what: str) -> None:
        if name in self.payments:
            self.payments[name] = replace(self.payments[name], register=what)

    def _claims(self, row: Row, before: State, after: State) -> None:
        if before.claims is after.claims:
            return
        for name in after.claims.keys() - before.claims.keys():
            self.kept[name] = Kept(row.at_us, after.claims[name])
        for name in before.claims.keys() - after.claims.keys():
            how = row.fact.resolution.value if isinstance(row.fact, CaseResolved) else "paid_out"
            self.kept[name] = replace(self.kept[name], state=how)

    def _cases(self, row: Row, before: State, after: State) -> None:
        if before.cases.open is after.cases.open:
            return
        for name in after.cases.open.keys() - before.cases.open.keys():
            self.cases[name] = CaseLife(after.cases.open[name], row.at_us)
        for name in before.cases.open.keys() - after.cases.open.keys():
            self.cases[name] = _settled(self.cases[name], row, name)

    def _box(self, row: Row, before: State, after: State) -> None:
        match row.fact:
            case c.PeriodClosed(slip=slip):
                self.slips.append(slip)
            case f.BoxCounted() as counted:
                self.hand_counts.append(counted)
            case f.NoteHandedBack(reason=reason):
                self.rejected.append(Rejected(row.at_us, after.period, "kiosk", reason.value))
            case f.NoteReturned():
                self.rejected.append(Rejected(row.at_us, after.period, "unit", "returned after all"))
            case NoteRejected(reason=reason):
                self.rejected.append(Rejected(row.at_us, after.period, "unit", reason))
            case _:
                pass
        if _tells_over(row.fact):
            self._note_over(before, after)

    def _note_over(self, before: State, after: State) -> None:
        old, new = before.ledger.balances, after.ledger.balances
        for account in {*old, *new}:
            if kind_of(account) == "over_short":
                more = old.get(account, 0) - new.get(account, 0)
                self.over[currency_of(account)] = self.over.get(currency_of(account), 0) + more


def _tells_over(fact: f.Fact) -> bool:
    """Whether it says by how much notes and books differ: a count, or a note in doubt that is found to be what was over."""
    found = isinstance(fact, CaseResolved) and fact.kind is CaseKind.SUSPENSE
    return found or isinstance(fact, c.PeriodClosed | f.BoxCounted)


def _frozen(state: State) -> str:
    return "a box is taken" if state.box.collection is not None else ""


def _settled(life: CaseLife, row: Row, name: str) -> CaseLife:
    fact = row.fact
    if isinstance(fact, CaseResolved) and fact.case_id == name:
        how, person, reason = fact.resolution.value, fact.person.name, fact.reason
        return replace(life, state=how, settled_us=row.at_us, person=person, reason=reason)
    return replace(life, state="by_itself", settled_us=row.at_us)


def read_book(rows: Iterable[Row]) -> ReportBook:
    """Of all rows. Raises JournalError naming the first that does not hold."""
    book = ReportBook()
    for row in rows:
        book.note(row)
    return book
