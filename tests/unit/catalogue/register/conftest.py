"""A database with the schema of today and two initiatives, on a real PostgreSQL server."""

import pytest

from atlas.base import settings
from atlas.base.address import read_address
from atlas.catalogue.register.editing import replace_rows
from atlas.catalogue.register.schema import upgrade
from tests.factories import make_row
from tests.postgres import database, database_server

__all__ = ["database", "database_server"]


@pytest.fixture
def address(database, monkeypatch):
    """The address of the empty database, as the operator's variable gives it."""
    monkeypatch.setenv("ATLAS_CATALOGUE", database.url)
    settings.read_settings.cache_clear()
    yield read_address(database.url)
    settings.read_settings.cache_clear()


@pytest.fixture
def filled(address):
    upgrade(address)
    replace_rows(address, [make_row("uno", source_order="1"), make_row("due", source_order="2")])
    return address
