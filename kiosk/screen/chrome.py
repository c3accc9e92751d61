"""What surrounds every screen, and the questions that come over it.

Answers for: steps, language switch, the two buttons at the bottom, terminal and support on every screen, the last seconds.
"""

from collections.abc import Mapping

from kiosk.link.messages import Phase, Snapshot
from kiosk.screen.phrases import STEPS
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, ButtonView, Chrome, DialogView, Tone
from kiosk.screen.words import OWN_NAMES, Words, mark

#: What happens when the time is over, for the eye and for the ear, which is told the seconds beside it.
CLOSING: Mapping[bool, str] = {
    False: mark("This screen will close in {seconds} s."),
    True: mark("If you do nothing, this screen will close soon."),
}
FINISHING: Mapping[bool, str] = {
    False: mark("In {seconds} s we will finish with what you have put in: {amount}."),
    True: mark("If you do nothing, we will soon finish with what you have put in: {amount}."),
}
LAST_CALL: Mapping[bool, str] = {
    False: mark("The offer ends in {seconds} s. Then we will finish with what you have put in: {amount}."),
    True: mark("The offer ends soon. Then we will finish with what you have put in: {amount}."),
}
LAST_CALL_EMPTY: Mapping[bool, str] = {
    False: mark("The offer ends in {seconds} s. Then it has to be checked again."),
    True: mark("The offer ends soon. Then it has to be checked again."),
}


def is_warned(snapshot: Snapshot) -> bool:
    """Whether the till will act by itself so soon that the buyer has to know."""
    return 0 <= snapshot.seconds_left <= snapshot.warn_s


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
        ease=ButtonView("mode", say("Large and clear")),
    )


def still_there(seen: Seen) -> DialogView | None:
    """The last seconds before the till acts by itself, where it would surprise the buyer."""
    snapshot, say = seen.snapshot, seen.say
    if not is_warned(snapshot) or snapshot.last_call:
        return None
    seconds = snapshot.seconds_left
    if snapshot.phase is Phase.CASH and snapshot.cash and snapshot.order and snapshot.cash.inserted_minor:
        inserted = seen.amount(snapshot.cash.inserted_minor, snapshot.order.currency)
        text = say(FINISHING[seen.aloud], seconds=seconds, amount=inserted)
    else:
        text = say(CLOSING[seen.aloud], seconds=seconds)
    more_time = button("more_time", say("More time"))
    return DialogView(say("Are you still here?"), text, more_time, remaining=seconds / snapshot.warn_s, seconds=seconds)


def last_call(seen: Seen) -> BannerView | None:
    """The last seconds of the offer itself: nothing can be asked, and the buyer must see what they are doing."""
    snapshot, say = seen.snapshot, seen.say
    if not snapshot.last_call or not is_warned(snapshot) or snapshot.order is None or snapshot.cash is None:
        return None
    inserted = seen.amount(snapshot.cash.inserted_minor, snapshot.order.currency)
    text = LAST_CALL[seen.aloud] if snapshot.cash.inserted_minor else LAST_CALL_EMPTY[seen.aloud]
    return BannerView(Tone.WARN, say(text, seconds=snapshot.seconds_left, amount=inserted))
