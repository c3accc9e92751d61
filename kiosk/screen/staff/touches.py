"""What a touch on a screen for people with keys means: another page, a letter, or a command for the till. Pure.

Answers for: the roles that begin with "staff:". Does not answer for: pages (`desk`), signing in (`signing`), typing (`typing`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.domain.receipts import Device
from kiosk.link import staff as s
from kiosk.link.messages import Command, Snapshot
from kiosk.screen.staff import desk as desks
from kiosk.screen.staff import signing, typing
from kiosk.screen.staff.desk import NOBODY, Copying, Desk, Page, Settling, closed, opened
from kiosk.screen.staff.phrases import RESUME_REASONS
from kiosk.screen.words import Words

TOUCH_FIELDS = 80


@dataclass(frozen=True, slots=True)
class At:
    """Before what a touch is made. `staff` is None while nobody is signed in."""

    desk: Desk
    snapshot: Snapshot | None

    @property
    def staff(self) -> s.StaffView | None:
        """Who is signed in, and all they may see."""
        return self.snapshot.staff if self.snapshot else None

    @property
    def say(self) -> Words:
        """In the language of the staff."""
        return Words.of(language(self.desk, self.snapshot))


Touched = tuple[Desk, Command | None]


def language(desk: Desk, snapshot: Snapshot | None) -> str:
    """What the staff chose, else the kiosk's own."""
    return desk.language or (snapshot.language if snapshot else "")


def touched(desk: Desk, snapshot: Snapshot | None, argument: str) -> Touched:
    """`argument`: what follows "staff:" in a role."""
    name, _, rest = argument.partition(":")
    after, command = _TOUCHES[name](At(desk, snapshot), rest)
    if after.form is not None:
        after = replace(after, form=replace(after.form, idle_s=0.0))
    if command is not None and not isinstance(command, s.SignIn) and snapshot is not None:
        after = replace(after, acted=snapshot.revision)
    return after, command


# --- signing in ---------------------------------------------------------------------------------------------------


def _open(at: At, _rest: str) -> Touched:
    if at.desk.form is None and desks.may_open(at.snapshot):
        return replace(NOBODY, form=signing.Form()), None
    return at.desk, None


def _back(at: At, _rest: str) -> Touched:
    """From the form towards buyers; from a page to the one before."""
    if at.desk.form is not None:
        form = signing.back(at.desk.form)
        return (NOBODY if form is None else replace(at.desk, form=form)), None
    again = typing.back(at.desk, at.staff)
    return (closed(at.desk) if again is None else again), None


def _enter(at: At, _rest: str) -> Touched:
    if at.desk.form is not None:
        form, command = signing.enter(at.desk.form)
        return replace(at.desk, form=form), command
    return typing.enter(at.desk, at.staff)


def _key(at: At, character: str) -> Touched:
    if at.desk.form is not None:
        return replace(at.desk, form=signing.key(at.desk.form, character)), None
    return typing.key(at.desk, at.staff, character), None


def _erase(at: At, count: int | None) -> Touched:
    if at.desk.form is not None:
        return replace(at.desk, form=signing.erase(at.desk.form, count)), None
    return replace(at.desk, text=at.desk.text[: -count if count else 0]), None


# --- pages --------------------------------------------------------------------------------------------------------


def _page(at: At, name: str) -> Touched:
    page = Page(name)
    return opened(at.desk, page), s.AskLog() if page is Page.LOG else None


def _part(at: At, name: str) -> Touched:
    return opened(replace(at.desk, device=Device(name)), Page.PART), None


def _check(at: At, name: str) -> Touched:
    return at.desk, s.RunChecks(Device(name) if name else None)


def _turn(at: At, by: str) -> Touched:
    return replace(at.desk, turned=max(0, at.desk.turned + int(by))), None


# --- questions ----------------------------------------------------------------------------------------------------


def _ask(at: At, question: str) -> Touched:
    return replace(at.desk, question=question), None


def _yes(at: At, _rest: str) -> Touched:
    """Whatever the question was about."""
    name, _, rest = at.desk.question.partition(":")
    answer = _ANSWERS.get(name)
    return replace(at.desk, question=""), answer(at, rest) if answer else None


def resume_reason(desk: Desk, say: Words, number: str) -> str:
    """One of those to choose from, or what was typed."""
    return say(RESUME_REASONS[int(number)]) if number.isdigit() else desk.text.strip()


#: By the name of a question: what is told to the till when it is answered with yes.
_ANSWERS: Mapping[str, Callable[[At, str], Command]] = {
    "restart": lambda _at, part: s.RestartPart(part),
    "resume": lambda at, number: s.ResumeAcceptance(resume_reason(at.desk, at.say, number)),
    "abandon": lambda _at, _rest: s.AbandonCollection(),
    "keep": lambda _at, _rest: s.BeginNoteTest(keep=True),
}


def scanned(desk: Desk, snapshot: Snapshot | None, text: str) -> Desk:
    """A scanner read the number that is asked for."""
    return typing.scanned(desk, snapshot.staff if snapshot else None, text)


# --- the touch picture --------------------------------------------------------------------------------------------


def _reach(at: At, number: str) -> Touched:
    """One field was touched; the last one ends it."""
    reached = at.desk.reached | {int(number)}
    after = replace(at.desk, reached=reached)
    return _reached(At(after, at.snapshot), "") if len(reached) == TOUCH_FIELDS else (after, None)


def _reached(at: At, _rest: str) -> Touched:
    missed = TOUCH_FIELDS - len(at.desk.reached)
    return closed(at.desk), s.ScreenTested(TOUCH_FIELDS, missed)


# --- receipts and cases -------------------------------------------------------------------------------------------


def _by(at: At, by: str) -> Touched:
    to = Page.COPY_REASON if by == typing.LAST else Page.COPY_NAME
    return opened(replace(at.desk, copying=Copying(by)), to), None


def _case(at: At, case_id: str) -> Touched:
    return opened(replace(at.desk, settling=Settling(case_id)), Page.CASE), None


def _resolution(at: At, name: str) -> Touched:
    settling = replace(at.desk.settling, resolution=s.Resolution(name))
    return opened(replace(at.desk, settling=settling), Page.CASE_REASON), None


def _tells(command: Command) -> Callable[[At, str], Touched]:
    return lambda at, _rest: (at.desk, command)


#: By the name of a role. What follows its colon is the argument.
_TOUCHES: Mapping[str, Callable[[At, str], Touched]] = {
    "open": _open,
    "back": _back,
    "enter": _enter,
    "key": _key,
    "erase": lambda at, _: _erase(at, 1),
    "layout": lambda at, layout: (replace(at.desk, layout=layout), None),
    "erase_all": lambda at, _: _erase(at, None),
    "stay": lambda at, _: (at.desk, None),
    "language": lambda at, language: (replace(at.desk, language=language), None),
    "sign_out": _tells(s.SignOut()),
    "page": _page,
    "part": _part,
    "turn": _turn,
    "check": _check,
    "ask": _ask,
    "yes": _yes,
    "no": lambda at, _: (replace(at.desk, question=""), None),
    "notes": _tells(s.BeginNoteTest(keep=False)),
    "end_notes": _tells(s.EndNoteTest()),
    "test_page": _tells(s.PrintTestSlip()),
    "report": _tells(s.PrintServiceReport()),
    "log": _tells(s.AskLog()),
    "reach": _reach,
    "reached": _reached,
    "by": _by,
    "reason": lambda at, number: typing.reason(at.desk, at.staff, at.say, int(number)),
    "x_report": _tells(s.PrintXReport()),
    "begin": _tells(s.BeginCollection()),
    "go_on": _tells(s.GoOn()),
    "put_in": lambda at, _: (replace(at.desk, text="", collecting=replace(at.desk.collecting, inserted=True)), None),
    "finish": lambda at, _: (replace(closed(at.desk), follows=False), None),
    "sheet": lambda at, number: (at.desk, s.PrintSheet(int(number))),
    "case": _case,
    "resolution": _resolution,
    "settle": lambda at, _: typing.settle(at.desk),
}
