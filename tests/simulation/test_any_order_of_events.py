"""Till, acceptor and aggregator in any order of events: hypothesis looks for the shortest story that loses or doubles money."""

import os
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.domain import box_contents, codes, collection_events, events, ledger, staff_events
from kiosk.domain.case_events import ResolveAsked
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.moves import NoteTrouble
from kiosk.domain.people import Role
from kiosk.domain.session import Phase
from kiosk.domain.staff_facts import SignInFault
from kiosk.till.acceptance import resume
from tests.support import collectors
from tests.support.catalogue import CATALOGUE, PHONE_TYPED
from tests.support.cuts import not_on_disk, violations
from tests.support.play import Player
from tests.support.staff import sign_in
from tests.support.world import KEY, ORDER, RULES, VirtualClock, World

NOTES = st.sampled_from(sorted(RULES.denominations_minor))
WISHES = (
    events.OrderTyped(ORDER.order_number),
    events.ServiceAsked("top-up", PHONE_TYPED),
    events.ServiceAsked("water", (("customer", "1234567"),)),
    events.ServiceAsked("water", ()),
)
CODE = codes.mint("0007", 41, KEY.sign)


STAFF_ASKS = (
    staff_events.SignOutAsked(),
    staff_events.NoteTestAsked(keep=True),
    staff_events.NoteTestAsked(keep=False),
    staff_events.NoteTestEnded(),
    staff_events.ResumeAsked("looked"),
    staff_events.ResumeAskedByTool("Ivan", "looked"),
    staff_events.SignInAsked("12", 9),
    staff_events.SignInChecked("12", 9, SignInFault.PIN),
    events.LanguageTapped("bg"),
)


class Kiosk(RuleBasedStateMachine):
    """One kiosk; `may_be_unsure` once power was cut or the acceptor fell silent: then some money may be in suspense."""

    @initialize()
    def switch_on(self):
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.path = self.folder / "journal.sqlite"
        self.world, self.clock = World(catalogue=CATALOGUE, open_codes={CODE: 30_000}), VirtualClock()
        self.may_be_unsure = False
        self.player = Player(self.path, self.world, self.clock)
        self.player.boot()

    def teardown(self):
        if not hasattr(self, "player"):
            return
        self.world.line(up=True)
        self.world.put_box_in()
        for _ in range(12):
            self.player.wait(100)
        assert self.player.state.staff is None
        self.player.close()
        wrong = violations(self.path, self.world.physical, may_be_unsure=self.may_be_unsure)
        shutil.rmtree(self.folder)
        assert wrong == []

    # --- the buyer ---------------------------------------------------------------------------------------------

    @rule()
    def goes_on(self):
        self.player.go_to_cash()

    @rule(wants=st.sampled_from(WISHES))
    def changes_their_mind(self, wants):
        self.world.wants = wants

    @rule(has_a_slip=st.booleans())
    def finds_a_slip(self, has_a_slip):
        self.world.pays_with = CODE if has_a_slip else ""

    @rule(refusal=st.sampled_from(["", "order_already_paid"]))
    def the_payee_is_like_that(self, refusal):
        self.world.redemption_refused = refusal

    @rule(value=NOTES)
    def puts_a_note_in(self, value):
        self.world.insert(value)

    @rule(
        event=st.sampled_from(
            [
                events.FinishTapped(),
                events.CancelTapped(),
                events.MoreTimeTapped(),
                events.LeaveTapped(),
                events.PayWithCodeTapped(),
                events.CodeDropTapped(),
                events.Scanned(CODE),
                events.Scanned("KIOSKO1*1000000017"),
                events.Scanned("nothing of ours"),
            ]
        )
    )
    def taps(self, event):
        self.player.say(event)

    @rule(seconds=st.sampled_from([1, 15, 61, 400]))
    def waits(self, seconds):
        self.player.wait(seconds)

    # --- the world ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.world.queue)
    @rule()
    def one_word_is_heard(self):
        self.player.say(self.world.queue.popleft())

    @rule()
    def everything_is_heard(self):
        self.player.settle()

    @rule(up=st.booleans())
    def the_line(self, up):
        self.world.line(up=up)

    @rule(count=st.integers(1, 3))
    def replies_are_lost(self, count):
        self.world.lose_replies += count

    @rule(outcome=st.sampled_from(SlipOutcome))
    def the_printer_is_like_that(self, outcome):
        self.world.printer_outcome = outcome

    @rule(trouble=st.sampled_from([NoteTrouble.UNREADABLE, NoteTrouble.ONE_AT_A_TIME]))
    def the_unit_refuses_a_note(self, trouble):
        self.player.say(events.NoteRefusedByUnit(trouble))

    @precondition(
        lambda self: (
            not (
                self.world.queue
                or self.world.physical.in_head
                or self.world.physical.transit
                or self.world.physical.away
            )
        )
    )
    @rule(value=NOTES)
    def a_note_appears_in_the_box(self, value):
        told = events.NoteWentIn(value, "EUR")
        self.world.happen(replace(self.world.physical, box=(*self.world.physical.box, value), told=told))
        self.world.queue.append(told)

    def _has_an_orphan_to_tell(self):
        return self.world.physical.told is not None and self.player.state.intent is None

    @rule()
    def the_unit_suspects_fraud(self):
        self.player.say(events.FraudSuspected())

    # --- cuts and people ---------------------------------------------------------------------------------------

    @rule(power_cut=st.booleans())
    def the_till_dies(self, power_cut):
        """Not with the unit's own power while it has an orphan to tell of: nobody could know of that note."""
        power_cut = power_cut and not self._has_an_orphan_to_tell()
        self.may_be_unsure |= power_cut
        shown = [entry for entry in self.world.log if type(entry).__name__ == "Shown"]
        self.player.close()
        self.world.queue.clear()
        self.world.accepting, self.world.awake = frozenset(), False
        self.player = Player(self.path, self.world, self.clock)
        self.player.boot(power_cut=power_cut)
        assert not_on_disk(self.player, shown) == []

    @precondition(lambda self: self.player.state.latched)
    @rule()
    def a_technician_comes(self):
        self.player.settle()
        self.player.close()
        resume(self.path, KEY, "looked", self.clock.utc_us(), "Ivan")
        self.world.accepting, self.world.awake = frozenset(), False
        self.player = Player(self.path, self.world, self.clock)
        self.player.boot(power_cut=False)

    @rule(role=st.sampled_from(Role))
    def somebody_signs_in(self, role):
        sign_in(self.player, role)

    @rule(event=st.sampled_from(STAFF_ASKS))
    def staff_ask_for_something(self, event):
        self.player.say(event)

    @rule()
    def a_collection_is_begun(self):
        self.player.say(collection_events.CollectionAsked())

    @rule()
    def a_collection_goes_on(self):
        touch = collectors.next_touch(self.player)
        if touch is not None:
            self.player.say(touch)

    @rule()
    def a_collection_is_given_up(self):
        self.player.say(collection_events.CollectionGivenUp())

    @rule()
    def the_box_is_taken_by_whoever_it_is(self):
        self.world.take_box()

    @rule(back=st.booleans())
    def a_box_is_put_in(self, back):
        self.world.put_box_in(back=back)

    @rule()
    def a_note_jams(self):
        self.world.jam()

    @rule()
    def a_slip_is_wanted(self):
        self.player.say(collection_events.XReportAsked())
        self.player.say(collection_events.SheetAsked(1))

    def _box_is_told_of(self):
        """Nothing is on its way that the unit may still tell of: whoever opens the boxes finds what is true."""
        return not (
            self.world.queue or self.world.physical.told or self.world.physical.transit or self.player.state.intent
        )

    @precondition(_box_is_told_of)
    @rule(
        way=st.sampled_from([Resolution.TO_BUYER, Resolution.PAID_OUT, Resolution.TO_OPERATOR]), which=st.integers(0, 3)
    )
    def a_case_is_settled(self, way, which):
        """By somebody who counts the boxes before they say where a note in doubt is, if there is such a case and it may be so."""
        found = list(self.player.state.cases.open.values())[which : which + 1]
        for case in found:
            if case.kind is CaseKind.SUSPENSE:
                boxes = Counter(chain(self.world.physical.box, *self.world.physical.taken))
                there = boxes[case.amount_minor] > self.player.state.stacked.get(case.amount_minor, 0)
                way = Resolution.IN_BOX if there else Resolution.NOT_IN_BOX
            self.player.say(ResolveAsked(case.case_id, way, "looked"))

    # --- always ------------------------------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self):
        if hasattr(self, "player"):
            assert ledger.faults(self.player.state.ledger) == []

    @invariant()
    def every_unit_of_the_box_has_its_place(self):
        if hasattr(self, "player"):
            assert [box.difference_minor for box in box_contents.current(self.player.state, "EUR")] == [0]

    @invariant()
    def no_slip_is_printed_before_its_period_is_closed(self):
        if hasattr(self, "player"):
            closed = self.player.state.period - 1
            assert all(slip.period <= closed for slip in collectors.slips_printed(self.world))

    @invariant()
    def no_note_is_taken_without_a_visit(self):
        if hasattr(self, "player") and self.world.accepting:
            assert self.player.state.session.phase in {Phase.CASH, Phase.NOTE_TEST}
            assert not self.player.state.latched
            assert not self.player.state.box.is_frozen

    @invariant()
    def somebody_is_at_the_menu_whenever_it_is_shown_and_no_buyer_with_them(self):
        if hasattr(self, "player"):
            state = self.player.state
            assert (state.staff is not None) == (state.session.phase in {Phase.SERVICE, Phase.NOTE_TEST})
            assert state.staff is None or state.session.order is None


Kiosk.TestCase.settings = settings(
    max_examples=int(os.environ.get("KIOSK_EXAMPLES", "150")),
    stateful_step_count=40,
    deadline=None,
    derandomize="KIOSK_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
TestAnyOrderOfEvents = Kiosk.TestCase
