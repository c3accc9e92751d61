"""Signing in: when a try is let through, how long the next one has to wait, what a right or wrong PIN leads to.

Answers for: that tries are counted before they are compared, for each number and for all together, that waits grow, outlive a
restart and cannot be shortened by setting the clock. Does not answer for: comparing (`till.access`), what may be done (`staff`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kiosk.domain import staff_events as e
from kiosk.domain import staff_facts as f
from kiosk.domain import staff_moves as m
from kiosk.domain.decision import NOTHING, Context, Decision, happened
from kiosk.domain.people import SignInState
from kiosk.domain.rules import MICROSECONDS, Now
from kiosk.domain.session import Session
from kiosk.domain.staff_book import Door, SignInBook, Staff, Tries
from kiosk.domain.state import State, is_at_rest

NUMBERS_MAX = 1000  #: numbers whose tries are remembered; unknown ones count as known ones do
DOUBLINGS_MAX = 16
CHECK_S = 30.0  #: comparing takes far less; a comparison that was lost is given up after it
TOLD_S = 20.0  #: how long it is shown that a try failed
HOUR_US = 3600 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` wrong tries each next one waits: `base_us`, doubling up to `cap_us`. One is forgiven every `forgive_us`."""

    free: int
    base_us: int
    cap_us: int
    forgive_us: int


#: Of one number: some 100 guesses a day at most, so that six digits last for years.
BY_NUMBER = Patience(3, 30 * MICROSECONDS, 900 * MICROSECONDS, 4 * HOUR_US)
#: Of all numbers together: whoever goes through the numbers is held up as well; an honest person for five minutes at most.
IN_ALL = Patience(10, 15 * MICROSECONDS, 300 * MICROSECONDS, HOUR_US // 2)


# --- the clock of waits -------------------------------------------------------------------------------------------


def moment_us(state: State, now: Now) -> int:
    """UTC microseconds that go by the steady clock while the till lives, and never back before the last try after a restart."""
    return state.door.began_us + int((now.mono_s - state.door.began_s) * MICROSECONDS)


def _level(tries: Tries, patience: Patience, at_us: int) -> int:
    return max(0, tries.count - (at_us - tries.last_us) // patience.forgive_us)


def _one_more(tries: Tries, patience: Patience, at_us: int) -> Tries:
    return Tries(_level(tries, patience, at_us) + 1, at_us)


def _until_us(tries: Tries, patience: Patience) -> int:
    if tries.count < patience.free:
        return 0
    doublings = min(tries.count - patience.free, DOUBLINGS_MAX)
    return tries.last_us + min(patience.cap_us, patience.base_us << doublings)


def wait_us(state: State, number: str, at_us: int) -> int:
    """How long nobody may try under `number`."""
    book = state.sign_ins
    until_us = max(
        _until_us(book.by_number.get(number, Tries()), BY_NUMBER),
        _until_us(book.in_all, IN_ALL),
    )
    return max(0, until_us - at_us)


# --- what was asked -----------------------------------------------------------------------------------------------


def asked(c: Context, event: e.SignInAsked) -> Decision:
    """A try is on disk before anything is compared; one that comes too early is not even looked at."""
    if c.state.door.state is SignInState.CHECKING:
        return NOTHING
    if not is_at_rest(c.state):
        return _told(c, SignInState.NOT_NOW)
    if not event.known:
        return _told(c, SignInState.NOBODY)
    at_us = moment_us(c.state, c.now)
    if left_us := wait_us(c.state, event.number, at_us):
        return _told(c, SignInState.WAIT, left_us / MICROSECONDS)
    if event.code_wanted:
        return _told(c, SignInState.CODE_WANTED)
    checking = m.DoorSeen(SignInState.CHECKING, c.now.mono_s + CHECK_S, event.ticket)
    return happened(f.SignInTried(event.number, at_us), checking)


def _told(c: Context, state: SignInState, seconds: float = TOLD_S) -> Decision:
    return happened(m.DoorSeen(state, c.now.mono_s + seconds))


def checked(c: Context, event: e.SignInChecked) -> Decision:
    """In, or refused with the wait that follows. An answer nobody waits for any more means nothing."""
    door, at_us = c.state.door, moment_us(c.state, c.now)
    if door.state is not SignInState.CHECKING or door.ticket != event.ticket:
        return NOTHING
    fault = event.fault or _late_fault(c.state, event)
    if fault is None and event.role is not None:
        signed_in = f.SignedIn(event.number, event.person, event.role, at_us, event.code_step)
        return happened(signed_in, m.StaffPresent(), m.DoorSeen(None))
    left_s = wait_us(c.state, event.number, at_us) / MICROSECONDS
    state = SignInState.WAIT if left_s else SignInState.REFUSED
    told = m.DoorSeen(state, c.now.mono_s + (left_s or TOLD_S))
    return happened(f.SignInRefused(event.number, fault or f.SignInFault.NUMBER), told)


def _late_fault(state: State, event: e.SignInChecked) -> f.SignInFault | None:
    """What only the till knows about a try that is right in itself."""
    if event.code_step and event.code_step <= state.sign_ins.code_steps.get(event.number, 0):
        return f.SignInFault.CODE_USED
    return None if is_at_rest(state) else f.SignInFault.NOT_NOW


def forgotten(state: State, now: Now, _rules: object) -> Decision:
    """What was told of the last try is told no more."""
    door = state.door
    return happened(m.DoorSeen(None)) if door.state is not None and now.mono_s >= door.until_s else NOTHING


# --- what facts and moves change ----------------------------------------------------------------------------------


def life_began(state: State, move: m.LifeBegan) -> State:
    """A clock set back before the last try is not believed."""
    began_us = max(move.utc_us, state.sign_ins.latest_us)
    return replace(state, door=Door(began_us, move.mono_s))


def door_seen(state: State, move: m.DoorSeen) -> State:
    """What is told at the door."""
    return replace(state, door=replace(state.door, state=move.state, until_s=move.until_s, ticket=move.ticket))


def tried(state: State, fact: f.SignInTried) -> State:
    """One more counts, until somebody signs in under that number."""
    book = state.sign_ins
    mine = _one_more(book.by_number.get(fact.number, Tries()), BY_NUMBER, fact.at_us)
    by_number = {**{key: tries for key, tries in book.by_number.items() if key != fact.number}, fact.number: mine}
    book = replace(
        book,
        by_number=_bounded(by_number),
        in_all=_one_more(book.in_all, IN_ALL, fact.at_us),
        latest_us=max(book.latest_us, fact.at_us),
    )
    return replace(state, sign_ins=book)


def _bounded(by_number: Mapping[str, Tries]) -> Mapping[str, Tries]:
    """The numbers tried last."""
    return dict(list(by_number.items())[-NUMBERS_MAX:])


def signed_in(state: State, fact: f.SignedIn) -> State:
    """The right one's own tries are forgiven, and of all together just this one: nobody clears the way for guessing."""
    book = state.sign_ins
    codes = {**book.code_steps, fact.number: fact.code_step} if fact.code_step else book.code_steps
    in_all = replace(book.in_all, count=max(0, book.in_all.count - 1))
    by_number = {key: tries for key, tries in book.by_number.items() if key != fact.number}
    book = SignInBook(by_number, in_all, max(book.latest_us, fact.at_us), codes)
    staff = Staff(fact.number, fact.person, fact.role, fact.at_us)
    return replace(state, staff=staff, sign_ins=book, session=Session(phase=state.session.phase))


def signed_out(state: State, _fact: f.SignedOut) -> State:
    """Back to buyers, as if nobody had been there."""
    return replace(state, staff=None, session=Session(phase=state.session.phase))
