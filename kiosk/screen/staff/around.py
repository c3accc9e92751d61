"""What surrounds every screen for people with keys: who is signed in, the way back, what became of the last act. Pure.

Answers for: frame, banners, questions that may come over any page. Does not answer for: the pages themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.link.messages import Snapshot
from kiosk.link.staff import StaffView, ToldView
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.seen import Seen
from kiosk.screen.staff.desk import Desk, home, page
from kiosk.screen.staff.phrases import RESTARTS, ROLES, TOLD
from kiosk.screen.staff.touches import resume_reason
from kiosk.screen.views import BannerView, ButtonView, Chrome, DialogView, Tone
from kiosk.screen.words import OWN_NAMES, Words

NAME_LETTERS_MAX = 28
CAUSE_LETTERS_MAX = 90


def staff_of(seen: Seen) -> StaffView:
    """Who is signed in."""
    assert seen.snapshot.staff is not None, "these pages are of Phase.SERVICE"
    return seen.snapshot.staff


def languages(seen: Seen) -> tuple[ButtonView, ...]:
    """The other languages of this kiosk; the buyers' own stays as it is."""
    return tuple(
        ButtonView(f"staff:language:{language}", OWN_NAMES[language])
        for language in seen.snapshot.languages
        if language != seen.say.language and language in OWN_NAMES
    )


def around(
    seen: Seen,
    *,
    primary: ButtonView | None = None,
    secondary: ButtonView | None = None,
    hint: str = "",
    steps: tuple[str, ...] = (),
    step: int = -1,
) -> Chrome:
    """The frame of a page. Without `secondary` the way back is there: a page back, or out."""
    say, staff, desk = seen.say, staff_of(seen), seen.glass.desk
    at_home = not desk.way
    made = chrome(
        seen.snapshot, say, primary=primary, secondary=secondary or _way_back(say, at_home=at_home), hint=hint
    )
    person = f"{clipped(staff.person, NAME_LETTERS_MAX)} · {say(ROLES[staff.role])}"
    shown = languages(seen) if at_home else ()
    return replace(made, heading=person, steps=steps, step=step, languages=shown, ease=None)


def _way_back(say: Words, *, at_home: bool) -> ButtonView:
    return button("staff:sign_out", say("Sign out")) if at_home else button("staff:back", say("Back"))


def without_secondary(made: Chrome) -> Chrome:
    """Where there is no way back."""
    return replace(made, secondary=None)


def listed(seen: Seen, count: int, at_once: int) -> tuple[Chrome, slice]:
    """The frame of a list that may have several pages, and which part of it is shown; after the last page comes the first."""
    say, pages = seen.say, max(1, -(-count // at_once))
    turned = seen.glass.desk.turned % pages
    more = button("staff:turn:1", say("More")) if pages > 1 else None
    hint = say("Page {page} of {pages}", page=turned + 1, pages=pages) if pages > 1 else ""
    return around(seen, primary=more, hint=hint), slice(turned * at_once, (turned + 1) * at_once)


def at_home(seen: Seen) -> bool:
    """Whether this is the page somebody begins on."""
    staff = staff_of(seen)
    return page(seen.glass.desk, staff) is home(staff)


def told(seen: Seen) -> BannerView | None:
    """What became of the last act on this page."""
    desk, view = seen.glass.desk, staff_of(seen).told
    return _told(seen, view) if view and _is_about_it(desk, seen.snapshot) else None


def _is_about_it(desk: Desk, snapshot: Snapshot) -> bool:
    return 0 <= desk.acted < snapshot.revision


def _told(seen: Seen, view: ToldView) -> BannerView:
    tone, text = TOLD[view.notice]
    cause = clipped(dict(view.values).get("cause", ""), CAUSE_LETTERS_MAX)
    return BannerView(tone, seen.say(text, cause=cause).strip())


def latched(seen: Seen) -> BannerView | None:
    """That no notes are taken, and why, as long as it is so."""
    reason = clipped(staff_of(seen).latched, CAUSE_LETTERS_MAX)
    return BannerView(Tone.BAD, seen.say("No banknotes are taken: {reason}.", reason=reason)) if reason else None


def dialog(seen: Seen) -> DialogView | None:
    """What is asked before something is done, or whether anybody is still there."""
    name, _, rest = seen.glass.desk.question.partition(":")
    asked = _QUESTIONS.get(name)
    return still_there(seen) or (asked(seen, rest) if asked else None)


def _question(seen: Seen, title: str, text: str, yes: str) -> DialogView:
    return DialogView(title, text, button("staff:yes", yes), button("staff:no", seen.say("Back")))


def _restart(seen: Seen, part: str) -> DialogView:
    title, text = RESTARTS[part]
    return _question(seen, f"{seen.say(title)}?", seen.say(text), seen.say("Restart"))


def _resume(seen: Seen, number: str) -> DialogView:
    say = seen.say
    return _question(
        seen, say("Take banknotes again?"), resume_reason(seen.glass.desk, say, number), say("Take banknotes")
    )


def _abandon(seen: Seen, _rest: str) -> DialogView:
    say = seen.say
    text = say("The box stays where it is, nothing is closed, and the kiosk takes banknotes again.")
    go_on, give_up = button("staff:no", say("Go on")), button("staff:yes", say("Give up"))
    return DialogView(say("Give the collection up?"), text, go_on, give_up)


def _keep(seen: Seen, _rest: str) -> DialogView:
    say = seen.say
    text = say("They stay in the box, booked as test money, and come back with the next collection.")
    return _question(seen, say("Keep the notes that are tried?"), text, say("Keep them"))


_QUESTIONS: Mapping[str, Callable[[Seen, str], DialogView]] = {
    "restart": _restart,
    "resume": _resume,
    "abandon": _abandon,
    "keep": _keep,
}
