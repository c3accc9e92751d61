"""A supervisor settles what nobody else can: each kind of case in each way it may be, and every way it may not."""

from dataclasses import replace

import pytest

from kiosk.domain import box_contents, cases, codes, events, ledger, staff_events
from kiosk.domain.case_events import CorrectionCopyAsked, ResolveAsked
from kiosk.domain.case_words import CaseKind, Resolution
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Role, StaffNotice
from kiosk.domain.receipts import Person
from kiosk.domain.register_book import PaidOut, Register, day_of
from kiosk.link import staff as m
from kiosk.till.case_view import case_views
from kiosk.till.staff_view import staff_view
from kiosk.till.verify import verify
from tests.support.cases import REASON, corrections_printed, open_cases, settle
from tests.support.collectors import begin, collect
from tests.support.play import Player
from tests.support.staff import sign_in, sign_out, try_notes
from tests.support.world import RULES, VirtualClock, World

IN_BOX, NOT_IN_BOX = Resolution.IN_BOX, Resolution.NOT_IN_BOX
TO_BUYER, PAID_OUT, TO_OPERATOR = Resolution.TO_BUYER, Resolution.PAID_OUT, Resolution.TO_OPERATOR
WITHOUT_CLAIMS = replace(RULES, reports=frozenset())


@pytest.fixture
def kiosk(tmp_path):
    opened = []

    def start(rules=RULES):
        opened.append(Player(tmp_path / "journal.sqlite", World(), VirtualClock(), rules))
        opened[-1].boot()
        return opened[-1]

    yield start
    opened[-1].close()
    assert verify(tmp_path / "journal.sqlite").faults == []


@pytest.fixture
def player(kiosk):
    return kiosk()


def balances(player, *kinds):
    return tuple(-player.state.ledger.total_of(kind) for kind in kinds)


def box_of(player, period):
    (box,) = box_contents.in_period(player.state, period, player.journal.period_totals(period), ("EUR",))
    assert box.difference_minor == 0
    return box


def told(player):
    return player.state.staff.told.notice if player.state.staff.told else None


def in_doubt(player, value=5000, *, resumed=True):
    """A note whose place nobody knows, of a visit that is over."""
    player.go_to_cash()
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(value)
    player.settle()
    del player.world.perform
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(300)
    if resumed:
        player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))


def refused(player):
    player.world.line(up=False)
    player.pay((5000, 2000))
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid"))
    player.world.line(up=True)
    player.settle()
    return payment_id


# --- a note in doubt ----------------------------------------------------------------------------------------------


def test_a_note_in_doubt_is_a_case_once_its_unit_can_tell_no_more(player):
    in_doubt(player, resumed=False)
    assert open_cases(player) == {}
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    assert open_cases(player) == {"0001-0000001": (IN_BOX, NOT_IN_BOX)}
    (case,) = player.state.cases.open.values()
    assert (case.kind, case.amount_minor, case.about, case.period) == (CaseKind.SUSPENSE, 5000, "0001-000001", 1)
    assert case.at_us > 0


def test_a_note_that_the_unit_told_of_is_no_case(player):
    in_doubt(player, resumed=False)
    player.say(events.NoteWentIn(5000, "EUR"))
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    assert player.state.cases.open == {}


def test_a_note_that_was_found_is_its_visitors_under_the_code_of_their_slip(player):
    in_doubt(player)
    settle(player, IN_BOX)
    assert balances(player, "cash_box", "suspense", "unallocated") == (-5000, 0, 5000)
    box = box_of(player, 1)
    assert (box.notes, box.unallocated_minor, box.suspense_minor, box.suspense_notes) == (((5000, 1),), 5000, 0, 0)
    (slip,) = corrections_printed(player.world)
    assert slip.claim_code == codes.of_visit("0001-000001", RULES.sign)
    assert (slip.debit, slip.credit, slip.amount_minor) == ("cash_box:EUR:1:5000", "unallocated:EUR", 5000)
    assert [name for name, _ in player.world.physical.claims] == ["0001-000001-0001-0000001"]
    order = [row.name for row in player.journal.replay()]
    assert "AcceptorRested" not in order[order.index("CaseResolved") :], (
        "the unit has told nothing that it may tell again"
    )


def test_a_note_that_never_came_in_leaves_the_books(player):
    in_doubt(player)
    settle(player, NOT_IN_BOX)
    assert balances(player, "cash_box", "suspense", "uncertain", "unallocated") == (0, 0, 0, 0)
    assert box_of(player, 1).notes == ()
    assert player.state.totals["returned:EUR:5000"] == 1
    (slip,) = corrections_printed(player.world)
    assert (slip.debit, slip.credit, slip.claim_code, slip.claim_qr) == ("suspense:EUR", "uncertain:EUR:1", "", "")


def test_a_note_found_in_a_box_that_is_gone_was_on_its_way_with_it(player):
    in_doubt(player)
    collect(player)
    settle(player, IN_BOX)
    assert balances(player, "in_transit", "unallocated") == (-5000, 5000)
    assert box_of(player, 1).unallocated_minor == 5000
    assert player.state.box.doubts == ()


def test_a_note_found_in_a_box_that_was_counted_over_is_what_was_over(player):
    player.pay((5000, 2000))
    in_doubt(player)
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", 12_500, "cash desk", "by machine"))
    suspense, over = open_cases(player)
    settle(player, IN_BOX, suspense)
    assert balances(player, "in_transit", "cash_desk", "over_short", "unallocated") == (0, -12_500, 500, 5000)
    ((case_id, ways),) = open_cases(player).items()
    assert (case_id != over, ways) == (True, (PAID_OUT, TO_OPERATOR))
    assert player.state.cases.open[case_id].amount_minor == 500


def test_a_technicians_note_that_was_found_is_test_money(player):
    try_notes(player)
    player.world.perform = lambda order, state: player.world.queue.append(events.StackSilent())
    player.world.insert(5000)
    player.settle()
    del player.world.perform
    player.say(events.AcceptorCondensed(AcceptorCondition.DISABLED))
    player.wait(400)
    player.say(staff_events.ResumeAskedByTool("Petar", "looked inside"))
    settle(player, IN_BOX)
    assert balances(player, "test", "unallocated") == (5000, 0)
    assert box_of(player, 1).test_minor == 5000
    assert player.state.claims == {}
    assert corrections_printed(player.world)[0].claim_code == ""


# --- a note of nobody ---------------------------------------------------------------------------------------------


def test_a_note_of_nobody_is_kept_for_a_buyer_under_a_code_of_its_own(player):
    player.pay((5000, 2000))
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, TO_BUYER)
    (slip,) = corrections_printed(player.world)
    parsed, said = codes.parse(slip.claim_code), codes.read_statement(slip.claim_qr)
    assert (parsed.serial, said.amount_minor, said.code.text) == (2, 500, slip.claim_code)
    assert dict(player.world.physical.claims).keys() == {"0001-000002-found"}
    player.pay((5000, 5000))
    assert {claim.session_id for claim in player.state.claims.values()} == {"0001-000002", "0001-000003"}


@pytest.mark.parametrize(("resolution", "account"), [(PAID_OUT, "paid_out"), (TO_OPERATOR, "operator")])
def test_a_note_of_nobody_is_the_operators(player, resolution, account):
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, resolution)
    assert balances(player, "orphan", account, "cash_box") == (0, 500, -500)
    assert player.state.claims == {}


# --- a payment refused after cash ---------------------------------------------------------------------------------


def test_what_the_aggregator_knows_of_is_paid_out_by_it_alone_and_its_code_can_be_had_again(player):
    payment_id = refused(player)
    ((case_id, ways),) = open_cases(player).items()
    assert (ways, player.state.cases.open[case_id].about) == ((TO_BUYER,), payment_id)
    before = player.state.ledger
    settle(player, TO_BUYER)
    (slip,) = corrections_printed(player.world)
    assert slip.claim_code == codes.of_visit("0001-000001", RULES.sign)
    assert (player.state.ledger, player.state.cases.open) == (before, {})
    assert len(player.world.physical.claims) == 1


@pytest.mark.parametrize(("resolution", "account"), [(PAID_OUT, "paid_out"), (TO_OPERATOR, "operator")])
def test_what_no_aggregator_will_know_of_is_paid_out_here(kiosk, resolution, account):
    player = kiosk(WITHOUT_CLAIMS)
    refused(player)
    assert list(open_cases(player, WITHOUT_CLAIMS).values()) == [(PAID_OUT, TO_OPERATOR)]
    settle(player, resolution)
    assert balances(player, "unallocated", account) == (0, 7000)
    assert (player.state.claims, player.state.unreported) == ({}, ())
    box = box_of(player, 1)
    assert (box.unallocated_minor, box.redeemed_minor) == (0, 7000)


def test_what_the_aggregator_refuses_to_know_is_paid_out_here(player):
    player.world.line(up=False)
    player.pay((5000, 2000))
    (payment_id,) = player.state.payments
    player.say(events.PostAnswered(payment_id, events.PostResult.REFUSED, "order_already_paid"))
    ((case_id, ways),) = open_cases(player).items()
    assert ways == (TO_BUYER,), "it may learn of it yet"
    player.say(events.ReportAnswered(case_id, events.PostResult.REFUSED, "unknown_key"))
    assert open_cases(player) == {case_id: (PAID_OUT, TO_OPERATOR)}
    settle(player, PAID_OUT)
    assert (balances(player, "unallocated", "paid_out"), player.state.cases.unwanted) == ((0, 7000), ())


def test_a_claim_that_the_aggregator_paid_out_is_no_case_any_more(player):
    refused(player)
    (claim,) = player.state.claims.values()
    day = day_of(player.clock.utc_us())
    player.clock.now_s += 86_400
    player.world.registers[day] = Register(day, True, (), (PaidOut(claim.claim_id, "R", 7000, "EUR"),))
    player.world.beat(player.state)
    player.settle()
    player.wait(10)
    assert player.state.cases.open == {}


# --- what counting found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "ways", "resolution", "after"),
    [
        (7500, (PAID_OUT, TO_OPERATOR), PAID_OUT, {"paid_out": 500}),
        (7500, (PAID_OUT, TO_OPERATOR), TO_OPERATOR, {"operator": 500}),
        (6500, (TO_OPERATOR,), TO_OPERATOR, {"operator": -500}),
    ],
)
def test_what_is_over_is_the_operators_and_what_is_short_they_bear(player, counted, ways, resolution, after):
    player.pay((5000, 2000))
    collect(player)
    player.say(events.BoxWasCounted(1, "EUR", counted, "cash desk", "by machine"))
    ((case_id, allowed),) = open_cases(player).items()
    case = player.state.cases.open[case_id]
    assert (allowed, case.amount_minor, case.about) == (ways, counted - 7000, "1")
    settle(player, resolution)
    assert balances(player, "over_short", *after) == (0, *after.values())
    assert corrections_printed(player.world)[0].amount_minor == 500
    assert box_of(player, 1).placed_minor == 7000


def test_two_counts_of_a_box_are_one_case_and_none_when_they_cancel(kiosk):
    player = kiosk(replace(RULES, collection=replace(RULES.collection, blind=True)))
    player.pay((5000, 2000))
    collect(player, hand_count=((5000, 1),))
    (short,) = open_cases(player)
    player.say(events.BoxWasCounted(1, "EUR", 7000, "cash desk", "by machine"))
    assert player.state.cases.open == {}
    sign_in(player, Role.SUPERVISOR)
    player.say(ResolveAsked(short, TO_OPERATOR, REASON))
    assert told(player) is StaffNotice.FAILED


# --- how it is not done -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.COLLECTOR])
def test_only_a_supervisor_sees_and_settles_cases(player, role):
    player.say(events.NoteWentIn(500, "EUR"))
    sign_in(player, role)
    before = player.state.ledger
    player.say(ResolveAsked("orphan-1", TO_OPERATOR, REASON))
    assert (player.state.ledger, told(player)) == (before, StaffNotice.NOT_ALLOWED)
    assert staff_view(player.state, RULES).cases == ()
    sign_out(player)
    sign_in(player, Role.SUPERVISOR)
    (case,) = staff_view(player.state, RULES).cases
    assert (case.case_id, case.kind, case.amount_minor) == ("orphan-1", m.CaseKind.ORPHAN, 500)


def test_nothing_is_settled_by_nobody_or_while_somebody_pays(player):
    player.say(events.NoteWentIn(500, "EUR"))
    before = player.state.ledger
    player.say(ResolveAsked("orphan-1", TO_OPERATOR, REASON))
    player.go_to_cash()
    player.say(ResolveAsked("orphan-1", TO_OPERATOR, REASON))
    assert player.state.ledger == before


@pytest.mark.parametrize(
    ("asked", "notice"),
    [
        (ResolveAsked("orphan-1", TO_OPERATOR, "  "), StaffNotice.REASON_WANTED),
        (ResolveAsked("orphan-2", TO_OPERATOR, REASON), StaffNotice.FAILED),
        (ResolveAsked("orphan-1", IN_BOX, REASON), StaffNotice.FAILED),
        (ResolveAsked("orphan-1", NOT_IN_BOX, REASON), StaffNotice.FAILED),
    ],
)
def test_what_is_unfounded_or_not_open_changes_nothing_and_says_so(player, asked, notice):
    player.say(events.NoteWentIn(500, "EUR"))
    sign_in(player, Role.SUPERVISOR)
    before = player.state.ledger
    player.say(asked)
    assert (player.state.ledger, told(player)) == (before, notice)


def test_a_second_ask_does_nothing(player):
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, TO_OPERATOR, leaves=False)
    after = player.state.ledger
    player.say(ResolveAsked("orphan-1", PAID_OUT, REASON))
    assert (player.state.ledger, told(player)) == (after, StaffNotice.FAILED)
    assert len(corrections_printed(player.world)) == 1


def test_nothing_is_settled_while_a_box_is_taken(player):
    player.say(events.NoteWentIn(500, "EUR"))
    sign_in(player, Role.SUPERVISOR)
    begin(player)
    player.say(ResolveAsked("orphan-1", TO_OPERATOR, REASON))
    assert (told(player), len(player.state.cases.open)) == (StaffNotice.NOT_NOW, 1)


def test_what_would_spoil_the_books_is_not_offered(player):
    player.say(events.NoteWentIn(500, "EUR"))
    (case,) = player.state.cases.open.values()
    poorer = replace(player.state, ledger=ledger.Ledger())
    assert cases.resolutions(poorer, case, RULES) == ()


# --- its slip and its record --------------------------------------------------------------------------------------


def test_who_settled_it_and_why_stands_in_journal_and_slip(player):
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, TO_OPERATOR)
    rows = [row.fact for row in player.journal.replay()]
    (resolved,) = [fact for fact in rows if type(fact).__name__ == "CaseResolved"]
    (slip,) = corrections_printed(player.world)
    assert (
        (resolved.person, resolved.reason) == (slip.person, slip.reason) == (Person("Petar", Role.SUPERVISOR), REASON)
    )
    assert (resolved.resolution_id, slip.correction_id, slip.slip_number) == ("0001-k00001", "0001-k00001", 1)
    player.pay((5000, 2000))
    assert [receipt.slip_number for receipt in player.world.printed] == [1, 2]


def test_without_paper_it_is_settled_all_the_same_and_a_copy_can_be_had_later(player):
    player.say(events.NoteWentIn(500, "EUR"))
    player.world.printer_outcome = SlipOutcome.FAILED
    settle(player, TO_BUYER, leaves=False)
    assert (told(player), player.state.cases.open) == (StaffNotice.NOT_PRINTED, {})
    player.world.printer_outcome = SlipOutcome.PRINTED
    player.say(CorrectionCopyAsked(1, "Petar", "paper was out"))
    player.settle()
    first, copy = corrections_printed(player.world)
    assert (first.copy, copy.copy, copy.slip_id) == (False, True, "0001-k00001-c1")
    assert (copy.claim_code, copy.at_us, copy.slip_number) == (first.claim_code, first.at_us, 1)


def test_a_copy_needs_a_slip_a_person_and_a_reason_and_nobody_paying(player):
    player.say(events.NoteWentIn(500, "EUR"))
    settle(player, TO_BUYER)
    for asked in (
        CorrectionCopyAsked(2, "Petar", "why"),
        CorrectionCopyAsked(1, "", "why"),
        CorrectionCopyAsked(1, "Petar", ""),
    ):
        player.say(asked)
    player.go_to_cash()
    player.say(CorrectionCopyAsked(1, "Petar", "why"))
    assert len(corrections_printed(player.world)) == 1


def test_so_many_cases_are_shown_as_fit_and_the_oldest_first(player):
    for value in (500, 1000) * 30:
        player.say(events.NoteWentIn(value, "EUR"))
        player.settle()
    views = case_views(player.state, RULES)
    assert (len(views), views[0].case_id) == (cases.SHOWN_MAX, "orphan-1")


def test_cases_outlive_a_restart_by_checkpoint_and_by_rows(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    player.say(events.NoteWentIn(500, "EUR"))
    player.say(events.NoteWentIn(1000, "EUR"))
    settle(player, TO_OPERATOR, "orphan-1")
    kept = player.state.cases
    player.close()
    again = Player(tmp_path / "journal.sqlite", World(), VirtualClock(9000.0))
    again.boot()
    assert again.state.cases == kept
    again.close()
    assert verify(tmp_path / "journal.sqlite").state.cases == kept
