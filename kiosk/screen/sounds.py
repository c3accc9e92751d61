"""Which sound goes with what happened: from one snapshot to the next. Pure.

Answers for: one sound a change, the most urgent one. Does not answer for: how it sounds (`tones`), playing it (`player`), words
(`spoken`). No sound means anything that is not also shown.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol

from kiosk.link.messages import NoteFate, NoteMessage, Phase, ResultKind, Snapshot
from kiosk.screen.chrome import is_warned
from kiosk.screen.spoken import COUNTDOWN_S


class Sound(StrEnum):
    CLICK = "click"  #: a touch or a key was taken
    WARNING = "warning"  #: the time is running out
    NOTE_IN = "note_in"
    NOTE_BACK = "note_back"
    DONE = "done"
    ERROR = "error"  #: something did not go as hoped; the screen says what


class Player(Protocol):
    """Who makes sounds heard."""

    def play(self, sound: Sound) -> None:
        """Now, and without waiting for its end."""


class NoPlayer:
    """A kiosk without sounds."""

    def play(self, sound: Sound) -> None:
        """Nothing."""


GOOD_ENDS = frozenset({ResultKind.ACCEPTED, ResultKind.ACCEPTED_FOR_LATER})


def sound_of(before: Snapshot | None, now: Snapshot | None) -> Sound | None:
    """What to hear; nothing where nothing happened, or where the screen has only just begun to know."""
    if before is None or now is None:
        return None
    return next((sound for sound, happened in _REASONS.items() if happened(before, now)), None)


def _is_running_out(before: Snapshot, now: Snapshot) -> bool:
    """The warning begins, and twice after."""
    if not is_warned(now):
        return False
    crossed = [mark_s for mark_s in COUNTDOWN_S if now.seconds_left <= mark_s < before.seconds_left]
    return not is_warned(before) or bool(crossed)


def _is_good_end(before: Snapshot, now: Snapshot) -> bool:
    return _ended(before, now) and now.result is not None and now.result.kind in GOOD_ENDS


def _is_bad_end(before: Snapshot, now: Snapshot) -> bool:
    return _ended(before, now) and now.result is not None and now.result.kind not in GOOD_ENDS


def _ended(before: Snapshot, now: Snapshot) -> bool:
    return now.phase is Phase.DONE and before.phase is not Phase.DONE


def _came_in(before: Snapshot, now: Snapshot) -> bool:
    return _count(now, NoteFate.STACKED) > _count(before, NoteFate.STACKED)


def _came_back(before: Snapshot, now: Snapshot) -> bool:
    """By itself, or with a word of why."""
    told = now.cash is not None and now.cash.message is not NoteMessage.NONE
    is_news = told and (before.cash is None or before.cash.message is not (now.cash and now.cash.message))
    return is_news or _count(now, NoteFate.RETURNED) > _count(before, NoteFate.RETURNED)


def _count(snapshot: Snapshot, fate: NoteFate) -> int:
    return sum(note.fate is fate for note in snapshot.cash.notes) if snapshot.cash else 0


def _is_noticed(before: Snapshot, now: Snapshot) -> bool:
    return now.notice is not None and before.notice is not now.notice


#: The first that holds is heard.
_REASONS: Mapping[Sound, Callable[[Snapshot, Snapshot], bool]] = {
    Sound.WARNING: _is_running_out,
    Sound.DONE: _is_good_end,
    Sound.ERROR: lambda before, now: _is_bad_end(before, now) or _is_noticed(before, now),
    Sound.NOTE_IN: _came_in,
    Sound.NOTE_BACK: _came_back,
}
