"""The service menu: which role may do what, what staff ask for, when they are signed out.

Answers for: that nothing is done that a role may not do, that every act is recorded with who it was before it is done. Does not
answer for: signing in (`sign_in`), acts that are carried out beside the mailbox (`till.staff_desk`).
An act is an event filed in a table of (act, meaning) and plugged into `decide` by `guarded`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kiosk.domain import facts, moves, orders, paper, sign_in
from kiosk.domain import staff_events as e
from kiosk.domain import staff_facts as f
from kiosk.domain import staff_moves as m
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.moves import AcceptorCondition
from kiosk.domain.people import Act, Role, StaffNotice
from kiosk.domain.rules import Now, Rules
from kiosk.domain.session import Fate, Note, Phase, Session
from kiosk.domain.staff_book import Staff, Told
from kiosk.domain.state import State, is_undisturbed

TRIED_MAX = 20  #: notes of a test that are shown
PART_CHARACTERS_MAX = 20
REASON_CHARACTERS_MAX = 200  #: a reason is for ever

#: What each role may do.
MAY: Mapping[Role, frozenset[Act]] = {
    Role.TECHNICIAN: frozenset({Act.DIAGNOSE, Act.TRY_NOTES, Act.RESTART, Act.RESUME, Act.COPY_RECEIPT}),
    Role.COLLECTOR: frozenset({Act.SEE_CASH, Act.COLLECT}),
    Role.SUPERVISOR: frozenset(Act),
}


def why_not(state: State, act: Act) -> StaffNotice | None:
    """Why nobody may do `act` now; None when the one who is signed in may."""
    staff = state.staff
    if staff is None:
        return StaffNotice.NOT_NOW
    if act not in MAY[staff.role]:
        return StaffNotice.NOT_ALLOWED
    trying = state.session.phase is Phase.NOTE_TEST and act is Act.TRY_NOTES
    free = state.session.phase is Phase.SERVICE and not staff.busy
    return None if free or trying else StaffNotice.NOT_NOW


def signed_in(state: State) -> Staff:
    """Who is. Only after `why_not` said nothing."""
    assert state.staff is not None
    return state.staff


def told(notice: StaffNotice, *values: tuple[str, str]) -> Decision:
    """Nothing but an answer."""
    return happened(m.StaffTold(notice, values))


def acted(c: Context, act: Act, what: str) -> f.StaffActed:
    """The record of an act, by who is signed in."""
    staff = signed_in(c.state)
    return f.StaffActed(staff.number, staff.person, act, what)


Meaning = Callable[..., Decision]


def guarded(act: Act, meaning: Meaning) -> Meaning:
    """`meaning` for those who may `act`; everybody else is told why not. Whoever asks for something is still there."""

    def decide(c: Context, event: object) -> Decision:
        notice = why_not(c.state, act)
        if notice is not None:
            return told(notice) if c.state.staff else NOTHING
        decision = meaning(c, event)
        return replace(decision, happened=(_still_there(c), *decision.happened))

    return decide


def _still_there(c: Context) -> moves.DeadlineSet:
    trying = c.state.session.phase is Phase.NOTE_TEST
    seconds = c.rules.note_test_idle_s if trying else staff_idle_s(c.state, c.rules)
    return moves.DeadlineSet(c.now.mono_s + seconds)


def staff_idle_s(state: State, rules: Rules) -> float:
    """How long nobody need touch the menu: whoever opens a kiosk and seals a bag has no hand free."""
    return rules.staff_idle_s if state.box.collection is None else rules.collection_idle_s


# --- what staff ask for -------------------------------------------------------------------------------------------


def sign_out_asked(c: Context, _event: e.SignOutAsked) -> Decision:
    """At once; from a note test back to the menu first, for a note may be on its way."""
    if c.state.staff is None:
        return NOTHING
    if c.state.session.phase is Phase.NOTE_TEST:
        return happened(moves.DeadlineSet(c.now.mono_s))
    return _gone(c.state.staff, f.SignOutCause.ASKED)


def _gone(staff: Staff, cause: f.SignOutCause) -> Decision:
    return happened(f.SignedOut(staff.number, staff.person, cause))


def act_asked(c: Context, event: e.ActAsked) -> Decision:
    """Recorded; who carries it out sees that it may by its ticket."""

    def begin(c: Context, event: e.ActAsked) -> Decision:
        return happened(acted(c, event.act, event.what), m.ActBegan(event.ticket))

    return guarded(event.act, begin)(c, event)


def act_done(c: Context, event: e.ActDone) -> Decision:
    """Told, if the one who asked is still there."""
    if c.state.staff is None or c.state.staff.busy != event.ticket:
        return NOTHING
    log = (m.LogSeen(event.log),) if event.log else ()
    return happened(m.ActEnded(), m.StaffTold(event.notice, event.values), *log, _still_there(c))


def _note_test_asked(c: Context, event: e.NoteTestAsked) -> Decision:
    if c.state.latched or c.state.session.phase is not Phase.SERVICE:
        return told(StaffNotice.NOT_NOW)
    test_id = f"{c.rules.terminal_number}-t{c.state.counters.tests + 1:05d}"
    return happened(f.NoteTestOpened(test_id, signed_in(c.state).person, event.keep))


def _note_test_ended(c: Context, _event: e.NoteTestEnded) -> Decision:
    return happened(moves.DeadlineSet(c.now.mono_s)) if c.state.session.phase is Phase.NOTE_TEST else NOTHING


def _resume_asked(c: Context, event: e.ResumeAsked) -> Decision:
    reason = event.reason.strip()[:REASON_CHARACTERS_MAX]
    if not reason:
        return told(StaffNotice.REASON_WANTED)
    if not c.state.latched:
        return told(StaffNotice.NOT_NOW)
    resumed = facts.AcceptanceResumed(reason)
    return happened(acted(c, Act.RESUME, reason), resumed, m.StaffTold(StaffNotice.DONE))


def resume_asked_by_tool(c: Context, event: e.ResumeAskedByTool) -> Decision:
    """Between visits only, as at the service menu. The record names who it was, and no number."""
    person, reason = event.person.strip(), event.reason.strip()[:REASON_CHARACTERS_MAX]
    if not (person and reason and c.state.latched and is_undisturbed(c.state)):
        return NOTHING
    return happened(f.StaffActed("", person, Act.RESUME, reason), facts.AcceptanceResumed(reason))


#: Part → what makes it start anew.
RESTARTS: Mapping[str, Callable[[str], orders.TillOrder]] = {
    "till": lambda person: orders.Restart("", person),
    "screen": lambda _person: orders.RestartScreen(),
}


def _restart_asked(c: Context, event: e.RestartAsked) -> Decision:
    """Recorded, and whoever asked is signed out: afterwards anybody may stand there."""
    restart = RESTARTS.get(event.part)
    if restart is None:
        return told(StaffNotice.FAILED, ("cause", f"no part is called {event.part[:PART_CHARACTERS_MAX]}"))
    if paper.is_printing(c.state) or c.state.devices.acceptor is AcceptorCondition.MOVING:
        return told(StaffNotice.NOT_NOW)
    staff = signed_in(c.state)
    gone = f.SignedOut(staff.number, staff.person, f.SignOutCause.RESTARTED)
    return Decision((acted(c, Act.RESTART, event.part), gone), (restart(staff.person),))


#: What staff ask for → the act it is, and what it means. Collections and checks have tables like this of their own.
ACTS: Mapping[type, tuple[Act, Meaning]] = {
    e.NoteTestAsked: (Act.TRY_NOTES, _note_test_asked),
    e.NoteTestEnded: (Act.TRY_NOTES, _note_test_ended),
    e.ResumeAsked: (Act.RESUME, _resume_asked),
    e.RestartAsked: (Act.RESTART, _restart_asked),
}


# --- what follows from the state ----------------------------------------------------------------------------------

QUIET = frozenset({AcceptorCondition.DISABLED, AcceptorCondition.IDLE, AcceptorCondition.LOST, AcceptorCondition.FAULT})


def note_test_over(state: State, now: Now, _rules: Rules) -> Decision:
    """When its time is over, or the till started anew, and no note is on its way."""
    session, staff = state.session, state.staff
    if session.phase is not Phase.NOTE_TEST or state.intent or state.devices.acceptor not in QUIET:
        return NOTHING
    due = session.deadline_s is not None and now.mono_s >= session.deadline_s
    if staff is None:
        return happened(f.NoteTestClosed(session.session_id)) if due else NOTHING
    return happened(f.NoteTestLeft(session.session_id)) if due or not staff.present else NOTHING


def left_alone(state: State, now: Now, _rules: Rules) -> Decision:
    """A restart signs everybody out, and so does silence: whoever stands there now may be somebody else."""
    staff, deadline_s = state.staff, state.session.deadline_s
    if staff is None or state.session.phase is not Phase.SERVICE:
        return NOTHING
    if not staff.present:
        return _gone(staff, f.SignOutCause.RESTARTED)
    return _gone(staff, f.SignOutCause.IDLE) if deadline_s is not None and now.mono_s >= deadline_s else NOTHING


# --- what facts and moves change ----------------------------------------------------------------------------------


def _of_staff(change: Callable[[Staff, Any], Staff]) -> Callable[[State, Any], State]:
    """A fold that changes who is signed in, and nothing when nobody is any more."""

    def apply(state: State, move: object) -> State:
        return replace(state, staff=change(state.staff, move)) if state.staff else state

    return apply


def _note_test_opened(state: State, fact: f.NoteTestOpened) -> State:
    """Notes are test money, or come back."""
    session = replace(state.session, session_id=fact.test_id, keep=fact.keep)
    staff = replace(state.staff, told=None) if state.staff else None
    counters = replace(state.counters, tests=state.counters.tests + 1)
    return replace(state, session=session, counters=counters, staff=staff)


def _note_test_left(state: State, _fact: f.NoteTestLeft | f.NoteTestClosed) -> State:
    """Nothing of the test stays but its money."""
    session = state.session
    return replace(state, session=Session(phase=session.phase, language=session.language))


def note_tried(state: State, fact: facts.NoteHandedBack) -> State:
    """A note of a test that came back stands in the list of its notes."""
    session = state.session
    if session.phase is not Phase.NOTE_TEST or session.keep:
        return state
    name = f"{session.session_id}-{len(session.notes) + 1}"
    note = Note(name, session.session_id, fact.value_minor, fact.currency, state.period, test=True, fate=Fate.RETURNED)
    notes = (*session.notes, note)[-TRIED_MAX:]
    return replace(state, session=replace(session, notes=notes, deadline_s=None))


#: What their facts and moves change.
FOLDS: Mapping[type, Callable[..., State]] = {
    f.SignInTried: sign_in.tried,
    f.SignedIn: sign_in.signed_in,
    f.SignedOut: sign_in.signed_out,
    f.NoteTestOpened: _note_test_opened,
    f.NoteTestLeft: _note_test_left,
    f.NoteTestClosed: _note_test_left,
    m.LifeBegan: sign_in.life_began,
    m.DoorSeen: sign_in.door_seen,
    m.StaffPresent: _of_staff(lambda staff, _: replace(staff, present=True)),
    m.StaffTold: _of_staff(lambda staff, move: replace(staff, told=Told(move.notice, move.values))),
    m.ActBegan: _of_staff(lambda staff, move: replace(staff, busy=move.ticket, told=None)),
    m.ActEnded: _of_staff(lambda staff, _: replace(staff, busy=0)),
    m.LogSeen: _of_staff(lambda staff, move: replace(staff, log=move.lines)),
}
