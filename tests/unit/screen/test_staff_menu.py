"""The service menu as data: what each role is offered, what the board says, what the till is told."""

import pytest
from msgspec.structs import replace

from kiosk.domain.receipts import Device, Role, Verdict
from kiosk.link import messages as m
from kiosk.link import staff as s
from kiosk.screen import glass as glasses
from kiosk.screen.glass import Glass
from kiosk.screen.presenter import present
from kiosk.screen.scenes.parts import WELCOME
from kiosk.screen.scenes.staff import (
    ACCEPTOR,
    FAULTY,
    LATCHED,
    LOG,
    LONGEST,
    REPORT,
    STAFF,
    TRIED,
    acting,
    after,
    collector,
    here,
    in_staff_language,
    signed_in,
    supervisor,
    technician,
    told,
)
from kiosk.screen.staff import phrases
from kiosk.screen.staff.board import ROOM, in_pages
from kiosk.screen.staff.signing import Wanted
from kiosk.screen.staff.touches import TOUCH_FIELDS
from kiosk.screen.staff.typing import NUMBER_CHARACTERS_MAX
from kiosk.screen.staff.views import BoardView, LinesView, PartView, SheetView, TouchView, TrialView
from kiosk.screen.views import TilesView, Tone, TypingView, View
from tests.support.buttons import buttons


def english(now: Glass) -> View:
    return present(in_staff_language(now, "en"))


def board(snapshot: m.Snapshot) -> BoardView:
    view = english(here(snapshot))
    assert isinstance(view, BoardView)
    return view


def part(snapshot: m.Snapshot, *arguments: str) -> PartView:
    view = english(here(snapshot, *arguments))
    assert isinstance(view, PartView)
    return view


def tiles(now: Glass) -> list[str]:
    view = english(now)
    assert isinstance(view, TilesView)
    return [tile.role.removeprefix("staff:") for tile in view.tiles]


def said(now: Glass, *arguments: str) -> list[m.Command]:
    commands = []
    for argument in arguments:
        now, command = glasses.touched(now, f"staff:{argument}")
        commands += [command] if command else []
    return commands


# --- by role ------------------------------------------------------------------------------------------------------


def test_a_technician_begins_before_the_board_and_everybody_else_before_their_tasks() -> None:
    assert isinstance(english(here(technician())), BoardView)
    assert tiles(here(collector(cash=REPORT))) == ["page:collection", "page:cash"]
    assert "page:board" in tiles(here(supervisor()))


def test_each_task_is_offered_to_those_who_may_do_it_alone() -> None:
    offered = {
        s.Act.COLLECT: {"page:collection"},
        s.Act.SEE_CASH: {"page:cash"},
        s.Act.RESOLVE: {"page:cases"},
        s.Act.COPY_RECEIPT: {"page:copy_by"},
        s.Act.RESTART: {"page:restart"},
        s.Act.DIAGNOSE: {"page:board", "report", "page:log"},
        s.Act.RESUME: {"page:resume"},
        s.Act.TRY_NOTES: set(),
    }
    for act, wanted in offered.items():
        assert set(tiles(here(signed_in(Role.COLLECTOR, (act,), latched=LATCHED)))) == wanted, act


def test_taking_notes_again_is_offered_only_while_none_are_taken() -> None:
    assert "page:resume" not in tiles(here(technician(), "page:tasks"))
    assert tiles(here(technician(latched=LATCHED), "page:tasks"))[0] == "page:resume"


def test_notes_are_tried_by_those_who_may_alone() -> None:
    may_not = signed_in(Role.TECHNICIAN, (s.Act.DIAGNOSE,), parts=(ACCEPTOR,))
    roles = [[button.role for button in part(who, "part:acceptor").actions] for who in (technician(), may_not)]
    assert ["staff:page:notes" in found for found in roles] == [True, False]


def test_the_header_names_who_is_signed_in_and_the_way_out_is_where_back_is() -> None:
    chrome = english(here(technician())).chrome
    assert chrome.heading == "Ivan Petrov · technician"
    assert chrome.secondary is not None
    assert chrome.secondary.role == "staff:sign_out"
    assert said(here(technician()), "sign_out") == [s.SignOut()]


# --- the board ----------------------------------------------------------------------------------------------------


def test_the_board_has_every_part_each_with_a_sign_a_word_and_a_reason() -> None:
    view = board(technician(parts=FAULTY))
    assert [light.role for light in view.lights[:-1]] == [f"staff:part:{device.value}" for device in Device]
    acceptor = view.lights[0]
    assert (acceptor.text, acceptor.tone, acceptor.state) == ("Bill acceptor", Tone.BAD, "fault")
    assert acceptor.reason.startswith("A note is jammed")
    assert {light.tone for light in view.lights} >= {Tone.BAD, Tone.WARN, Tone.PLAIN}


def test_where_all_is_well_there_is_nothing_more_to_read() -> None:
    view = board(technician())
    assert view.heading.text == "Everything is in order"
    assert {light.reason for light in view.lights} == {""}


def test_a_part_nobody_told_of_is_not_called_well() -> None:
    view = board(technician(parts=(ACCEPTOR,)))
    assert (view.heading.text, view.heading.tone) == ("Not everything has been checked yet", Tone.PLAIN)
    assert view.lights[1].state == "not known"


def test_checking_shows_and_cannot_be_asked_for_twice() -> None:
    view = board(technician(parts=(replace(ACCEPTOR, checking=True),)))
    assert (view.lights[0].tone, view.lights[0].reason) == (Tone.BUSY, "Checking…")
    assert view.chrome.primary is not None
    assert not view.chrome.primary.enabled


def test_all_parts_or_one_are_checked() -> None:
    assert said(here(technician()), "check:", "part:printer", "check:printer") == [
        s.RunChecks(),
        s.RunChecks(Device.PRINTER),
    ]


def test_a_part_tells_every_check_in_order_with_what_to_do() -> None:
    view = part(technician(parts=FAULTY, latched=LATCHED), "part:acceptor")
    assert (view.title, view.state) == ("Bill acceptor", "fault")
    assert [row.tone for row in view.rows] == [Tone.GOOD, Tone.BAD, Tone.GOOD, Tone.WARN][: len(view.rows)]
    assert all(bool(row.next_step) == (row.tone is not Tone.GOOD) for row in view.rows)
    assert view.banner is not None
    assert LATCHED in view.banner.text


def test_no_check_is_lost_between_pages() -> None:
    snapshot = technician(parts=(LONGEST,))
    shown = []
    for turns in range(4):
        view = part(snapshot, "part:network", *["turn:1"] * turns)
        shown += [row for row in view.rows if row not in shown]
    assert len(shown) == len(LONGEST.checks)
    pages = in_pages(shown, ROOM)
    assert [row for page in pages for row in page] == shown


def test_more_on_the_last_page_leads_to_the_first() -> None:
    now, views = here(technician(parts=(LONGEST,)), "part:network"), []
    for _ in range(8):
        view = english(now)
        assert isinstance(view, PartView)
        views.append(view.rows)
        more = next(button for button in view.actions if button.text == "More")
        now, _ = glasses.touched(now, more.role)
    again = views.index(views[0], 1)
    assert views[again : again + 2] == views[:2]


# --- what became of it --------------------------------------------------------------------------------------------


def test_an_answer_is_read_on_the_page_it_was_asked_on() -> None:
    asked = after(technician(), "check:", notice=s.StaffNotice.NOT_NOW)
    assert english(asked).banner.text.startswith("Not now")
    assert english(acting(asked, "part:printer")).banner is None
    assert english(acting(asked, "part:printer", "back")).banner is None


def test_an_older_answer_is_not_about_what_was_asked_now() -> None:
    asked = after(technician(), "check:", notice=s.StaffNotice.NOT_NOW)
    assert english(acting(asked, "check:")).banner is None


def test_the_cause_is_told_in_the_answer() -> None:
    asked = after(technician(), "part:printer", "test_page", notice=s.StaffNotice.NOT_PRINTED, cause="no paper")
    assert english(asked).banner.text == "It could not be printed. no paper"


def test_somebody_who_touches_late_in_the_time_is_still_there() -> None:
    late = replace(technician(), seconds_left=30)
    assert said(here(late), "page:tasks") == [m.MoreTime()]
    assert said(here(technician()), "page:tasks") == []


def test_whoever_comes_next_begins_at_home() -> None:
    somewhere = here(technician(), "page:tasks", "page:copy_by", "by:slip", "key:4")
    assert told(told(somewhere, WELCOME), technician()).desk.way == ()


# --- trying by hand -----------------------------------------------------------------------------------------------


def test_notes_come_back_at_once_and_stay_only_after_a_question() -> None:
    choice = here(technician(), "part:acceptor", "page:notes")
    assert tiles(choice) == ["notes", "ask:keep"]
    assert said(choice, "notes") == [s.BeginNoteTest(keep=False)]
    assert said(choice, "ask:keep") == []
    assert said(choice, "ask:keep", "yes") == [s.BeginNoteTest(keep=True)]
    assert said(choice, "ask:keep", "no", "yes") == []


def test_tried_notes_are_told_the_latest_first_and_the_end_leads_back() -> None:
    trying = here(technician(note_test=s.NoteTestView(True, TRIED)), "part:acceptor", "page:notes")
    view = english(trying)
    assert isinstance(view, TrialView)
    assert [row.value for row in view.notes[:2]] == ["€5", "€10"]
    assert view.chrome.secondary is None
    assert said(trying, "end_notes") == [s.EndNoteTest()]
    assert isinstance(english(told(trying, technician())), PartView)


def test_the_touch_picture_ends_by_itself_when_every_field_was_reached() -> None:
    picture = here(technician(), "part:screen", "page:touch")
    commands = said(picture, *(f"reach:{field}" for field in range(TOUCH_FIELDS)))
    assert commands == [s.ScreenTested(TOUCH_FIELDS, 0)]
    done = acting(picture, *(f"reach:{field}" for field in range(TOUCH_FIELDS)))
    assert isinstance(english(done), PartView)


def test_a_field_touched_twice_counts_once_and_what_was_missed_is_told() -> None:
    picture = here(technician(), "part:screen", "page:touch", "reach:3", "reach:3", "reach:4")
    view = english(picture)
    assert isinstance(view, TouchView)
    assert view.text == f"Touch every field. Left: {TOUCH_FIELDS - 2}"
    assert said(picture, "reached") == [s.ScreenTested(TOUCH_FIELDS, TOUCH_FIELDS - 2)]


# --- tasks --------------------------------------------------------------------------------------------------------


def test_notes_are_taken_again_for_a_reason_and_after_a_question() -> None:
    why = here(technician(latched=LATCHED), "page:tasks", "page:resume")
    assert said(why, "ask:resume:0") == []
    assert said(in_staff_language(why, "en"), "ask:resume:0", "yes") == [
        s.ResumeAcceptance("The fault has been mended")
    ]


def test_a_reason_nobody_had_thought_of_is_typed() -> None:
    typing = here(technician(latched=LATCHED), "page:tasks", "page:resume", "page:own_reason")
    assert isinstance(english(typing), TypingView)
    typed = acting(typing, *(f"key:{letter}" for letter in "BELT "), "enter")
    assert english(typed).dialog.text == "BELT"
    assert said(typed, "yes") == [s.ResumeAcceptance("BELT")]
    assert said(typing, "enter", "yes") == []


def test_once_notes_are_taken_again_the_answer_is_read_among_the_tasks() -> None:
    asked = here(technician(latched=LATCHED), "page:tasks", "page:resume", "ask:resume:0", "yes")
    done = technician()
    assert done.staff is not None
    view = english(told(asked, replace(done, staff=replace(done.staff, told=s.ToldView(s.StaffNotice.DONE)))))
    assert isinstance(view, TilesView)
    assert view.banner is not None
    assert view.banner.text == "Done."


def test_a_restart_is_asked_about() -> None:
    assert said(here(technician(), "page:restart"), "ask:restart:screen") == []
    assert said(here(technician(), "page:restart"), "ask:restart:till", "yes") == [s.RestartPart("till")]


def test_the_log_is_asked_for_and_read_page_by_page() -> None:
    assert said(here(technician()), "page:log") == [s.AskLog()]
    seen: list[str] = []
    for turns in range(20):
        view = english(here(technician(log=LOG), "page:log", *["turn:1"] * turns))
        assert isinstance(view, LinesView)
        seen = [*view.lines, *seen] if not set(view.lines) <= set(seen) else seen
    assert " ".join(line.strip() for line in seen) == " ".join(LOG)


@pytest.mark.parametrize(
    ("arguments", "by", "name"),
    [
        (("by:last",), "last", ""),
        (("by:slip", "key:4", "key:2", "key:A", "enter"), "slip", "42"),
        (("by:payment", "key:0", "key:0", "key:1", "enter"), "payment", "001"),
        (("by:code", "key:0", "key:A", "key:Z", "enter"), "code", "0AZ"),
    ],
)
def test_a_copy_is_named_and_has_a_reason(arguments: tuple[str, ...], by: str, name: str) -> None:
    before = in_staff_language(here(technician(), "page:copy_by"), "en")
    assert said(before, *arguments, "reason:3") == [s.CopyReceipt(by, name, "For the accounts")]


def test_a_copy_without_a_number_is_not_asked_for() -> None:
    assert said(here(technician(), "page:copy_by"), "by:slip", "enter", "reason:0") == []


def test_the_service_report_is_one_touch() -> None:
    assert said(here(technician(), "page:tasks"), "report") == [s.PrintServiceReport()]


# --- all of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STAFF)
def test_every_button_of_every_page_means_something(name: str) -> None:
    for button in buttons(present(STAFF[name])):
        glasses.touched(STAFF[name], button.role)


@pytest.mark.parametrize("name", STAFF)
def test_no_page_is_a_dead_end(name: str) -> None:
    view = present(STAFF[name])
    assert any(button.enabled for button in buttons(view)) or isinstance(view, TouchView) or "-checking" in name


def test_a_scanner_fills_in_the_number_that_is_asked_for_and_nothing_else() -> None:
    asked = here(technician(), "page:copy_by", "by:slip")
    assert glasses.scanned(asked, "1234")[0].desk.text == "1234"
    assert glasses.scanned(here(technician()), "1234") == (here(technician()), None)
    assert len(glasses.scanned(asked, "7" * 99)[0].desk.text) < NUMBER_CHARACTERS_MAX


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (phrases.WANTED, set(Wanted)),
        (phrases.SIGN_IN, set(s.SignInState)),
        (phrases.ROLES, set(Role)),
        (phrases.TONES, set(Verdict)),
        (phrases.TOLD, set(s.StaffNotice)),
        (phrases.COLLECTION_STEPS, set(s.CollectionStep)),
        (phrases.BOX_TAKEN, set(s.BoxPlace)),
        (phrases.BOX_PUT_IN, set(s.BoxPlace)),
        (phrases.SHEETS, set(m.ReceiptView)),
        (phrases.CASES, set(s.CaseKind)),
        (phrases.RESOLUTIONS, set(s.Resolution)),
        (phrases.CASE_REASONS, set(s.Resolution)),
    ],
)
def test_every_code_of_the_staff_has_its_words(table: dict[object, object], members: set[object]) -> None:
    assert set(table) == members


def test_details_of_a_part_are_named_and_long_names_are_told_by_their_end() -> None:
    view = english(here(technician(), "part:acceptor", "page:facts"))
    assert isinstance(view, SheetView)
    rows = {row.label: row.value for row in view.columns[0].rows}
    assert rows["Firmware"] == "SM-EU1364 v1.42"
    assert rows["Port"].endswith("A5047RJK-if00-port0")
