"""A screen in words for the ear. Pure: view and focus in, utterances out.

Answers for: what is said of a screen that is new and of what changed on it, of the control that has the focus, of the time that
is left. Does not answer for: the words on the screen (which are presented `aloud`), who says it (`voice`), when (`senses`).
Every view is read the same way, field by field in the order in which it is declared, so that no view can be forgotten; the tables
below name the few fields that are for the eye alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from kiosk.screen.aloud import Utterance, is_number, spelt
from kiosk.screen.amounts import NBSP
from kiosk.screen.views import Chrome, DialogView, NoteRowView, Pair, View
from kiosk.screen.words import OWN_NAMES, Words, mark

#: Fields that are for the eye, or said otherwise.
SILENT = frozenset({"chrome", "dialog", "qr", "placeholder", "no_notes", "notes_label", "others", "number"})
#: Fields that are said with a new screen, and not when they change while it is shown.
CALM = frozenset({"accepted", "accepted_label", "steps", "promise"})
COUNTDOWN_S = (10, 5)  #: of the time that is left this is said too

#: Controls whose sign says nothing to the ear, by the name of their role.
NAMES: Mapping[str, str] = {
    "erase": mark("Erase the last character"),
    "erase_all": mark("Erase everything"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a buyer who listens has before them. `view` is presented aloud; `focus`: role of the control that has it, or empty;
    `seconds_left`: of a time that is being warned of, else -1. `typing`: what is typed into the field that is shown.
    """

    view: View
    scene: object
    say: Words
    focus: str = ""
    seconds_left: int = -1
    typing: str = ""


def utterances(before: Heard | None, now: Heard) -> tuple[Utterance, ...]:
    """What to say now, in this order; the first one interrupts unless it waits. Nothing where nothing changed for the ear."""
    if before is None or before.scene != now.scene or before.say != now.say:
        return (*_utter(now, (*_how(before, now), *_whole(now)), waits=False), *_focus(now, waits=True))
    if _question(now.view) != _question(before.view):
        return (*_utter(now, (*_asked(now), *_counted(before, now)), waits=False), *_focus(now, waits=True))
    typed = _typed(before, now)
    changed = (*_changed(before, now), *_counted(before, now))
    moved = _focus(now, waits=bool(typed or changed)) if now.focus != before.focus else ()
    return (*_utter(now, typed, waits=False), *_utter(now, changed, waits=True), *moved)


def labels(view: View) -> Mapping[str, str]:
    """Everything that can be touched, by role: what it is called."""
    found: dict[str, str] = {}
    for item in _walk(view):
        role, text = getattr(item, "role", ""), getattr(item, "text", "")
        if role:
            note = getattr(item, "note", "") or getattr(item, "purpose", "")
            found.setdefault(role, f"{text}. {note}" if note else text)
    return found


def _walk(item: object) -> Iterator[object]:
    """`item` and all that is in it, in order; a question before what it covers."""
    yield item
    if isinstance(item, tuple):
        for part in item:
            yield from _walk(part)
    elif is_dataclass(item):
        for field in sorted(fields(item), key=lambda field: field.name != "dialog"):
            yield from _walk(getattr(item, field.name))


def _utter(now: Heard, texts: tuple[str, ...], *, waits: bool) -> tuple[Utterance, ...]:
    text = " ".join(_sentence(text) for text in texts if text)
    return (Utterance(text, now.say.language, waits=waits),) if text else ()


def _sentence(text: str) -> str:
    text = text.replace(NBSP, " ")
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."


def _how(before: Heard | None, now: Heard) -> tuple[str, ...]:
    """What a buyer must know who has just begun to listen."""
    if before is not None:
        return ()
    return (now.say("The arrow keys move, Enter chooses, Escape goes back, the digits type."),)


def _whole(now: Heard) -> tuple[str, ...]:
    if now.view.dialog is not None:
        return _asked(now)
    chrome = now.view.chrome
    step = (chrome.steps[chrome.step],) if 0 <= chrome.step < len(chrome.steps) else ()
    typed = (spelt(now.typing, now.say),) if now.typing else ()
    return (*step, *_parts(now, with_calm=True), *typed, chrome.hint, *_next(now, chrome))


def _next(now: Heard, chrome: Chrome) -> tuple[str, ...]:
    """What the screen is for."""
    if chrome.primary is None or not chrome.primary.enabled:
        return ()
    return (now.say("To go on: {action}", action=chrome.primary.text),)


def _question(view: View) -> tuple[str, str] | None:
    return (view.dialog.title, view.dialog.primary.role) if view.dialog else None


def _asked(now: Heard) -> tuple[str, ...]:
    dialog: DialogView | None = now.view.dialog
    return (dialog.title, dialog.text) if dialog else ()


def _parts(now: Heard, *, with_calm: bool) -> tuple[str, ...]:
    """What stands on the screen, part by part."""
    view = now.view
    wanted = [field.name for field in fields(view) if field.name not in SILENT]
    shown = [getattr(view, name) for name in wanted if with_calm or name not in CALM]
    return tuple(text for item in shown for text in _texts(item, now.say) if text)


def _texts(item: object, say: Words) -> Iterator[str]:
    match item:
        case Pair(label=label, value=value):
            yield f"{label}: {spelt(value, say) if is_number(value) else value}"
        case NoteRowView(value=value, fate=fate):
            yield f"{value}: {fate}"
        case tuple() if all(isinstance(part, str) for part in item):
            yield ", ".join(str(part) for part in item)
        case tuple():
            for part in item:
                yield from _texts(part, say)
        case str() if _is_words(item):
            yield spelt(item, say) if is_number(item) else item
        case _ if not getattr(item, "role", "") and isinstance(getattr(item, "text", None), str):
            yield item.text  # type: ignore[attr-defined] # a banner


def _is_words(text: str) -> bool:
    """Not a member of an enum, such as a tone."""
    return type(text) is str


def _typed(before: Heard, now: Heard) -> tuple[str, ...]:
    """The characters that came, one by one; or that some went."""
    if now.typing == before.typing:
        return ()
    if now.typing.startswith(before.typing):
        return (spelt(now.typing[len(before.typing) :], now.say),)
    return (now.say("Erased"), spelt(now.typing[-1:], now.say)) if now.typing else (now.say("Erased"),)


def _changed(before: Heard, now: Heard) -> tuple[str, ...]:
    """What stands on the screen now and did not before."""
    if now.view.dialog is not None:
        return ()
    known = Counter(_parts(before, with_calm=False))
    new = []
    for part in _parts(now, with_calm=False):
        known[part] -= 1
        if known[part] < 0:
            new.append(part)
    return tuple(new)


def _counted(before: Heard, now: Heard) -> tuple[str, ...]:
    """The time that is left, when the warning begins and twice after."""
    marks = (now.seconds_left, *COUNTDOWN_S) if before.seconds_left < 0 else COUNTDOWN_S
    crossed = [mark_s for mark_s in marks if now.seconds_left <= mark_s and not 0 <= before.seconds_left <= mark_s]
    if now.seconds_left < 0 or not crossed:
        return ()
    return (now.say("Seconds left: {seconds}", seconds=now.seconds_left),)


def _focus(now: Heard, *, waits: bool) -> tuple[Utterance, ...]:
    """The control that Enter would choose; a language in that language."""
    if not now.focus:
        return ()
    name, _, argument = now.focus.partition(":")
    if name == "language" and argument in OWN_NAMES:
        return (Utterance(_sentence(labels(now.view).get(now.focus, OWN_NAMES[argument])), argument, waits=waits),)
    text = now.say(NAMES[name]) if name in NAMES else labels(now.view).get(now.focus, "")
    return _utter(now, (spelt(text, now.say) if is_number(text) else text,), waits=waits)
