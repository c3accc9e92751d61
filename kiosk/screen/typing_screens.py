"""The screens on which something is typed: an order's number, a code, a field of a service, a name to search for. Pure.

Answers for: the echo of what was typed, the right keys for it, and what is still missing, calmly, while somebody types. Does not
answer for: whether it is right (the till decides), where keys stand (`keyboards`).
"""

from collections.abc import Callable

from kiosk.domain.catalogue import SLOTS, Field, FieldKind, in_language
from kiosk.domain.codes import CODE_CHARACTERS, in_groups
from kiosk.domain.fields import Fault, check_field, formatted, may_follow
from kiosk.link.messages import Availability, NoticeCode
from kiosk.screen import browsing as browse
from kiosk.screen import glass as glasses
from kiosk.screen import keyboards
from kiosk.screen.amounts import clipped, grouped
from kiosk.screen.choosing import about, banner, choices_screen, label_of, purse
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.keyboards import COLUMNS, Row
from kiosk.screen.phrases import NOTICES
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, ButtonView, Chrome, EntryView, KeyView, TilesView, Tone, TypingView

HINT_LETTERS_MAX = 160
NUMBER_LETTERS_MAX = 24
BLANK = "_"
TAKES_BACK = frozenset({"erase", "erase_all"})


def order_screen(seen: Seen) -> EntryView:
    """The number of an order."""
    say, typed = seen.say, seen.glass.typed
    where = say("You will find it in the shop's confirmation.")
    scan = say("You can also scan its code.")
    return EntryView(
        chrome=_chrome(seen, ready=bool(typed), leads_home=glasses.has_home(seen.glass)),
        dialog=still_there(seen),
        about=purse(seen),
        title=say("Type the order number"),
        where=f"{where} {scan}" if seen.snapshot.scanner else where,
        number=grouped(typed),
        placeholder=say("order number"),
        banner=banner(seen),
        keys=_keypad(seen, typed=bool(typed)),
    )


def code_screen(seen: Seen) -> TypingView:
    """A code from a slip: told at once where it is mistyped."""
    say, typed = seen.say, seen.glass.typed
    missing, wrong = CODE_CHARACTERS - len(typed), glasses.is_mistyped(typed)
    mistyped = BannerView(Tone.WARN, say(NOTICES[NoticeCode.CODE_MISTYPED])) if wrong else None
    left = say.many("{count} more character", "{count} more characters", missing) if typed and missing else ""
    where = say("It stands on your slip: four groups of four letters and digits.")
    scan = say("You can also scan it.")
    return TypingView(
        chrome=_chrome(seen, ready=not missing and not wrong, hint=left),
        dialog=still_there(seen),
        title=say("The code from your slip"),
        where=f"{where} {scan}" if seen.snapshot.scanner else where,
        number=in_groups(typed.ljust(CODE_CHARACTERS, BLANK)) if typed else "",
        placeholder=in_groups(BLANK * CODE_CHARACTERS),
        banner=banner(seen) or mistyped,
        rows=_keyboard(keyboards.code_keyboard(say("Clear")), typed, lambda _: missing > 0),
        columns=COLUMNS,
    )


def search_screen(seen: Seen) -> TypingView:
    """A part of a service's name."""
    say, query = seen.say, seen.glass.browsing.query
    found = glasses.found(seen.glass)
    count = say.many("{count} service found", "{count} services found", len(found))
    nothing = say("Nothing is called so. Try fewer letters, or go back and look through the services.")
    return TypingView(
        chrome=_chrome(seen, ready=bool(found), next_word=say("Show"), hint=count if query and found else ""),
        dialog=still_there(seen),
        title=say("Find a service"),
        where=say("Type a part of its name, or of the payee's name."),
        number=_ending(query),
        placeholder=say("name of the service"),
        banner=banner(seen) if found or not query else BannerView(Tone.WARN, nothing),
        rows=_text_keyboard(seen, query, lambda _: len(query) < browse.QUERY_LETTERS_MAX),
        columns=COLUMNS,
    )


def field_screen(seen: Seen) -> TilesView | EntryView | TypingView:
    """One field of a service: a choice, or something to type on the keys it needs."""
    field = browse.field_of(seen.glass.browsing)
    if field.kind is FieldKind.CHOICE:
        return choices_screen(seen)
    return _lettered(seen, field) if keyboards.needs_letters(field) else _numbered(seen, field)


def _numbered(seen: Seen, field: Field) -> EntryView:
    text = browse.text_of(seen.glass.browsing)
    plus = field.kind is FieldKind.PHONE and not field.mask and not text
    return EntryView(
        chrome=_chrome(seen, ready=browse.is_ready(seen.glass.browsing), hint=_missing(seen, field, text)),
        dialog=still_there(seen),
        about=about(seen),
        title=label_of(seen, field.labels),
        where=_hint(seen, field),
        number=_echo(field, text),
        placeholder=_placeholder(seen, field),
        banner=banner(seen),
        keys=_keypad(seen, typed=bool(text), plus=plus),
    )


def _lettered(seen: Seen, field: Field) -> TypingView:
    text = browse.text_of(seen.glass.browsing)

    def takes(character: str) -> bool:
        return may_follow(field, text, character)

    email = keyboards.email_keyboard(seen.say("Clear"))
    rows = _keyboard(email, text, takes) if keyboards.is_address(field) else _text_keyboard(seen, text, takes)
    return TypingView(
        chrome=_chrome(seen, ready=browse.is_ready(seen.glass.browsing), hint=_missing(seen, field, text)),
        dialog=still_there(seen),
        title=f"{about(seen)} · {label_of(seen, field.labels)}",
        where=_hint(seen, field),
        number=_echo(field, text),
        placeholder=_placeholder(seen, field),
        banner=banner(seen),
        rows=rows,
        columns=COLUMNS,
    )


def _chrome(seen: Seen, *, ready: bool, hint: str = "", next_word: str = "", leads_home: bool = True) -> Chrome:
    say = seen.say
    ready = ready and seen.snapshot.availability is Availability.OPEN
    return chrome(
        seen.snapshot,
        say,
        step=0,
        secondary=button("back" if leads_home else "cancel", say("Back")),
        primary=button("next", next_word or say("Next"), enabled=ready),
        hint=hint,
        switchable=True,
    )


def _hint(seen: Seen, field: Field) -> str:
    return clipped(in_language(field.hints, seen.say.language), HINT_LETTERS_MAX)


def _echo(field: Field, text: str) -> str:
    return _ending(formatted(field, text, BLANK)) if text else ""


def _placeholder(seen: Seen, field: Field) -> str:
    return _ending(formatted(field, "", BLANK)) if field.mask else label_of(seen, field.labels)


def _ending(number: str) -> str:
    """What is too long for its line is shown from its end, where it is being typed."""
    return number if len(number) <= NUMBER_LETTERS_MAX else "…" + number[1 - NUMBER_LETTERS_MAX :]


def _missing(seen: Seen, field: Field, text: str) -> str:
    """What the field still wants, in calm words; nothing before the first character and nothing once it is content."""
    say, fault = seen.say, check_field(field, text)
    if not text:
        return "" if field.min_length else say("You may leave this empty.")
    if fault is Fault.TOO_SHORT and _is_of_digits(field):
        return say.many("{count} more digit", "{count} more digits", field.min_length - len(text))
    if fault is Fault.TOO_SHORT:
        return say.many("{count} more character", "{count} more characters", field.min_length - len(text))
    if fault is Fault.NO_ADDRESS:
        return say("It needs an @ in the middle.")
    return ""


def _is_of_digits(field: Field) -> bool:
    if field.mask:
        return not SLOTS.intersection(field.mask) - {"#"}
    return field.kind in {FieldKind.DIGITS, FieldKind.PHONE}


def _keypad(seen: Seen, *, typed: bool, plus: bool = False) -> tuple[ButtonView, ...]:
    """Digits as on a telephone, and two ways to take back; before a number that may begin with it, a plus."""
    return (
        *(button(f"key:{digit}", str(digit)) for digit in range(1, 10)),
        button("key:+", "+") if plus else button("erase_all", seen.say("Clear"), enabled=typed),
        button("key:0", "0"),
        button("erase", "⌫", enabled=typed),
    )


def _text_keyboard(seen: Seen, text: str, takes: Callable[[str], bool]) -> tuple[tuple[KeyView, ...], ...]:
    layouts = keyboards.layouts_for(seen.snapshot.languages)
    layout = keyboards.layout_of(seen.glass.browsing.layout, layouts, seen.say.language)
    rows = keyboards.text_keyboard(layout, layouts, seen.say("Space"), seen.say("Clear"))
    return _keyboard(rows, text, takes)


def _keyboard(rows: tuple[Row, ...], text: str, takes: Callable[[str], bool]) -> tuple[tuple[KeyView, ...], ...]:
    """Keys that would do nothing now are off: what may follow is seen before it is typed."""
    return tuple(
        tuple(KeyView(key.role, key.text, _is_on(key.role, text, takes), key.span) for key in row) for row in rows
    )


def _is_on(role: str, text: str, takes: Callable[[str], bool]) -> bool:
    name, _, character = role.partition(":")
    if name == "key":
        return takes(character)
    return bool(text) if name in TAKES_BACK else True
