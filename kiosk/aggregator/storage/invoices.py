"""Invoices: links a merchant sends to its buyers, for one payment or for any number of them."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment, serial_key
from kiosk.aggregator.storage.merchants import merchant

invoice = sa.Table(
    "invoice",
    metadata,
    serial_key(),
    sa.Column("encoded_id", sa.String(32), unique=True, nullable=False),  # of its link; nobody can guess it
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),  # invoices.InvoiceKind
    sa.Column("is_test", sa.Boolean, nullable=False),
    sa.Column("inv_id", sa.BigInteger, nullable=True),  # of its one payment
    sa.Column("out_sum", sa.String(20), nullable=False),
    amount(),
    currency(),
    sa.Column("description", sa.String(100), nullable=False),
    sa.Column("comments", sa.String(300), nullable=False),  # the merchant's own, never shown to a buyer
    sa.Column("extras", sa.Text, nullable=False),  # Shp_ parameters as sorted JSON
    sa.Column("culture", sa.String(2), nullable=False),
    sa.Column("success_url", sa.String(500), nullable=False),
    sa.Column("success_method", sa.String(4), nullable=False),
    sa.Column("fail_url", sa.String(500), nullable=False),
    sa.Column("fail_method", sa.String(4), nullable=False),
    moment("created_us"),
    moment("expires_us"),
    moment("deactivated_us", nullable=True),
)
