"""Alembic's entry: runs the revisions in the transaction that `adapter.store.schema` hands in."""

from alembic import context

from adapter.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
