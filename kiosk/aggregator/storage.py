"""The aggregator's tables and how they are written: SQLAlchemy Core, SQLite by default, nothing SQLite alone understands.

Answers for: schema, durability, one writer at a time. Does not answer for: what rows mean.
Amounts are integer minor units; times are UTC microseconds since 1970.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

merchant = sa.Table(
    "merchant",
    metadata,
    sa.Column("login", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("password1", sa.String(200), nullable=False),
    sa.Column("password2", sa.String(200), nullable=False),
    sa.Column("hash_name", sa.String(16), nullable=False),
    sa.Column("result_url", sa.String(500), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("commission_bp", sa.Integer, nullable=False),  # basis points, paid by the merchant alone
    sa.Column("overpay", sa.String(16), nullable=False),  # terminal_api.Overpay
)

terminal = sa.Table(
    "terminal",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("public_key", sa.String(64), nullable=True),  # Ed25519, hex; the first one the terminal showed
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("number", sa.String(20), unique=True, nullable=True),
    sa.Column("login", sa.ForeignKey("merchant.login"), nullable=False),
    sa.Column("inv_id", sa.BigInteger, nullable=False),
    sa.Column("out_sum", sa.String(20), nullable=False),  # verbatim: signatures are over the text
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("description", sa.String(100), nullable=False),
    sa.Column("extras", sa.Text, nullable=False),  # Shp_ parameters as sorted JSON
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Integer, nullable=False),  # Robokassa's: 5 created, 50 received, 100 done
    sa.Column("payment_id", sa.String(64), nullable=True),
    sa.UniqueConstraint("login", "inv_id"),
)

quote = sa.Table(
    "quote",
    metadata,
    sa.Column("quote_id", sa.String(64), primary_key=True),
    sa.Column("order_id", sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("terminal", sa.ForeignKey("terminal.number"), nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
)

payment = sa.Table(
    "payment",
    metadata,
    sa.Column("payment_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey("terminal.number"), nullable=False),
    sa.Column("order_id", sa.BigInteger, nullable=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # SHA-256 of the body as received
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("message", sa.String(300), nullable=False),
    sa.Column("reference", sa.String(64), nullable=False),
    sa.Column("captured_at", sa.String(40), nullable=False),
    sa.Column("received_us", sa.BigInteger, nullable=False),
    sa.Column("journal_seq", sa.BigInteger, nullable=False),
    sa.Column("journal_head", sa.String(64), nullable=False),
)

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("payment_id", sa.ForeignKey("payment.payment_id"), nullable=True),
    sa.Column("claim_id", sa.ForeignKey("claim.claim_id"), nullable=True),
    sa.Column("debit", sa.String(80), nullable=False),
    sa.Column("credit", sa.String(80), nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.CheckConstraint("amount_minor > 0"),
    sa.CheckConstraint("(payment_id IS NULL) <> (claim_id IS NULL)"),
)

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("claim_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey("terminal.number"), nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False, index=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("registered_us", sa.BigInteger, nullable=False),
    sa.Column("redeemed_us", sa.BigInteger, nullable=True),
    sa.Column("redeemed_by", sa.String(100), nullable=False),
    sa.Column("redeemed_why", sa.String(300), nullable=False),
)

notification = sa.Table(
    "notification",
    metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_us", sa.BigInteger, nullable=False),
    sa.Column("delivered_us", sa.BigInteger, nullable=True),
    sa.Column("last_answer", sa.String(200), nullable=False),
)


def open_database(folder: Path) -> sa.Engine:
    """The aggregator's file in `folder`, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{folder / 'aggregator.sqlite'}", connect_args={"timeout": 10})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Durable when COMMIT returns; transactions are begun by us, not by the driver's guess.

    Several connections write here, and the system's SQLite may lose a commit when they share a write-ahead log (fixed in
    3.51.3). So there is none: a rollback journal, whose removal is synced too (EXTRA).
    """
    connection.isolation_level = None
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    """Writers queue at the start, so that none fails in the middle."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A consistent look."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction, durable when the block is left; rolled back if it raises."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection
