"""Findings of the monitoring."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "finding",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("payment_id", sa.String(64), nullable=False),
        sa.Column("says", sa.String(300), nullable=False),
        sa.Column("payments", sa.Text, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.Column("last_us", sa.BigInteger, nullable=False),
        sa.Column("found_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("acknowledged_us", sa.BigInteger, nullable=True),
        sa.UniqueConstraint("rule", "subject", "payment_id", name="uq_finding_rule"),
    )
