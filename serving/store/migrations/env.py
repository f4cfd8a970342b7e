"""What Alembic runs: the steps, or their comparison with the tables, on the connection it was given."""

from alembic import context

from serving.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by making another one
)
with context.begin_transaction():
    context.run_migrations()
