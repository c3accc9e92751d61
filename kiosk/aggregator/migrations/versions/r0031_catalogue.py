"""The catalogue: its draft, its published versions, accounts of small payees, and orders for services."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """New tables, and the moments by which payments and claims are found for a day."""
    _draft()
    _published()
    _orders()
    op.create_index("ix_payment_terminal", "payment", ["terminal", "received_us"])
    op.create_index("ix_claim_terminal", "claim", ["terminal", "redeemed_us"])


def _draft() -> None:
    op.create_table(
        "catalogue_group",
        sa.Column("group_id", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("parent", sa.String(64), nullable=False),
        sa.Column("icon", sa.String(64), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
    )
    op.create_table(
        "catalogue_service",
        sa.Column("service_id", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("group_id", sa.String(64), sa.ForeignKey("catalogue_group.group_id"), nullable=False),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("amount_kind", sa.String(16), nullable=False),
        sa.Column("min_minor", sa.BigInteger, nullable=False),
        sa.Column("max_minor", sa.BigInteger, nullable=False),
        sa.Column("overpay", sa.String(16), nullable=False),
        sa.Column("payee_system", sa.String(16), nullable=False),
        sa.Column("icon", sa.String(64), nullable=False),
        sa.Column("promoted", sa.Boolean, nullable=False),
    )
    service = sa.ForeignKey("catalogue_service.service_id")
    op.create_table(
        "catalogue_field",
        sa.Column("service_id", sa.String(64), service, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("hints", sa.Text, nullable=False),
        sa.Column("mask", sa.String(64), nullable=False),
        sa.Column("min_length", sa.Integer, nullable=False),
        sa.Column("max_length", sa.Integer, nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
    )


def _published() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("issued_us", sa.BigInteger, nullable=False),
        sa.Column("issued_by", sa.String(100), nullable=False),
    )
    op.create_table(
        "catalogue_body",
        sa.Column("version", sa.Integer, sa.ForeignKey("catalogue_version.version"), primary_key=True),
        sa.Column("currency", sa.String(3), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
    op.create_table(
        "catalogue_offer",
        sa.Column("version", sa.Integer, sa.ForeignKey("catalogue_version.version"), primary_key=True),
        sa.Column("service_id", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False),
        sa.Column("payee_system", sa.String(16), nullable=False),
        sa.Column("service", sa.Text, nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "payee_account",
        sa.Column("service_id", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("due_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "service_order",
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("payee_system", sa.String(16), nullable=False),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("overpay", sa.String(16), nullable=False),
        sa.Column("open_amount", sa.Boolean, nullable=False),
        sa.Column("max_minor", sa.BigInteger, nullable=False),
    )
