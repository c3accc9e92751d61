"""What every table shares: the metadata they gather in, and columns that are written the same everywhere.

Amounts are integer minor units with a currency beside them; times are UTC microseconds since 1970.
Nothing that one database alone understands.
"""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

#: Counts up by itself on both engines: SQLite does so for INTEGER only.
Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def serial_key(name: str = "id") -> sa.Column[Any]:
    """A primary key given by the database, never given twice while its row stays."""
    return sa.Column(name, Serial, primary_key=True, autoincrement=True)


def amount(name: str = "amount_minor", *, nullable: bool = False) -> sa.Column[Any]:
    """Minor units of the currency in the same row."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def currency(name: str = "currency") -> sa.Column[Any]:
    """ISO 4217."""
    return sa.Column(name, sa.String(3), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """UTC microseconds since 1970; `name` ends in `_us`."""
    return sa.Column(name, sa.BigInteger, nullable=nullable)
