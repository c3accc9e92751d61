"""What terminals may offer: the draft an administrator edits, the versions that were published, and orders for services."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.merchants import merchant
from kiosk.aggregator.storage.orders import orders

catalogue_group = sa.Table(
    "catalogue_group",
    metadata,
    sa.Column("group_id", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("parent", sa.String(64), nullable=False),
    sa.Column("icon", sa.String(64), nullable=False),
    sa.Column("labels", sa.Text, nullable=False),  # JSON: language → words
)

catalogue_service = sa.Table(
    "catalogue_service",
    metadata,
    sa.Column("service_id", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("group_id", sa.ForeignKey(catalogue_group.c.group_id), nullable=False),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("amount_kind", sa.String(16), nullable=False),  # terminal_api.AmountKind
    amount("min_minor"),
    amount("max_minor"),
    sa.Column("overpay", sa.String(16), nullable=False),  # terminal_api.Overpay
    sa.Column("payee_system", sa.String(16), nullable=False),  # payees.SYSTEMS; empty: nobody is asked
    sa.Column("icon", sa.String(64), nullable=False),
    sa.Column("promoted", sa.Boolean, nullable=False),
)

catalogue_field = sa.Table(
    "catalogue_field",
    metadata,
    sa.Column("service_id", sa.ForeignKey(catalogue_service.c.service_id), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # terminal_api.FieldKind
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("hints", sa.Text, nullable=False),
    sa.Column("mask", sa.String(64), nullable=False),
    sa.Column("min_length", sa.Integer, nullable=False),
    sa.Column("max_length", sa.Integer, nullable=False),
    sa.Column("personal", sa.Boolean, nullable=False),
    sa.Column("choices", sa.Text, nullable=False),  # JSON: list of value and labels
)

catalogue_version = sa.Table(
    "catalogue_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    moment("issued_us"),
    sa.Column("issued_by", sa.String(100), nullable=False),
)

#: The exact bytes terminals get; written once, never changed.
catalogue_body = sa.Table(
    "catalogue_body",
    metadata,
    sa.Column("version", sa.ForeignKey(catalogue_version.c.version), primary_key=True),
    sa.Column("currency", sa.String(3), primary_key=True),  # empty: services in any currency
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.String(128), nullable=False),  # Ed25519 over body, hex
)

#: One service of a published version, and what terminals are not told of it.
catalogue_offer = sa.Table(
    "catalogue_offer",
    metadata,
    sa.Column("version", sa.ForeignKey(catalogue_version.c.version), primary_key=True),
    sa.Column("service_id", sa.String(64), primary_key=True),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False),
    sa.Column("payee_system", sa.String(16), nullable=False),
    sa.Column("service", sa.Text, nullable=False),  # terminal_api.Service as JSON
)

payee_account = sa.Table(
    "payee_account",
    metadata,
    sa.Column("service_id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(200), primary_key=True),
    amount("due_minor"),
    currency(),
    sa.Column("details", sa.Text, nullable=False),  # JSON: list of label and value
)

#: What an order for a service is about; it has no number, since nobody types it.
service_order = sa.Table(
    "service_order",
    metadata,
    sa.Column("order_id", sa.ForeignKey(orders.c.id), primary_key=True),
    sa.Column("service_id", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # of the catalogue it was quoted from
    sa.Column("payee_system", sa.String(16), nullable=False),
    sa.Column("account", sa.String(200), nullable=False),  # as its payee knows it
    sa.Column("overpay", sa.String(16), nullable=False),
    sa.Column("open_amount", sa.Boolean, nullable=False),
    amount("max_minor"),
)
