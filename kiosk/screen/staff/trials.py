"""Trying a part with one's own hands: banknotes, and the touch screen. Pure.

Answers for: every word on these screens. Does not answer for: what becomes of the notes (the till), the picture (`widgets`).
"""

from kiosk.link.messages import NoteFate
from kiosk.link.staff import NoteTestView
from kiosk.screen.chrome import button
from kiosk.screen.phrases import NOTE_FATES
from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import around, dialog, staff_of, told, without_secondary
from kiosk.screen.staff.touches import TOUCH_FIELDS
from kiosk.screen.staff.views import TouchView, TrialView
from kiosk.screen.views import NoteRowView, TilesView, TileView

TRIED_SHOWN_MAX = 6


def notes_page(seen: Seen) -> TilesView | TrialView:
    """First what becomes of them, then each as it is read."""
    test = staff_of(seen).note_test
    return _choice(seen) if test is None else _trial(seen, test)


def _choice(seen: Seen) -> TilesView:
    say = seen.say
    return TilesView(
        chrome=around(seen),
        dialog=dialog(seen),
        about="",
        title=say("What becomes of the notes that are tried?"),
        tiles=(
            TileView("staff:notes", say("They come back"), say("The acceptor reads each one and gives it back")),
            TileView("staff:ask:keep", say("They stay in the box"), say("Booked as test money, apart from customers'")),
        ),
        rows=1,
        banner=told(seen),
    )


def _trial(seen: Seen, test: NoteTestView) -> TrialView:
    say = seen.say
    text = (
        say("Each one stays in the box as test money.") if test.keep else say("Each one comes back. Nothing is booked.")
    )
    return TrialView(
        chrome=without_secondary(around(seen, primary=button("staff:end_notes", say("Finish the trial")))),
        dialog=dialog(seen),
        title=say("Put in banknotes one at a time"),
        text=text,
        notes=tuple(_note(seen, *note) for note in reversed(test.notes[-TRIED_SHOWN_MAX:])),
        no_notes=say("None yet"),
        banner=told(seen),
    )


def _note(seen: Seen, value_minor: int, currency: str, fate: str) -> NoteRowView:
    text, tone = NOTE_FATES[NoteFate(fate)]
    return NoteRowView(seen.note(value_minor, currency), seen.say(text), tone)


def touch_picture(seen: Seen) -> TouchView:
    """The whole window in fields; each has to be touched."""
    say, reached = seen.say, seen.glass.desk.reached
    return TouchView(
        chrome=around(seen),
        dialog=dialog(seen),
        text=say("Touch every field. Left: {left}", left=TOUCH_FIELDS - len(reached)),
        hint=say("One does not react? Hold any other for two seconds to finish."),
        fields=TOUCH_FIELDS,
        reached=reached,
    )
