"""What merchants showed to prove who they are. The papers themselves are kept elsewhere, by their hash."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata, moment, serial_key
from kiosk.aggregator.storage.merchants import merchant

document = sa.Table(
    "document",
    metadata,
    serial_key(),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),  # identification.DocumentKind
    sa.Column("state", sa.String(16), nullable=False),  # identification.DocumentState
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("valid_until", sa.String(10), nullable=True),  # ISO date; none: has no end
    moment("submitted_us"),
    moment("decided_us", nullable=True),
    sa.Column("person", sa.String(100), nullable=False),  # who decided, or submitted until then
    sa.Column("reason", sa.String(300), nullable=False),
)
