"""Claims: money left behind in a terminal, found by the hash of a code."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.terminals import terminal

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("claim_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    sa.Column("code_hash", sa.String(64), nullable=False, index=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    amount(),
    currency(),
    moment("registered_us"),
    moment("redeemed_us", nullable=True),
    sa.Column("redeemed_by", sa.String(100), nullable=False),
    sa.Column("redeemed_why", sa.String(300), nullable=False),
    sa.Index("ix_claim_terminal", "terminal", "redeemed_us"),
)
