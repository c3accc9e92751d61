"""The screens on which a buyer chooses what to pay for: shelves, what was found, fields that are chosen from. Pure.

Answers for: every word on them, and what stands above all screens of choosing. Does not answer for: where the buyer is
(`browsing`), the home screen (`home`), whatever is typed (`typing_screens`).
"""

from collections.abc import Sequence

from kiosk.domain.catalogue import Group, Labels, Service, in_language
from kiosk.link.messages import Availability
from kiosk.screen import browsing as browse
from kiosk.screen import glass as glasses
from kiosk.screen.amounts import clipped
from kiosk.screen.chrome import button, chrome, still_there
from kiosk.screen.phrases import CLOSED, NOTICES
from kiosk.screen.seen import Seen
from kiosk.screen.views import BannerView, Chrome, TilesView, TileView, Tone

SHELF_ROWS = 3
LABEL_LETTERS_MAX = 44
NOTE_LETTERS_MAX = 80


def shelf_screen(seen: Seen) -> TilesView:
    """What stands on the shelf, a page at a time."""
    at, catalogue = seen.glass.browsing, seen.glass.catalogue
    opened = next((group for group in catalogue.groups if at.way and group.group_id == at.way[-1]), None)
    title = label_of(seen, opened.labels) if opened else seen.say("Choose a service")
    return _page_of(seen, title, browse.items(at, catalogue))


def results_screen(seen: Seen) -> TilesView:
    """What was found, a page at a time."""
    found = glasses.found(seen.glass)
    return _page_of(seen, seen.say.many("{count} service found", "{count} services found", len(found)), found)


def _page_of(seen: Seen, title: str, items: Sequence[Group | Service]) -> TilesView:
    page = seen.glass.browsing.page
    return TilesView(
        chrome=_paged(seen, page, len(items)),
        dialog=still_there(seen),
        about=purse(seen),
        title=title,
        tiles=tuple(tile(seen, item) for item in items[_page(page)]),
        rows=SHELF_ROWS,
        banner=banner(seen),
    )


def tile(seen: Seen, item: Group | Service) -> TileView:
    """A group or a service to choose."""
    label = label_of(seen, item.labels)
    if isinstance(item, Group):
        return TileView(f"group:{item.group_id}", label, leads=True)
    payee = clipped(item.payee, NOTE_LETTERS_MAX)
    return TileView(f"service:{item.service_id}", label or payee, payee if label and payee != label else "")


def choices_screen(seen: Seen) -> TilesView:
    """A field that is chosen from."""
    at = seen.glass.browsing
    field = browse.field_of(at)
    return TilesView(
        chrome=_paged(seen, at.choices_page, len(field.choices)),
        dialog=still_there(seen),
        about=about(seen),
        title=label_of(seen, field.labels),
        tiles=tuple(
            TileView(
                f"choice:{choice.value}", label_of(seen, choice.labels) or clipped(choice.value, LABEL_LETTERS_MAX)
            )
            for choice in field.choices[_page(at.choices_page)]
        ),
        rows=SHELF_ROWS,
        banner=banner(seen),
    )


def banner(seen: Seen) -> BannerView | None:
    """Why nothing can be begun now, or why the buyer is not further."""
    if seen.snapshot.availability is not Availability.OPEN:
        return BannerView(Tone.BAD, seen.say(CLOSED[seen.snapshot.availability][1]))
    notice = glasses.notice(seen.glass)
    return BannerView(Tone.WARN, seen.say(NOTICES[notice])) if notice else None


def purse(seen: Seen) -> str:
    """What the buyer pays with, where it is no cash."""
    code = seen.snapshot.code
    return seen.say("{amount} from your code", amount=seen.amount(code.open_minor, code.currency)) if code else ""


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


def about(seen: Seen) -> str:
    """The service somebody is filling in, and what they pay with."""
    service = seen.glass.browsing.service
    parts = (service_name(service, seen.say.language) if service else "", purse(seen))
    return " · ".join(part for part in parts if part)


def service_name(service: Service, language: str) -> str:
    """A service as its buyers know it."""
    return clipped(in_language(service.labels, language) or service.payee, LABEL_LETTERS_MAX)


def label_of(seen: Seen, labels: Labels) -> str:
    """A name out of the catalogue, no longer than there is room for."""
    return clipped(in_language(labels, seen.say.language), LABEL_LETTERS_MAX)
