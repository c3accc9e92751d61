"""Merchants, their technical settings, and everything that happened to their shops."""

import sqlalchemy as sa

from kiosk.aggregator.storage.base import currency, metadata, moment, serial_key

merchant = sa.Table(
    "merchant",
    metadata,
    sa.Column("login", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # lifecycle.ShopState
    sa.Column("legal_form", sa.String(16), nullable=False),  # lifecycle.LegalForm
    sa.Column("legal_name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("password1", sa.Text, nullable=True),  # these are sealed by the vault; none until set
    sa.Column("password2", sa.Text, nullable=True),
    sa.Column("password3", sa.Text, nullable=True),
    sa.Column("test_password1", sa.Text, nullable=True),
    sa.Column("test_password2", sa.Text, nullable=True),
    sa.Column("hash_name", sa.String(16), nullable=False),
    sa.Column("result_url", sa.String(500), nullable=False),
    sa.Column("result_method", sa.String(4), nullable=False),  # GET or POST
    sa.Column("success_url", sa.String(500), nullable=False),
    sa.Column("success_method", sa.String(4), nullable=False),
    sa.Column("fail_url", sa.String(500), nullable=False),
    sa.Column("fail_method", sa.String(4), nullable=False),
    currency(),
    sa.Column("plan", sa.String(32), nullable=True),  # a tariff plan, unless a commission of its own is agreed
    sa.Column("commission_bp", sa.Integer, nullable=True),  # basis points of its own, paid by the merchant alone
    sa.Column("overpay", sa.String(16), nullable=False),  # terminal_api.Overpay
)

shop_event = sa.Table(
    "shop_event",
    metadata,
    serial_key(),
    sa.Column("login", sa.ForeignKey(merchant.c.login), nullable=False, index=True),
    sa.Column("event", sa.String(32), nullable=False),  # lifecycle.ShopEvent
    sa.Column("state", sa.String(16), nullable=False),  # lifecycle.ShopState it led to
    sa.Column("person", sa.String(100), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    moment("at_us"),
)
