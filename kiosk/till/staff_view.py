"""The state as people with keys may see it: who is signed in, what they may do, and all that the service menu shows.

Answers for: that nobody sees what is not of their role. Does not answer for: words and looks (the screen), deciding (`domain`).
A part is a function of state and rules, filed in PARTS under its field of StaffView with the acts that may see it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from kiosk.domain.people import Act
from kiosk.domain.rules import Rules
from kiosk.domain.session import Fate, Phase
from kiosk.domain.staff import MAY
from kiosk.domain.state import State
from kiosk.link import staff as m
from kiosk.till import cash_view
from kiosk.till.board_view import board_view
from kiosk.till.case_view import case_views

#: As link.messages.NoteFate.
FATES: Mapping[Fate, str] = {
    Fate.INTENDED: "stacking",
    Fate.STACKED: "stacked",
    Fate.RETURNED: "returned",
    Fate.UNRESOLVED: "unknown",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Shown to those who may do any of `acts`."""

    acts: frozenset[Act]
    show: Callable[[State, Rules], Any]


def sign_in_view(state: State, mono_s: float) -> m.SignInView | None:
    """What became of the last try."""
    door = state.door
    if door.state is None or state.staff is not None:
        return None
    waits = door.state is m.SignInState.WAIT
    return m.SignInView(door.state, max(0, ceil(door.until_s - mono_s)) if waits else 0)


def staff_view(state: State, rules: Rules) -> m.StaffView | None:
    """All that whoever is signed in may see."""
    staff = state.staff
    if staff is None:
        return None
    may = MAY[staff.role]
    parts = {name: part.show(state, rules) for name, part in PARTS.items() if part.acts & may}
    told = m.ToldView(staff.told.notice, staff.told.values) if staff.told else None
    return m.StaffView(staff.person, staff.role, tuple(act for act in Act if act in may), told=told, **parts)


def _latched(state: State, _rules: Rules) -> str:
    return state.latched


def _note_test(state: State, _rules: Rules) -> m.NoteTestView | None:
    session = state.session
    if session.phase is not Phase.NOTE_TEST:
        return None
    return m.NoteTestView(session.keep, tuple((n.value_minor, n.currency, FATES[n.fate]) for n in session.notes))


def _log(state: State, _rules: Rules) -> tuple[str, ...]:
    return state.staff.log if state.staff else ()


#: Field of StaffView → who sees it and how it is made.
PARTS: Mapping[str, Part] = {
    "latched": Part(frozenset(Act), _latched),
    "note_test": Part(frozenset({Act.TRY_NOTES}), _note_test),
    "log": Part(frozenset({Act.DIAGNOSE}), _log),
    "cash": Part(frozenset({Act.SEE_CASH}), cash_view.cash),
    "collection": Part(frozenset({Act.COLLECT}), cash_view.collection),
    "cases": Part(frozenset({Act.RESOLVE}), case_views),
    "parts": Part(frozenset({Act.DIAGNOSE}), lambda state, _rules: board_view(state.board)),
}
