"""Payments that looked unusual, and what a person said to that."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata, moment, serial_key

finding = sa.Table(
    "finding",
    metadata,
    serial_key(),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),  # as in terminal:0001
    sa.Column("payment_id", sa.String(64), nullable=False),  # the one that made it unusual
    sa.Column("says", sa.String(300), nullable=False),
    sa.Column("payments", sa.Text, nullable=False),  # their ids, JSON, the first hundred
    moment("first_us"),
    moment("last_us"),
    moment("found_us"),
    sa.Column("state", sa.String(16), nullable=False, index=True),  # monitoring.FindingState
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    moment("acknowledged_us", nullable=True),
    sa.UniqueConstraint("rule", "subject", "payment_id", name="uq_finding_rule"),
)
