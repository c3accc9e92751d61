"""A merchant's shop as the rest of the program sees it.

Answers for: finding a shop and opening its passwords. Does not answer for: changing one
(`registration`).
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kiosk.aggregator.errors import AdminError
from kiosk.aggregator.shops import lifecycle
from kiosk.aggregator.shops.lifecycle import ShopState
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.vault import Secret, vault_of
from kiosk.terminal_api import Overpay

OPTIONAL_SECRETS = ("password3", "test_password1", "test_password2")
SECRETS = ("password1", "password2", *OPTIONAL_SECRETS)


@dataclass(frozen=True, slots=True)
class Shop:
    """`password1` signs payment starts, `password2` notifications and questions about states, `password3` refunds.

    The test pair signs test payments; without a pair there are none. Methods are GET or POST; URLs for buyers may be empty.
    """

    login: str
    name: str
    state: ShopState
    password1: Secret
    password2: Secret
    password3: Secret | None
    test_password1: Secret | None
    test_password2: Secret | None
    hash_name: str
    result_url: str
    result_method: str
    success_url: str
    success_method: str
    fail_url: str
    fail_method: str
    currency: str
    overpay: Overpay

    @property
    def may_be_paid(self) -> bool:
        """Whether a new order may be made and cash be taken for it. What was paid before is kept in any state."""
        return self.state in lifecycle.MAY_BE_PAID

    @property
    def may_try(self) -> bool:
        """Whether it may make test payments."""
        return self.state in lifecycle.MAY_TRY


def find(db: sa.Connection, login: str) -> Shop | None:
    """The shop of a login; None if there is none, or one that cannot sign anything yet."""
    row = db.execute(sa.select(merchant).where(merchant.c.login == login)).one_or_none()
    if row is None or row.password1 is None or row.password2 is None:
        return None
    vault = vault_of(db)
    optional = {name: vault.open(sealed) if (sealed := getattr(row, name)) else None for name in OPTIONAL_SECRETS}
    return Shop(
        login=row.login,
        name=row.name,
        state=ShopState(row.state),
        password1=vault.open(row.password1),
        password2=vault.open(row.password2),
        hash_name=row.hash_name,
        result_url=row.result_url,
        result_method=row.result_method,
        success_url=row.success_url,
        success_method=row.success_method,
        fail_url=row.fail_url,
        fail_method=row.fail_method,
        currency=row.currency,
        overpay=Overpay(row.overpay),
        **optional,
    )


def profiles(db: sa.Connection) -> list[dict[str, Any]]:
    """Every shop by login, without its secrets."""
    columns = [column for column in merchant.columns if column.name not in SECRETS]
    return [dict(row) for row in db.execute(sa.select(*columns).order_by(merchant.c.login)).mappings()]


def profile(db: sa.Connection, login: str) -> dict[str, Any]:
    """One shop without its secrets. Raises AdminError when there is none."""
    found = next((one for one in profiles(db) if one["login"] == login), None)
    if found is None:
        raise AdminError(f"no shop {login!r}")
    return found
