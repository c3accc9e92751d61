"""Passwords of merchants are sealed by the vault: a copy of the database signs nothing."""

import sqlalchemy as sa
from alembic import op

from kiosk.aggregator.vault import vault_of

revision = "0003"
down_revision = "0002"

NAMES = ("password1", "password2")


def upgrade() -> None:
    """Seal what is there in plain; a sealed password is longer."""
    with op.batch_alter_table("merchant") as table:
        for name in NAMES:
            table.alter_column(name, type_=sa.Text, existing_type=sa.String(200), existing_nullable=False)
    db = op.get_bind()
    merchant = sa.table("merchant", sa.column("login"), *(sa.column(name) for name in NAMES))
    for row in db.execute(sa.select(merchant)).all():
        sealed = {name: vault_of(db).seal(getattr(row, name)) for name in NAMES}
        db.execute(merchant.update().where(merchant.c.login == row.login).values(**sealed))
