"""Transfers become bookings with entries: as many legs as a booking needs, each a signed amount of one account."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")

MONEY = "t.debit, t.credit, t.amount_minor, t.currency"
OF_CLAIMS = "FROM transfer t JOIN claim c ON c.claim_id = t.claim_id"

#: kind, and a question that gives (reference, moment, debit, credit, amount, currency), one booking's rows together.
OLD_BOOKINGS: Mapping[str, str] = {
    "payment": f"SELECT t.payment_id, p.received_us, {MONEY} FROM transfer t "  # noqa: S608 - constants
    "JOIN payment p ON p.payment_id = t.payment_id ORDER BY p.received_us, t.payment_id, t.id",
    "claim": f"SELECT t.claim_id, c.registered_us, {MONEY} {OF_CLAIMS} "
    "WHERE t.credit = 'claims' ORDER BY c.registered_us, t.claim_id, t.id",
    "redemption": f"SELECT t.claim_id, c.redeemed_us, {MONEY} {OF_CLAIMS} "
    "WHERE t.debit = 'claims' ORDER BY c.redeemed_us, t.claim_id, t.id",
}


def upgrade() -> None:
    """Three tables instead of one, with what was in it."""
    account = op.create_table(
        "account",
        sa.Column("code", sa.String(96), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
    )
    booking = op.create_table(
        "booking",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("booked_us", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("kind", "reference", name="uq_booking_kind"),
    )
    entry = op.create_table(
        "entry",
        sa.Column("booking_id", SERIAL, sa.ForeignKey("booking.id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", sa.String(96), sa.ForeignKey("account.code"), nullable=False, index=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name="ck_entry_amount"),
    )
    db = op.get_bind()
    _open_accounts(db, account)
    for kind, question in OLD_BOOKINGS.items():
        _move(db, kind, question, booking, entry)
    op.drop_table("transfer")


def _open_accounts(db: sa.Connection, account: sa.Table) -> None:
    codes = db.execute(sa.text("SELECT debit FROM transfer UNION SELECT credit FROM transfer")).scalars()
    parts = [(code, *code.partition(":")[::2]) for code in codes]
    if parts:
        db.execute(account.insert(), [{"code": code, "kind": kind, "owner": owner} for code, kind, owner in parts])


def _move(db: sa.Connection, kind: str, question: str, booking: sa.Table, entry: sa.Table) -> None:
    known, booking_id, line = "", 0, 0
    for reference, at_us, debit, credit, amount_minor, currency in db.execute(sa.text(question)).all():
        if reference != known:
            values = {"kind": kind, "reference": reference, "booked_us": at_us}
            booking_id = db.execute(booking.insert().values(**values).returning(booking.c.id)).scalar_one()
            known, line = reference, 0
        legs = ((debit, amount_minor), (credit, -amount_minor))
        of_booking = {"booking_id": booking_id, "currency": currency}
        rows = [{"line": line + n, "account": code, "amount_minor": sum_} for n, (code, sum_) in enumerate(legs)]
        db.execute(entry.insert(), [of_booking | row for row in rows])
        line += len(legs)
