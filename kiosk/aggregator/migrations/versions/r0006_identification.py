"""Documents of merchants."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "document",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("valid_until", sa.String(10), nullable=True),
        sa.Column("submitted_us", sa.BigInteger, nullable=False),
        sa.Column("decided_us", sa.BigInteger, nullable=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
    )
