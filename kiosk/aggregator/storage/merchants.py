"""Merchants and their technical settings."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import currency, metadata

merchant = sa.Table(
    "merchant",
    metadata,
    sa.Column("login", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("password1", sa.Text, nullable=False),  # sealed by the vault
    sa.Column("password2", sa.Text, nullable=False),  # sealed by the vault
    sa.Column("hash_name", sa.String(16), nullable=False),
    sa.Column("result_url", sa.String(500), nullable=False),
    currency(),
    sa.Column("commission_bp", sa.Integer, nullable=False),  # basis points, paid by the merchant alone
    sa.Column("overpay", sa.String(16), nullable=False),  # terminal_api.Overpay
)
