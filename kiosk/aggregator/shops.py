"""A merchant's shop as the rest of the program sees it.

Answers for: finding a shop and opening its passwords. Does not answer for: changing one (`admin`).
"""

from dataclasses import dataclass

import sqlalchemy as sa

from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.vault import Secret, vault_of
from kiosk.terminal_api import Overpay


@dataclass(frozen=True, slots=True)
class Shop:
    """`password1` signs payment starts, `password2` notifications and questions about states."""

    login: str
    name: str
    password1: Secret
    password2: Secret
    hash_name: str
    result_url: str
    currency: str
    commission_bp: int
    overpay: Overpay


def find(db: sa.Connection, login: str) -> Shop | None:
    """The shop of a login, or None."""
    row = db.execute(sa.select(merchant).where(merchant.c.login == login)).one_or_none()
    if row is None:
        return None
    vault = vault_of(db)
    return Shop(
        login=row.login,
        name=row.name,
        password1=vault.open(row.password1),
        password2=vault.open(row.password2),
        hash_name=row.hash_name,
        result_url=row.result_url,
        currency=row.currency,
        commission_bp=row.commission_bp,
        overpay=Overpay(row.overpay),
    )
