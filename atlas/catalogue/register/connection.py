"""Connections to the database of the catalogue. Passwords are never shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from atlas.base.address import RemoteAddress
from atlas.catalogue.source.source import SourceError

# Timeouts: seconds to connect, milliseconds for a statement and for unacknowledged data.
_PATIENCE = {"connect_timeout": 5, "options": "-c statement_timeout=15000", "tcp_user_timeout": 15000}


@contextmanager
def connect(address: RemoteAddress, who: str = "", why: str = "") -> Iterator[Connection]:
    """Open a connection with a transaction; any failure becomes a SourceError without secrets.

    who and why are what the history says of the changes in it; without a name it is the user of the database.
    """
    url = make_url(address.url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool, connect_args=_PATIENCE)
    try:
        with engine.begin() as connection:
            for name, value in (("atlas.who", who), ("atlas.why", why)):
                if value:
                    connection.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})
            yield connection
    except SQLAlchemyError as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
        raise SourceError(f"la base di dati non risponde: {address.hide(' '.join(cause.split()))}") from None
    finally:
        engine.dispose()
