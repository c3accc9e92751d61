"""The books: accounts, bookings and entries. Written by `kiosk.aggregator.money.books` alone; never changed, never deleted."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import amount, currency, metadata, moment, serial_key

account = sa.Table(
    "account",
    metadata,
    sa.Column("code", sa.String(96), primary_key=True),  # kind, or kind:owner
    sa.Column("kind", sa.String(16), nullable=False),  # books.AccountKind
    sa.Column("owner", sa.String(64), nullable=False),  # terminal number, merchant login, or nothing
)

booking = sa.Table(
    "booking",
    metadata,
    serial_key(),
    sa.Column("kind", sa.String(16), nullable=False),  # books.BookingKind
    sa.Column("reference", sa.String(64), nullable=False),  # of the payment, claim, withdrawal …
    moment("booked_us"),
    sa.UniqueConstraint("kind", "reference", name="uq_booking_kind"),  # nothing is booked twice
)

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("booking_id", sa.ForeignKey(booking.c.id), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account", sa.ForeignKey(account.c.code), nullable=False, index=True),
    amount(),  # debit above zero, credit below
    currency(),
    sa.CheckConstraint("amount_minor <> 0", name="ck_entry_amount"),
)
