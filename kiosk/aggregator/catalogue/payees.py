"""Asking a payee's own system before cash: whether it knows the account, and what is due.

Answers for: the port, and payees whose accounts are in a table of ours (small ones, demos). Does not answer for: payees with a
system of their own over the network: none is built yet; it would be one more entry in SYSTEMS.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec
import sqlalchemy as sa

from kiosk.aggregator.catalogue.catalogue_file import ACCOUNTS, VALUE_MAX
from kiosk.aggregator.catalogue.catalogue_reading import AMOUNT_MAX_MINOR, WORDS_MAX
from kiosk.aggregator.errors import RefusedError
from kiosk.aggregator.storage.catalogue import catalogue_service, payee_account
from kiosk.aggregator.storage.database import run_writing
from kiosk.aggregator.storage.merchants import merchant
from kiosk.domain.money import MoneyError, parse_major
from kiosk.terminal_api import ProblemCode, QuoteDetail

ACCOUNT_COLUMN, DUE_COLUMN = "account", "due"
DETAILS_MAX = 20


@dataclass(frozen=True, slots=True)
class Due:
    """What a payee says of an account. `details`: what the buyer should check."""

    amount_minor: int
    details: tuple[QuoteDetail, ...] = ()


class PayeeSystem(Protocol):
    """`ask` raises RefusedError: ACCOUNT_UNKNOWN, or PAYEE_UNAVAILABLE when nobody answers."""

    def ask(self, db: sa.Connection, service_id: str, account: str) -> Due: ...

    def paid(self, db: sa.Connection, service_id: str, account: str, amount_minor: int) -> None:
        """Money for the account was taken; in the unit of work that books it."""


class Accounts:
    """Accounts in a table of ours."""

    def ask(self, db: sa.Connection, service_id: str, account: str) -> Due:
        """As the last import and the payments since have it."""
        this = sa.and_(payee_account.c.service_id == service_id, payee_account.c.account == account)
        found = db.execute(sa.select(payee_account).where(this)).one_or_none()
        if found is None:
            raise RefusedError(404, ProblemCode.ACCOUNT_UNKNOWN, "the payee knows no such account; check the digits")
        return Due(found.due_minor, msgspec.json.decode(found.details, type=tuple[QuoteDetail, ...]))

    def paid(self, db: sa.Connection, service_id: str, account: str, amount_minor: int) -> None:
        """Less is due, never less than nothing."""
        this = sa.and_(payee_account.c.service_id == service_id, payee_account.c.account == account)
        due_minor = db.execute(sa.select(payee_account.c.due_minor).where(this)).scalar() or 0
        db.execute(payee_account.update().where(this).values(due_minor=max(0, due_minor - amount_minor)))


SYSTEMS: Mapping[str, PayeeSystem] = {ACCOUNTS: Accounts()}


class AccountsError(Exception):
    """A file of accounts that cannot be taken; `faults` are all that is wrong with it, by line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def import_accounts(engine: sa.Engine, service_id: str, text: str) -> int:
    """A service's accounts become those of a CSV file with the columns account, due, and any details. Returns how many.

    Raises AccountsError.
    """
    return run_writing(engine, lambda db: _import(db, service_id, text))


def _import(db: sa.Connection, service_id: str, text: str) -> int:
    owner = merchant.c.login == catalogue_service.c.login
    of_service = sa.select(merchant.c.currency).join(catalogue_service, owner)
    currency = db.execute(of_service.where(catalogue_service.c.service_id == service_id)).scalar()
    if currency is None:
        raise AccountsError([f"there is no service {service_id!r} in the draft of the catalogue"])
    rows = _read(text, currency)
    db.execute(payee_account.delete().where(payee_account.c.service_id == service_id))
    if rows:
        db.execute(payee_account.insert(), [row | {"service_id": service_id, "currency": currency} for row in rows])
    return len(rows)


def _read(text: str, currency: str) -> list[dict[str, object]]:
    table = csv.DictReader(io.StringIO(text))
    columns = table.fieldnames or ()
    faults = [f"line 1: the column {name!r} is missing" for name in (ACCOUNT_COLUMN, DUE_COLUMN) if name not in columns]
    if len(columns) > DETAILS_MAX + 2:
        faults.append(f"line 1: there are at most {DETAILS_MAX} columns of details")
    rows: dict[str, dict[str, object]] = {}
    for line, row in enumerate(table if not faults else (), 2):
        account, due = (row[ACCOUNT_COLUMN] or "").strip(), (row[DUE_COLUMN] or "").strip()
        faults += [f"line {line}: {words}" for words in _row_faults(row, account, account in rows)]
        try:
            due_minor = parse_major(due, currency)
        except MoneyError as error:
            faults.append(f"line {line}: due: {error}")
            continue
        if due_minor > AMOUNT_MAX_MINOR:
            faults.append(f"line {line}: due: is more than anyone can pay in cash")
        details = [(name, value.strip()) for name, value in row.items() if _is_detail(name, value)]
        said = msgspec.json.encode([{"label": name, "value": value} for name, value in details]).decode()
        rows[account] = {"account": account, "due_minor": due_minor, "details": said}
    if faults:
        raise AccountsError(faults)
    return list(rows.values())


def _row_faults(row: Mapping[str, str], account: str, is_double: bool) -> list[str]:
    faults = []
    if None in row or None in row.values():
        faults.append("has another number of columns than line 1")
    if not 0 < len(account) <= VALUE_MAX:
        faults.append(f"account: has 1 to {VALUE_MAX} characters")
    if is_double:
        faults.append(f"account: {account!r} is there twice")
    if any(isinstance(value, str) and (len(value) > WORDS_MAX or not value.isprintable()) for value in row.values()):
        faults.append(f"a value has at most {WORDS_MAX} characters, all of which can be shown")
    return faults


def _is_detail(name: str, value: str | None) -> bool:
    return name not in {ACCOUNT_COLUMN, DUE_COLUMN, None} and bool(value and value.strip())
