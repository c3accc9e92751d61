"""Terminals and what is known of each."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata

terminal = sa.Table(
    "terminal",
    metadata,
    sa.Column("number", sa.String(16), primary_key=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("public_key", sa.String(64), nullable=True),  # Ed25519, hex; the first one the terminal showed
)
