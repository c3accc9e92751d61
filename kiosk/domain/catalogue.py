"""What may be paid for beside orders: groups of services, and the fields a buyer fills in. Pure.

Answers for: the shapes, words by language, what of a catalogue can be offered here and in which order. Does not answer for:
what may be typed into a field (`fields`), signatures and files (`till.catalogue_file`), looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.domain.facts import OverpayPolicy

FALLBACK_LANGUAGE = "en"
TOP = ""  #: the parent of the groups a buyer sees first

Labels = Mapping[str, str]  #: language → words


class FieldKind(StrEnum):
    """Which keyboard a field needs."""

    DIGITS = "digits"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"


class AmountKind(StrEnum):
    """Who says how much: the catalogue, the payee when it is asked, or the buyer by what they put in."""

    FIXED = "fixed"
    DUE = "due"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Field:
    """What a buyer fills in. `mask`: `#` a digit, `A` a letter, `*` any character, all else stands as it is and is not sent;
    empty: free text. `min_length`, `max_length` count what is sent. `personal`: shown and printed in part only.
    """

    name: str
    kind: FieldKind
    labels: Labels
    hints: Labels
    mask: str
    min_length: int
    max_length: int
    personal: bool
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A shelf; `parent`: the one it stands in, TOP for none."""

    group_id: str
    labels: Labels
    parent: str = TOP
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Something payable. Amounts in minor units of `currency`; `max_minor` 0: no limit of the payee's.

    `promoted`: shown first.
    """

    service_id: str
    group_id: str
    labels: Labels
    payee: str
    currency: str
    amount: AmountKind
    min_minor: int
    max_minor: int
    overpay: OverpayPolicy
    fields: tuple[Field, ...]
    icon: str = ""
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`version` only grows; 0: there is none."""

    version: int = 0
    groups: tuple[Group, ...] = ()
    services: tuple[Service, ...] = ()


NO_CATALOGUE = Catalogue()


def in_language(labels: Labels, language: str) -> str:
    """Words in `language`, else in English, else in any."""
    found = labels.get(language) or labels.get(FALLBACK_LANGUAGE)
    return found or next((words for words in labels.values() if words), "")


def service_of(catalogue: Catalogue, service_id: str) -> Service | None:
    """The service of that id."""
    return next((service for service in catalogue.services if service.service_id == service_id), None)


def offered(catalogue: Catalogue, currency: str) -> Catalogue:
    """What of a catalogue can be paid for here: services in the terminal's currency that can be filled in."""
    return narrowed(catalogue, lambda service: service.currency == currency and is_sound(service))


def narrowed(catalogue: Catalogue, keep: Callable[[Service], bool]) -> Catalogue:
    """A catalogue of those services a buyer can get to and `keep` wants, and of the groups that lead to one of them."""
    reachable = _reachable(catalogue.groups)
    services = tuple(s for s in catalogue.services if s.group_id in reachable and keep(s))
    used = set[str]()
    for service in services:
        used.update(reachable[service.group_id])
    groups = tuple(group for group in catalogue.groups if group.group_id in used)
    return replace(catalogue, groups=groups, services=services)


def _reachable(groups: tuple[Group, ...]) -> Mapping[str, tuple[str, ...]]:
    """Group id → the way to it from the top, itself included. What stands in a circle or in nothing is not there."""
    parents = {group.group_id: group.parent for group in groups}
    ways: dict[str, tuple[str, ...]] = {}
    for group in groups:
        way, here = [group.group_id], group.parent
        while here in parents and here not in way:
            way.append(here)
            here = parents[here]
        if here == TOP:
            ways[group.group_id] = tuple(reversed(way))
    return ways


def is_sound(service: Service) -> bool:
    """Whether the service can be filled in and paid at all: a catalogue may be right in form and still make no sense."""
    names = {field.name for field in service.fields}
    amounts = service.min_minor > 0 and (not service.max_minor or service.min_minor <= service.max_minor)
    return amounts and len(names) == len(service.fields) and all(_can_be_filled(field) for field in service.fields)


def _can_be_filled(field: Field) -> bool:
    if field.kind is FieldKind.CHOICE:
        return bool(field.choices)
    return field.min_length <= longest(field)


#: Signs of a mask that stand for a character to be typed.
SLOTS = frozenset("#A*")


def longest(field: Field) -> int:
    """How many characters may be sent."""
    slots = sum(sign in SLOTS for sign in field.mask)
    return min(field.max_length, slots) if field.mask else field.max_length


def shelf(catalogue: Catalogue, group_id: str) -> tuple[Group | Service, ...]:
    """What stands on one shelf, in the catalogue's order: what is promoted, then groups, then all else. The top shelf shows
    what is promoted anywhere.
    """
    here = [s for s in catalogue.services if s.group_id == group_id or (group_id == TOP and s.promoted)]
    groups = [group for group in catalogue.groups if group.parent == group_id]
    return (*(s for s in here if s.promoted), *groups, *(s for s in here if not s.promoted))
