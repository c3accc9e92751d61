"""Payments from terminals, by the id the terminal gave them."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.terminals import terminal

payment = sa.Table(
    "payment",
    metadata,
    sa.Column("payment_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    sa.Column("order_id", sa.BigInteger, nullable=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # SHA-256 of the body as received
    amount(),
    currency(),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("message", sa.String(300), nullable=False),
    sa.Column("reference", sa.String(64), nullable=False),
    sa.Column("captured_at", sa.String(40), nullable=False),
    moment("received_us"),
    sa.Column("journal_seq", sa.BigInteger, nullable=False),
    sa.Column("journal_head", sa.String(64), nullable=False),
    sa.Index("ix_payment_terminal", "terminal", "received_us"),
    sa.Index("ix_payment_order_id", "order_id"),
)
