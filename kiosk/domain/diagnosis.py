"""Looking after the kiosk: what checks leave on the board, what a service report says, which refused notes are counted.

Answers for: that a report tells of what was checked since its person signed in, is signed, and has one original. Does not answer
for: looking (`kiosk.diagnosis`), who may (`staff`), printing (`till.doctor_desk`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.domain import diagnosis_events as e
from kiosk.domain import diagnosis_facts as f
from kiosk.domain import diagnosis_moves as m
from kiosk.domain import totals
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.facts import SlipOutcome
from kiosk.domain.people import Act
from kiosk.domain.receipts import Device
from kiosk.domain.staff import Meaning, signed_in
from kiosk.domain.state import State

# --- what is heard ------------------------------------------------------------------------------------------------


def checks_began(_c: Context, event: e.ChecksBegan) -> Decision:
    return happened(m.ChecksStarted(event.devices))


def part_checked(_c: Context, event: e.PartChecked) -> Decision:
    return happened(m.PartSeen(event.report))


def _touch_tried(c: Context, event: e.TouchTried) -> Decision:
    """A picture without fields, or with more misses than fields, was not gone through."""
    if not 0 <= event.missed <= event.fields or not event.fields:
        return NOTHING
    return happened(f.TouchTested(signed_in(c.state).person, event.fields, event.missed, c.now.utc_us))


def service_report_asked(c: Context, event: e.ServiceReportAsked) -> Decision:
    """A new one where something was checked since the last; otherwise that one is printed again."""
    staff, board = c.state.staff, c.state.board
    looked_at = (board.parts[device] for device in Device if device in board.parts)
    parts = tuple(report for report in looked_at if staff and report.at_us >= staff.since_us)
    if staff is None or not parts or (board.last_report and board.last_report.parts == parts):
        return NOTHING
    number = board.reports + 1
    report = f.ServiceReported(
        report_id=f"{c.rules.terminal_number}-r{number:06d}",
        number=number,
        person=staff.person,
        role=staff.role,
        started_us=staff.since_us,
        ended_us=c.now.utc_us,
        parts=parts,
        software=event.software,
    )
    return happened(replace(report, signature=c.rules.sign(report.content).hex()))


def service_report_ended(_c: Context, event: e.ServiceReportEnded) -> Decision:
    return happened(f.ServiceReportPrinted(event.report_id, event.copy, event.outcome, event.cause))


#: What staff ask for → the act it is, and what it means (`staff.guarded`).
ACTS: Mapping[type, tuple[Act, Meaning]] = {e.TouchTried: (Act.DIAGNOSE, _touch_tried)}

#: What the doctor tells, whoever asked for it.
TOLD: Mapping[type, Callable[[Context, Any], Decision]] = {
    e.ChecksBegan: checks_began,
    e.PartChecked: part_checked,
    e.ServiceReportAsked: service_report_asked,
    e.ServiceReportEnded: service_report_ended,
}


# --- what it changes ----------------------------------------------------------------------------------------------


def _note_rejected(state: State, fact: f.NoteRejected) -> State:
    return replace(state, totals=totals.plus(state.totals, f"rejected:{fact.reason}"))


def _touch_tested(state: State, fact: f.TouchTested) -> State:
    return replace(state, board=replace(state.board, touch=fact))


def _reported(state: State, fact: f.ServiceReported) -> State:
    board = replace(state.board, last_report=fact, original_out=False, reports=fact.number)
    return replace(state, board=board)


def _printed(state: State, fact: f.ServiceReportPrinted) -> State:
    """Only an original that is known not to have come out may be printed again as one."""
    last = state.board.last_report
    if last is None or last.report_id != fact.report_id or fact.outcome == SlipOutcome.FAILED:
        return state
    return replace(state, board=replace(state.board, original_out=True))


def _checks_started(state: State, move: m.ChecksStarted) -> State:
    return replace(state, board=replace(state.board, checking=state.board.checking | set(move.devices)))


def _part_seen(state: State, move: m.PartSeen) -> State:
    board, device = state.board, move.report.device
    parts = {**board.parts, device: move.report}
    return replace(state, board=replace(board, parts=parts, checking=board.checking - {device}))


FOLDS: Mapping[type, Callable[[State, Any], State]] = {
    f.NoteRejected: _note_rejected,
    f.TouchTested: _touch_tested,
    f.ServiceReported: _reported,
    f.ServiceReportPrinted: _printed,
    m.ChecksStarted: _checks_started,
    m.PartSeen: _part_seen,
}
