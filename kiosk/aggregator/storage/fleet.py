"""What is known of terminals beside their number: certificates, tokens, how they are, what was ordered of them, what is odd."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import metadata, moment, serial_key
from kiosk.aggregator.storage.terminals import terminal


def of_terminal(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    """Whose row it is."""
    return sa.Column("terminal", sa.ForeignKey(terminal.c.number), primary_key=primary_key, index=index, nullable=False)


terminal_about = sa.Table(
    "terminal_about",
    metadata,
    of_terminal(primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),  # of its notes; empty: not said
    sa.Column("life", sa.Integer, nullable=False),  # counts pairings: each begins a new journal
    moment("disputed_us", nullable=True),  # since when it seems to be two
)

terminal_certificate = sa.Table(
    "terminal_certificate",
    metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),  # SHA-256 of the certificate, hex
    of_terminal(index=True),
    sa.Column("key_hash", sa.String(64), nullable=False),  # SHA-256 of its public key, hex
    sa.Column("pem", sa.Text, nullable=False),
    moment("issued_us"),
    moment("expires_us"),
    moment("first_used_us", nullable=True),
    moment("superseded_us", nullable=True),  # when a newer one was first used
    moment("revoked_us", nullable=True),
    sa.Column("revoked_why", sa.String(300), nullable=False),
)

pairing_token = sa.Table(
    "pairing_token",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    of_terminal(),
    moment("made_us"),
    moment("expires_us"),
    sa.Column("fingerprint", sa.ForeignKey(terminal_certificate.c.fingerprint), nullable=True),  # what it was used for
)

terminal_state = sa.Table(
    "terminal_state",
    metadata,
    of_terminal(primary_key=True),
    moment("received_us"),
    moment("sent_us"),
    moment("kept_us"),  # the last one that went into the history
    sa.Column("body", sa.Text, nullable=False),  # terminal_api.Heartbeat, the last one
)

heartbeat = sa.Table(
    "heartbeat",
    metadata,
    serial_key(),
    of_terminal(),
    moment("received_us"),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("ix_heartbeat_terminal", "terminal", "received_us"),
)

journal_anchor = sa.Table(
    "journal_anchor",
    metadata,
    of_terminal(primary_key=True),
    sa.Column("life", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("head", sa.String(64), nullable=False),
    moment("seen_us"),
)

alarm = sa.Table(
    "alarm",
    metadata,
    serial_key(),
    of_terminal(index=True),
    sa.Column("kind", sa.String(32), nullable=False),  # alarms.AlarmKind
    sa.Column("words", sa.String(300), nullable=False),
    moment("first_us"),
    moment("last_us"),
    sa.Column("times", sa.Integer, nullable=False),
    moment("settled_us", nullable=True),
    sa.Column("settled_by", sa.String(100), nullable=False),
    sa.Column("settled_why", sa.String(300), nullable=False),
)

remote_order = sa.Table(
    "remote_order",
    metadata,
    sa.Column("order_id", sa.String(64), primary_key=True),
    of_terminal(index=True),
    sa.Column("kind", sa.String(32), nullable=False),  # terminal_api.OrderKind
    sa.Column("ordered_by", sa.String(100), nullable=False),
    moment("ordered_us"),
    moment("expires_us"),
    moment("delivered_us", nullable=True),  # first sent with an answer to a heartbeat
    sa.Column("progress", sa.String(16), nullable=False),  # terminal_api.OrderProgress, empty before
    moment("progress_us", nullable=True),
    sa.Column("words", sa.String(300), nullable=False),
)
