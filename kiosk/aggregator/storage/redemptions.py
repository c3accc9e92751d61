"""Quotes that were paid out of codes, and what of each claim went into them."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.orders import orders
from kiosk.aggregator.storage.terminals import terminal

redemption = sa.Table(
    "redemption",
    metadata,
    sa.Column("redemption_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    sa.Column("order_id", sa.ForeignKey(orders.c.id), nullable=False, unique=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # SHA-256 of the body as received
    sa.Column("reference", sa.String(64), nullable=False),
    amount("paid_minor"),
    amount("left_minor"),
    currency(),
    moment("redeemed_us"),
)

claim_use = sa.Table(
    "claim_use",
    metadata,
    sa.Column("redemption_id", sa.ForeignKey(redemption.c.redemption_id), primary_key=True),
    sa.Column("claim_id", sa.ForeignKey(claim.c.claim_id), primary_key=True, index=True),
    amount(),
)
