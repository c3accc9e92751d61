"""Where a buyer goes when done: SuccessURL or FailURL of the payment, else of the shop, with what a merchant expects there.

Answers for: address, method, fields and the signature with Password#1. Does not answer for: that anybody goes there; neither is a
proof of payment.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import sqlalchemy as sa

from kiosk.aggregator.merchants import signatures
from kiosk.aggregator.shops import shops
from kiosk.aggregator.shops.shops import Shop


@dataclass(frozen=True, slots=True)
class WayBack:
    """`url` is empty when the merchant named none. The fields of a GET are in `url`; `form` is for a POST."""

    url: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


def success(db: sa.Connection, found: sa.Row[tuple[object, ...]]) -> WayBack:
    """After payment. FailURL is unsigned, SuccessURL is signed with Password#1, or that of the test pair."""
    shop = shops.find(db, found.login)
    if shop is None:
        return WayBack()
    url, method = _chosen(found.success_url, found.success_method, shop.success_url, shop.success_method)
    password = shop.test_password1 if found.is_test else shop.password1
    if not url or password is None:
        return WayBack()
    base = signatures.result_base(found.out_sum, str(found.inv_id), password.reveal(), json.loads(found.extras))
    return _way(url, method, _fields(found) | {"SignatureValue": signatures.digest(base, shop.hash_name)})


def fail(db: sa.Connection, found: sa.Row[tuple[object, ...]]) -> WayBack:
    """After giving up."""
    shop: Shop | None = shops.find(db, found.login)
    if shop is None:
        return WayBack()
    return _way(*_chosen(found.fail_url, found.fail_method, shop.fail_url, shop.fail_method), _fields(found))


def _chosen(own_url: str, own_method: str, url: str, method: str) -> tuple[str, str]:
    return (own_url, own_method) if own_url else (url, method)


def _fields(found: sa.Row[tuple[object, ...]]) -> dict[str, str]:
    return {
        "OutSum": found.out_sum,
        "InvId": str(found.inv_id),
        "Culture": found.culture,
        **({"IsTest": "1"} if found.is_test else {}),
        **json.loads(found.extras),
    }


def _way(url: str, method: str, fields: Mapping[str, str]) -> WayBack:
    if method == "POST" or not url:
        return WayBack(url, fields if url else {})
    return WayBack(with_query(url, fields))


def with_query(url: str, fields: Mapping[str, str]) -> str:
    """`url` with more fields in its query."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *fields.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))
