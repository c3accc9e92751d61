"""Refunds: money a merchant gives back to a buyer, waiting under a claim code."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.claims import claim
from kiosk.aggregator.storage.orders import orders

REFUND_REASON = "refund"  #: of its claim

refund = sa.Table(
    "refund",
    metadata,
    sa.Column("request_id", sa.String(36), primary_key=True),
    sa.Column("order_id", sa.ForeignKey(orders.c.id), nullable=False, index=True),
    sa.Column("fingerprint", sa.String(64), index=True, nullable=False),  # SHA-256 of the request as received
    sa.Column("claim_id", sa.ForeignKey(claim.c.claim_id), nullable=False),
    sa.Column("serial", sa.Integer, unique=True, nullable=False),  # part of its code
    sa.Column("code", sa.Text, nullable=False),  # sealed by the vault; the buyer reads it on the order's page
    amount(),
    currency(),
    moment("created_us"),
)
