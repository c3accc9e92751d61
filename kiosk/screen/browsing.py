"""Where a buyer is in the catalogue, and what they have typed so far: the screen's own until the till is asked. Pure.

Answers for: shelves, pages, searching, fields one after another, the way back. Does not answer for: what a touch on the number of
an order or a code means (`glass`), what is found (`searching`), looks (`choosing`), whether what was typed is right: the till
decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.domain.catalogue import TOP, Catalogue, Field, Group, Service, service_of, shelf
from kiosk.domain.fields import check_field, may_follow
from kiosk.link import messages as m

TILES_MAX = 6  #: on one page
QUERY_LETTERS_MAX = 30


class At(StrEnum):
    """Which screen of choosing is shown."""

    HOME = "home"  #: an order by its number, a service, a code
    ORDER = "order"
    CODE = "code"
    SHELF = "shelf"
    SEARCH = "search"
    RESULTS = "results"  #: what was found
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Browsing:
    """`way`: the groups that were opened, outermost first. `query`: what is sought. `texts`: what was typed into each field of
    `service`, which was chosen at `origin`; `field`: which of them is shown. `page` of the tiles, `choices_page` of a field that
    is chosen from. `asked`: the texts the till was asked about, until something is changed. `layout`: the keyboard chosen.
    """

    at: At = At.HOME
    way: tuple[str, ...] = ()
    page: int = 0
    query: str = ""
    origin: At = At.HOME
    service: Service | None = None
    texts: tuple[str, ...] = ()
    field: int = 0
    choices_page: int = 0
    asked: tuple[str, ...] | None = None
    layout: str = ""


NOWHERE = Browsing()
Step = tuple[Browsing, m.LookUpService | None]


def still_there(browsing: Browsing, catalogue: Catalogue) -> Browsing:
    """The same place in a newer catalogue, or home if it is not there any more."""
    groups = {group.group_id for group in catalogue.groups}
    service = browsing.service
    gone = service is not None and service_of(catalogue, service.service_id) != service
    return NOWHERE if gone or not groups.issuperset(browsing.way) else replace(browsing, page=0)


def items(browsing: Browsing, catalogue: Catalogue) -> tuple[Group | Service, ...]:
    """What stands on the shelf that is shown."""
    return shelf(catalogue, browsing.way[-1] if browsing.way else TOP)


def field_of(browsing: Browsing) -> Field:
    """The field that is shown."""
    assert browsing.service is not None, "a field is shown of a service"
    return browsing.service.fields[browsing.field]


def text_of(browsing: Browsing) -> str:
    """What is typed into it."""
    return browsing.texts[browsing.field]


def is_ready(browsing: Browsing) -> bool:
    """Whether the field that is shown may be left forwards."""
    return check_field(field_of(browsing), text_of(browsing)) is None


def pages_of(count: int) -> int:
    """How many pages so many tiles take."""
    return max(1, -(-count // TILES_MAX))


def open_group(browsing: Browsing, group_id: str) -> Browsing:
    """Onto a shelf."""
    return replace(browsing, at=At.SHELF, way=(*browsing.way, group_id), page=0, asked=None)


def choose_service(browsing: Browsing, catalogue: Catalogue, service_id: str) -> Step:
    """To its first field; a service without any is asked about at once."""
    service = service_of(catalogue, service_id)
    if service is None:
        return browsing, None
    texts = ("",) * len(service.fields)
    chosen = replace(
        browsing, origin=browsing.at, service=service, texts=texts, field=0, choices_page=0, asked=None, layout=""
    )
    return (replace(chosen, at=At.FIELD), None) if service.fields else _ask(chosen)


def _ask(browsing: Browsing) -> Step:
    service = browsing.service
    assert service is not None, "only a service is asked about"
    typed = tuple((field.name, text) for field, text in zip(service.fields, browsing.texts, strict=True))
    return replace(browsing, asked=browsing.texts), m.LookUpService(service.service_id, typed)


def forward(browsing: Browsing) -> Step:
    """To the next field, or to the till after the last."""
    if not is_ready(browsing):
        return browsing, None
    if browsing.field + 1 == len(browsing.texts):
        return _ask(browsing)
    return replace(browsing, field=browsing.field + 1, choices_page=0, layout=""), None


def back(browsing: Browsing) -> Browsing:
    """One step towards home."""
    if browsing.at is At.FIELD and browsing.field:
        return replace(browsing, field=browsing.field - 1, choices_page=0, layout="")
    if browsing.at is At.FIELD:
        return Browsing(browsing.origin, browsing.way, browsing.page, browsing.query)
    if browsing.at is At.SHELF and browsing.way:
        return Browsing(At.SHELF, browsing.way[:-1])
    if browsing.at is At.RESULTS:
        return Browsing(At.SEARCH, query=browsing.query)
    return NOWHERE


def turn_page(browsing: Browsing, count: int) -> Browsing:
    """The next one of `count` tiles; after the last the first."""
    if browsing.at is At.FIELD:
        return replace(browsing, choices_page=(browsing.choices_page + 1) % pages_of(count))
    return replace(browsing, page=(browsing.page + 1) % pages_of(count))


def seek(browsing: Browsing, query: str) -> Browsing:
    """Something else to look for."""
    return replace(browsing, query=query[:QUERY_LETTERS_MAX])


def show_results(browsing: Browsing) -> Browsing:
    """To what was found."""
    return Browsing(At.RESULTS, query=browsing.query)


def with_text(browsing: Browsing, text: str) -> Browsing:
    """Something else in the field that is shown."""
    texts = (*browsing.texts[: browsing.field], text, *browsing.texts[browsing.field + 1 :])
    return replace(browsing, texts=texts, asked=None)


def key(browsing: Browsing, character: str) -> Browsing:
    """One more character, if the field takes it there."""
    text = text_of(browsing)
    return with_text(browsing, text + character) if may_follow(field_of(browsing), text, character) else browsing


def choose(browsing: Browsing, value: str) -> Step:
    """One of the field's choices, and on."""
    return forward(with_text(browsing, value)) if browsing.at is At.FIELD else (browsing, None)


#: Where a role of the home screen leads.
DOORS: Mapping[str, Browsing] = {
    "order": Browsing(At.ORDER),
    "services": Browsing(At.SHELF),
    "search": Browsing(At.SEARCH),
    "code": Browsing(At.CODE),
}
