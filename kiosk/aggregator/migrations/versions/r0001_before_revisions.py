"""The schema of the time before there were revisions: databases of that time are taken to be here."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Every table, as `create_all` made them."""
    _people()
    _orders()
    _payments()
    _claims_and_transfers()


def _people() -> None:
    op.create_table(
        "merchant",
        sa.Column("login", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password1", sa.String(200), nullable=False),
        sa.Column("password2", sa.String(200), nullable=False),
        sa.Column("hash_name", sa.String(16), nullable=False),
        sa.Column("result_url", sa.String(500), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("commission_bp", sa.Integer, nullable=False),
        sa.Column("overpay", sa.String(16), nullable=False),
    )
    op.create_table(
        "terminal",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("public_key", sa.String(64), nullable=True),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("number", sa.String(20), unique=True, nullable=True),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False),
        sa.Column("inv_id", sa.BigInteger, nullable=False),
        sa.Column("out_sum", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("description", sa.String(100), nullable=False),
        sa.Column("extras", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("payment_id", sa.String(64), nullable=True),
        sa.UniqueConstraint("login", "inv_id"),
    )
    op.create_table(
        "quote",
        sa.Column("quote_id", sa.String(64), primary_key=True),
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("terminal", sa.String(16), sa.ForeignKey("terminal.number"), nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "notification",
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("delivered_us", sa.BigInteger, nullable=True),
        sa.Column("last_answer", sa.String(200), nullable=False),
    )


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("payment_id", sa.String(64), primary_key=True),
        sa.Column("terminal", sa.String(16), sa.ForeignKey("terminal.number"), nullable=False),
        sa.Column("order_id", sa.BigInteger, nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("captured_at", sa.String(40), nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("journal_seq", sa.BigInteger, nullable=False),
        sa.Column("journal_head", sa.String(64), nullable=False),
    )


def _claims_and_transfers() -> None:
    op.create_table(
        "claim",
        sa.Column("claim_id", sa.String(64), primary_key=True),
        sa.Column("terminal", sa.String(16), sa.ForeignKey("terminal.number"), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False, index=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("registered_us", sa.BigInteger, nullable=False),
        sa.Column("redeemed_us", sa.BigInteger, nullable=True),
        sa.Column("redeemed_by", sa.String(100), nullable=False),
        sa.Column("redeemed_why", sa.String(300), nullable=False),
    )
    op.create_table(
        "transfer",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("payment_id", sa.String(64), sa.ForeignKey("payment.payment_id"), nullable=True),
        sa.Column("claim_id", sa.String(64), sa.ForeignKey("claim.claim_id"), nullable=True),
        sa.Column("debit", sa.String(80), nullable=False),
        sa.Column("credit", sa.String(80), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.CheckConstraint("amount_minor > 0"),
        sa.CheckConstraint("(payment_id IS NULL) <> (claim_id IS NULL)"),
    )
