"""Support requests."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "support_request",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("opened_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "support_message",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("request_id", SERIAL, sa.ForeignKey("support_request.id"), nullable=False, index=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
