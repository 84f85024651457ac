"""The table of initiatives, as it was before there were migrations: a database that has it keeps it as it is."""

from alembic import op

revision = "1"
down_revision = None

_KINDS = {
    "undisclosed_partners": "bigint", "start_year": "bigint", "end_year": "bigint", "beneficiaries": "bigint",
    "source_order": "bigint", "funding_eur": "numeric",
}  # fmt: skip
_COLUMNS = (
    "title_it", "title_en", "summary_it", "summary_en", "scale", "lead_place", "places", "undisclosed_partners",
    "themes", "targets", "service_type", "channel", "start_year", "end_year", "lead_organisation", "partners",
    "funding_eur", "funding_source", "beneficiaries", "documents", "source_order",
)  # fmt: skip


def upgrade() -> None:
    """Create the table unless it is there."""
    columns = ", ".join(f"{name} {_KINDS.get(name, 'text')}" for name in _COLUMNS)
    op.execute(f"create table if not exists initiatives (id text primary key, {columns})")
