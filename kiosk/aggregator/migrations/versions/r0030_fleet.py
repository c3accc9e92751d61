"""What is known of terminals: certificates, tokens, states, orders, alarms; what was collected; what codes paid for."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _terminal(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    foreign = sa.ForeignKey("terminal.number")
    return sa.Column("terminal", sa.String(16), foreign, primary_key=primary_key, index=index, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def upgrade() -> None:
    """New tables only."""
    _identities()
    _states()
    _oddities()
    _collections()
    _redemptions()


def _identities() -> None:
    op.create_table(
        "terminal_about",
        _terminal(primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("life", sa.Integer, nullable=False),
        _moment("disputed_us", nullable=True),
    )
    op.create_table(
        "terminal_certificate",
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        _terminal(index=True),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("pem", sa.Text, nullable=False),
        _moment("issued_us"),
        _moment("expires_us"),
        _moment("first_used_us", nullable=True),
        _moment("superseded_us", nullable=True),
        _moment("revoked_us", nullable=True),
        sa.Column("revoked_why", sa.String(300), nullable=False),
    )
    op.create_table(
        "pairing_token",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _terminal(),
        _moment("made_us"),
        _moment("expires_us"),
        sa.Column("fingerprint", sa.String(64), sa.ForeignKey("terminal_certificate.fingerprint"), nullable=True),
    )


def _states() -> None:
    op.create_table(
        "terminal_state",
        _terminal(primary_key=True),
        _moment("received_us"),
        _moment("sent_us"),
        _moment("kept_us"),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        _terminal(),
        _moment("received_us"),
        sa.Column("body", sa.Text, nullable=False),
        sa.Index("ix_heartbeat_terminal", "terminal", "received_us"),
    )
    op.create_table(
        "remote_order",
        sa.Column("order_id", sa.String(64), primary_key=True),
        _terminal(index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("ordered_by", sa.String(100), nullable=False),
        _moment("ordered_us"),
        _moment("expires_us"),
        _moment("delivered_us", nullable=True),
        sa.Column("progress", sa.String(16), nullable=False),
        _moment("progress_us", nullable=True),
        sa.Column("words", sa.String(300), nullable=False),
    )


def _oddities() -> None:
    op.create_table(
        "journal_anchor",
        _terminal(primary_key=True),
        sa.Column("life", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("head", sa.String(64), nullable=False),
        _moment("seen_us"),
    )
    op.create_table(
        "alarm",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        _terminal(index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        _moment("first_us"),
        _moment("last_us"),
        sa.Column("times", sa.Integer, nullable=False),
        _moment("settled_us", nullable=True),
        sa.Column("settled_by", sa.String(100), nullable=False),
        sa.Column("settled_why", sa.String(300), nullable=False),
    )


def _collections() -> None:
    op.create_table(
        "collection",
        sa.Column("collection_id", sa.String(64), primary_key=True),
        _terminal(),
        sa.Column("life", sa.Integer, nullable=False),
        sa.Column("period", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("stacked_minor", sa.BigInteger, nullable=False),
        sa.Column("expected_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("slip_hash", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        _moment("received_us"),
        sa.Index("ix_collection_terminal", "terminal", "life", "period"),
    )


def _redemptions() -> None:
    op.create_table(
        "redemption",
        sa.Column("redemption_id", sa.String(64), primary_key=True),
        _terminal(),
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), nullable=False, unique=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("paid_minor", sa.BigInteger, nullable=False),
        sa.Column("left_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        _moment("redeemed_us"),
    )
    redemption = sa.ForeignKey("redemption.redemption_id")
    claim = sa.ForeignKey("claim.claim_id")
    op.create_table(
        "claim_use",
        sa.Column("redemption_id", sa.String(64), redemption, primary_key=True),
        sa.Column("claim_id", sa.String(64), claim, primary_key=True, index=True),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
    )
