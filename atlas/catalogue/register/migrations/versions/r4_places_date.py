"""When the places of an initiative were as it says: a column that may stay empty."""

from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the column, empty, unless somebody has added it already."""
    op.execute("alter table initiatives add column if not exists places_date text")
