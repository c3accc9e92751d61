"""Where merchants are paid out to, and what they asked to be paid out."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment, serial_key
from kiosk.aggregator.storage.merchants import merchant

bank_details = sa.Table(
    "bank_details",
    metadata,
    serial_key(),  # a change is a new row: withdrawals keep the one they were asked to
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    currency(),
    sa.Column("kind", sa.String(8), nullable=False),  # bank_details.Kind
    sa.Column("holder", sa.String(200), nullable=False),
    sa.Column("account", sa.String(34), nullable=False),  # IBAN, or 20 digits
    sa.Column("bank", sa.String(11), nullable=False),  # BIC or nothing, or BIK
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    moment("set_us"),
)

withdrawal = sa.Table(
    "withdrawal",
    metadata,
    serial_key(),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    sa.Column("bank_details_id", sa.ForeignKey(bank_details.c.id), nullable=False),
    amount(),
    currency(),
    sa.Column("state", sa.String(16), nullable=False, index=True),  # withdrawals.WithdrawalState
    sa.Column("bank_reference", sa.String(100), nullable=False),
    moment("asked_us"),
)

withdrawal_event = sa.Table(
    "withdrawal_event",
    metadata,
    serial_key(),
    sa.Column("withdrawal_id", sa.ForeignKey(withdrawal.c.id), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    moment("at_us"),
)
