"""The till's whole state: what is true now.

Answers for: the shape, and which of it a restart keeps. Does not answer for: how it comes about (`fold`), what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain.board import Board
from kiosk.domain.box_book import BoxBook
from kiosk.domain.case_book import CaseBook
from kiosk.domain.catalogue import NO_CATALOGUE, Catalogue
from kiosk.domain.facts import ReportKind
from kiosk.domain.ledger import Ledger
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.order_book import OrderBook
from kiosk.domain.register_book import RegisterBook
from kiosk.domain.session import Note, Phase, Session, Slip
from kiosk.domain.staff_book import Door, SignInBook, Staff

NOTES_REMEMBERED_MAX = 8  #: unresolved notes an acceptor may still tell about


class PayState(StrEnum):
    """A payment after capture. Only the aggregator's final answer ends it."""

    CAPTURED = "captured"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Payment:
    """`in_flight` and `woken` are of this process life: one request per id is under way at a time, and a line that came
    back makes every wait end. `period`: in which its notes came in.
    """

    payment_id: str
    session_id: str
    amount_minor: int
    currency: str
    gateway: str
    body: bytes = field(repr=False)
    captured_at_us: int
    period: int = 1
    state: PayState = PayState.CAPTURED
    attempt: int = 0
    next_at_us: int = 0
    reference: str = ""
    in_flight: bool = False
    woken: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in {PayState.CAPTURED, PayState.WAITING}


@dataclass(frozen=True, slots=True)
class Redemption:
    """A quote paid with a code, as Payment is one paid in cash. `open_minor`: under the code before; `left_minor`: after, once
    it was accepted.
    """

    redemption_id: str
    session_id: str
    amount_minor: int
    currency: str
    gateway: str
    body: bytes = field(repr=False)
    captured_at_us: int
    open_minor: int
    left_minor: int = 0
    state: PayState = PayState.CAPTURED
    attempt: int = 0
    next_at_us: int = 0
    reference: str = ""
    in_flight: bool = False
    woken: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in {PayState.CAPTURED, PayState.WAITING}


@dataclass(frozen=True, slots=True)
class Report:
    """A message that waits in the outbox until it is delivered or refused for ever."""

    report_id: str
    kind: ReportKind
    body: bytes = field(repr=False)
    attempt: int = 0
    next_at_us: int = 0
    in_flight: bool = False
    woken: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Money kept for a visitor under the visit's code, until the aggregator has paid it out. `period`: in which it came in."""

    claim_id: str
    session_id: str
    amount_minor: int
    currency: str
    reason: str
    period: int = 1


@dataclass(frozen=True, slots=True)
class Devices:
    """What is known of the world in this process life. `catalogue_told`: the newest the aggregator says there is;
    `listed_again`: orders it has to be told of again; a register is asked for when none is and `register_not_before_s` is past.
    `code_tries_s`: monotonic seconds at which codes were asked about lately.
    """

    acceptor: AcceptorCondition = AcceptorCondition.UNKNOWN
    acceptor_fault: str = ""
    head_note_expected: bool = False
    can_print: bool | None = None
    network_up: bool | None = None
    clock_trusted: bool | None = None
    has_room: bool | None = None
    catalogue_told: int = 0
    listed_again: tuple[str, ...] = ()
    register_asked: bool = False
    register_not_before_s: float = 0.0
    code_tries_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Counters:
    """How many of each the journal has seen: the next name is never one that was used."""

    sessions: int = 0
    notes: int = 0
    slips: int = 0
    copies: int = 0
    tests: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """`intent`: the note that may be going in now, `intent_commanded` whether this life sent its STACK. `unresolved`: notes in
    doubt of which the unit may still tell; one always latches acceptance, so until it is resumed there can be no other.

    `period` counts collection periods from 1, `totals` what happened in this one (`totals.py`), `late` what the last fact has
    added to those of earlier ones (period, name, amount); `box`: the cash box and its collection. For ever: `stacked` and
    `returned` count notes by value, `ever` notes and their sum by currency (`notes:EUR`, `minor:EUR`). `unreported`: claims the
    aggregator must be told of. `last_stacked` is the note whose event may come again and `first_look` says that the acceptor has
    not been seen at rest since the line came up: together they tell a repeated event from a new note. `handed_back`: a note is
    on its way out by our decision. `printer_trouble`: what a person should see to; whether it prints all the same is
    `devices.can_print`. `catalogue`: what can be offered beside orders. `registers`: what no register has accounted for yet;
    `remote`: what an operator ordered from afar. `staff`: who is signed in; `sign_ins`: what a restart keeps of tries, `door`:
    what it forgets of them. `lately`: services paid for last, newest last; `popular`: which of those offered now were paid for
    most. `cases`: what a person has to settle.
    """

    ledger: Ledger = field(default_factory=Ledger)
    session: Session = field(default_factory=Session)
    payments: Mapping[str, Payment] = field(default_factory=dict)
    slips: Mapping[str, Slip] = field(default_factory=dict)
    redemptions: Mapping[str, Redemption] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    unreported: tuple[str, ...] = ()
    period: int = 1
    totals: Mapping[str, int] = field(default_factory=dict)
    late: tuple[tuple[int, str, int], ...] = ()
    box: BoxBook = field(default_factory=BoxBook)
    public_key: str = ""
    erased_before_us: int = 0
    intent: Note | None = None
    intent_commanded: bool = False
    intent_deadline_s: float | None = None
    unresolved: tuple[Note, ...] = ()
    last_stacked: tuple[int, str] | None = None
    handed_back: bool = False
    orphan_expected: bool = False
    latched: str = ""
    printer_trouble: str = ""
    stacked: Mapping[int, int] = field(default_factory=dict)
    returned: Mapping[int, int] = field(default_factory=dict)
    ever: Mapping[str, int] = field(default_factory=dict)
    counters: Counters = field(default_factory=Counters)
    devices: Devices = field(default_factory=Devices)
    first_look: bool = True
    catalogue: Catalogue = NO_CATALOGUE
    registers: RegisterBook = field(default_factory=RegisterBook)
    remote: OrderBook = field(default_factory=OrderBook)
    staff: Staff | None = None
    sign_ins: SignInBook = field(default_factory=SignInBook)
    door: Door = field(default_factory=Door)
    board: Board = field(default_factory=Board)
    lately: tuple[str, ...] = ()
    popular: tuple[str, ...] = ()
    cases: CaseBook = field(default_factory=CaseBook)

    def __repr__(self) -> str:
        """One line that says the whole state; shared by log, debugger and test."""
        return (
            f"<till {self.session.phase} in={self.session.inserted_minor} due={self.session.due_minor} "
            f"intent={self.intent.value_minor if self.intent else '-'} acceptor={self.devices.acceptor} "
            f"latched={self.latched or '-'} outbox={list(self.open_ids)}>"
        )

    @property
    def outbox(self) -> tuple[Payment | Redemption | Report, ...]:
        """What the aggregator has not finally answered: payments first, each kind oldest first."""
        payments = (p for p in self.payments.values() if p.is_open)
        return (*payments, *(r for r in self.redemptions.values() if r.is_open), *self.reports.values())

    @property
    def open_ids(self) -> tuple[str, ...]:
        """Of what waits in the outbox."""
        return tuple(_id_of(posting) for posting in self.outbox)

    @property
    def payment(self) -> Payment | None:
        """The payment of the session on the screen."""
        return self.payments.get(self.session.payment_id)

    @property
    def redemption(self) -> Redemption | None:
        """What the session on the screen pays with a code."""
        return self.redemptions.get(self.session.payment_id)


def _id_of(posting: Payment | Redemption | Report) -> str:
    match posting:
        case Payment(payment_id=name) | Redemption(redemption_id=name) | Report(report_id=name):
            return name


def is_at_rest(state: State) -> bool:
    """Nobody is paying and no note is on its way: the moment for whatever must not disturb a visit."""
    return state.session.phase is Phase.WELCOME and state.intent is None


def is_undisturbed(state: State) -> bool:
    """As `is_at_rest`, or somebody with a key is at the service menu: the moment for what staff and tools ask for."""
    return state.session.phase in {Phase.WELCOME, Phase.SERVICE} and state.intent is None


def durable(state: State) -> State:
    """What a restart keeps of a state at rest: what its facts alone fold to. Without the moves of this life, and without slips
    that are done with, which nobody asks for any more.
    """
    assert is_at_rest(state)
    return replace(
        state,
        session=Session(),
        devices=Devices(),
        first_look=True,
        late=(),
        door=Door(),
        board=replace(state.board, parts={}, checking=frozenset()),
        catalogue=NO_CATALOGUE,
        popular=(),
        payments={key: replace(p, in_flight=False, woken=False) for key, p in state.payments.items()},
        redemptions={key: replace(r, in_flight=False, woken=False) for key, r in state.redemptions.items()},
        reports={key: replace(r, in_flight=False, woken=False) for key, r in state.reports.items()},
        slips={key: replace(slip, started=False) for key, slip in state.slips.items() if slip.outcome is None},
    )
