"""The aggregator of the demo as its administrator and its shops see it: who is registered, what is offered, what was paid.

Answers for: everything said to the aggregator that no terminal says. Does not answer for: its process (`cast`, `stage`), who the
shops are (`market`).
"""

import json
import ssl
import urllib.parse
import urllib.request
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator import admin
from kiosk.aggregator.catalogue import catalogue, payees
from kiosk.aggregator.catalogue.catalogue_key import CatalogueKey, ensure_catalogue_key
from kiosk.aggregator.storage.database import open_database, reading
from kiosk.demo import cast, market
from kiosk.demo.market import SHOP, Payee
from kiosk.demo.merchant import operation_state, payment_start_params
from kiosk.demo.run_state import Folder, RunState
from kiosk.domain.money import format_major

START_S = 10.0
COMMISSION_BP = 250


def administer(folder: Folder, run: RunState) -> None:
    """Register shops and terminal, and publish the example catalogue once. Idempotent."""
    engine = open_database(folder.aggregator)
    for payee in market.everybody(run.options):
        admin.set_merchant(engine, _merchant(payee, run))
    admin.set_terminal(engine, cast.TERMINAL, active=True)
    if market.offers_services(run.options):
        key = ensure_catalogue_key(folder.aggregator)
        folder.catalogue_key.write_text(key.public_hex + "\n")
        _ensure_published(engine, key)
    engine.dispose()


def _merchant(payee: Payee, run: RunState) -> admin.Merchant:
    return admin.Merchant(
        payee.login,
        payee.name,
        payee.password1,
        payee.password2,
        market.HASH,
        cast.result_url(run, payee.login),
        run.options.currency,
        COMMISSION_BP,
    )


def _ensure_published(engine: sa.Engine, key: CatalogueKey) -> None:
    """What is published stays: accounts say what is due since they were imported."""
    with reading(engine) as db:
        if catalogue.newest_version(db):
            return
    catalogue.import_draft(engine, market.catalogue_text())
    for service_id, file in market.ACCOUNTS.items():
        payees.import_accounts(engine, service_id, file.read_text(encoding="utf-8"))
    catalogue.publish(engine, key, "demo")


def start_order(folder: Folder, run: RunState) -> str:
    """What a merchant's web shop does: a signed payment start over HTTPS. The number of the order. Raises OSError."""
    out_sum = format_major(run.options.order_amount_minor, run.options.currency)
    fields = payment_start_params(SHOP.login, SHOP.password1, out_sum, "Demo order", {"Shp_cart": "1"})
    request = urllib.request.Request(  # noqa: S310 - our own https address
        cast.aggregator_url(run) + "/Merchant/Indexjson.aspx", urllib.parse.urlencode(fields).encode()
    )
    with urllib.request.urlopen(request, timeout=START_S, context=_trust(folder)) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["orderNumber"])


def reports(folder: Folder) -> list[dict[str, Any]]:
    """Every order a payment came for, and what its shop knows."""
    engine = open_database(folder.aggregator)
    try:
        return admin.payment_reports(engine)
    finally:
        engine.dispose()


def state_asked_by_shop(folder: Folder, run: RunState, report: dict[str, Any]) -> int:
    """What a shop that was notified does next: it asks the aggregator for the state of the operation. Raises OSError."""
    shop = payee_of(report)
    url, inv_id = cast.aggregator_url(run), str(report["inv_id"])
    return operation_state(url, _trust(folder), shop.login, shop.password2, inv_id)


def payee_of(report: dict[str, Any]) -> Payee:
    """Whose order it is."""
    return next(payee for payee in (SHOP, *market.PAYEES) if payee.login == report["login"])


def _trust(folder: Folder) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder.tls / "ca.pem"))
