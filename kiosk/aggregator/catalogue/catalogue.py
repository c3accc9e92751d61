"""What terminals may offer: a draft, and published versions that are signed and never change.

Answers for: keeping the draft whole, publishing it for every currency, giving a terminal its catalogue, finding a published
service. Does not answer for: files (`catalogue_file`), quotes (`quotes`).
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk import terminal_api as api
from kiosk.aggregator.catalogue.catalogue_file import CatalogueError, Draft, KnownShop, Offer, read
from kiosk.aggregator.catalogue.catalogue_key import CatalogueKey
from kiosk.aggregator.moments import now_us, rfc3339
from kiosk.aggregator.storage.catalogue import (
    catalogue_body,
    catalogue_field,
    catalogue_group,
    catalogue_offer,
    catalogue_service,
    catalogue_version,
)
from kiosk.aggregator.storage.database import reading, run_writing
from kiosk.aggregator.storage.fleet import terminal_about
from kiosk.aggregator.storage.merchants import merchant
from kiosk.domain.money import EXPONENTS

ANY_CURRENCY = ""  #: what a terminal gets that never said its own
BODY_BYTES_MAX = 4 * 2**20

_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Published:
    """The exact bytes of one terminal's catalogue."""

    etag: str
    body: bytes
    signature: str


# --- the draft --------------------------------------------------------------------------------------------------------


def import_draft(engine: sa.Engine, text: str) -> Draft:
    """The draft becomes what the file says, and nothing else. Raises CatalogueError with every fault of it."""
    return run_writing(engine, lambda db: _import(db, text))


def _import(db: sa.Connection, text: str) -> Draft:
    draft = read(text, _shops(db))
    for table in (catalogue_field, catalogue_service, catalogue_group):
        db.execute(table.delete())
    for place, group in enumerate(draft.groups):
        values = {"group_id": group.group_id, "parent": group.parent, "icon": group.icon}
        db.execute(catalogue_group.insert().values(**values, place=place, labels=_json(group.labels)))
    for place, offer in enumerate(draft.offers):
        db.execute(catalogue_service.insert().values(**_service_row(offer), place=place))
        rows = [_field_row(offer.service.service_id, at, field) for at, field in enumerate(offer.service.fields)]
        if rows:
            db.execute(catalogue_field.insert(), rows)
    return draft


def _shops(db: sa.Connection) -> dict[str, KnownShop]:
    rows = db.execute(sa.select(merchant.c.login, merchant.c.name, merchant.c.currency)).all()
    return {row.login: KnownShop(row.name, row.currency) for row in rows}


def _service_row(offer: Offer) -> dict[str, Any]:
    service = offer.service
    return {
        "service_id": service.service_id,
        "group_id": service.group_id,
        "login": offer.login,
        "labels": _json(service.labels),
        "amount_kind": service.amount.value,
        "min_minor": service.min_minor,
        "max_minor": service.max_minor,
        "overpay": service.overpay.value,
        "payee_system": offer.asks,
        "icon": service.icon,
        "promoted": service.promoted,
    }


def _field_row(service_id: str, place: int, field: api.Field) -> dict[str, Any]:
    return {
        "service_id": service_id,
        "place": place,
        "name": field.name,
        "kind": field.kind.value,
        "labels": _json(field.labels),
        "hints": _json(field.hints),
        "mask": field.mask,
        "min_length": field.min_length,
        "max_length": field.max_length,
        "personal": field.personal,
        "choices": _json(field.choices),
    }


def _json(value: Any) -> str:
    return _encoder.encode(value).decode()


def draft(engine: sa.Engine) -> Draft:
    """The draft as it is, with names and currencies of shops as they are now."""
    with reading(engine) as db:
        return _draft(db)


def _draft(db: sa.Connection) -> Draft:
    groups = db.execute(sa.select(catalogue_group).order_by(catalogue_group.c.place)).all()
    services = db.execute(
        sa.select(catalogue_service, merchant.c.name, merchant.c.currency)
        .join(merchant, merchant.c.login == catalogue_service.c.login)
        .order_by(catalogue_service.c.place)
    ).all()
    fields: dict[str, list[api.Field]] = {}
    for row in db.execute(sa.select(catalogue_field).order_by(catalogue_field.c.place)).all():
        fields.setdefault(row.service_id, []).append(_field(row))
    return Draft(
        tuple(api.Group(row.group_id, msgspec.json.decode(row.labels), row.parent, row.icon) for row in groups),
        tuple(_offer(row, tuple(fields.get(row.service_id, ()))) for row in services),
    )


def _offer(row: sa.Row[Any], fields: tuple[api.Field, ...]) -> Offer:
    service = api.Service(
        service_id=row.service_id,
        group_id=row.group_id,
        labels=msgspec.json.decode(row.labels),
        payee=row.name,
        currency=row.currency,
        amount=api.AmountKind(row.amount_kind),
        min_minor=row.min_minor,
        max_minor=row.max_minor,
        overpay=api.Overpay(row.overpay),
        fields=fields,
        icon=row.icon,
        promoted=row.promoted,
    )
    return Offer(service, row.login, row.payee_system)


def _field(row: sa.Row[Any]) -> api.Field:
    return api.Field(
        name=row.name,
        kind=api.FieldKind(row.kind),
        labels=msgspec.json.decode(row.labels),
        hints=msgspec.json.decode(row.hints),
        mask=row.mask,
        min_length=row.min_length,
        max_length=row.max_length,
        personal=row.personal,
        choices=msgspec.json.decode(row.choices, type=tuple[api.Choice, ...]),
    )


# --- published versions -------------------------------------------------------------------------------------------------


def publish(engine: sa.Engine, key: CatalogueKey, person: str) -> int:
    """Make the draft the newest version, signed. Returns its number. Raises CatalogueError when there is nothing in it."""
    return run_writing(engine, lambda db: _publish(db, key, person))


def _publish(db: sa.Connection, key: CatalogueKey, person: str) -> int:
    whole = _draft(db)
    if not whole.offers:
        raise CatalogueError(["the draft has no service; import a file first"])
    version, at_us = newest_version(db) + 1, now_us()
    db.execute(catalogue_version.insert().values(version=version, issued_us=at_us, issued_by=person))
    for currency in (ANY_CURRENCY, *EXPONENTS):
        body = _encoder.encode(_for_currency(whole, currency, version, rfc3339(at_us)))
        if len(body) > BODY_BYTES_MAX:
            raise CatalogueError([f"the catalogue has more than {BODY_BYTES_MAX} bytes"])
        values = {"version": version, "currency": currency, "body": body, "signature": key.sign(body)}
        db.execute(catalogue_body.insert().values(**values))
    offers = [
        {
            "version": version,
            "service_id": offer.service.service_id,
            "login": offer.login,
            "payee_system": offer.asks,
            "service": _json(offer.service),
        }
        for offer in whole.offers
    ]
    db.execute(catalogue_offer.insert(), offers)
    return version


def _for_currency(whole: Draft, currency: str, version: int, issued_at: str) -> api.Catalogue:
    """Services in that currency, and the groups they stand in."""
    services = tuple(o.service for o in whole.offers if currency in {ANY_CURRENCY, o.service.currency})
    parents = {group.group_id: group.parent for group in whole.groups}
    needed: set[str] = set()
    for service in services:
        group_id = service.group_id
        while group_id and group_id not in needed:
            needed.add(group_id)
            group_id = parents[group_id]
    groups = tuple(group for group in whole.groups if group.group_id in needed)
    return api.Catalogue(version, issued_at, groups, services)


def newest_version(db: sa.Connection) -> int:
    """0 while nothing was published."""
    return int(db.execute(sa.select(sa.func.max(catalogue_version.c.version))).scalar() or 0)


def for_terminal(engine: sa.Engine, number: str) -> Published | None:
    """The newest catalogue in the terminal's currency; None while nothing was published."""
    with reading(engine) as db:
        currency = db.execute(sa.select(terminal_about.c.currency).where(terminal_about.c.terminal == number)).scalar()
        newest = catalogue_body.c.version == newest_version(db)
        of_currency = catalogue_body.c.currency == (currency or ANY_CURRENCY)
        found = db.execute(sa.select(catalogue_body).where(newest, of_currency)).one_or_none()
    if found is None:
        return None
    etag = f'"{found.version}-{found.currency}"' if found.currency else f'"{found.version}"'
    return Published(etag, found.body, found.signature)


def find(db: sa.Connection, service_id: str) -> tuple[int, Offer] | None:
    """A service of the newest version, and that version."""
    version = newest_version(db)
    this = sa.and_(catalogue_offer.c.version == version, catalogue_offer.c.service_id == service_id)
    row = db.execute(sa.select(catalogue_offer).where(this)).one_or_none()
    if row is None:
        return None
    return version, Offer(msgspec.json.decode(row.service, type=api.Service), row.login, row.payee_system)
