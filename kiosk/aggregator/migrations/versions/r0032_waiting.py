"""The notifier looks at what waits, not at all that was told before; an order finds its payments."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

WAITS = sa.text("delivered_us IS NULL AND given_up_us IS NULL")


def upgrade() -> None:
    """An index over the waiting ones alone in place of one over all."""
    op.create_index("ix_payment_order_id", "payment", ["order_id"])
    op.drop_index("ix_notification_next_us", "notification")
    op.create_index("ix_notification_waiting", "notification", ["next_us"], sqlite_where=WAITS, postgresql_where=WAITS)
