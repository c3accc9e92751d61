"""Tariff plans, their versions by date, and what merchants turned over by month."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, metadata, moment
from kiosk.aggregator.storage.merchants import merchant

tariff_plan = sa.Table(
    "tariff_plan",
    metadata,
    sa.Column("code", sa.String(32), primary_key=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("legal_form", sa.String(16), nullable=False),  # lifecycle.LegalForm
)

tariff_rate = sa.Table(
    "tariff_rate",
    metadata,
    sa.Column("plan", sa.ForeignKey(tariff_plan.c.code), primary_key=True),
    sa.Column("valid_from_us", sa.BigInteger, primary_key=True),  # one version: all rates of this moment
    sa.Column("method", sa.String(32), primary_key=True),
    sa.Column("currency", sa.String(3), primary_key=True),
    sa.Column("turnover_from_minor", sa.BigInteger, primary_key=True),  # of the calendar month before
    sa.Column("rate_bp", sa.Integer, nullable=False),  # basis points
)

turnover = sa.Table(
    "turnover",
    metadata,
    sa.Column("login", sa.ForeignKey(merchant.c.login), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),  # as in 2026-01, UTC; a month that is over
    sa.Column("currency", sa.String(3), primary_key=True),
    amount(),
    moment("counted_us"),
)
