"""A catalogue in a PostgreSQL table with the columns of initiatives.csv.

Unknown values are NULL, numbers are numbers, lists are joined by `;` as in the file. Passwords are never shown.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    Numeric,
    Table,
    Text,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from atlas.base.address import RemoteAddress
from atlas.base.columns import COLUMNS, INTEGER_COLUMNS, NUMBER_COLUMNS
from atlas.catalogue.source.source import Fetched, SourceError

MOST_ROWS = 50_000
TABLE = "initiatives"
# Timeouts: seconds to connect, milliseconds for a statement and for unacknowledged data.
_PATIENCE = {"connect_timeout": 5, "options": "-c statement_timeout=15000", "tcp_user_timeout": 15000}


def _column(name: str) -> "Column[object]":
    if name == "id":
        return Column(name, Text, primary_key=True)
    kind = BigInteger() if name in INTEGER_COLUMNS else Numeric() if name in NUMBER_COLUMNS else Text()
    return Column(name, kind)


_TABLE = Table(TABLE, MetaData(), *(_column(name) for name in COLUMNS))


class DatabaseSource:
    """Reads the whole table at each look: a catalogue is small, and the table needs no column for changes."""

    name = "catalogo"
    is_near = False
    interval = 20.0

    def __init__(self, address: RemoteAddress) -> None:
        self.shown = address.shown
        self._address = address

    def fetch(self, *, is_urgent: bool = False) -> Fetched:
        """Return the rows as the bytes of an initiatives.csv, by source_order and id; SourceError without a table."""
        with _connect(self._address) as connection:
            order = (_TABLE.c.source_order.nulls_last(), _TABLE.c.id)
            rows = [tuple(row) for row in connection.execute(select(_TABLE).order_by(*order).limit(MOST_ROWS + 1))]
        if len(rows) > MOST_ROWS:
            raise SourceError(f"la tabella {TABLE} ha più di {MOST_ROWS} righe.")
        ids = [str(row[0]) for row in rows]
        return Fetched(to_csv(rows), name_row=lambda line: f"id «{ids[line - 2]}»" if line >= 2 else "intestazione")


def to_csv(rows: list[tuple[object, ...]]) -> bytes:
    """Return rows of the table as the bytes of an initiatives.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_to_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def init_table(address: RemoteAddress) -> bool:
    """Create the table and return whether it is new; an existing one is checked (SourceError if it does not fit)."""
    with _connect(address) as connection:
        is_new = not inspect(connection).has_table(TABLE)
        _TABLE.create(connection, checkfirst=True)
        present = {column["name"] for column in inspect(connection).get_columns(TABLE)}
        missing = [name for name in COLUMNS if name not in present]
        if missing:
            raise SourceError(f"la tabella {TABLE} c'è già ma le mancano le colonne {', '.join(missing)}.")
        return is_new


def replace_rows(address: RemoteAddress, rows: Sequence[Mapping[str, str]]) -> int:
    """Replace the rows of the table with those of an initiatives.csv, all or none; return how many there were."""
    with _connect(address) as connection:
        before = connection.scalar(select(func.count()).select_from(_TABLE)) or 0
        connection.execute(delete(_TABLE))
        if rows:
            connection.execute(insert(_TABLE), [{name: _to_value(name, row[name]) for name in COLUMNS} for row in rows])
        return before


@contextmanager
def _connect(address: RemoteAddress) -> Iterator[Connection]:
    """Open a connection with a transaction; any failure becomes a SourceError without secrets."""
    engine = _build_engine(address)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
        raise SourceError(f"la base di dati non risponde: {address.hide(' '.join(cause.split()))}") from None
    finally:
        engine.dispose()


def _build_engine(address: RemoteAddress) -> Engine:
    url = make_url(address.url).set(drivername="postgresql+psycopg")
    return create_engine(url, poolclass=NullPool, connect_args=_PATIENCE)


def _to_cell(value: object) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def _to_value(name: str, cell: str) -> object:
    if not cell:
        return None
    if name in INTEGER_COLUMNS:
        return int(cell)
    return Decimal(cell) if name in NUMBER_COLUMNS else cell
