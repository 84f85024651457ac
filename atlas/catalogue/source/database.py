"""A catalogue in a PostgreSQL table with the columns of initiatives.csv.

Unknown values are NULL, numbers are numbers, lists are joined by `;` as in the file.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from atlas.base.address import RemoteAddress
from atlas.base.columns import COLUMNS
from atlas.catalogue.register.connection import connect
from atlas.catalogue.register.editing import INITIATIVES, replace_all
from atlas.catalogue.register.rows import to_cell
from atlas.catalogue.register.schema import TABLE
from atlas.catalogue.source.source import Fetched, SourceError

MOST_ROWS = 50_000


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
        with connect(self._address) as connection:
            order = (INITIATIVES.c.source_order.nulls_last(), INITIATIVES.c.id)
            rows = [tuple(row) for row in connection.execute(select(INITIATIVES).order_by(*order).limit(MOST_ROWS + 1))]
        if len(rows) > MOST_ROWS:
            raise SourceError(f"la tabella {TABLE} ha più di {MOST_ROWS} righe.")
        ids = [str(row[0]) for row in rows]
        return Fetched(to_csv(rows), name_row=lambda line: f"id «{ids[line - 2]}»" if line >= 2 else "intestazione")


def to_csv(rows: list[tuple[object, ...]]) -> bytes:
    """Return rows of the table as the bytes of an initiatives.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([to_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def replace_rows(address: RemoteAddress, rows: Sequence[Mapping[str, str]], why: str = "") -> int:
    """Make the table hold the rows of an initiatives.csv, all or none; return how many there were.

    Only rows that differ are touched, so that the history says what was changed.
    """
    with connect(address, why=why) as connection:
        return replace_all(connection, rows)
