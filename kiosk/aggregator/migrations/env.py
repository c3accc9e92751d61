"""Alembic's way in: the connection comes from `storage.migrate`, which holds the lock and the transaction."""

from alembic import context

from kiosk.aggregator.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
