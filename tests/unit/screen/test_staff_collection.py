"""A collection as data: a list of steps through the glass, what hands are told to do, what the till is told."""

from dataclasses import replace as with_desk

import pytest
from msgspec.structs import replace

from kiosk.link import messages as m
from kiosk.link import staff as s
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes.staff import (
    BOX,
    COLLECTED,
    COLLECTION,
    COUNT,
    COUNT_KEYS,
    IN_DOUBT,
    MUCH,
    NEW_BOX,
    NOTES,
    PRINTING,
    REPORT,
    SEAL,
    SEAL_KEYS,
    SHORT,
    TAKE,
    acting,
    collecting,
    collector,
    here,
    in_staff_language,
    told,
)
from kiosk.screen.staff.desk import Page
from kiosk.screen.staff.views import HandsView, SheetView
from kiosk.screen.views import EntryView, StatusView, TilesView, Tone, TypingView, View

Step = tuple[s.CollectionView | None, tuple[str, ...], list[m.Command]]


def english(now: Glass) -> View:
    return present(in_staff_language(now, "en"))


def sheet(now: Glass) -> SheetView:
    view = english(now)
    assert isinstance(view, SheetView)
    return view


def hands(now: Glass) -> HandsView:
    view = english(now)
    assert isinstance(view, HandsView)
    return view


def walked(now: Glass, steps: list[Step]) -> Glass:
    """For each: the till says how far it is, these are touched, the till is told this."""
    for collection, arguments, commands in steps:
        now = told(now, collector(cash=REPORT, collection=collection))
        said = []
        for argument in arguments:
            now, command = glasses.touched(now, f"staff:{argument}")
            said += [command] if command else []
        assert said == commands
    return now


TAKEN: list[Step] = [
    (None, ("page:collection", "begin"), [s.BeginCollection()]),
    (COLLECTION, ("go_on",), [s.GoOn()]),
    (TAKE, (), []),
    (replace(TAKE, place=s.BoxPlace.OUT), ("go_on",), [s.GoOn()]),
    (SEAL, (*SEAL_KEYS, "enter", "enter"), [s.SealBox("BG-40017733", "K-0017")]),
    (NEW_BOX, (), []),
    (
        replace(NEW_BOX, place=s.BoxPlace.IN),
        ("put_in", "key:K", "key:7", "enter"),
        [s.InsertBox("K7")],
    ),
]
COUNTED = tuple(pair for pair in NOTES if pair[1])


def test_the_whole_of_it_from_the_tasks_to_the_slip() -> None:
    steps = [*TAKEN, (PRINTING, (), []), (COLLECTED, ("finish",), [])]
    done = walked(here(collector(cash=REPORT)), steps)
    assert isinstance(english(done), TilesView)


def test_blind_counting_comes_before_the_slip() -> None:
    counts = (*COUNT_KEYS, "key:1", "enter", "enter")
    steps = [*TAKEN, (COUNT, (*counts, "enter"), [s.CountBox("EUR", COUNTED)]), (COLLECTED, (), [])]
    assert sheet(walked(here(collector()), steps)).title == "Collection 12 is booked"


def test_it_says_how_far_it_is() -> None:
    marks = [english(collecting(step)).chrome for step in (COLLECTION, TAKE, SEAL, NEW_BOX, PRINTING)]
    assert [chrome.step for chrome in marks] == [0, 1, 2, 3, 4]
    assert {chrome.steps for chrome in marks} == {("Sum", "Take out", "Seal", "New box", "Slip")}
    assert english(collecting(COUNT)).chrome.steps[4] == "Count"
    assert english(told(collecting(PRINTING), collector(collection=COLLECTED))).chrome.step == 4


def test_a_power_cut_resumes_where_it_was() -> None:
    assert here(collector(collection=SEAL)).desk.way == (Page.COLLECTION,)
    assert isinstance(english(here(collector(collection=SEAL))), TypingView)


def test_whoever_may_not_collect_is_not_led_into_it() -> None:
    staff = collector(collection=SEAL).staff
    assert staff is not None
    looks = replace(collector(), staff=replace(staff, may=(s.Act.SEE_CASH,)))
    assert isinstance(english(here(looks)), TilesView)


def test_yesterdays_collection_is_not_shown_to_whoever_begins_the_next() -> None:
    fresh = here(collector(collection=COLLECTED), "page:collection")
    assert hands(fresh).chrome.primary == hands(here(collector(), "page:collection")).chrome.primary


def test_one_finished_leads_back_and_its_answer_is_not_shown_again() -> None:
    done = acting(collecting(PRINTING), "stay")
    done = acting(told(done, collector(collection=COLLECTED)), "finish")
    assert isinstance(english(done), TilesView)
    assert hands(acting(done, "page:collection")).title == "Collection"


# --- what hands are told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "tone", "may_go_on"),
    [(s.BoxPlace.IN, Tone.BUSY, False), (s.BoxPlace.OUT, Tone.GOOD, True), (s.BoxPlace.UNTOLD, Tone.WARN, True)],
)
def test_the_box_is_called_out_only_when_it_is_not_felt_in(place: s.BoxPlace, tone: Tone, *, may_go_on: bool) -> None:
    view = hands(collecting(replace(TAKE, place=place)))
    assert view.sensor is not None
    assert view.chrome.primary is not None
    assert (view.sensor.tone, view.chrome.primary.enabled) == (tone, may_go_on)


@pytest.mark.parametrize(
    ("place", "may_go_on"), [(s.BoxPlace.IN, True), (s.BoxPlace.OUT, False), (s.BoxPlace.UNTOLD, True)]
)
def test_the_new_box_is_called_in_only_when_it_is_not_felt_missing(place: s.BoxPlace, *, may_go_on: bool) -> None:
    view = hands(collecting(replace(NEW_BOX, place=place)))
    assert view.chrome.primary is not None
    assert view.chrome.primary.enabled is may_go_on


def test_a_box_that_comes_out_again_is_asked_for_again() -> None:
    named = collecting(replace(NEW_BOX, place=s.BoxPlace.IN), "put_in")
    assert isinstance(english(named), TypingView)
    assert hands(told(named, collector(collection=NEW_BOX))).title == "Put the empty box in"


def test_it_can_be_given_up_only_while_nothing_was_taken_and_after_a_question() -> None:
    gives_up = [english(collecting(step)).chrome.secondary for step in (COLLECTION, TAKE, SEAL, NEW_BOX, COUNT)]
    assert [button is not None and button.role == "staff:ask:abandon" for button in gives_up] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert glasses.touched(collecting(COLLECTION, "ask:abandon"), "staff:yes")[1] == s.AbandonCollection()
    assert isinstance(english(told(collecting(COLLECTION), collector())), TilesView)


def test_a_box_taken_with_nobody_signed_in_is_told_in_red() -> None:
    view = hands(collecting(replace(NEW_BOX, attended=False)))
    assert view.banner is not None
    assert (view.banner.tone, "nobody was signed in" in view.banner.text) == (Tone.BAD, True)
    tasks = english(acting(collecting(replace(SEAL, attended=False)), "back"))
    assert isinstance(tasks, TilesView)
    assert tasks.banner == view.banner


# --- numbers ------------------------------------------------------------------------------------------------------


def test_the_seal_is_wanted_and_the_box_that_was_in_is_filled_in() -> None:
    empty = english(collecting(SEAL))
    assert empty.chrome.primary is not None
    assert not empty.chrome.primary.enabled
    box = english(collecting(SEAL, *SEAL_KEYS, "enter"))
    assert isinstance(box, TypingView)
    assert (box.title, box.number) == ("Number of the box you took", "K-0017")


def test_what_policy_does_not_want_may_stay_empty() -> None:
    lax = replace(SEAL, bag_wanted=False, box_id_wanted=False)
    now = collecting(lax, "enter", "erase_all")
    assert glasses.touched(now, "staff:enter")[1] == s.SealBox("", "")


def test_back_from_the_box_is_the_seal_as_it_was_typed() -> None:
    view = english(collecting(SEAL, *SEAL_KEYS, "enter", "back"))
    assert isinstance(view, TypingView)
    assert (view.title, view.number) == ("Number of the seal or bag", "BG-40017733")


def test_a_seal_may_be_scanned() -> None:
    now, command = glasses.scanned(collecting(SEAL), "bg-40017733\n")
    assert (now.desk.text, command) == ("BG-40017733", None)


def test_another_snapshot_of_the_same_step_takes_nothing_that_was_typed() -> None:
    typed = collecting(SEAL, *SEAL_KEYS)
    again = told(typed, replace(collector(cash=REPORT, collection=SEAL), seconds_left=100))
    assert again.desk == typed.desk


# --- counting -----------------------------------------------------------------------------------------------------


def test_each_denomination_is_asked_for_and_the_sum_is_shown_after_all_of_them() -> None:
    first = english(collecting(COUNT))
    assert isinstance(first, EntryView)
    assert first.title == "How many notes of €5?"
    view = sheet(collecting(COUNT, *COUNT_KEYS, "key:1", "enter", "enter"))
    assert view.columns[0].total is not None
    assert view.columns[0].total.value == "€7,280.00"
    assert "€7,280.00" not in repr(first)


def test_while_it_is_counted_blind_no_sum_is_on_the_glass() -> None:
    for now in (collecting(COUNT), collecting(replace(COLLECTION, blind=True, report=None))):
        bare = with_desk(now, snapshot=replace(now.snapshot, staff=replace(now.snapshot.staff, cash=None)))
        assert "€" not in repr(english(bare)).replace("€5?", "")


def test_back_leads_to_the_denomination_before() -> None:
    view = english(collecting(COUNT, "key:3", "enter", "back"))
    assert isinstance(view, EntryView)
    assert (view.title, view.number) == ("How many notes of €5?", "3")


def test_a_second_currency_is_counted_after_the_first() -> None:
    roubles = (("RUB", (5000, 10_000)),)
    both = collecting(replace(COUNT, to_count=(*COUNT.to_count, *roubles)), *COUNT_KEYS, "enter", "enter")
    now = told(both, collector(cash=REPORT, collection=replace(COUNT, to_count=roubles)))
    view = english(now)
    assert isinstance(view, EntryView)
    assert "₽50" in view.title


def test_until_the_till_has_counted_with_it_there_is_a_moment_to_wait() -> None:
    assert isinstance(english(collecting(replace(COUNT, to_count=()))), StatusView)


# --- sums and slips -----------------------------------------------------------------------------------------------


def test_both_sums_of_the_box_are_the_same_amount() -> None:
    for report in (REPORT, IN_DOUBT, replace(REPORT, boxes=(MUCH,))):
        notes, books = sheet(here(collector(cash=report), "page:cash")).columns
        assert notes.total is not None
        assert books.total is not None
        assert notes.total.value == books.total.value


@pytest.mark.parametrize(
    ("report", "tone"),
    [
        (REPORT, Tone.GOOD),
        (IN_DOUBT, Tone.WARN),
        (replace(REPORT, boxes=(replace(BOX, confirmed_minor=1),)), Tone.BAD),
    ],
)
def test_it_is_said_whether_the_sum_can_be_believed(report: s.CashReportView, tone: Tone) -> None:
    view = sheet(here(collector(cash=report), "page:cash"))
    assert view.banner is not None
    assert view.banner.tone is tone


def test_each_currency_has_its_own_page() -> None:
    two = here(collector(cash=replace(REPORT, boxes=(BOX, MUCH))), "page:cash")
    assert [chip.text for chip in sheet(two).chrome.languages] == ["RUB"]
    other = acting(two, "turn:1")
    assert [chip.text for chip in sheet(other).chrome.languages] == ["EUR"]
    assert sheet(acting(other, "turn:1")).columns == sheet(two).columns


def test_the_x_report_is_printed_on_wish() -> None:
    assert glasses.touched(here(collector(cash=REPORT), "page:cash"), "staff:x_report")[1] == s.PrintXReport()


def test_a_sheet_that_did_not_come_out_can_be_printed_again() -> None:
    failed = replace(COLLECTED, sheets=(s.SheetView(1, m.ReceiptView.FAILED), s.SheetView(2, m.ReceiptView.PRINTED)))
    now = collecting(PRINTING)
    now = told(now, collector(collection=failed))
    view = sheet(now)
    assert [button.role for button in view.actions] == ["staff:sheet:1", "staff:sheet:2"]
    assert view.banner is not None
    assert view.banner.text.startswith("Booked all the same.")
    assert glasses.touched(now, "staff:sheet:1")[1] == s.PrintSheet(1)


def test_while_one_prints_none_is_asked_for() -> None:
    view = sheet(collecting(PRINTING))
    assert not any(button.enabled for button in view.actions)
    assert view.chrome.primary is not None
    assert not view.chrome.primary.enabled


def test_what_counting_found_is_told_at_the_end() -> None:
    now = told(collecting(PRINTING), collector(collection=replace(COLLECTED, report=SHORT)))
    total = sheet(now).columns[0].total
    assert total is not None
    assert (total.label, total.value) == ("Short", "€20.00")
