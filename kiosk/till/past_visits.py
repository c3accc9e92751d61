"""A visit that is over, looked up in the journal of a running till by what its buyer can name.

Answers for: that a look into years of rows never holds up cash: it reads a little at a time. Does not answer for: proving rows
(`journal.rows`, `verify`), printing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.domain import codes, facts
from kiosk.domain.case_facts import CaseResolved
from kiosk.domain.case_words import CaseKind
from kiosk.domain.facts import Fact
from kiosk.domain.fold import fold
from kiosk.domain.hindsight import hindsight, paid_out
from kiosk.domain.ledger import LedgerError
from kiosk.domain.redemption_facts import (
    RedemptionAccepted,
    RedemptionCaptured,
    RedemptionDeferred,
    RedemptionRefused,
)
from kiosk.domain.session import IllegalTransitionError
from kiosk.domain.state import State
from kiosk.link.service import ReceiptBy
from kiosk.till.journal import Journal, Row

ROWS_AT_ONCE = 2000  #: a few milliseconds between two looks at the mailbox
_SESSION_ID = re.compile(r"\d{4}-\d{6}")

#: What a visit consists of → whether one of it belongs to the visit folded so far. SessionEnded is left out on purpose: the
#: state stays as it was while the buyer stood there, and all that came later is folded into it.
_BELONGS: Mapping[type, Callable[[Any, State], bool]] = {
    **dict.fromkeys(
        (
            facts.NoteIntended,
            facts.CashClosed,
            facts.PaymentCaptured,
            facts.CreditUnallocated,
            facts.ResultKnown,
            facts.SlipIntended,
            facts.ReceiptShown,
        ),
        lambda fact, visit: fact.session_id == visit.session.session_id,
    ),
    **dict.fromkeys(
        (facts.NoteStacked, facts.NoteReturned, facts.NoteUnresolved, facts.SuspenseSettled),
        lambda fact, visit: fact.note_id in {note.note_id for note in visit.session.notes},
    ),
    **dict.fromkeys(
        (facts.PaymentDeferred, facts.PaymentAccepted, facts.PaymentRefused),
        lambda fact, visit: fact.payment_id in visit.payments,
    ),
    **dict.fromkeys(
        (RedemptionDeferred, RedemptionAccepted, RedemptionRefused),
        lambda fact, visit: fact.redemption_id in visit.redemptions,
    ),
    CaseResolved: lambda fact, visit: fact.case_id in visit.cases.open,
    facts.SlipSettled: lambda fact, visit: fact.slip_id in visit.slips,
    facts.ClaimRedeemed: lambda fact, visit: fact.claim_id in visit.claims,
}


class NoSuchVisitError(Exception):
    """Nothing to make a receipt of; the message says why, for the person who asked."""


class PastVisits:
    """`pause` lets the till go on between two looks."""

    def __init__(self, journal: Journal, pause: Callable[[], Awaitable[None]]) -> None:
        self._journal = journal
        self._pause = pause

    async def find(self, by: ReceiptBy, name: str) -> State:
        """The state as if the visit's buyer still stood there, with all that became of it since. Raises NoSuchVisitError."""
        finders = {
            ReceiptBy.SLIP: self._by_slip,
            ReceiptBy.PAYMENT: self._by_payment,
            ReceiptBy.CODE: self._by_code,
            ReceiptBy.LAST: self._last,
        }
        session_id = await finders[by](name)
        opened = await self._newest(_OPENED, lambda fact: fact.session_id == session_id)
        if opened is None:
            raise NoSuchVisitError(f"this kiosk knows no visit {session_id}")
        visit = hindsight(await self._folded(opened))
        if visit.session.result is None:
            raise NoSuchVisitError(f"visit {session_id} ended before there was anything to tell")
        return visit

    async def _folded(self, opened: Row) -> State:
        visit = fold(State(), opened.fact)
        names = {cls.__name__ for cls in _BELONGS}
        last = self._journal.seq
        try:
            for first in range(opened.seq + 1, last + 1, ROWS_AT_ONCE):
                for row in self._journal.between(first, min(last, first + ROWS_AT_ONCE - 1), names):
                    if _BELONGS[type(row.fact)](row.fact, visit):
                        visit = _with_row(visit, row)
                await self._pause()
        except (IllegalTransitionError, LedgerError, KeyError) as error:
            raise NoSuchVisitError(f"the rows of visit {visit.session.session_id} do not fit: {error}") from error
        return visit

    async def _newest(self, kinds: type | tuple[type, ...], fits: Callable[[Any], bool]) -> Row | None:
        names = {cls.__name__ for cls in (kinds if isinstance(kinds, tuple) else (kinds,))}
        for last in range(self._journal.seq, 0, -ROWS_AT_ONCE):
            found = self._journal.between(max(1, last - ROWS_AT_ONCE + 1), last, names)
            fitting = [row for row in found if fits(row.fact)]
            if fitting:
                return fitting[-1]
            await self._pause()
        return None

    # --- what a person can name -----------------------------------------------------------------------------------

    async def _by_slip(self, name: str) -> str:
        if not name.isdecimal():
            raise NoSuchVisitError(f"{name!r} is not the number of a slip")
        row = await self._newest(_RECEIPTS, lambda fact: fact.number == int(name) and fact.session_id)
        return _session_of(row, f"no slip of this kiosk has the number {name}")

    async def _by_payment(self, name: str) -> str:
        if _SESSION_ID.fullmatch(name):
            return name
        row = await self._newest(_CAPTURED, lambda fact: _id_of(fact) == name)
        return _session_of(row, f"this kiosk took no payment {name}")

    async def _by_code(self, name: str) -> str:
        try:
            code = codes.parse(name)
        except codes.CodeError as error:
            raise NoSuchVisitError(str(error)) from error
        return f"{code.terminal_number}-{code.serial:06d}"

    async def _last(self, _name: str) -> str:
        return _session_of(await self._newest(_RECEIPTS, _is_first), "this kiosk has made no receipt yet")


_RECEIPTS = (facts.SlipIntended, facts.ReceiptShown)
_OPENED = (facts.SessionOpened, RedemptionCaptured)
_CAPTURED = (facts.PaymentCaptured, RedemptionCaptured)


def _id_of(fact: facts.PaymentCaptured | RedemptionCaptured) -> str:
    return fact.redemption_id if isinstance(fact, RedemptionCaptured) else fact.payment_id


def _with_row(visit: State, row: Row) -> State:
    match row.fact:
        case facts.ClaimRedeemed(amount_minor=amount_minor):
            return paid_out(visit, amount_minor)
        case CaseResolved(kind=CaseKind.REFUSED, transfers=transfers, amount_minor=amount_minor):
            return paid_out(visit, amount_minor) if transfers else visit
        case _:
            return fold(visit, _dated(row))


def _dated(row: Row) -> Fact:
    """A slip of before slips told when they were made was made when its row was."""
    fact = row.fact
    if isinstance(fact, facts.SlipIntended) and not fact.at_us:
        return replace(fact, at_us=row.at_us)
    return fact


def _is_first(fact: facts.SlipIntended | facts.ReceiptShown) -> bool:
    return isinstance(fact, facts.ReceiptShown) or bool(fact.session_id and not fact.copy)


def _session_of(row: Row | None, otherwise: str) -> str:
    fact = row.fact if row else None
    if isinstance(fact, facts.SlipIntended | facts.ReceiptShown | facts.PaymentCaptured | RedemptionCaptured):
        return fact.session_id
    raise NoSuchVisitError(otherwise)
