"""The screens on which somebody signs in: number, PIN, one-time code. Pure.

Answers for: every word on them, and that a PIN is only ever dots. Does not answer for: what is typed (`signing`).
"""

from dataclasses import replace

from kiosk.link.staff import SignInState, SignInView
from kiosk.screen.chrome import button, chrome
from kiosk.screen.seen import Seen
from kiosk.screen.staff.around import languages
from kiosk.screen.staff.keys import digits
from kiosk.screen.staff.phrases import SIGN_IN, WANTED
from kiosk.screen.staff.signing import IDLE_S, Form, Wanted, is_ready, text_of
from kiosk.screen.views import BannerView, ButtonView, Chrome, DialogView, EntryView, StatusView, Tone

DOT = "●"
FIRST_PERSON = "kiosk user add"
WARN_S = 20  #: before an entrance is closed again


def entrance(seen: Seen, form: Form) -> EntryView | StatusView:
    """Whichever is wanted now, or a moment's patience."""
    answer = seen.snapshot.sign_in if form.tried else None
    if form.awaits:
        return StatusView(chrome=_chrome(seen, None), dialog=None, tone=Tone.BUSY, title=seen.say("Checking…"), text="")
    title, where, placeholder = WANTED[form.wanted]
    say, text = seen.say, text_of(form)
    return EntryView(
        chrome=_chrome(seen, button("staff:enter", _enter_text(seen, form), enabled=is_ready(form))),
        dialog=_still_there(seen, form),
        about="",
        title=say(title),
        where=say(where),
        number=text if form.wanted is Wanted.NUMBER else DOT * len(text),
        placeholder=say(placeholder),
        banner=_banner(seen, form, answer) if answer else None,
        keys=digits(say, text, enabled=form.wait_s <= 0),
    )


def _enter_text(seen: Seen, form: Form) -> str:
    return seen.say("Next") if form.wanted is Wanted.NUMBER else seen.say("Sign in")


def _chrome(seen: Seen, primary: ButtonView | None) -> Chrome:
    back = button("staff:back", seen.say("Back"))
    made = chrome(seen.snapshot, seen.say, secondary=back, primary=primary)
    return replace(made, languages=languages(seen), ease=None)


def _banner(seen: Seen, form: Form, answer: SignInView) -> BannerView | None:
    """What the till said of the last try, until something else is typed; a wait as long as it lasts."""
    if answer.state is SignInState.WAIT and form.wait_s <= 0:
        return None
    tone, text = SIGN_IN[answer.state]
    return BannerView(tone, seen.say(text, seconds=max(1, round(form.wait_s)), command=FIRST_PERSON))


def _still_there(seen: Seen, form: Form) -> DialogView | None:
    """The last seconds before the buyers have their screen back."""
    seconds = round(IDLE_S - form.idle_s)
    if seconds > WARN_S:
        return None
    say = seen.say
    text = say("This screen will close in {seconds} s.", seconds=seconds)
    stay = button("staff:stay", say("More time"))
    return DialogView(say("Are you still here?"), text, stay, remaining=seconds / WARN_S, seconds=seconds)
