"""Tariff plans by method, currency, date and monthly turnover."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Three tables, empty: plans are loaded from a file."""
    op.create_table(
        "tariff_plan",
        sa.Column("code", sa.String(32), primary_key=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("legal_form", sa.String(16), nullable=False),
    )
    op.create_table(
        "tariff_rate",
        sa.Column("plan", sa.String(32), sa.ForeignKey("tariff_plan.code"), primary_key=True),
        sa.Column("valid_from_us", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("method", sa.String(32), primary_key=True),
        sa.Column("currency", sa.String(3), primary_key=True),
        sa.Column("turnover_from_minor", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rate_bp", sa.Integer, nullable=False),
    )
    op.create_table(
        "turnover",
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("currency", sa.String(3), primary_key=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("counted_us", sa.BigInteger, nullable=False),
    )
