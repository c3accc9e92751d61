"""Signing in as far as the screen knows it: number, PIN, one-time code, one after another. Pure.

Answers for: what is typed, when it goes to the till, and when it is forgotten: as soon as it is of no more use. Does not answer
for: who may come in, and how long after wrong tries: the till says.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.link.staff import SignIn, SignInState, SignInView

NUMBER_DIGITS_MAX = 8
PIN_DIGITS_MAX = 12
CODE_DIGITS_MAX = 8
IDLE_S = 60.0  #: without a touch the buyers have their screen back


class Wanted(StrEnum):
    """What is to be typed now."""

    NUMBER = "number"
    PIN = "pin"
    CODE = "code"


DIGITS_MAX = {Wanted.NUMBER: NUMBER_DIGITS_MAX, Wanted.PIN: PIN_DIGITS_MAX, Wanted.CODE: CODE_DIGITS_MAX}


@dataclass(frozen=True, slots=True)
class Form:
    """`pin` and `code` are in no repr. `tried`: something was sent, so that what the till says is about this person;
    `awaits`: it has not said it yet. `idle_s`: since the last touch. `wait_s`: before the next try.
    """

    wanted: Wanted = Wanted.NUMBER
    number: str = ""
    pin: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    tried: bool = False
    awaits: bool = False
    idle_s: float = 0.0
    wait_s: float = 0.0


Filled = tuple[Form | None, SignIn | None]


def text_of(form: Form) -> str:
    """What is typed into the field that is shown."""
    return {Wanted.NUMBER: form.number, Wanted.PIN: form.pin, Wanted.CODE: form.code}[form.wanted]


def with_text(form: Form, text: str) -> Form:
    """Something else in it. What the till said of the try before is read by then."""
    clean = replace(form, tried=form.tried and form.wait_s > 0)
    match form.wanted:
        case Wanted.NUMBER:
            return replace(clean, number=text)
        case Wanted.PIN:
            return replace(clean, pin=text)
        case Wanted.CODE:
            return replace(form, code=text)


def key(form: Form, digit: str) -> Form:
    """One more digit, if there is room."""
    text = text_of(form)
    return with_text(form, text + digit) if len(text) < DIGITS_MAX[form.wanted] and digit.isdigit() else form


def erase(form: Form, count: int | None) -> Form:
    """`count` digits from the end, or all."""
    return with_text(form, text_of(form)[: -count if count else 0])


def is_ready(form: Form) -> bool:
    """Whether the field that is shown may be left forwards."""
    return bool(text_of(form)) and not form.awaits and form.wait_s <= 0


def enter(form: Form) -> Filled:
    """From the number to the PIN, from the PIN or the code to the till."""
    if not is_ready(form):
        return form, None
    if form.wanted is Wanted.NUMBER:
        return replace(form, wanted=Wanted.PIN, pin="", tried=False), None
    return replace(form, tried=True, awaits=True), SignIn(form.number, form.pin, form.code)


def back(form: Form) -> Form | None:
    """One step towards the buyers; None is there."""
    return None if form.wanted is Wanted.NUMBER else Form(number=form.number, wait_s=form.wait_s, tried=form.wait_s > 0)


def told(form: Form, before: SignInView | None, now: SignInView | None) -> Form:
    """The till spoke. Secrets are kept only where they are wanted again."""
    if not form.tried or now is None or (now == before and not form.awaits):
        return form
    match now.state:
        case SignInState.CHECKING:
            return replace(form, awaits=True)
        case SignInState.CODE_WANTED:
            return replace(form, wanted=Wanted.CODE, code="", awaits=False)
        case _:
            return Form(number=form.number, tried=True, idle_s=form.idle_s, wait_s=float(now.wait_s))


def waited(form: Form, elapsed_s: float) -> Form | None:
    """Time went by; None when nobody has touched the glass for too long."""
    idle_s = form.idle_s + elapsed_s
    return None if idle_s >= IDLE_S else replace(form, idle_s=idle_s, wait_s=max(0.0, form.wait_s - elapsed_s))
