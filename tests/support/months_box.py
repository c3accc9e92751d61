"""The cash box in a simulated life: collected by procedure at any moment, left half done, gone with nobody signed in.

Answers for: that what a slip says is what was physically in the box. Does not answer for: visits and days (`months`).
The life's `tally` knows the notes; the till is never asked what is in the box.
"""

from collections import Counter

import msgspec

from kiosk import terminal_api as api
from kiosk.domain import box_contents, cases, events, staff_events
from kiosk.domain import collection_events as box
from kiosk.domain.case_events import ResolveAsked
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.people import Role
from kiosk.domain.receipts import FIRST_HASH, Doubt, collection_hash
from kiosk.domain.session import Phase
from tests.support import collectors
from tests.support.staff import NAMES
from tests.support.world import RULES

LARGEST_MINOR = max(RULES.denominations_minor)


class BoxLife:
    """What happens to the box of a `Life`. `counts_minor`: `of_counts` up to row `read_to`."""

    read_to = 0
    counts_minor = 0

    # --- where it is ---------------------------------------------------------------------------------------------

    def box_goes(self) -> None:
        """Out of the kiosk, with all that is in it."""
        if self.world.physical.away:
            return
        self._keep_tally()
        tally = self.tally
        self.whole = tally.box
        tally.removed = (tally.removed or Counter()) + (tally.box - tally.carried)
        tally.box, tally.carried = Counter(), Counter()
        self.world.take_box()

    def box_comes(self, *, back: bool = False) -> None:
        """An empty one, or the same as it was."""
        if not self.world.physical.away:
            return
        self.tally.carried = Counter(self.whole) if back else Counter()
        self.tally.box = Counter(self.tally.carried)
        self.world.put_box_in()

    def taken_alone(self) -> None:
        """Nobody is signed in, and the box is gone for a while."""
        self.tally.alone += 1
        self.box_goes()
        self._settle(self.player)
        self._wait(self.rng.choice((0.2, 5, 300)))
        self.box_comes(back=self.rng.random() < self.odds.box_put_back_per_removal)
        self._settle(self.player)

    def see_closed(self, player) -> None:
        """The moment a period is over: its slip against the notes that came into the box which went."""
        last = player.state.box.last
        if last is None or last.slip.period in self.tally.taken:
            return
        slip, really = last.slip, self.tally.removed or Counter()
        self.tally.taken[slip.period], self.tally.removed = really, None
        said = Counter(dict(slip.boxes[0].notes))
        suspense_minor = slip.boxes[0].suspense_minor
        allowed = suspense_minor + LARGEST_MINOR if Doubt.NOTE_IN_DOUBT in slip.doubts else 0
        more = sum(value * count for value, count in ((really - said) + (said - really)).items())
        if more > allowed:
            self.tally.wrong.append(f"slip {slip.serial} says {said}, in the box {really}, doubts {slip.doubts}")

    # --- who comes to it -----------------------------------------------------------------------------------------

    def care_for_box(self, visits: int) -> None:
        """Between two visits: whatever may happen to a box now."""
        roll = self.rng.random
        if self.world.physical.away and roll() < 0.5:
            self._live(self.box_comes)
            self._live(lambda: self._settle(self.player))
        if self.player.state.box.collection is not None and roll() < 0.5:
            self.tally.resumed += 1
            self._live(self.collect)
        elif roll() < self.odds.collection_per_day / visits:
            self._live(self.collect)
        if roll() < self.odds.box_gone_per_day / visits:
            self._live(self.taken_alone)
        if roll() < self.odds.jam_per_visit:
            self.world.jam()
            self._live(lambda: self._settle(self.player))
        if roll() < self.odds.note_test_per_day / visits:
            self._live(self.try_notes)
        if roll() < self.odds.count_per_day / visits:
            self._live(self.count_boxes)
        if roll() < self.odds.supervisor_per_day / visits:
            self._live(self.settle_cases)
        self._keep_tally()

    def finish_collection(self) -> None:
        """Somebody comes back to what was left half done."""
        calm, self.odds.walks_off_per_step = self.odds.walks_off_per_step, 0.0
        if self.player.state.box.collection is not None:
            self.collect()
        self.odds.walks_off_per_step = calm
        self._settle(self.player)

    def collect(self) -> None:
        """From wherever it stands, until it is done or the collector goes."""
        self.sign_in(Role.COLLECTOR)
        if self.player.state.box.collection is None:
            self._say(box.CollectionAsked())
        for _ in range(20):
            if self.player.state.box.collection is None or self.player.state.session.phase is not Phase.SERVICE:
                break
            if self.rng.random() < self.odds.walks_off_per_step:
                break
            self._step()
        if self.player.state.staff is not None:
            self._say(staff_events.SignOutAsked())

    def _step(self) -> None:
        """The box itself moves by a hand; everything else is a touch."""
        match collectors.step_of(self.player.state):
            case collectors.CollectionStep.TAKE:
                self.box_goes()
                self._settle(self.player)
            case collectors.CollectionStep.NEW_BOX if self.world.physical.away:
                self.box_comes()
                self._settle(self.player)
            case _:
                touch = collectors.next_touch(self.player)
                if touch is not None:
                    self._say(touch)

    def try_notes(self) -> None:
        """A technician puts notes in, which stay."""
        self.sign_in(Role.TECHNICIAN)
        self._say(staff_events.NoteTestAsked(keep=True))
        for _ in range(3):
            self.world.insert(self.rng.choice(sorted(RULES.denominations_minor)))
            self._settle(self.player)
        self._say(staff_events.NoteTestEnded())
        self._wait(1)
        if self.player.state.staff is not None:
            self._say(staff_events.SignOutAsked())

    def count_boxes(self) -> None:
        """The cash desk counts what is really in the boxes that were taken."""
        for period, notes in self.tally.taken.items():
            if f"in_transit:EUR:{period}" in self.player.state.ledger.balances:
                counted_minor = sum(value * count for value, count in notes.items())
                self._say(events.BoxWasCounted(period, "EUR", counted_minor, "cash desk", "by machine"))

    def settle_cases(self) -> None:
        """A supervisor, who knows what was counted in all boxes together, settles what is open."""
        self._keep_tally()
        physical = self.world.physical
        if self.world.queue or physical.told or physical.in_head or physical.transit:
            return
        self.sign_in(Role.SUPERVISOR)
        for found in cases.open_cases(self.player.state, RULES):
            way = self._truth(found.case) or self.rng.choice(found.resolutions)
            self._say(ResolveAsked(found.case.case_id, way, "counted and asked"))
        if self.player.state.staff is not None:
            self._say(staff_events.SignOutAsked())

    def _truth(self, case) -> Resolution | None:
        """Of a note in doubt; everything else is the supervisor's to decide."""
        if case.kind is not CaseKind.SUSPENSE:
            return None
        there = self.all_notes()[case.amount_minor] > self.player.state.stacked.get(case.amount_minor, 0)
        return Resolution.IN_BOX if there else Resolution.NOT_IN_BOX

    def all_notes(self) -> Counter:
        """Every note that ever came into a box."""
        tally = self.tally
        return sum((Counter(), *tally.taken.values(), tally.removed or Counter()), tally.box - tally.carried)

    def sign_in(self, role: Role) -> None:
        """Whoever has this role, if nobody is there already."""
        number, person = NAMES[role]
        if self.player.state.staff is None:
            self._say(staff_events.SignInAsked(number, 1))
            self._say(staff_events.SignInChecked(number, 1, None, person, role))

    def of_counts(self) -> int:
        """Of what supervisors gave away: what counts had found, which was in no box of the books."""
        journal = self.player.journal
        rows = journal.between(self.read_to + 1, journal.seq, {"CaseResolved"})
        moved = (t for row in rows for t in row.fact.transfers if row.fact.kind is CaseKind.OVER_SHORT)
        self.read_to = journal.seq
        self.counts_minor += sum(t.amount_minor if t.debit == "over_short:EUR" else -t.amount_minor for t in moved)
        return self.counts_minor

    # --- what is wrong -------------------------------------------------------------------------------------------

    def wrong_with_boxes(self) -> list[str]:
        """Of every period so far, each unit of money is in just one place, and all places together are the books."""
        state, read = self.player.state, self.player.journal.period_totals
        wrong = [] if read(state.period) == {k: v for k, v in state.totals.items() if v} else ["totals on disk differ"]
        boxes = []
        for period in range(1, state.period + 1):
            boxes += box_contents.in_period(state, period, read(period), ("EUR",))
            if boxes[-1].difference_minor:
                wrong.append(f"period {period}: {boxes[-1].difference_minor} in no place, {boxes[-1]}")
        books = state.ledger
        given_away = -books.total_of("operator") - books.total_of("paid_out") - self.of_counts()
        places = {
            "payable": sum(one.queued_minor for one in boxes),
            "unallocated": sum(one.unallocated_minor for one in boxes),
            "orphan": sum(one.orphan_minor for one in boxes),
            "test": sum(one.test_minor for one in boxes),
            "settled": sum(one.confirmed_minor + one.redeemed_minor for one in boxes) - given_away,
            "suspense": sum(one.suspense_minor for one in boxes),
        }
        wrong += [f"{kind}: {said}" for kind, said in places.items() if said != -books.total_of(kind)]
        if boxes[-1].ever_minor != sum(value * count for value, count in state.stacked.items()):
            wrong.append("the permanent counters differ")
        return wrong


def wrong_with_slips(slips, tally) -> list[str]:
    """Serial numbers and hashes follow on each other, and the aggregator was told of each slip once, as it says."""
    wrong, before = [], FIRST_HASH
    for serial, slip in enumerate(slips, 1):
        if (slip.serial, slip.period, slip.previous_hash) != (serial, serial, before):
            wrong.append(f"slip {slip.serial} of period {slip.period} does not follow on {serial - 1}")
        before = collection_hash(slip)
        body = tally.reports.get(f"{slip.terminal_number}-z{slip.serial:05d}")
        told = msgspec.json.decode(body, type=api.CollectionReport) if body else None
        if told is None or (told.slip_hash, told.stacked_minor) != (before, slip.boxes[0].stacked_minor):
            wrong.append(f"of slip {slip.serial} the aggregator was told {told}")
        if slip.boxes[0].difference_minor or slip.boxes[0].open_minor:
            wrong.append(f"slip {slip.serial} does not add up")
    if len(slips) != len(tally.reports) or len(slips) != len(tally.taken):
        wrong.append(f"{len(slips)} slips, {len(tally.reports)} reports, {len(tally.taken)} boxes")
    return wrong
