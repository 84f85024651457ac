"""Runs migrations in the connection and the transaction that schema.upgrade has opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
