"""Where a buyer is in the catalogue, and what they have typed so far: the screen's own until the till is asked. Pure.

Answers for: shelves, pages, fields one after another, the way back. Does not answer for: what a touch on an order's number means
(`glass`), looks (`choosing`), whether what was typed is right: the till decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.domain.catalogue import TOP, Catalogue, Field, FieldKind, Group, Service, narrowed, service_of, shelf
from kiosk.domain.fields import check_field, may_follow
from kiosk.link import messages as m

TILES_MAX = 6  #: on one page


class At(StrEnum):
    """Which screen of choosing is shown."""

    HOME = "home"  #: an order by its number, or a service
    ORDER = "order"
    SHELF = "shelf"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Browsing:
    """`way`: the groups that were opened, outermost first. `texts`: what was typed into each field of `service`; `field`: which
    of them is shown. `page` of the shelf, `choices_page` of a field that is chosen from. `asked`: the texts the till was asked
    about, until something is changed.
    """

    at: At = At.HOME
    way: tuple[str, ...] = ()
    page: int = 0
    service: Service | None = None
    texts: tuple[str, ...] = ()
    field: int = 0
    choices_page: int = 0
    asked: tuple[str, ...] | None = None


NOWHERE = Browsing()
Step = tuple[Browsing, m.LookUpService | None]


def can_be_typed(service: Service) -> bool:
    """Whether this screen has the keys for every field: digits and choices. Only this function knows that it has no letters."""
    return not any(
        field.kind in {FieldKind.TEXT, FieldKind.EMAIL} or (field.kind is not FieldKind.CHOICE and "A" in field.mask)
        for field in service.fields
    )


def typeable(catalogue: Catalogue) -> Catalogue:
    """What of a catalogue this screen can offer."""
    return narrowed(catalogue, can_be_typed)


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
    chosen = replace(browsing, service=service, texts=("",) * len(service.fields), field=0, choices_page=0, asked=None)
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
    return replace(browsing, field=browsing.field + 1, choices_page=0), None


def back(browsing: Browsing) -> Browsing:
    """One step towards home."""
    if browsing.at is At.FIELD and browsing.field:
        return replace(browsing, field=browsing.field - 1, choices_page=0)
    if browsing.at is At.FIELD:
        return Browsing(At.SHELF, browsing.way, browsing.page)
    if browsing.at is At.SHELF and browsing.way:
        return Browsing(At.SHELF, browsing.way[:-1])
    return NOWHERE


def turn_page(browsing: Browsing, catalogue: Catalogue) -> Browsing:
    """The next one; after the last the first."""
    if browsing.at is At.FIELD:
        pages = pages_of(len(field_of(browsing).choices))
        return replace(browsing, choices_page=(browsing.choices_page + 1) % pages)
    return replace(browsing, page=(browsing.page + 1) % pages_of(len(items(browsing, catalogue))))


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
DOORS: Mapping[str, Browsing] = {"order": Browsing(At.ORDER), "services": Browsing(At.SHELF)}
