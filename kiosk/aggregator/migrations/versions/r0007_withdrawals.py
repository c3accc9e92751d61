"""Bank details and withdrawals."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "bank_details",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("account", sa.String(34), nullable=False),
        sa.Column("bank", sa.String(11), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("set_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("bank_details_id", SERIAL, sa.ForeignKey("bank_details.id"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("bank_reference", sa.String(100), nullable=False),
        sa.Column("asked_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "withdrawal_event",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("withdrawal_id", SERIAL, sa.ForeignKey("withdrawal.id"), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
