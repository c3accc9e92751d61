"""The catalogue as a file people edit: TOML → draft with every fault named, and draft → TOML.

Answers for: what a catalogue must be to be published. Does not answer for: keeping it (`catalogue`), what a field's value must
look like (`fields`).
Amounts are texts ("12.50"), in the currency of the shop whose service it is; so is the payee's name the shop's.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk import terminal_api as api
from kiosk.aggregator.catalogue.catalogue_reading import Faults, Reader
from kiosk.domain.money import format_major
from kiosk.terminal_api import AmountKind, FieldKind, Overpay

GROUPS_MAX, SERVICES_MAX, FIELDS_MAX, CHOICES_MAX = 500, 5000, 20, 50
MASK_MAX, LENGTH_MAX, VALUE_MAX = 64, 200, 200
PLACES = "#A*"  #: of a mask: a digit, a letter, any character
ACCOUNTS = "accounts"  #: the payee's accounts are in our own table (`payees`)


class CatalogueError(Exception):
    """A catalogue that cannot be taken; `faults` are all that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class KnownShop:
    """What a service takes from its shop."""

    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A service, whose it is (`login`), and which system is asked before cash (`asks`; empty: none)."""

    service: api.Service
    login: str
    asks: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole catalogue, in the order it is shown."""

    groups: tuple[api.Group, ...]
    offers: tuple[Offer, ...]


def read(text: str, shops: Mapping[str, KnownShop]) -> Draft:
    """A file's catalogue. Raises CatalogueError with every fault."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError([f"not TOML: {error}"]) from error
    faults = Faults()
    reader = Reader(whole, "", faults)
    groups = tuple(_group(table) for table in reader.tables("group", GROUPS_MAX, "id"))
    offers = tuple(_offer(table, shops) for table in reader.tables("service", SERVICES_MAX, "id"))
    reader.end()
    _check_groups(groups, faults)
    _check_offers(groups, offers, faults)
    if faults.found:
        raise CatalogueError(faults.found)
    return Draft(groups, offers)


def _group(table: Reader) -> api.Group:
    group = api.Group(
        group_id=table.identifier("id"),
        labels=table.labels("labels"),
        parent=table.identifier("parent", needed=False),
        icon=table.identifier("icon", needed=False),
    )
    table.end()
    return group


def _offer(table: Reader, shops: Mapping[str, KnownShop]) -> Offer:
    login = table.text("shop", 64)
    shop = shops.get(login)
    if shop is None and login:
        table.fault("shop", f"there is no shop {login!r}; add it first")
    shop = shop or KnownShop("", "EUR")
    amount = table.choice("amount", AmountKind) or AmountKind.OPEN
    min_minor, max_minor = _limits(table, amount, shop.currency)
    asks = table.text("ask", 16, needed=False)
    fields = tuple(_field(field) for field in table.tables("field", FIELDS_MAX, "name"))
    service = api.Service(
        service_id=table.identifier("id"),
        group_id=table.identifier("group"),
        labels=table.labels("labels"),
        payee=shop.name,
        currency=shop.currency,
        amount=amount,
        min_minor=min_minor,
        max_minor=max_minor,
        overpay=table.choice("overpay", Overpay, Overpay.HOLD) or Overpay.HOLD,
        fields=fields,
        icon=table.identifier("icon", needed=False),
        promoted=table.flag("promoted"),
    )
    _check_asking(table, service, asks)
    table.end()
    return Offer(service, login, asks)


def _limits(table: Reader, amount: AmountKind, currency: str) -> tuple[int, int]:
    """Least and most. A fixed price is written as such; what is due may be any sum."""
    if amount is AmountKind.FIXED:
        return table.amount("price", currency), 0
    least = table.amount("min", currency, needed=amount is AmountKind.OPEN)
    most = table.amount("max", currency, needed=False)
    if most and most < least:
        table.fault("max", "is less than min")
    return least or 1, most


def _check_asking(table: Reader, service: api.Service, asks: str) -> None:
    if asks not in {"", ACCOUNTS}:
        table.fault("ask", f"is {ACCOUNTS!r} or is not written")
    if service.amount is AmountKind.DUE and not asks:
        table.fault("ask", f"is needed where the payee says how much: write {ACCOUNTS!r}")
    if asks and not service.fields:
        table.fault("field", "is needed: the first one is the account that is asked about")
    names = [field.name for field in service.fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault(f"field.{name}", "is there twice")


def _field(table: Reader) -> api.Field:
    kind = table.choice("kind", FieldKind) or FieldKind.TEXT
    mask = table.text("mask", MASK_MAX, needed=False)
    places = sum(mask.count(place) for place in PLACES)
    if mask and not places:
        table.fault("mask", "has no # (digit), A (letter) or * (any character) to fill in")
    longest = places or LENGTH_MAX
    max_length = table.number("max_length", 1, longest, longest)
    choices = tuple(_choice(choice) for choice in table.tables("choice", CHOICES_MAX, "value"))
    if bool(choices) != (kind is FieldKind.CHOICE):
        table.fault("choice", "is needed for a field of kind choice, and for no other")
    field = api.Field(
        name=table.identifier("name"),
        kind=kind,
        labels=table.labels("labels"),
        hints=table.labels("hints", needed=False),
        mask=mask,
        min_length=table.number("min_length", 0, max_length, places or 1),
        max_length=max_length,
        personal=table.flag("personal"),
        choices=choices,
    )
    table.end()
    return field


def _choice(table: Reader) -> api.Choice:
    choice = api.Choice(table.text("value", VALUE_MAX), table.labels("labels"))
    table.end()
    return choice


def _check_groups(groups: tuple[api.Group, ...], faults: Faults) -> None:
    parents = {group.group_id: group.parent for group in groups}
    _check_unique("group", [group.group_id for group in groups], faults)
    for group in groups:
        if group.parent and group.parent not in parents:
            faults.add(f"group.{group.group_id}.parent", f"there is no group {group.parent!r}")
        elif group.group_id in _above(group.group_id, parents):
            faults.add(f"group.{group.group_id}.parent", "stands in itself")


def _above(group_id: str, parents: Mapping[str, str]) -> set[str]:
    """Every group `group_id` stands in."""
    found: set[str] = set()
    while (group_id := parents.get(group_id, "")) and group_id not in found:
        found.add(group_id)
    return found


def _check_offers(groups: tuple[api.Group, ...], offers: tuple[Offer, ...], faults: Faults) -> None:
    known = {group.group_id for group in groups}
    _check_unique("service", [offer.service.service_id for offer in offers], faults)
    for offer in offers:
        if offer.service.group_id and offer.service.group_id not in known:
            faults.add(f"service.{offer.service.service_id}.group", f"there is no group {offer.service.group_id!r}")


def _check_unique(what: str, ids: list[str], faults: Faults) -> None:
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        faults.add(f"{what}.{one}", "is there twice")


# --- and back -----------------------------------------------------------------------------------------------------------


def write(draft: Draft) -> str:
    """The draft as a file; `read` gives it back."""
    parts = ["# Groups stand on the home screen in this order; amounts are in the currency of the service's shop."]
    for group in draft.groups:
        values = {"id": group.group_id, "parent": group.parent, "icon": group.icon, "labels": dict(group.labels)}
        parts.append(_table("group", _without_nothing(values)))
    for offer in draft.offers:
        parts.append(_table("service", _service_values(offer)))
        for field in offer.service.fields:
            parts.append(_table("service.field", _field_values(field)))
            parts.extend(
                _table("service.field.choice", {"value": one.value, "labels": dict(one.labels)})
                for one in field.choices
            )
    return "\n".join(parts) + "\n"


def _service_values(offer: Offer) -> dict[str, Any]:
    service = offer.service
    return _without_nothing(
        {
            "id": service.service_id,
            "group": service.group_id,
            "shop": offer.login,
            "labels": dict(service.labels),
            "amount": service.amount.value,
            **dict(_written_limits(service)),
            "overpay": service.overpay.value,
            "ask": offer.asks,
            "icon": service.icon,
            "promoted": service.promoted,
        }
    )


def _written_limits(service: api.Service) -> Iterator[tuple[str, str]]:
    least = "price" if service.amount is AmountKind.FIXED else "min"
    yield least, format_major(service.min_minor, service.currency)
    if service.max_minor:
        yield "max", format_major(service.max_minor, service.currency)


def _field_values(field: api.Field) -> dict[str, Any]:
    values = {
        "name": field.name,
        "kind": field.kind.value,
        "labels": dict(field.labels),
        "hints": dict(field.hints),
        "mask": field.mask,
        "max_length": field.max_length,
        "personal": field.personal,
    }
    return {**_without_nothing(values), "min_length": field.min_length}


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _table(name: str, values: dict[str, Any]) -> str:
    return f"\n[[{name}]]\n{_lines(values)}"


def _lines(values: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in values.items())


def _value(value: Any) -> str:
    """JSON's texts, numbers and truth values are TOML's too; an inline table differs in its signs."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(words)}" for key, words in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
