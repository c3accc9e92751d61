"""Support requests and what was said in them."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata, moment, serial_key
from kiosk.aggregator.storage.merchants import merchant

support_request = sa.Table(
    "support_request",
    metadata,
    serial_key(),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # support.Kind
    sa.Column("state", sa.String(16), nullable=False, index=True),  # support.State
    moment("opened_us"),
)

support_message = sa.Table(
    "support_message",
    metadata,
    serial_key(),
    sa.Column("request_id", sa.ForeignKey(support_request.c.id), nullable=False, index=True),
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    moment("at_us"),
)
