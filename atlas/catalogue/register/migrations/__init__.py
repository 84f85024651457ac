"""Migrations of the database, one file each; alembic runs those that a database has not had yet."""
