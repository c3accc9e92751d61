"""Checks on the board, the touch test, the service report: what is kept of them, signed by whom, printed how often."""

from dataclasses import replace

import pytest

from kiosk.domain import diagnosis_events as e
from kiosk.domain.findings import FindingCode, PartReport, finding
from kiosk.domain.people import Role, StaffNotice
from kiosk.domain.receipts import Device, Verdict
from kiosk.domain.state import durable
from kiosk.till.board_view import board_view
from kiosk.till.service_report import is_genuine, slip_of
from kiosk.till.verify import verify
from tests.support.play import Player
from tests.support.slips import paper
from tests.support.staff import sign_in, sign_out
from tests.support.world import KEY, TERMINAL, VirtualClock, World

C = FindingCode


@pytest.fixture
def player(tmp_path):
    player = Player(tmp_path / "journal.sqlite", World(), VirtualClock())
    player.boot()
    yield player
    player.close()
    assert verify(tmp_path / "journal.sqlite").faults == []


def look(player, device=Device.PRINTER, *codes):
    """A check of a part ends now."""
    findings = tuple(finding(code) for code in codes or (C.PRINTER_READY, C.PAPER_ENOUGH))
    player.say(e.ChecksBegan((device,)))
    player.say(e.PartChecked(PartReport(device, findings, at_us=player.clock.utc_us())))


def report(player, outcome="printed"):
    """A report is asked for and goes to the printer: is it a copy?"""
    player.say(e.ServiceReportAsked("kiosk 0"))
    board = player.state.board
    player.say(e.ServiceReportEnded(board.last_report.report_id, board.original_out, outcome, ""))
    return board.last_report.report_id, board.original_out


def recorded(player, *names):
    return [row.fact for row in player.journal.replay() if row.name in names]


def test_the_board_shows_each_part_in_its_place_and_what_is_being_looked_at(player):
    player.say(e.ChecksBegan((Device.CLOCK, Device.PRINTER)))
    look(player, Device.PRINTER, C.PRINTER_JAM, C.PAPER_NEAR_END)
    parts = {part.device: part for part in board_view(player.state.board)}
    assert list(parts) == list(Device)
    assert parts[Device.PRINTER].verdict is Verdict.BAD
    assert [check.finding.code for check in parts[Device.PRINTER].checks] == ["printer_jam", "paper_near_end"]
    assert (parts[Device.PRINTER].checking, parts[Device.CLOCK].checking) == (False, True)
    assert parts[Device.DISK].at_us == 0


def test_looking_records_nothing_and_a_restart_has_an_empty_board(player):
    before = player.journal.seq
    look(player)
    assert player.journal.seq == before
    assert durable(player.state).board.parts == {}


def test_a_report_says_what_was_checked_since_its_person_signed_in(player):
    look(player, Device.DISK, C.DISK_WRITES)
    player.wait(5)
    sign_in(player)
    player.say(e.ServiceReportAsked("kiosk 0"))
    assert player.state.board.last_report is None, "nothing was checked since"
    look(player, Device.PRINTER, C.PRINTER_COVER_OPEN)
    player.say(e.ServiceReportAsked("kiosk 0"))
    made = player.state.board.last_report
    assert [part.device for part in made.parts] == [Device.PRINTER]
    assert (made.report_id, made.person, made.role) == ("0001-r000001", "Ivan", Role.TECHNICIAN)
    assert made.started_us <= made.ended_us


def test_nobody_who_is_not_signed_in_makes_a_report(player):
    look(player)
    player.say(e.ServiceReportAsked("kiosk 0"))
    assert recorded(player, "ServiceReported") == []


def test_a_report_is_signed_and_every_change_of_it_is_seen(player):
    sign_in(player)
    look(player)
    report(player)
    made = player.state.board.last_report
    assert is_genuine(made, KEY.public_key)
    worse = replace(made.parts[0], findings=(finding(C.PRINTER_JAM),))
    forged = [
        replace(made, parts=(worse,)),
        replace(made, person="Petar"),
        replace(made, ended_us=made.ended_us + 1),
        replace(made, report_id="0001-r000002"),
        replace(made, signature="00" * 64),
        replace(made, signature="no hex"),
    ]
    assert not any(is_genuine(other, KEY.public_key) for other in forged)
    assert not is_genuine(made, "11" * 32)


def test_it_has_one_original_and_what_comes_after_is_a_copy_until_something_is_checked_again(player):
    sign_in(player)
    look(player)
    assert report(player) == ("0001-r000001", False)
    assert report(player) == ("0001-r000001", True)
    look(player, Device.CLOCK, C.CLOCK_AGREES)
    assert report(player) == ("0001-r000002", False)
    assert [fact.copy for fact in recorded(player, "ServiceReportPrinted")] == [False, True, False]


@pytest.mark.parametrize(
    ("outcome", "copy"),
    [("failed", False), ("unknown", True), ("taken", True), ("retracted", True)],
)
def test_only_an_original_that_surely_did_not_come_out_is_printed_again_as_one(player, outcome, copy):
    sign_in(player)
    look(player)
    report(player, outcome)
    assert report(player) == ("0001-r000001", copy)


def test_a_cut_before_the_paper_leaves_the_report_to_be_printed(player):
    sign_in(player)
    look(player)
    player.say(e.ServiceReportAsked("kiosk 0"))
    made = player.state.board.last_report
    sign_out(player)
    kept = durable(player.state).board
    assert (kept.last_report, kept.original_out, kept.reports) == (made, False, 1)


def test_the_touch_test_is_recorded_with_who_did_it_and_only_at_the_menu(player):
    player.say(e.TouchTried(12, 0))
    assert recorded(player, "TouchTested") == []
    sign_in(player)
    for fields, missed in ((12, 13), (0, 0), (12, -1)):
        player.say(e.TouchTried(fields, missed))
    player.say(e.TouchTried(12, 2))
    (tested,) = recorded(player, "TouchTested")
    assert (tested.person, tested.fields, tested.missed) == ("Ivan", 12, 2)
    sign_out(player)
    assert player.state.board.touch == tested


def test_a_collector_does_not_diagnose(player):
    sign_in(player, Role.COLLECTOR)
    player.say(e.TouchTried(12, 0))
    assert recorded(player, "TouchTested") == []
    assert player.state.staff.told.notice is StaffNotice.NOT_ALLOWED


@pytest.mark.parametrize("language", ["bg", "ru", "en"])
def test_the_report_on_paper_tells_what_is_wrong_first_and_what_to_do(player, language):
    sign_in(player)
    look(player, Device.PRINTER, C.PRINTER_READY, C.PAPER_NEAR_END)
    look(player, Device.DISK, C.DISK_WRITES)
    report(player)
    made = player.state.board.last_report
    slip = slip_of(made, TERMINAL, language, copy=False, at_us=1, journal_seq=3, journal_head="ab" * 32)
    assert [(line.device, line.verdict) for line in slip.checks] == [
        (Device.PRINTER, Verdict.WARNING),
        (Device.DISK, Verdict.GOOD),
    ]
    assert slip.checks[0].next_step
    assert not slip.checks[1].next_step
    text = " ".join("\n".join(paper(slip)).split())
    assert made.report_id in text
    assert made.signature[:16] in text.replace(" ", "")
