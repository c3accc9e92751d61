"""The service menu from the screen's commands to the journal: every act, by whom it may be done, and what is told of it."""

import logging
from dataclasses import replace

import pytest

from drivers.receipt_printer.interface import Outcome, PaperState, PrinterIdentity, PrinterStatus, PrintResult
from kiosk.domain import events, staff_events
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Act, Role, SignInState, StaffNotice
from kiosk.domain.session import Phase, Slip
from kiosk.domain.staff import MAY
from kiosk.link import messages as m
from kiosk.link import staff as k
from kiosk.till.loop import RestartAskedError
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.staff import OTHER_PIN, PIN, Menu, access_settings, add_person, code_at, sign_in
from tests.support.world import VirtualClock, World

RIGHT = k.SignIn("11", PIN)


class Printer:
    result = PrintResult(Outcome.PRINTED)

    def __init__(self):
        self.pages = 0

    async def identity(self):
        return PrinterIdentity(0, 0, "")

    async def status(self):
        return PrinterStatus(PaperState.OK)

    async def print(self, _document):
        self.pages += 1
        return self.result


@pytest.fixture
def menu(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    menu = Menu(player, access_settings(tmp_path), Printer())
    yield menu
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def recorded(menu, *names):
    return [row.fact for row in menu.player.journal.replay() if row.name in names]


def is_told(view):
    return view.staff.told.notice if view.staff.told else None


# --- at the door --------------------------------------------------------------------------------------------------


def test_the_right_number_and_pin_open_the_menu_of_that_role(menu):
    add_person(menu.access, Role.COLLECTOR)
    view = menu.does(RIGHT)
    assert (view.phase, view.staff.person, view.staff.role) == (m.Phase.SERVICE, "Maria 11", Role.COLLECTOR)
    assert set(view.staff.may) == MAY[Role.COLLECTOR]
    assert view.availability is m.Availability.MAINTENANCE
    assert menu.does(k.SignOut()).phase is m.Phase.WELCOME


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (k.SignIn("11", OTHER_PIN), "pin"),
        (k.SignIn("11", ""), "pin"),
        (k.SignIn("11", "4829150"), "pin"),
        (k.SignIn("12", PIN), "number"),
        (k.SignIn("", PIN), "number"),
        (k.SignIn(PIN, "11"), "number"),
        (k.SignIn("011", PIN), "number"),
        (k.SignIn("１１", PIN), "number"),
    ],
    ids=str,
)
def test_anything_else_is_refused_and_which_of_it_is_wrong_is_not_said(menu, typed, fault):
    add_person(menu.access)
    view = menu.does(typed)
    assert (view.phase, view.staff, view.sign_in) == (m.Phase.WELCOME, None, k.SignInView(SignInState.REFUSED))
    assert [fact.fault for fact in recorded(menu, "SignInRefused")] == [fault]


def test_an_unknown_number_costs_a_comparison_as_well(menu, monkeypatch):
    compared = []
    add_person(menu.access)
    monkeypatch.setattr("kiosk.till.pepper.Pepper.is_right", lambda _self, _pin, hashed: compared.append(hashed[:30]))
    menu.does(RIGHT)
    menu.does(k.SignIn("99", PIN))
    assert compared[0] == compared[1], "the same work, by the same parameters"


def test_two_who_sign_in_at_the_same_moment_are_looked_at_one_by_one(menu):
    add_person(menu.access)
    add_person(menu.access, Role.SUPERVISOR, OTHER_PIN)
    view = menu.does_at_once(RIGHT, k.SignIn("12", OTHER_PIN))
    assert view.staff.person == "Ivan 11"
    assert len(recorded(menu, "SignInTried")) == 1


def test_a_person_who_is_added_may_come_at_once_and_one_who_is_removed_may_not(menu):
    assert menu.does(RIGHT).sign_in.state is SignInState.NOBODY
    add_person(menu.access)
    assert menu.does(RIGHT).staff is not None
    menu.does(k.SignOut())
    menu.access.people_file.unlink()
    add_person(menu.access, pin=OTHER_PIN)
    assert menu.does(RIGHT).staff is None


@pytest.mark.parametrize("damage", ["people", "pepper", "other pepper"])
def test_damaged_files_let_nobody_in_and_the_log_names_them(menu, caplog, damage):
    add_person(menu.access)
    path = menu.access.people_file if damage == "people" else menu.access.pepper_file
    path.chmod(0o600)
    path.write_bytes(b"11" * 32 if damage == "other pepper" else path.read_bytes()[:-40])
    with caplog.at_level(logging.INFO):
        assert menu.does(RIGHT).staff is None
    assert damage == "other pepper" or str(path) in caplog.text
    assert menu.does(m.ChooseLanguage("en")) is not None
    menu.player.pay()
    assert len(menu.player.world.physical.paid) == 1, "and the kiosk goes on selling"


# --- one-time codes -----------------------------------------------------------------------------------------------


def test_a_second_factor_is_asked_for_and_each_code_opens_once(menu):
    add_person(menu.access, Role.SUPERVISOR, totp=True)
    clock = menu.player.clock
    assert menu.does(RIGHT).sign_in.state is SignInState.CODE_WANTED
    code = code_at(clock)
    assert menu.does(k.SignIn("11", PIN, code)).staff is not None
    menu.does(k.SignOut())
    assert menu.does(k.SignIn("11", PIN, code)).sign_in.state is SignInState.REFUSED
    menu.player.wait(31)
    assert menu.does(k.SignIn("11", PIN, code_at(clock))).staff is not None


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(menu, steps, opens):
    add_person(menu.access, totp=True)
    view = menu.does(k.SignIn("11", PIN, code_at(menu.player.clock, steps)))
    assert (view.staff is not None) == opens


def test_a_code_without_the_pin_or_a_pin_without_the_code_opens_nothing(menu):
    add_person(menu.access, totp=True)
    assert menu.does(k.SignIn("11", OTHER_PIN, code_at(menu.player.clock))).staff is None
    assert menu.does(k.SignIn("11", PIN, "000000")).staff is None
    assert menu.does(k.SignIn("11", PIN, "ｘ")).staff is None
    assert [fact.fault for fact in recorded(menu, "SignInRefused")] == ["pin", "code", "code"]


def test_a_role_that_must_have_a_second_factor_does_not_come_in_without_one(menu, tmp_path):
    add_person(menu.access, Role.SUPERVISOR)
    menu.access = access_settings(tmp_path, totp_roles=("supervisor",))
    assert menu.does(RIGHT).staff is None
    assert [fact.fault for fact in recorded(menu, "SignInRefused")] == ["code_not_set"]


# --- a PIN is nowhere ---------------------------------------------------------------------------------------------


def test_no_pin_and_no_code_stands_anywhere(menu, tmp_path, caplog):
    """Neither of the right ones nor of the wrong ones, not even where a PIN was typed into the wrong field."""
    add_person(menu.access, totp=True)
    code = code_at(menu.player.clock)
    typed = [k.SignIn("11", OTHER_PIN, code), k.SignIn(PIN, OTHER_PIN), k.SignIn("11", PIN, code)]
    with caplog.at_level(logging.DEBUG):
        menu.does(*typed)
    assert menu.player.state.staff is not None
    frames = [m.CommandFrame(command, 7) for command in typed]
    said = [caplog.text, repr(menu.player.till), repr(menu.posted), repr(frames), str(menu.view)]
    said += [path.read_bytes().decode("latin-1") for path in sorted(tmp_path.iterdir()) if path.is_file()]
    assert len(said) > 6
    for secret in (PIN, OTHER_PIN, code):
        assert not [text for text in said if secret in text]


# --- acts ---------------------------------------------------------------------------------------------------------

#: A command for every act that the till itself carries out.
COMMANDS = {
    Act.DIAGNOSE: (k.PrintTestSlip(), k.AskLog()),
    Act.TRY_NOTES: (k.BeginNoteTest(keep=True), k.BeginNoteTest()),
    Act.RESTART: (k.RestartPart("screen"),),
    Act.RESUME: (k.ResumeAcceptance("looked"),),
    Act.COPY_RECEIPT: (k.CopyReceipt("last", "", "the buyer lost it"),),
}
CASES = [(act, command) for act, commands in COMMANDS.items() for command in commands]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("act", "command"), CASES, ids=str)
def test_an_act_is_done_for_the_roles_that_may_and_recorded_under_who_is_signed_in(menu, act, command, role):
    menu.player.pay()
    menu.player.say(events.FraudSuspected()) if act is Act.RESUME else None
    sign_in(menu.player, role)
    before = menu.player.journal.seq
    view = menu.does(command)
    if act not in MAY[role]:
        assert (is_told(view), menu.player.journal.seq) == (StaffNotice.NOT_ALLOWED, before)
        return
    done = [row.fact for row in menu.player.journal.replay() if row.seq > before]
    assert {getattr(fact, "person", "") or getattr(fact, "asked_by", "") for fact in done} >= {
        {"technician": "Ivan", "supervisor": "Petar"}[role]
    }


@pytest.mark.parametrize("command", [command for _, command in CASES], ids=str)
def test_nothing_is_done_for_a_screen_at_which_nobody_is_signed_in(menu, command):
    menu.player.pay()
    before = menu.player.journal.seq
    menu.does(command)
    assert menu.player.journal.seq == before
    assert menu.printer.pages == 0


@pytest.mark.parametrize(
    ("outcome", "notice", "values"),
    [
        (PrintResult(Outcome.PRINTED), StaffNotice.PRINTED, ()),
        (PrintResult(Outcome.FAILED, "paper_end"), StaffNotice.NOT_PRINTED, (("cause", "paper_end"),)),
        (PrintResult(Outcome.UNKNOWN), StaffNotice.NOT_PRINTED, (("cause", "unknown"),)),
    ],
    ids=str,
)
def test_what_became_of_a_test_page_is_told_and_recorded(menu, outcome, notice, values):
    menu.printer.result = outcome
    sign_in(menu.player)
    assert menu.does(k.PrintTestSlip()).staff.told == k.ToldView(notice, values)
    (tested,) = recorded(menu, "PrinterTested")
    assert (tested.person, tested.outcome) == ("Ivan", outcome.outcome.value)


def test_a_copy_is_printed_for_whoever_is_signed_in(menu):
    menu.player.pay()
    sign_in(menu.player)
    assert is_told(menu.does(k.CopyReceipt("last", "", "the buyer lost it"))) is StaffNotice.PRINTED
    copy = recorded(menu, "SlipIntended")[-1]
    assert (copy.copy, copy.asked_by, copy.reason) == (True, "Ivan", "the buyer lost it")
    assert menu.player.state.session.phase is Phase.SERVICE


@pytest.mark.parametrize(
    ("command", "notice"),
    [
        (k.CopyReceipt("last", "", " "), StaffNotice.REASON_WANTED),
        (k.CopyReceipt("slip", "77", "lost"), StaffNotice.NO_SUCH_RECEIPT),
        (k.CopyReceipt("slip", "; drop", "lost"), StaffNotice.NO_SUCH_RECEIPT),
        (k.CopyReceipt("moon", "77", "lost"), StaffNotice.NO_SUCH_RECEIPT),
        (k.ResumeAcceptance("fine"), StaffNotice.NOT_NOW),
        (k.RestartPart("moon"), StaffNotice.FAILED),
    ],
    ids=str,
)
def test_what_cannot_be_done_says_why(menu, command, notice):
    menu.player.pay()
    sign_in(menu.player)
    assert is_told(menu.does(command)) is notice
    assert len(menu.player.world.printed) == 1


def test_acceptance_is_resumed_with_a_reason_and_without_stopping_the_till(menu):
    menu.player.say(events.FraudSuspected())
    sign_in(menu.player)
    assert menu.view.staff.latched == "the acceptor suspects fraud"
    assert is_told(menu.does(k.ResumeAcceptance("  "))) is StaffNotice.REASON_WANTED
    view = menu.does(k.ResumeAcceptance("looked into the slot"))
    assert (is_told(view), view.staff.latched) == (StaffNotice.DONE, "")
    assert recorded(menu, "StaffActed")[-1].what == "looked into the slot"
    menu.does(k.SignOut())
    menu.player.pay()
    assert len(menu.player.world.physical.paid) == 1


def test_the_log_is_shown_to_those_who_may_see_it_until_they_leave(menu):
    sign_in(menu.player)
    assert menu.does(k.AskLog()).staff.log == ("a line", "another")
    menu.does(k.SignOut())
    sign_in(menu.player)
    assert menu.view.staff.log == ()


def test_a_restart_of_the_till_is_recorded_and_signs_out_first(menu):
    sign_in(menu.player)
    with pytest.raises(RestartAskedError):
        menu.does(k.RestartPart("till"))
    said = recorded(menu, "StaffActed", "SignedOut")
    assert [type(fact).__name__ for fact in said] == ["StaffActed", "SignedOut"]
    assert (said[0].act, said[0].what, said[1].cause) == (Act.RESTART, "till", "restarted")


@pytest.mark.parametrize("part", ["till", "screen"])
@pytest.mark.parametrize("under_way", ["a slip", "a note"])
def test_no_restart_while_something_comes_out_or_goes_in(menu, part, under_way):
    sign_in(menu.player)
    till = menu.player.till
    if under_way == "a slip":
        till.state = replace(till.state, slips={"x": Slip("x", "0001-000001", 1, copy=True, started=True)})
    else:
        menu.player.say(events.AcceptorCondensed(AcceptorCondition.MOVING))
    assert is_told(menu.does(k.RestartPart(part))) is StaffNotice.NOT_NOW
    assert recorded(menu, "StaffActed", "SignedOut") == []


# --- notes that are tried -----------------------------------------------------------------------------------------


def test_notes_of_a_test_come_back_and_are_shown_with_what_they_are(menu):
    sign_in(menu.player)
    assert menu.does(k.BeginNoteTest()).staff.note_test == k.NoteTestView(keep=False, notes=())
    menu.player.insert(5000, 500)
    shown = menu.view.staff.note_test
    assert shown.notes == ((5000, "EUR", "returned"), (500, "EUR", "returned"))
    assert [fact.reason for fact in recorded(menu, "NoteHandedBack")] == ["test", "test"]
    assert menu.player.world.physical.box == ()
    assert menu.player.state.ledger.balances == {}
    menu.does(k.EndNoteTest())
    assert menu.player.state.session.phase is Phase.SERVICE
    assert menu.view.staff.note_test is None


def test_notes_of_a_test_that_are_kept_are_test_money(menu):
    sign_in(menu.player)
    menu.does(k.BeginNoteTest(keep=True))
    menu.player.insert(5000)
    assert menu.view.staff.note_test == k.NoteTestView(keep=True, notes=((5000, "EUR", "stacked"),))
    menu.does(k.EndNoteTest())
    assert menu.player.state.ledger.balances == {"cash_box:EUR:1:5000": 5000, "test:EUR": -5000}


def test_a_note_test_begins_only_where_cash_may_be_taken(menu):
    menu.player.say(events.FraudSuspected())
    sign_in(menu.player)
    assert is_told(menu.does(k.BeginNoteTest())) is StaffNotice.NOT_NOW
    assert menu.player.world.accepting == frozenset()


def test_nothing_else_is_done_while_notes_are_tried(menu):
    sign_in(menu.player)
    menu.does(k.BeginNoteTest())
    assert is_told(menu.does(k.PrintTestSlip())) is StaffNotice.NOT_NOW
    menu.does(k.SignOut())
    assert menu.player.state.session.phase is Phase.SERVICE, "the notes first"
    menu.does(k.SignOut())
    assert menu.player.state.staff is None


def test_a_note_test_that_is_forgotten_ends_and_then_its_person_is_signed_out(menu):
    sign_in(menu.player)
    menu.does(k.BeginNoteTest())
    menu.player.wait(100)
    menu.player.insert(5000)
    menu.player.wait(100)
    assert menu.player.state.session.phase is Phase.NOTE_TEST, "a note is a sign of life"
    menu.player.wait(25)
    assert menu.player.state.session.phase is Phase.SERVICE
    menu.player.wait(200)
    assert menu.player.state.staff is None


# --- by a tool ----------------------------------------------------------------------------------------------------


def test_a_tool_resumes_acceptance_between_visits_only_and_only_with_a_person_and_a_reason(menu):
    menu.player.go_to_cash()
    menu.player.insert(5000)
    menu.player.say(events.FraudSuspected())
    menu.player.say(staff_events.ResumeAskedByTool("Ivan", "looked"))
    assert menu.player.state.latched
    menu.player.wait(400)
    menu.player.say(staff_events.ResumeAskedByTool("", "looked"))
    menu.player.say(staff_events.ResumeAskedByTool("Ivan", " "))
    assert menu.player.state.latched
    menu.player.say(staff_events.ResumeAskedByTool("Ivan", "looked"))
    assert not menu.player.state.latched
    assert [(fact.person, fact.what) for fact in recorded(menu, "StaffActed")] == [("Ivan", "looked")]


def test_a_supervisor_settles_a_case_from_the_screen(menu):
    number = add_person(menu.access, Role.SUPERVISOR)
    menu.player.say(events.NoteWentIn(500, "EUR"))
    view = menu.does(k.SignIn(number, PIN))
    (case,) = view.staff.cases
    menu.does(k.ResolveCase(case.case_id, k.Resolution.TO_OPERATOR, "nobody asked for a year"))
    menu.player.settle()
    assert (menu.view.staff.cases, is_told(menu.view)) == ((), StaffNotice.PRINTED)
    (resolved,) = recorded(menu, "CaseResolved")
    assert (resolved.resolution, resolved.reason) == ("to_operator", "nobody asked for a year")
