"""A kiosk's surroundings at the till's seam, with physical truth: acceptor, aggregator, printer, buyer.

Every world operation goes into the same log as the disk's, so that power can be cut between any two of them.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain import events, facts, orders
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.events import Event
from kiosk.domain.held_codes import CodeTold, CodeWord
from kiosk.domain.moves import AcceptorCondition, Notice
from kiosk.domain.order_book import StandingOrder, to_acknowledge
from kiosk.domain.receipts import SlipData
from kiosk.domain.register_book import Register
from kiosk.domain.rules import MICROSECONDS, ClaimToFreeze, Place, RedemptionToFreeze, Rules, ToFreeze
from kiosk.domain.session import Phase
from kiosk.domain.state import Redemption, Report, State
from kiosk.gateways.terminal_api import freeze_collection
from kiosk.settings import TerminalSettings
from kiosk.till.loop import RestartAskedError
from kiosk.till.signing import SigningKey
from kiosk.till.slip_body import read_body, slip_freezer, write_slip
from tests.support.catalogue import QUOTES

ORDER = facts.Order("q-1", "1000000008", "Bookshop", "A book", 7000, "EUR", 10**16, facts.OverpayPolicy.HOLD)
READY = events.PrinterAnswered(can_print=True)
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"a key that only tests ever knew."))
TERMINAL = TerminalSettings(
    number="0001",
    name="Kiosk 1",
    address="1 Example Street, Sofia",
    support_phone="+359 2 000 0000",
    languages=("en", "bg", "ru"),
    currency="EUR",
    time_zone="Europe/Sofia",
)
STARTED_US = 1_790_000_000 * MICROSECONDS


def freeze(wanted: ToFreeze | ClaimToFreeze) -> bytes:
    return repr(wanted).encode()


def freeze_redemption(wanted: RedemptionToFreeze) -> bytes:
    return f"{wanted.redemption_id} {wanted.code} {wanted.order.quote_id} {wanted.order.amount_minor}".encode()


def _amount_of(body: bytes) -> int:
    return int(body.rpartition(b" ")[2])


RULES = Rules(
    terminal_number="0001",
    languages=("en", "bg", "ru"),
    currency="EUR",
    denominations_minor=frozenset({500, 1000, 2000, 5000, 10000}),
    leftover_limit_minor=5000,
    session_limit_minor=50_000,
    idle_s=45.0,
    cash_idle_s=60.0,
    pay_wait_s=10.0,
    result_s=20.0,
    outbox_base_s=1.0,
    outbox_cap_s=60.0,
    gateway="test",
    twin=True,
    freeze=freeze,
    freeze_claim=freeze,
    freeze_collection=freeze_collection,
    freeze_redemption=freeze_redemption,
    freeze_slip=slip_freezer(TERMINAL),
    write_slip=write_slip,
    sign=KEY.sign,
    keep_personal_s=90 * 86_400.0,
    place=Place(TERMINAL.name, TERMINAL.address, TERMINAL.support_phone, TERMINAL.time_zone),
)


@dataclass
class VirtualClock:
    """Time that only tests move; chance that always falls the same way."""

    now_s: float = 1000.0
    draws: int = 0

    def utc_us(self) -> int:
        return STARTED_US + int(self.now_s * MICROSECONDS)

    def mono_s(self) -> float:
        return self.now_s

    def nonce(self) -> int:
        self.draws += 1
        return self.draws * 48_271 % 2**31


@dataclass(frozen=True)
class Physical:
    """What is really where. `in_head`: in escrow; `transit`: past return; `told`: held by the unit until it is heard. `away`: the
    kiosk has no box. `taken`: what was in each box that left, in their order; `collections`: what the aggregator was told of
    them.
    """

    box: tuple[int, ...] = ()
    away: bool = False
    taken: tuple[tuple[int, ...], ...] = ()
    in_head: int = 0
    transit: int = 0
    told: events.NoteWentIn | None = None
    paid: tuple[tuple[str, bytes], ...] = ()
    claims: tuple[tuple[str, bytes], ...] = ()
    collections: tuple[tuple[str, bytes], ...] = ()
    redeemed: tuple[tuple[str, bytes], ...] = ()
    slips: tuple[str, ...] = ()


@dataclass
class World:
    """Devices and aggregator behind the Hands protocol. `queue` holds what they will say next."""

    physical: Physical = field(default_factory=Physical)
    log: list[object] = field(default_factory=list)
    queue: deque[Event] = field(default_factory=deque)
    accepting: frozenset[int] = frozenset()
    printer_outcome: facts.SlipOutcome = facts.SlipOutcome.PRINTED
    printer_cause: str = ""
    printer: events.PrinterAnswered = READY
    printed: list[SlipData] = field(default_factory=list)
    lose_replies: int = 0
    network_up: bool = True
    skew_s: float = 0.0
    awake: bool = False
    catalogue: Catalogue | None = None
    registers: dict[str, Register] = field(default_factory=dict)
    standing: tuple[StandingOrder, ...] = ()
    catalogues_fetched: int = 0
    open_codes: dict[str, int] = field(default_factory=dict)
    visits: dict[str, State] = field(default_factory=dict)
    redemption_refused: str = ""
    pays_with: str = ""
    wants: Event = field(default_factory=lambda: events.OrderTyped(ORDER.order_number))

    def happen(self, physical: Physical) -> None:
        self.physical = physical
        self.log.append(physical)

    def accept(self, values_minor: frozenset[int]) -> None:
        if values_minor == self.accepting:
            return
        self.accepting = values_minor
        if self.awake and not self.physical.in_head:
            self._rest()

    def line(self, *, up: bool) -> None:
        """The network comes or goes; the till's health check notices when it comes."""
        self.network_up = up
        if up:
            self.queue.append(events.HealthSeen(up=True, live=False, skew_s=self.skew_s))

    def paper(self, *, ok: bool, trouble: str = "") -> None:
        """The printer's paper comes or goes; the till's look at it notices."""
        self.printer = events.PrinterAnswered(ok, trouble)
        self.queue.append(self.printer)

    def take_box(self) -> None:
        """Somebody opens the kiosk and takes the box, with all that is in it. The unit feels it."""
        now = self.physical
        if now.away:
            return
        self.happen(replace(now, box=(), away=True, taken=(*now.taken, now.box)))
        if self.awake:
            self._rest()

    def put_box_in(self, *, back: bool = False) -> None:
        """An empty box goes in, or the one that was taken last, as it was. A note that waited in the path drops into it."""
        now = self.physical
        if not now.away:
            return
        box, taken = (now.taken[-1], now.taken[:-1]) if back else ((), now.taken)
        self.happen(replace(now, box=box, taken=taken, away=False))
        if self.awake:
            self.queue.append(events.AcceptorCondensed(AcceptorCondition.STARTING))
            if now.transit:
                self.queue.append(self._arrive())
            self._rest()

    def jam(self) -> None:
        """A note is stuck; a hand pulls it out again."""
        self.queue.append(events.AcceptorCondensed(AcceptorCondition.FAULT, "acceptor_jam"))
        self.queue.append(events.AcceptorCondensed(AcceptorCondition.STARTING))
        self._rest()

    def _rest(self) -> None:
        if self.physical.away:
            self.queue.append(events.AcceptorCondensed(AcceptorCondition.FAULT, "cassette_out"))
            return
        rest = AcceptorCondition.IDLE if self.accepting else AcceptorCondition.DISABLED
        self.queue.append(events.AcceptorCondensed(rest))

    def insert(self, value_minor: int) -> bool:
        """A buyer pushes a note in; the unit takes it into escrow if it is enabled and empty."""
        if value_minor not in self.accepting or self.physical.in_head or self.physical.away:
            return False
        self.happen(replace(self.physical, in_head=value_minor))
        self.queue.append(events.NoteInEscrow(value_minor, "EUR"))
        return True

    def perform(self, order: orders.TillOrder, state: State) -> None:
        match order:
            case orders.StackNote() if self.physical.away:
                self._give_back()
            case orders.StackNote():
                self.happen(replace(self.physical, in_head=0, transit=self.physical.in_head))
                self.queue.append(self._arrive())
            case orders.ReturnNote():
                self._give_back()
            case orders.AskPrinter():
                self.queue.append(self.printer)
            case orders.PrintSlip(slip_id=slip_id):
                self.happen(replace(self.physical, slips=(*self.physical.slips, slip_id)))
                self.printed.append(read_body(state.slips[slip_id].body))
                self.queue.append(events.SlipFinished(slip_id, self.printer_outcome, self.printer_cause))
            case orders.Restart(order_id=order_id):
                raise RestartAskedError(order_id)
            case _:
                self._ask_aggregator(order, state)

    def _give_back(self) -> None:
        value = self.physical.in_head
        self.happen(replace(self.physical, in_head=0))
        self.queue.append(events.NoteWentBack(value, "EUR"))
        self._rest()

    def _ask_aggregator(self, order: orders.TillOrder, state: State) -> None:
        match order:
            case orders.PostPayment(payment_id=payment_id):
                self._receive(payment_id, state.payments[payment_id].body)
            case orders.PostReport(report_id=report_id):
                self._register(report_id, state.reports[report_id])
            case orders.AskQuote():
                self.queue.append(self._quote(order))
            case orders.FetchRegister(day=day):
                self.queue.append(self._register_of(day))
            case orders.LookUpCode(code=code):
                self.queue.append(events.CodeLookedUp(code, self.visits.get(code), self._code(code)))
            case orders.PostRedemption(redemption_id=redemption_id):
                self._redeem(state.redemptions[redemption_id])
            case orders.FetchCatalogue():
                self.catalogues_fetched += 1

    def _register_of(self, day: str) -> Event:
        register = self.registers.get(day) if self.network_up else None
        return events.RegisterHeard(register) if register else events.RegisterUnheard(day)

    def beat(self, state: State, *, catalogue_version: int = 0) -> None:
        """The till tells how it is and is told what stands: an order stands until its end was acknowledged."""
        told = {order.order_id for order in to_acknowledge(state.remote, state.devices.listed_again)}
        told -= {order.order_id for order in state.remote.orders.values() if order.is_open}
        self.standing = tuple(order for order in self.standing if order.order_id not in told)
        answered = events.HeartbeatAnswered(False, self.skew_s, catalogue_version, self.standing, tuple(sorted(told)))
        self.queue.append(answered)

    def _quote(self, asked: orders.AskQuote) -> Event:
        if asked.service_id:
            return events.OrderQuoted(QUOTES[asked.service_id], asked.fields)
        return events.OrderQuoted(replace(ORDER, order_number=asked.order_number))

    def _receive(self, payment_id: str, body: bytes) -> None:
        if not self.network_up:
            self.queue.append(events.PostAnswered(payment_id, events.PostResult.NOT_SENT, "no connection"))
            return
        self.happen(replace(self.physical, paid=(*self.physical.paid, (payment_id, body))))
        if self.lose_replies:
            self.lose_replies -= 1
            self.queue.append(events.PostAnswered(payment_id, events.PostResult.NOT_FINAL, "reply lost"))
        else:
            self.queue.append(events.PostAnswered(payment_id, events.PostResult.ACCEPTED, f"A-{payment_id}"))

    def _code(self, code: str) -> CodeTold:
        """What is left: all that was ever paid with it, once an id, is gone."""
        if not self.network_up:
            return CodeTold(CodeWord.UNHEARD)
        if code not in self.open_codes:
            return CodeTold(CodeWord.UNKNOWN)
        paid = sum(_amount_of(body) for name, body in set(self.physical.redeemed) if code in body.decode())
        return CodeTold(CodeWord.OPEN, self.open_codes[code] - paid, "EUR")

    def _redeem(self, redemption: Redemption) -> None:
        """A known id is answered with what was paid."""
        name, body = redemption.redemption_id, redemption.body
        if not self.network_up:
            self.queue.append(events.RedemptionAnswered(name, events.PostResult.NOT_SENT, "no connection"))
            return
        code = next(code for code in self.open_codes if code in body.decode())
        refusal = self.redemption_refused
        if self._code(code).open_minor < _amount_of(body):
            refusal = "code_too_small"
        if refusal and name not in dict(self.physical.redeemed):
            self.queue.append(events.RedemptionAnswered(name, events.PostResult.REFUSED, refusal))
            return
        self.happen(replace(self.physical, redeemed=(*self.physical.redeemed, (name, body))))
        if self.lose_replies:
            self.lose_replies -= 1
            self.queue.append(events.RedemptionAnswered(name, events.PostResult.NOT_FINAL, "reply lost"))
        else:
            left, accepted = self._code(code).open_minor, events.PostResult.ACCEPTED
            self.queue.append(events.RedemptionAnswered(name, accepted, f"R-{name}", left_minor=left))

    def _register(self, report_id: str, report: Report) -> None:
        if not self.network_up:
            self.queue.append(events.ReportAnswered(report_id, events.PostResult.NOT_SENT, "no connection"))
            return
        told = (report_id, report.body)
        if report.kind is facts.ReportKind.COLLECTION:
            self.happen(replace(self.physical, collections=(*self.physical.collections, told)))
        else:
            self.happen(replace(self.physical, claims=(*self.physical.claims, told)))
        self.queue.append(events.ReportAnswered(report_id, events.PostResult.ACCEPTED, f"C-{report_id}"))

    def _arrive(self) -> events.NoteWentIn:
        """The note in transit drops into the box."""
        value = self.physical.transit
        told = events.NoteWentIn(value, "EUR")
        self.happen(replace(self.physical, transit=0, box=(*self.physical.box, value), told=told))
        return told

    def wake(self, *, power_cut: bool = True) -> None:
        """The till is back. After a power cut the unit has forgotten what it had not told, but finds what is on its way;
        after a mere kill of the till it went on by itself and tells again."""
        self.queue.append(events.HealthSeen(up=self.network_up, live=False, skew_s=self.skew_s))
        self.queue.append(events.StorageLooked(has_room=True))
        if self.catalogue is not None:
            self.queue.append(events.CatalogueLearnt(self.catalogue))
        if power_cut:
            note = events.WakeNote.HEAD if self.physical.in_head else events.WakeNote.NONE
            note = events.WakeNote.STACKER if self.physical.transit else note
            self.queue.append(events.AcceptorWoke(note))
            self.physical = replace(self.physical, told=None)
        elif self.physical.in_head:
            self.queue.append(events.AcceptorCondensed(AcceptorCondition.MOVING))
            self.queue.append(events.NoteWentBack(self.physical.in_head, "EUR"))
        if self.physical.transit and not self.physical.away:
            self.queue.append(self._arrive())
        elif self.physical.told is not None:
            self.queue.append(self.physical.told)
        self.happen(replace(self.physical, in_head=0))
        self.awake = True
        self._rest()

    def heard(self, event: Event) -> None:
        """The till has recorded what the acceptor told: it need not tell again."""
        if self.physical.told is not None and isinstance(event, events.NoteWentIn):
            self.happen(replace(self.physical, told=None))
            self._rest()


def taps_until_cash(state: State, wants: Event, pays_with: str = "") -> Event | None:
    """The next touch of a buyer who wants to pay for what `wants` asks about, with a code as far as that goes."""
    session = state.session
    match session.phase:
        case Phase.WELCOME:
            return events.LanguageTapped("en")
        case Phase.ENTRY if pays_with and session.code is None and session.notice is not Notice.CODE_SPENT:
            return events.CodeAsked(pays_with)
        case Phase.FOUND:
            return events.PayWithCodeTapped()
        case Phase.ENTRY:
            return wants
        case Phase.OFFER if session.notice is Notice.CODE_TOO_SMALL:
            return events.CodeDropTapped()
        case Phase.OFFER:
            return events.OfferConfirmed(without_receipt=False)
        case _:
            return None
