"""Orders of merchants, and the quotes terminals were given for them."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment, serial_key
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.terminals import terminal

orders = sa.Table(
    "orders",
    metadata,
    serial_key(),
    sa.Column("number", sa.String(20), unique=True, nullable=True),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False),
    sa.Column("inv_id", sa.BigInteger, nullable=False),
    sa.Column("out_sum", sa.String(20), nullable=False),  # verbatim: signatures are over the text
    amount(),
    currency(),
    sa.Column("description", sa.String(100), nullable=False),
    sa.Column("extras", sa.Text, nullable=False),  # Shp_ parameters as sorted JSON
    moment("created_us"),
    moment("expires_us"),
    sa.Column("state", sa.Integer, nullable=False),  # Robokassa's: 5 created, 50 received, 100 done
    sa.Column("payment_id", sa.String(64), nullable=True),
    sa.UniqueConstraint("login", "inv_id"),
)

quote = sa.Table(
    "quote",
    metadata,
    sa.Column("quote_id", sa.String(64), primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.id), nullable=False),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    moment("expires_us"),
)
