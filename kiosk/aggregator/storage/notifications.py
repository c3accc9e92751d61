"""What merchants still have to be told."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata, moment
from kiosk.aggregator.storage.orders import orders

notification = sa.Table(
    "notification",
    metadata,
    sa.Column("order_id", sa.ForeignKey(orders.c.id), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    moment("next_us"),
    moment("delivered_us", nullable=True),
    sa.Column("last_answer", sa.String(200), nullable=False),
)
