"""The buyer's session as a table: which fact or move leads where. An absent entry is illegal and changes nothing.

Answers for: phases and what a session holds. Does not answer for: when to move (`decide`, `advance`), money (`ledger`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain import facts, moves, staff_facts
from kiosk.domain.facts import Order, Particulars, ResultKind, SlipOutcome
from kiosk.domain.held_codes import Found, HeldCode
from kiosk.domain.moves import NoteTrouble, Notice
from kiosk.domain.redemption_facts import RedemptionCaptured


class Phase(StrEnum):
    WELCOME = "welcome"  #: nobody is here
    ENTRY = "entry"  #: choosing what to pay for, and typing; what of it is shown is the screen's own
    CHECKING = "checking"  #: aggregator and printer are being asked
    FOUND = "found"  #: what a code stands for, and where its money is
    OFFER = "offer"  #: what, to whom, how much; nothing is owed yet
    CASH = "cash"  #: notes are taken
    CLOSING = "closing"  #: no further note; waiting until none is in transit
    SETTLED = "settled"  #: total final, not yet captured (lives within one commit)
    PAYING = "paying"  #: captured; the outbox has it
    DONE = "done"  #: the buyer reads the result
    SERVICE = "service"  #: somebody with a key is signed in; no buyer
    NOTE_TEST = "note_test"  #: they try notes


#: The session's whole life. Keys: facts (journalled) and moves (not). At boot only facts are folded, so a phase that a
#: move leads to is also left by the facts after it: a session reopens from WELCOME and closes from CASH.
TRANSITIONS: Mapping[Phase, Mapping[type, Phase]] = {
    Phase.WELCOME: {
        moves.LanguageChosen: Phase.ENTRY,
        moves.OfferedAgain: Phase.OFFER,
        facts.SessionOpened: Phase.CASH,
        staff_facts.SignedIn: Phase.SERVICE,
        staff_facts.NoteTestOpened: Phase.NOTE_TEST,  # only in journals from before there was signing in
        RedemptionCaptured: Phase.PAYING,
    },
    Phase.ENTRY: {
        moves.LanguageChosen: Phase.ENTRY,
        moves.LookupStarted: Phase.CHECKING,
        moves.CodeLookupStarted: Phase.CHECKING,
        moves.CodeDropped: Phase.ENTRY,
        moves.SteppedBack: Phase.WELCOME,
    },
    Phase.CHECKING: {
        moves.OfferMade: Phase.OFFER,
        moves.CodeFound: Phase.FOUND,
        moves.SteppedBack: Phase.ENTRY,
    },
    Phase.FOUND: {
        moves.LanguageChosen: Phase.FOUND,
        moves.CodeHeld: Phase.ENTRY,
        moves.SteppedBack: Phase.ENTRY,
    },
    Phase.OFFER: {
        moves.LanguageChosen: Phase.OFFER,
        moves.CodeDropped: Phase.OFFER,
        moves.SteppedBack: Phase.ENTRY,
        facts.SessionOpened: Phase.CASH,
        RedemptionCaptured: Phase.PAYING,
    },
    Phase.CASH: {moves.CashFreezing: Phase.CLOSING, facts.CashClosed: Phase.SETTLED},
    Phase.CLOSING: {moves.CashReopened: Phase.CASH, facts.CashClosed: Phase.SETTLED},
    Phase.SETTLED: {
        facts.PaymentCaptured: Phase.PAYING,
        facts.ResultKnown: Phase.DONE,
        facts.SessionEnded: Phase.WELCOME,
    },
    Phase.PAYING: {facts.ResultKnown: Phase.DONE},
    Phase.DONE: {facts.SessionEnded: Phase.WELCOME},
    Phase.SERVICE: {
        moves.LanguageChosen: Phase.SERVICE,
        staff_facts.NoteTestOpened: Phase.NOTE_TEST,
        staff_facts.SignedOut: Phase.WELCOME,
    },
    Phase.NOTE_TEST: {
        staff_facts.NoteTestLeft: Phase.SERVICE,
        staff_facts.NoteTestClosed: Phase.WELCOME,  # as above
    },
}


class IllegalTransitionError(RuntimeError):
    """A fact or move that the session's phase does not know: a programming fault, or a tampered journal."""


def next_phase(phase: Phase, happened: object) -> Phase:
    """Where `happened` leads from `phase`. Raises IllegalTransitionError when the table has no such entry."""
    try:
        return TRANSITIONS[phase][type(happened)]
    except KeyError:
        raise IllegalTransitionError(f"{type(happened).__name__} is not possible in phase {phase}") from None


class Fate(StrEnum):
    INTENDED = "intended"
    STACKED = "stacked"
    RETURNED = "returned"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Note:
    """A note we decided to keep, and what became of it. `period`: the collection period it was meant for; `test`: a
    technician's, not a buyer's.
    """

    note_id: str
    session_id: str
    value_minor: int
    currency: str
    period: int
    test: bool
    fate: Fate


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt, on paper or on the screen, and what became of it. `started`: sent to the printer in this process life."""

    slip_id: str
    session_id: str
    number: int
    copy: bool
    at_us: int = 0
    body: bytes = field(default=b"", repr=False)
    outcome: SlipOutcome | None = None
    cause: str = ""
    started: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Who stands at the kiosk. Everything before SessionOpened is forgotten by a restart, nothing after it is.

    `offer_again`: cash was opened for a buyer who wants paper, and there is none any more; no money is in. `shown`: the
    receipt of a buyer who agreed to no paper. `paid_out_minor`: of what was kept for them, known only in hindsight. `keep`: notes
    that are tried go into the box.
    `asked_code`: being looked up; `found`: what came of it; `code`: paid with instead of cash.
    """

    phase: Phase = Phase.WELCOME
    language: str = ""
    session_id: str = ""
    order_number: str = ""
    service_id: str = ""
    particulars: Particulars = field(default=Particulars(), repr=False)
    order: Order | None = None
    without_receipt: bool = False
    notes: tuple[Note, ...] = ()
    trouble: NoteTrouble = NoteTrouble.NONE
    notice: Notice | None = None
    cancelled: bool = False
    offer_again: bool = False
    payment_id: str = ""
    result: ResultKind | None = None
    leftover_minor: int = 0
    paid_out_minor: int = 0
    slip_ids: tuple[str, ...] = ()
    shown: Slip | None = None
    asked_code: str = field(default="", repr=False)
    found: Found | None = None
    code: HeldCode | None = None
    deadline_s: float | None = None
    keep: bool = True

    @property
    def inserted_minor(self) -> int:
        """What is in the box and on disk for this session."""
        return self._sum(Fate.STACKED)

    @property
    def left_minor(self) -> int:
        """What is still kept for this visit."""
        return self.leftover_minor - self.paid_out_minor

    @property
    def under_review_minor(self) -> int:
        """Notes of this session whose place is unknown."""
        return self._sum(Fate.UNRESOLVED)

    @property
    def due_minor(self) -> int:
        return self.order.amount_minor if self.order else 0

    def _sum(self, fate: Fate) -> int:
        return sum(note.value_minor for note in self.notes if note.fate is fate)
