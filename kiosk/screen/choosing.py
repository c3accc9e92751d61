"""The screens on which a buyer chooses what to pay for: home, shelves, fields of a service. Pure.

Answers for: every word on them. Does not answer for: where the buyer is (`browsing`), entry of an order's number (`presenter`).
"""

from kiosk.domain.catalogue import TOP, FieldKind, Group, Labels, Service, in_language, shelf
from kiosk.domain.fields import formatted
from kiosk.link.messages import Availability
from kiosk.screen import browsing as browse
from kiosk.screen import glass as glasses
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.phrases import CLOSED, NOTICES
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, ButtonView, Chrome, EntryView, TilesView, TileView, Tone

HOME_ROWS, SHELF_ROWS = 1, 3
LABEL_LETTERS_MAX = 44
NOTE_LETTERS_MAX = 80
HINT_LETTERS_MAX = 160
NUMBER_LETTERS_MAX = 24
BLANK = "_"


def home(seen: Seen) -> TilesView:
    """An order by its number, or a service."""
    say = seen.say
    groups = [item for item in shelf(seen.glass.catalogue, TOP) if isinstance(item, Group)]
    names = ", ".join(_label(seen, group.labels) for group in groups)
    return TilesView(
        chrome=chrome(seen.snapshot, say, step=0, secondary=button("cancel", say("Back")), switchable=True),
        dialog=still_there(seen),
        about="",
        title=say("What would you like to pay for?"),
        tiles=(
            TileView("order", say("An order"), say("You have an order number from a shop")),
            TileView("services", say("Services"), clipped(names, NOTE_LETTERS_MAX)),
        ),
        rows=HOME_ROWS,
        banner=banner(seen),
    )


def shelf_screen(seen: Seen) -> TilesView:
    """What stands on the shelf, a page at a time."""
    at, catalogue = seen.glass.browsing, seen.glass.catalogue
    items = browse.items(at, catalogue)
    opened = next((group for group in catalogue.groups if at.way and group.group_id == at.way[-1]), None)
    return TilesView(
        chrome=_paged(seen, at.page, len(items)),
        dialog=still_there(seen),
        about="",
        title=_label(seen, opened.labels) if opened else seen.say("Choose a service"),
        tiles=tuple(_tile(seen, item) for item in items[_page(at.page)]),
        rows=SHELF_ROWS,
        banner=banner(seen),
    )


def _tile(seen: Seen, item: Group | Service) -> TileView:
    label = _label(seen, item.labels)
    if isinstance(item, Group):
        return TileView(f"group:{item.group_id}", label, leads=True)
    payee = clipped(item.payee, NOTE_LETTERS_MAX)
    return TileView(f"service:{item.service_id}", label or payee, payee if label and payee != label else "")


def field_screen(seen: Seen) -> TilesView | EntryView:
    """One field of a service: a choice, or something to type."""
    return _choices(seen) if browse.field_of(seen.glass.browsing).kind is FieldKind.CHOICE else _typing(seen)


def _choices(seen: Seen) -> TilesView:
    at = seen.glass.browsing
    field = browse.field_of(at)
    return TilesView(
        chrome=_paged(seen, at.choices_page, len(field.choices)),
        dialog=still_there(seen),
        about=_about(seen),
        title=_label(seen, field.labels),
        tiles=tuple(
            TileView(f"choice:{choice.value}", _label(seen, choice.labels) or clipped(choice.value, LABEL_LETTERS_MAX))
            for choice in field.choices[_page(at.choices_page)]
        ),
        rows=SHELF_ROWS,
        banner=banner(seen),
    )


def _typing(seen: Seen) -> EntryView:
    say, at = seen.say, seen.glass.browsing
    field, text = browse.field_of(at), browse.text_of(at)
    ready = browse.is_ready(at) and seen.snapshot.availability is Availability.OPEN
    label = _label(seen, field.labels)
    return EntryView(
        chrome=chrome(
            seen.snapshot,
            say,
            step=0,
            secondary=button("back", say("Back")),
            primary=button("next", say("Next"), enabled=ready),
            switchable=True,
        ),
        dialog=still_there(seen),
        about=_about(seen),
        title=label,
        where=clipped(in_language(field.hints, say.language), HINT_LETTERS_MAX),
        number=_ending(formatted(field, text, BLANK)) if text else "",
        placeholder=_ending(formatted(field, "", BLANK)) if field.mask else label,
        banner=banner(seen),
        keys=keys(seen, typed=bool(text)),
    )


def _ending(number: str) -> str:
    """A number too long for its line is shown from its end, where it is being typed."""
    return number if len(number) <= NUMBER_LETTERS_MAX else "…" + number[1 - NUMBER_LETTERS_MAX :]


def keys(seen: Seen, *, typed: bool) -> tuple[ButtonView, ...]:
    """Digits as on a telephone, and two ways to take back."""
    return (
        *(button(f"key:{digit}", str(digit)) for digit in range(1, 10)),
        button("erase_all", seen.say("Clear"), enabled=typed),
        button("key:0", "0"),
        button("erase", "⌫", enabled=typed),
    )


def banner(seen: Seen) -> BannerView | None:
    """Why nothing can be begun now, or why the buyer is not further."""
    if seen.snapshot.availability is not Availability.OPEN:
        return BannerView(Tone.BAD, seen.say(CLOSED[seen.snapshot.availability][1]))
    notice = glasses.notice(seen.glass)
    return BannerView(Tone.WARN, seen.say(NOTICES[notice])) if notice else None


def _paged(seen: Seen, page: int, count: int) -> Chrome:
    say, pages = seen.say, browse.pages_of(count)
    several = pages > 1
    return chrome(
        seen.snapshot,
        say,
        step=0,
        secondary=button("back", say("Back")),
        primary=button("more", say("More")) if several else None,
        hint=say("Page {page} of {pages}", page=page + 1, pages=pages) if several else "",
        switchable=True,
    )


def _page(page: int) -> slice:
    return slice(page * browse.TILES_MAX, (page + 1) * browse.TILES_MAX)


def _about(seen: Seen) -> str:
    """The service somebody is filling in."""
    service = seen.glass.browsing.service
    return service_name(service, seen.say.language) if service else ""


def service_name(service: Service, language: str) -> str:
    """A service as its buyers know it."""
    return clipped(in_language(service.labels, language) or service.payee, LABEL_LETTERS_MAX)


def _label(seen: Seen, labels: Labels) -> str:
    return clipped(in_language(labels, seen.say.language), LABEL_LETTERS_MAX)
