"""The schema of the database, which migrations bring from any earlier shape to that of today."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from atlas.base.address import RemoteAddress
from atlas.base.columns import COLUMNS
from atlas.catalogue.register.connection import connect
from atlas.catalogue.source.source import SourceError

TABLE = "initiatives"


class Shape(StrEnum):
    """What is in a database: no catalogue, one of an earlier program, one of this."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"


def find_shape(address: RemoteAddress) -> Shape:
    """Return the shape of a database; SourceError if a table of this name is not a catalogue."""
    with connect(address) as connection:
        return _shape(connection)


def upgrade(address: RemoteAddress) -> Shape:
    """Bring a database to the schema of today in one transaction and return which it had; nothing is lost."""
    with connect(address) as connection:
        before = _shape(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return before


def _shape(connection: Connection) -> Shape:
    inspector = inspect(connection)
    if not inspector.has_table(TABLE):
        return Shape.EMPTY
    present = {column["name"] for column in inspector.get_columns(TABLE)}
    missing = [name for name in COLUMNS if name not in present]
    if missing:
        raise SourceError(f"la tabella {TABLE} c'è già ma le mancano le colonne {', '.join(missing)}.")
    if not inspector.has_table("alembic_version"):
        return Shape.OLD
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return Shape.CURRENT if MigrationContext.configure(connection).get_current_revision() == head else Shape.OLD


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
