"""What surrounds every screen, and the questions that come over it.

Answers for: steps, language switch, the two buttons at the bottom, terminal and support on every screen, the last seconds.
"""

from kiosk.link.messages import Phase, Snapshot
from kiosk.screen.phrases import STEPS
from kiosk.screen.seen import Seen
from kiosk.screen.views import ButtonView, Chrome, DialogView
from kiosk.screen.words import OWN_NAMES, Words

STILL_THERE_S = 20  #: WCAG 2.2, 2.2.1: at least 20 s to ask for more time by a simple action


def button(role: str, text: str, *, enabled: bool = True) -> ButtonView:
    """A button."""
    return ButtonView(role, text, enabled)


def chrome(
    snapshot: Snapshot | None,
    say: Words,
    *,
    step: int = -1,
    secondary: ButtonView | None = None,
    primary: ButtonView | None = None,
    hint: str = "",
    switchable: bool = False,
) -> Chrome:
    """The frame of a screen. `switchable`: the buyer may still change the language."""
    languages = snapshot.languages if snapshot and switchable else ()
    terminal = snapshot.terminal if snapshot else None
    return Chrome(
        heading=terminal.name if terminal else "",
        steps=tuple(say(text) for text in STEPS) if step >= 0 else (),
        step=step,
        languages=tuple(
            ButtonView(f"language:{language}", OWN_NAMES[language])
            for language in languages
            if language != say.language and language in OWN_NAMES
        ),
        secondary=secondary,
        primary=primary,
        hint=hint,
        terminal=f"{say('Terminal {number}', number=terminal.number)} · {terminal.address}" if terminal else "",
        support=say("Help: {phone}", phone=terminal.support_phone) if terminal else "",
    )


def still_there(seen: Seen) -> DialogView | None:
    """The last seconds before the till acts by itself, where it would surprise the buyer."""
    snapshot, say = seen.snapshot, seen.say
    seconds = snapshot.seconds_left
    if not 0 <= seconds <= STILL_THERE_S:
        return None
    if snapshot.phase is Phase.CASH and snapshot.cash and snapshot.order and snapshot.cash.inserted_minor:
        inserted = seen.amount(snapshot.cash.inserted_minor, snapshot.order.currency)
        text = say(
            "In {seconds} s we will finish with what you have put in: {amount}.", seconds=seconds, amount=inserted
        )
    else:
        text = say("This screen will close in {seconds} s.", seconds=seconds)
    more_time = button("more_time", say("More time"))
    return DialogView(say("Are you still here?"), text, more_time, remaining=seconds / STILL_THERE_S, seconds=seconds)
