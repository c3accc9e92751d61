"""Orders know what their merchant asked for beside the money: tests, pages, addresses, invoices, refunds, suspension."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0012"

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OLD_UNIQUE = {"sqlite": "uq_orders_login", "postgresql": "orders_login_inv_id_key"}
NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}  #: by which SQLite finds a constraint that had no name


def upgrade() -> None:
    _extend_orders()
    _extend_notifications()
    _invoices()
    _checkouts()
    _refunds()


def _extend_orders() -> None:
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("token", sa.String(32), nullable=True))
        table.add_column(sa.Column("op_key", sa.String(40), nullable=True))
        table.add_column(sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("state_us", sa.BigInteger, nullable=True))
        table.add_column(sa.Column("suspended_from", sa.Integer, nullable=True))
    db = op.get_bind()
    orders = sa.table("orders", *(sa.column(name) for name in ("id", "token", "op_key", "state_us", "created_us")))
    for order_id in db.execute(sa.select(orders.c.id)).scalars().all():
        keys = {"token": secrets.token_hex(16), "op_key": secrets.token_hex(20)}
        db.execute(orders.update().where(orders.c.id == order_id).values(**keys, state_us=orders.c.created_us))
    with op.batch_alter_table("orders", naming_convention=NAMES) as table:
        table.alter_column("token", existing_type=sa.String(32), nullable=False)
        table.alter_column("op_key", existing_type=sa.String(40), nullable=False)
        table.alter_column("state_us", existing_type=sa.BigInteger, nullable=False)
        table.alter_column("is_test", existing_type=sa.Boolean, existing_nullable=False, server_default=None)
        table.drop_constraint(OLD_UNIQUE[db.dialect.name], type_="unique")
        table.create_unique_constraint("uq_orders_login", ["login", "is_test", "inv_id"])
        table.create_unique_constraint("uq_orders_token", ["token"])
        table.create_unique_constraint("uq_orders_op_key", ["op_key"])
    op.create_index("ix_orders_open", "orders", ["state", "expires_us"])
    op.create_index("ix_quote_order_id", "quote", ["order_id"])


def _extend_notifications() -> None:
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("since_us", sa.BigInteger, nullable=True))
        table.add_column(sa.Column("given_up_us", sa.BigInteger, nullable=True))
    op.execute("UPDATE notification SET since_us = next_us")
    with op.batch_alter_table("notification") as table:
        table.alter_column("since_us", existing_type=sa.BigInteger, nullable=False)
    op.create_index("ix_notification_next_us", "notification", ["next_us"])


def _invoices() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("encoded_id", sa.String(32), unique=True, nullable=False),
        sa.Column("login", sa.String(64), sa.ForeignKey("merchant.login"), nullable=False, index=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("inv_id", sa.BigInteger, nullable=True),
        sa.Column("out_sum", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("description", sa.String(100), nullable=False),
        sa.Column("comments", sa.String(300), nullable=False),
        sa.Column("extras", sa.Text, nullable=False),
        sa.Column("culture", sa.String(2), nullable=False),
        *_ways_back(),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.Column("deactivated_us", sa.BigInteger, nullable=True),
    )


def _ways_back() -> list[sa.Column[str]]:
    return [
        sa.Column("success_url", sa.String(500), nullable=False),
        sa.Column("success_method", sa.String(4), nullable=False),
        sa.Column("fail_url", sa.String(500), nullable=False),
        sa.Column("fail_method", sa.String(4), nullable=False),
    ]


def _checkouts() -> None:
    op.create_table(
        "checkout",
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("invoice_id", SERIAL, sa.ForeignKey("invoice.id"), nullable=True, index=True),
        sa.Column("culture", sa.String(2), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("result_url", sa.String(500), nullable=False),
        *_ways_back(),
    )
    op.execute(
        "INSERT INTO checkout (order_id, fingerprint, culture, email, result_url, "
        "success_url, success_method, fail_url, fail_method) "
        "SELECT id, '', 'en', '', '', '', 'GET', '', 'GET' FROM orders"
    )
    op.create_table(
        "order_event",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )


def _refunds() -> None:
    op.create_table(
        "refund",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("order_id", SERIAL, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("fingerprint", sa.String(64), index=True, nullable=False),
        sa.Column("claim_id", sa.String(64), sa.ForeignKey("claim.claim_id"), nullable=False),
        sa.Column("serial", sa.Integer, unique=True, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
