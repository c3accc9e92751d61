"""Orders of merchants, what a merchant asked for beside the money, and the quotes terminals were given."""

import secrets

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.storage.base import amount, currency, metadata, moment, serial_key
from kiosk.aggregator.storage.invoices import invoice
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.terminals import terminal


def _page_token() -> str:
    return secrets.token_hex(16)


def _op_key() -> str:
    return secrets.token_hex(20)


orders = sa.Table(
    "orders",
    metadata,
    serial_key(),
    sa.Column("number", sa.String(20), unique=True, nullable=True),
    sa.Column("token", sa.String(32), unique=True, nullable=False, default=_page_token),  # nobody can guess its page
    sa.Column("op_key", sa.String(40), unique=True, nullable=False, default=_op_key),  # Robokassa's: refunds go by it
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False),
    sa.Column("inv_id", sa.BigInteger, nullable=False),
    sa.Column("is_test", sa.Boolean, nullable=False, default=False),  # no terminal takes cash for it
    sa.Column("out_sum", sa.String(20), nullable=False),  # verbatim: signatures are over the text
    amount(),
    currency(),
    sa.Column("description", sa.String(100), nullable=False),
    sa.Column("extras", sa.Text, nullable=False),  # Shp_ parameters as sorted JSON
    moment("created_us"),
    moment("expires_us"),
    sa.Column("state", sa.Integer, nullable=False),  # order_states.State
    sa.Column("state_us", sa.BigInteger, nullable=False, default=now_us, onupdate=now_us),  # of the last change
    sa.Column("suspended_from", sa.Integer, nullable=True),  # the state it goes back to
    sa.Column("payment_id", sa.String(64), nullable=True),
    sa.UniqueConstraint("login", "is_test", "inv_id", name="uq_orders_login"),
    sa.Index("ix_orders_open", "state", "expires_us"),
)

checkout = sa.Table(
    "checkout",
    metadata,
    sa.Column("order_id", sa.ForeignKey(orders.c.id), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # SHA-256 of what the merchant signed
    sa.Column("invoice_id", sa.ForeignKey(invoice.c.id), nullable=True, index=True),
    sa.Column("culture", sa.String(2), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("result_url", sa.String(500), nullable=False),  # of this payment alone; empty: the shop's
    sa.Column("success_url", sa.String(500), nullable=False),
    sa.Column("success_method", sa.String(4), nullable=False),
    sa.Column("fail_url", sa.String(500), nullable=False),
    sa.Column("fail_method", sa.String(4), nullable=False),
)

order_event = sa.Table(
    "order_event",
    metadata,
    serial_key(),
    sa.Column("order_id", sa.ForeignKey(orders.c.id), nullable=False, index=True),
    sa.Column("state", sa.Integer, nullable=False),  # it led to
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    moment("at_us"),
)

quote = sa.Table(
    "quote",
    metadata,
    sa.Column("quote_id", sa.String(64), primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.id), nullable=False),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    moment("expires_us"),
    sa.Index("ix_quote_order_id", "order_id"),
)
