"""What merchants still have to be told."""

import sqlalchemy as sa

from kiosk.aggregator.moments import now_us
from kiosk.aggregator.storage.base import metadata, moment
from kiosk.aggregator.storage.orders import orders

#: Those that have to be told still: few, however many have been told.
WAITS = sa.text("delivered_us IS NULL AND given_up_us IS NULL")

notification = sa.Table(
    "notification",
    metadata,
    sa.Column("order_id", sa.ForeignKey(orders.c.id), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("since_us", sa.BigInteger, nullable=False, default=now_us),  # giving up is counted from here
    moment("next_us"),  # while one is on its way: when its worker is taken for dead
    moment("delivered_us", nullable=True),
    moment("given_up_us", nullable=True),
    sa.Column("last_answer", sa.String(200), nullable=False),
    sa.Index("ix_notification_waiting", "next_us", sqlite_where=WAITS, postgresql_where=WAITS),
)
