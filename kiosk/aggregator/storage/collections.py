"""Cash boxes that were taken, as their terminals reported them. Rows are added and never changed."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment
from kiosk.aggregator.storage.terminals import terminal

collection = sa.Table(
    "collection",
    metadata,
    sa.Column("collection_id", sa.String(64), primary_key=True),
    sa.Column("terminal", sa.ForeignKey(terminal.c.number), nullable=False),
    sa.Column("life", sa.Integer, nullable=False),  # of the terminal: periods count from 1 in each
    sa.Column("period", sa.BigInteger, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),  # SHA-256 of the body as received
    sa.Column("reference", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # terminal_api.CollectionReport
    amount("stacked_minor"),
    amount("expected_minor"),  # by our own books when it came
    currency(),
    sa.Column("slip_hash", sa.String(64), nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    moment("received_us"),
    sa.Index("ix_collection_terminal", "terminal", "life", "period"),
)
