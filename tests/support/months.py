"""Months of a kiosk's life in seconds: visits, outages, lost replies, jams, power cuts, empty printers, collections.

The till is the real one, on a real journal; the world is the one of the crash tests, rougher. All chance comes from one seed, so
a run can be had again. Answers for: living through it and comparing books and banknotes every day. Does not answer for: lost
disk writes (tests/crash).
"""

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.domain import events, facts, ledger, orders
from kiosk.domain.collection_facts import PeriodClosed
from kiosk.domain.events import PostResult
from kiosk.domain.facts import OverpayPolicy, SlipOutcome
from kiosk.domain.moves import AcceptorCondition, NoteTrouble
from kiosk.domain.operation_facts import DifferenceKind, RegisterCompared
from kiosk.domain.receipts import CollectionSlip
from kiosk.domain.register_book import Listed, PaidOut, Register, day_of, ends_us, shifted
from kiosk.domain.session import Phase
from kiosk.till import journal
from kiosk.till.acceptance import resume
from kiosk.till.journal_file import closed_journal
from kiosk.till.report_book import ReportBook
from kiosk.till.verify import verify
from tests.support.months_box import BoxLife, wrong_with_slips
from tests.support.months_reports import wrong_with_reports
from tests.support.play import Player
from tests.support.world import KEY, ORDER, RULES, Physical, VirtualClock, World

DAY_S = 86_400.0
CLOSES_US = 600 * 1_000_000  #: after midnight the aggregator's day is closed
AMOUNT = re.compile(rb".*[ (]amount_minor=([0-9]+)")  #: the last one in a frozen body is its own
COPY = re.compile(r"-c[0-9]+$")
NOTES = tuple(sorted(RULES.denominations_minor))


class PowerCut(BaseException):
    """Everything in memory is gone."""


@dataclass
class Odds:
    """Probabilities of trouble, each for the occasion named."""

    cut_per_word: float = 0.0006  #: power cut or kill before any single thing the world says
    lost_reply_per_post: float = 0.05
    refused_per_post: float = 0.004
    silent_stack_per_note: float = 0.0015
    refused_note_per_note: float = 0.06
    walks_away_per_visit: float = 0.03
    cancels_per_visit: float = 0.05
    decides_how_much_per_visit: float = 0.15
    no_paper_per_visit: float = 0.03
    unsure_slip_per_visit: float = 0.01
    outage_per_visit: float = 0.004
    clock_jump_per_day: float = 0.1
    clock_set_right_per_day: float = 0.6
    orphan_per_day: float = 0.05
    redeemed_per_claim_and_day: float = 0.3
    collection_per_day: float = 0.7
    walks_off_per_step: float = 0.05  #: a collector who is called away, or whom the kiosk signs out
    box_gone_per_day: float = 0.08
    box_gone_per_note: float = 0.0001  #: from under a buyer
    box_gone_per_cut: float = 0.02
    box_put_back_per_removal: float = 0.4  #: as it was, by whoever took it
    jam_per_visit: float = 0.002
    note_test_per_day: float = 0.1
    count_per_day: float = 0.3
    supervisor_per_day: float = 0.3


@dataclass
class Tally:
    """What really happened, gathered outside the till. `carried`: of `box`, what it had in it when it was put back; `removed`:
    what came into the box that went last, until its period is closed.
    """

    box: Counter = field(default_factory=Counter)
    carried: Counter = field(default_factory=Counter)
    removed: Counter | None = None
    reports: dict[str, bytes] = field(default_factory=dict)
    alone: int = 0
    resumed: int = 0
    taken: dict[int, Counter] = field(default_factory=dict)
    paid: dict[str, bytes] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    claims: dict[str, bytes] = field(default_factory=dict)
    redeemed: set[str] = field(default_factory=set)
    listed: dict[str, list[Listed]] = field(default_factory=dict)
    paid_out: dict[str, list[PaidOut]] = field(default_factory=dict)
    originals: set[str] = field(default_factory=set)
    cuts: int = 0
    silences: int = 0
    outages: int = 0
    visits: int = 0
    wrong: list[str] = field(default_factory=list)


class RoughWorld(World):
    """The world with chance in it. `clock`: its steady part is the aggregator's."""

    clock: "JumpingClock"
    rng: random.Random
    odds: Odds
    tally: Tally
    order = ORDER

    def perform(self, order, state):
        self._maybe_cut()
        if isinstance(order, orders.AskQuote):
            self.queue.append(events.OrderQuoted(replace(self.order, order_number=order.order_number)))
            return
        if isinstance(order, orders.StackNote) and self.rng.random() < self.odds.silent_stack_per_note:
            self._go_silent()
            return
        super().perform(order, state)
        self._maybe_cut()

    def _go_silent(self):
        """The unit never tells; where the note is, only the box knows."""
        self.tally.silences += 1
        value, in_box = self.physical.in_head, self.rng.random() < 0.5
        self.happen(replace(self.physical, in_head=0, box=self.physical.box + ((value,) if in_box else ())))
        self.queue.append(events.StackSilent())
        self.queue.append(events.AcceptorCondensed(AcceptorCondition.DISABLED))

    def _receive(self, payment_id, body):
        taken = payment_id in self.tally.paid or payment_id in dict(self.physical.paid)
        new = self.network_up and not taken
        if new and (payment_id in self.tally.refused or self.rng.random() < self.odds.refused_per_post):
            self.tally.refused.add(payment_id)
            self.queue.append(events.PostAnswered(payment_id, PostResult.REFUSED, "order_already_paid", "elsewhere"))
            return
        if self.network_up and self.rng.random() < self.odds.lost_reply_per_post:
            self.lose_replies += 1
        if new:
            listed = Listed(payment_id, _amount(body), "EUR", self.clock.true_us())
            self.tally.listed.setdefault(self.clock.true_day(), []).append(listed)
        super()._receive(payment_id, body)

    def _register_of(self, day):
        if not self.network_up:
            return super()._register_of(day)
        closed = self.clock.true_us() >= ends_us(day) + CLOSES_US
        paid, claims = self.tally.listed.get(day, ()), self.tally.paid_out.get(day, ())
        return events.RegisterHeard(Register(day, closed, tuple(paid), tuple(claims)))

    def word(self):
        """The next thing that is said, unless power goes first."""
        self._maybe_cut()
        return self.queue.popleft()

    def _maybe_cut(self):
        if self.rng.random() < self.odds.cut_per_word:
            raise PowerCut


class Life(BoxLife):
    """One kiosk, over many power cuts."""

    def __init__(self, folder: Path, seed: int, odds: Odds | None = None) -> None:
        self.rng = random.Random(seed)
        self.tally = Tally()
        self.path = folder / "journal.sqlite"
        self.clock = JumpingClock()
        self.world = RoughWorld()
        self.world.clock = self.clock
        self.world.rng, self.world.odds, self.world.tally = self.rng, odds or Odds(), self.tally
        self.odds = self.world.odds
        self.player = self._born(power_cut=True)

    # --- being on --------------------------------------------------------------------------------------------

    def _born(self, *, power_cut: bool) -> Player:
        while True:
            player = Player(self.path, self.world, self.clock, checkpoint_rows=500)
            try:
                self.world.queue.clear()
                self.world.accepting = frozenset()
                self.world.awake = False
                self.world.lose_replies = 0
                player.till.recover()
                player.till.process(events.Booted("boot", "test", player.till._key.public_key))
                self.world.wake(power_cut=power_cut)
                self._settle(player)
            except PowerCut:
                self.tally.cuts += 1
                player.close()
                power_cut = True
                continue
            return player

    def _settle(self, player: Player) -> None:
        for _ in range(400):
            if not self.world.queue:
                self.see_closed(player)
                return
            player.say(self.world.word())
        raise AssertionError(f"the world never falls silent: {player.state!r}")

    def _live(self, deed) -> None:
        """Do something; if power goes meanwhile, be born again and leave it."""
        try:
            deed()
        except PowerCut:
            self.tally.cuts += 1
            promised = self.player.seen[-1].session if self.player.seen else None
            self.player.close()
            if self.rng.random() < self.odds.box_gone_per_cut:
                self.box_goes()
            self.player = self._born(power_cut=self.rng.random() < 0.5)
            self._check_promise(promised)

    def _check_promise(self, promised) -> None:
        """M4: what was shown as credit is there after the cut."""
        session = self.player.state.session
        if promised is None or promised.session_id != session.session_id:
            return
        have = session.inserted_minor + session.under_review_minor
        if have < promised.inserted_minor:
            self.tally.wrong.append(f"shown {promised.inserted_minor}, on disk {have}")

    # --- a visit ---------------------------------------------------------------------------------------------

    def _say(self, event) -> None:
        self.player.say(event)
        self._settle(self.player)

    def _wait(self, seconds: float) -> None:
        self.clock.now_s += seconds
        self._say(events.Tick())

    def visit(self) -> None:
        """A buyer comes, does what buyers do, and is gone when this returns."""
        self.tally.visits += 1
        self.world.order = self._some_order()
        self.world.printer_outcome = self._some_paper()
        self._live(self._come)
        self._live(self._pay_in)
        for _ in range(8):
            if self.player.state.session.phase is Phase.WELCOME:
                break
            self._live(lambda: self._wait(70))
        if self.player.state.latched:
            self._technician()

    def _some_order(self):
        amount = self.rng.choice((500, 1200, 1500, 3500, 7000, 9990, 20_000))
        policy = self.rng.choice(tuple(OverpayPolicy))
        decides = self.rng.random() < self.odds.decides_how_much_per_visit
        most = self.rng.choice((0, 2 * amount, 30_000)) if decides else 0
        return replace(ORDER, amount_minor=amount, overpay=policy, open_amount=decides, max_minor=most)

    def _some_paper(self):
        roll = self.rng.random()
        if roll < self.odds.no_paper_per_visit:
            return SlipOutcome.FAILED
        return SlipOutcome.UNKNOWN if roll < 2 * self.odds.unsure_slip_per_visit else SlipOutcome.PRINTED

    def _come(self) -> None:
        self._say(events.LanguageTapped("en"))
        self._say(events.OrderTyped("1000000008"))
        if self.rng.random() < self.odds.cancels_per_visit:
            self._say(events.CancelTapped())
            return
        self._say(events.OfferConfirmed(without_receipt=False))

    def _pay_in(self) -> None:
        if self.rng.random() < self.odds.outage_per_visit:
            self.tally.outages += 1
            self.world.line(up=False)
        for _ in range(40):
            session = self.player.state.session
            if session.phase is not Phase.CASH or self.rng.random() < self.odds.walks_away_per_visit / 2:
                return
            if self.rng.random() < self.odds.refused_note_per_note:
                self._say(events.NoteRefusedByUnit(NoteTrouble.UNREADABLE))
                continue
            if self.rng.random() < self.odds.box_gone_per_note:
                self.taken_alone()
                continue
            left = session.due_minor - session.inserted_minor
            value = self.rng.choice([note for note in NOTES if note <= max(left, NOTES[0])] or NOTES)
            self.world.insert(self.rng.choice((value, value, value, self.rng.choice(NOTES))))
            self._settle(self.player)

    def _technician(self) -> None:
        """Comes, looks, gives a reason; a note that nobody could find may turn up as the acceptor tells of it."""
        self.player.close()
        resume(self.path, KEY, "looked inside", self.clock.utc_us(), "Ivan")
        self.player = self._born(power_cut=False)

    # --- a day -----------------------------------------------------------------------------------------------

    def day(self, visits: int) -> None:
        """Visits spread over a day, then what happens once a day, then the comparison."""
        for _ in range(visits):
            self._live(lambda: self._wait(DAY_S / visits - 60))
            if not self.world.network_up and self.rng.random() < 0.3:
                self.world.line(up=True)
                self._live(lambda: self._settle(self.player))
            self.visit()
            self._keep_tally()
            self.care_for_box(visits)
        self._live(self._once_a_day)
        self.calm()
        self._compare()

    def _once_a_day(self) -> None:
        if self.rng.random() < self.odds.clock_set_right_per_day:
            self.clock.utc_offset_s = 0.0
        if self.rng.random() < self.odds.clock_jump_per_day:
            self.clock.utc_offset_s += self.rng.choice((-1, 1)) * self.rng.choice((3600, 30 * DAY_S, 20 * 365 * DAY_S))
        self.world.skew_s = self.clock.utc_offset_s
        if self.world.network_up:
            self.world.beat(self.player.state)
            self._settle(self.player)
        if self.rng.random() < self.odds.orphan_per_day:
            value = self.rng.choice(NOTES)
            self.world.happen(replace(self.world.physical, box=(*self.world.physical.box, value)))
            told = events.NoteWentIn(value, "EUR")
            self.world.physical = replace(self.world.physical, told=told)
            self._say(told)
        for claim_id in sorted(self.tally.claims.keys() - self.tally.redeemed):
            if self.rng.random() < self.odds.redeemed_per_claim_and_day:
                self.tally.redeemed.add(claim_id)
                paid_out = PaidOut(claim_id, f"R-{claim_id}", _amount(self.tally.claims[claim_id]), "EUR")
                self.tally.paid_out.setdefault(self.clock.true_day(), []).append(paid_out)

    def calm(self) -> None:
        """The line is up and everything waiting gets its chance, without further trouble."""
        calm, self.odds.cut_per_word = self.odds.cut_per_word, 0.0
        self.world.line(up=True)
        self.box_comes()
        for _ in range(12):
            self._settle(self.player)
            self._wait(70)
        if self.player.state.latched:
            self._technician()
        self.finish_collection()
        self.odds.cut_per_word = calm
        self._keep_tally()

    # --- comparing -------------------------------------------------------------------------------------------

    def _keep_tally(self) -> None:
        """Move what has physically happened from the world's growing record into counters."""
        now, tally = self.world.physical, self.tally
        tally.box.update(now.box)
        for what, sent in ((tally.paid, now.paid), (tally.claims, now.claims), (tally.reports, now.collections)):
            for key, body in sent:
                if what.setdefault(key, body) != body:
                    tally.wrong.append(f"{key} was sent with two bodies")
        for slip in now.slips:
            if not COPY.search(slip) and slip in tally.originals:
                tally.wrong.append(f"an original came out twice: {slip}")
            tally.originals.add(slip)
        self.world.physical = Physical(in_head=now.in_head, transit=now.transit, told=now.told, away=now.away)
        self.world.log.clear()
        del self.player.seen[:-1]

    def _compare(self) -> None:
        """Books and banknotes, as they are now."""
        state, tally = self.player.state, self.tally
        tally.wrong += ledger.faults(state.ledger)
        in_boxes = self.all_notes()
        money = sum(value * count for value, count in in_boxes.items())
        known = sum(value * count for value, count in state.stacked.items())
        doubt = -state.ledger.total_of("suspense")
        if not known <= money <= known + doubt:
            tally.wrong.append(f"boxes {money}, stacked {known}, in doubt {doubt}")
        tally.wrong += self.wrong_with_boxes()
        if state.outbox:
            tally.wrong.append(f"the outbox is not empty: {state.open_ids}")
        if state.devices.clock_trusted:
            self._compare_registers()

    def _compare_registers(self) -> None:
        """Every day but the last is accounted for, and nothing of it is left over."""
        state, tally, today = self.player.state, self.tally, self.clock.true_day()
        through = state.registers.through
        if through < shifted(today, -2):
            tally.wrong.append(f"registers are compared up to {through} on {today}")
        settled = {p.payment_id for day, paid in tally.listed.items() if day <= through for p in paid}
        if left := settled & state.registers.awaited.keys():
            tally.wrong.append(f"still awaited after {through}: {sorted(left)}")
        paid_out = {c.claim_id for day, claims in tally.paid_out.items() if day <= through for c in claims}
        if left := paid_out & state.claims.keys():
            tally.wrong.append(f"paid out up to {through} and still kept: {sorted(left)}")


@dataclass
class JumpingClock(VirtualClock):
    """Steady time goes on; wall time may step."""

    utc_offset_s: float = 0.0

    def utc_us(self) -> int:
        return max(0, super().utc_us() + int(self.utc_offset_s * 1_000_000))

    def true_us(self) -> int:
        """What everybody else's clocks say."""
        return super().utc_us()

    def true_day(self) -> str:
        return day_of(self.true_us())


def _amount(body: bytes) -> int:
    return int(AMOUNT.match(body)[1])


@dataclass(frozen=True)
class Outcome:
    head: str
    rows: int
    days_per_s: float
    tally: Tally
    wrong: list[str]


def live(folder: Path, seed: int, days: int, visits_a_day: int, odds: Odds | None = None) -> Outcome:
    """A whole life. `wrong`: everything that can never happen and did, in words."""
    started = time.perf_counter()
    life = Life(folder, seed, odds)
    for _ in range(days):
        life.day(visits_a_day)
    head = life.player.journal.head.hex()
    life.player.close()
    elapsed = time.perf_counter() - started
    verdict = verify(life.path)
    wrong = life.tally.wrong + verdict.faults + _against_rows(life)
    return Outcome(head, verdict.rows, days / elapsed, life.tally, wrong)


def _against_rows(life: Life) -> list[str]:
    """The journal's payments, one by one, against what was really paid; its collections against each other and the reports."""
    reading, book = _Rows(), ReportBook()
    with closed_journal(life.path) as connection:
        for row in journal.rows(connection, 0, journal.GENESIS):
            reading.note(row.fact)
            book.note(row)
    wrong = wrong_with_slips(reading.slips, life.tally) + wrong_with_reports(book, life)
    if reading.accepted != life.tally.paid.keys() or reading.refused != life.tally.refused:
        wrong.append(f"accepted {len(reading.accepted)}, paid {len(life.tally.paid)}; refused {len(reading.refused)}")
    return wrong + reading.differences


@dataclass
class _Rows:
    """What the rows say."""

    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    slips: list[CollectionSlip] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def note(self, fact: facts.Fact) -> None:
        match fact:
            case facts.PaymentAccepted(payment_id=key):
                self.accepted.add(key)
            case facts.PaymentRefused(payment_id=key):
                self.refused.add(key)
            case RegisterCompared(day=day, differences=found, untold=untold):
                odd = [d for d in found if d.kind is not DifferenceKind.STILL_WAITING]
                self.differences += [f"register of {day}: {d}" for d in odd] + ["untold"] * untold
            case PeriodClosed(slip=slip):
                self.slips.append(slip)
            case _:
                pass
