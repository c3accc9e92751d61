"""Shops have a life, all technical settings and a record of what happened; those that are there are active companies."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")

#: Column, type, and what shops that are there get.
NEW = (
    ("state", sa.String(16), "active"),
    ("legal_form", sa.String(16), "company"),
    ("legal_name", sa.String(200), ""),
    ("email", sa.String(254), ""),
    ("result_method", sa.String(4), "POST"),
    ("success_url", sa.String(500), ""),
    ("success_method", sa.String(4), "GET"),
    ("fail_url", sa.String(500), ""),
    ("fail_method", sa.String(4), "GET"),
)


def upgrade() -> None:
    """Columns first with a value for old rows, which new rows then have to name themselves."""
    with op.batch_alter_table("merchant") as table:
        for name, type_, old in NEW:
            table.add_column(sa.Column(name, type_, nullable=False, server_default=old))
        for name in ("password3", "test_password1", "test_password2"):
            table.add_column(sa.Column(name, sa.Text, nullable=True))
        table.add_column(sa.Column("plan", sa.String(32), nullable=True))
        for name in ("password1", "password2"):
            table.alter_column(name, existing_type=sa.Text, nullable=True)
        table.alter_column("commission_bp", existing_type=sa.Integer, nullable=True)
    with op.batch_alter_table("merchant") as table:
        for name, type_, _old in NEW:
            table.alter_column(name, existing_type=type_, existing_nullable=False, server_default=None)
    op.create_table(
        "shop_event",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
